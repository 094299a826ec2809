//! Who last set what. A partner never overwrites what a person set, and data files never
//! overwrite what anyone else set.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::PartnerId;

/// Who set a field or a record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// A series' rule hint: the weakest of all.
    Rule,
    /// A file in the data folder.
    DataFile,
    /// A partner's feed.
    Partner(PartnerId),
    /// An organizer, by account.
    Organizer(String),
    /// An editor, by account.
    Editor(String),
}

impl Owner {
    /// Whether a person set it.
    #[must_use]
    pub fn is_person(&self) -> bool {
        matches!(self, Self::Organizer(_) | Self::Editor(_))
    }

    /// Whether data files may set it anew: only what they or a rule set before.
    #[must_use]
    pub fn yields_to_data_files(&self) -> bool {
        matches!(self, Self::Rule | Self::DataFile)
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule => f.write_str("rule"),
            Self::DataFile => f.write_str("data file"),
            Self::Partner(id) => write!(f, "partner {id}"),
            Self::Organizer(who) => write!(f, "organizer {who}"),
            Self::Editor(who) => write!(f, "editor {who}"),
        }
    }
}

/// A field of an event, as far as it is owned on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// `title`.
    Title,
    /// `summary`.
    Summary,
    /// `description`.
    Description,
    /// `schedule` and `previous`: one decision.
    Schedule,
    /// `status` and `status_note`: one decision.
    Status,
    /// `venues`.
    Venues,
    /// `online_url`.
    OnlineUrl,
    /// `organizer`.
    Organizer,
    /// `categories`.
    Categories,
    /// `audiences`.
    Audiences,
    /// `accessibility`.
    Accessibility,
    /// `admission` and `offers`.
    Admission,
    /// `images`.
    Images,
    /// `website`.
    Website,
    /// `super_event`.
    SuperEvent,
    /// `publication`.
    Publication,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 16] = [
        Self::Title,
        Self::Summary,
        Self::Description,
        Self::Schedule,
        Self::Status,
        Self::Venues,
        Self::OnlineUrl,
        Self::Organizer,
        Self::Categories,
        Self::Audiences,
        Self::Accessibility,
        Self::Admission,
        Self::Images,
        Self::Website,
        Self::SuperEvent,
        Self::Publication,
    ];
}
