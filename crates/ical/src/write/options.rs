//! Options of a client.

use calendar_domain::{EventStatus, Lang};

/// Options of a client (`?lang=`, `?cancelled=`, `?tentative=`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WriteOptions {
    /// Preferred language of texts.
    pub lang: Lang,
    /// Display of cancelled events.
    pub cancelled: Cancelled,
    /// Display of events with an unconfirmed date.
    pub tentative: Tentative,
}

/// Display of cancelled events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cancelled {
    /// `STATUS:CANCELLED` and «AVLYST:» before the title, since Google and Outlook do not show the
    /// status.
    #[default]
    Mark,
    /// `STATUS:CANCELLED` only.
    Status,
    /// Omitted.
    Omit,
}

/// Display of events with an unconfirmed date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tentative {
    /// `STATUS:TENTATIVE` and «(foreløpig dato)» after the title.
    #[default]
    Include,
    /// Omitted.
    Omit,
}

impl WriteOptions {
    /// Returns the options that differ from the defaults as query parameters.
    #[must_use]
    pub fn params(self) -> Vec<(&'static str, String)> {
        let lang = (self.lang != Lang::default()).then(|| self.lang.tag());
        let cancelled = match self.cancelled {
            Cancelled::Mark => None,
            Cancelled::Status => Some("status"),
            Cancelled::Omit => Some("omit"),
        };
        let tentative = match self.tentative {
            Tentative::Include => None,
            Tentative::Omit => Some("omit"),
        };
        let said = [
            ("lang", lang),
            ("cancelled", cancelled),
            ("tentative", tentative),
        ];
        let said = said
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        said.map(|(name, value)| (name, value.to_owned())).collect()
    }

    /// Returns the default options for a language.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        Self {
            lang,
            cancelled: Cancelled::default(),
            tentative: Tentative::default(),
        }
    }

    /// Returns true if events with this status are included.
    #[must_use]
    pub fn admit(self, status: EventStatus) -> bool {
        match status {
            EventStatus::Cancelled => self.cancelled != Cancelled::Omit,
            EventStatus::Tentative => self.tentative != Tentative::Omit,
            _ => true,
        }
    }
}
