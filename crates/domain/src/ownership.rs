//! Owners of fields and records. A partner never overwrites what a person set, and data files never
//! overwrite what anyone else set.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::PartnerId;
use super::plain_fields::plain_fields;

/// The owner of a field or a record: who set it last.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// The rule hint of a series, the weakest owner.
    Rule,
    /// A data file.
    DataFile,
    /// A partner's feed.
    Partner(PartnerId),
    /// An organizer, by account.
    Organizer(String),
    /// An editor, by account.
    Editor(String),
}

impl Owner {
    /// Returns true if the owner is a person.
    #[must_use]
    pub fn is_person(&self) -> bool {
        matches!(self, Self::Organizer(_) | Self::Editor(_))
    }

    /// Returns true if data files may overwrite the value.
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

// A macro, because the table of plain fields adds some.
macro_rules! define_field {
    (
        texts { $($(#[$text_doc:meta])* $text_field:ident $text:ident: $text_type:ty,)* }
        facts { $($(#[$fact_doc:meta])* $fact_field:ident $fact:ident: $fact_type:ty,)* }
        details { $($(#[$doc:meta])* $field:ident $name:ident: $type:ty,)* }
    ) => {
        /// A field of an event that has an owner of its own.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        pub enum Field {
            /// `title`.
            Title,
            $(#[doc = concat!("`", stringify!($text), "`.")] $text_field,)*
            /// `schedule` and `previous`.
            Schedule,
            /// `status` and `status_note`.
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
            $(#[doc = concat!("`", stringify!($fact), "`.")] $fact_field,)*
            /// `admission` and `offers`.
            Admission,
            $(#[doc = concat!("`", stringify!($name), "`.")] $field,)*
            /// `super_event`.
            SuperEvent,
            /// `publication`.
            Publication,
        }

        impl Field {
            /// All fields.
            pub const ALL: [Self; Self::Publication as usize + 1] = [
                Self::Title,
                $(Self::$text_field,)*
                Self::Schedule,
                Self::Status,
                Self::Venues,
                Self::OnlineUrl,
                Self::Organizer,
                Self::Categories,
                Self::Audiences,
                Self::Accessibility,
                $(Self::$fact_field,)*
                Self::Admission,
                $(Self::$field,)*
                Self::SuperEvent,
                Self::Publication,
            ];

            /// Returns the name of the field in JSON and in messages.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    Self::Title => "title",
                    $(Self::$text_field => stringify!($text),)*
                    Self::Schedule => "schedule",
                    Self::Status => "status",
                    Self::Venues => "venues",
                    Self::OnlineUrl => "online_url",
                    Self::Organizer => "organizer",
                    Self::Categories => "categories",
                    Self::Audiences => "audiences",
                    Self::Accessibility => "accessibility",
                    $(Self::$fact_field => stringify!($fact),)*
                    Self::Admission => "admission",
                    $(Self::$field => stringify!($name),)*
                    Self::SuperEvent => "super_event",
                    Self::Publication => "publication",
                }
            }
        }
    };
}
plain_fields!(define_field);

/// Serialization of owners: each owner once with its fields, or without fields if it owns all. Most
/// events have a single owner, and repeating it for each field would be a third of the record.
pub(super) mod owner_list {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Field, Owner};

    #[derive(Serialize, Deserialize)]
    struct Share<O> {
        owner: O,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        fields: Vec<Field>,
    }

    /// The current form, or the earlier map by field.
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Form {
        Shares(Vec<Share<Owner>>),
        Fields(BTreeMap<Field, Owner>),
    }

    pub fn serialize<S: Serializer>(
        owners: &BTreeMap<Field, Owner>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut shares: BTreeMap<&Owner, Vec<Field>> = BTreeMap::new();
        for (field, owner) in owners {
            shares.entry(owner).or_default().push(*field);
        }
        let share = |(owner, fields): (_, Vec<Field>)| Share {
            owner,
            fields: if fields.len() == Field::ALL.len() {
                Vec::new()
            } else {
                fields
            },
        };
        serializer.collect_seq(shares.into_iter().map(share))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<Field, Owner>, D::Error> {
        let shares = match Form::deserialize(deserializer)? {
            Form::Fields(owners) => return Ok(owners),
            Form::Shares(shares) => shares,
        };
        let mut owners = BTreeMap::new();
        for Share { owner, fields } in shares {
            let all = if fields.is_empty() {
                Field::ALL.to_vec()
            } else {
                fields
            };
            owners.extend(all.into_iter().map(|field| (field, owner.clone())));
        }
        Ok(owners)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{Event, Schedule, Text, When};

    fn event(owners: BTreeMap<Field, Owner>) -> Event {
        let day = "2027-03-01".parse().unwrap();
        let (slug, uid) = ("fair".parse().unwrap(), "fair@test".parse().unwrap());
        let born = chrono::DateTime::UNIX_EPOCH;
        let when = Schedule::once(When::day(day));
        Event {
            owners,
            ..Event::new(slug, uid, Text::nb("Marked"), when, born)
        }
    }

    #[test]
    fn owners_are_read_as_they_were_written_now_and_before() {
        let everything = Field::ALL.map(|field| (field, Owner::DataFile));
        let mut shared = BTreeMap::from(everything.clone());
        shared.insert(Field::Title, Owner::Editor("ola".into()));
        for owners in [BTreeMap::new(), everything.into(), shared] {
            let event = event(owners);
            let mut json = serde_json::to_value(&event).unwrap();
            assert_eq!(
                serde_json::from_value::<Event>(json.clone()).unwrap(),
                event
            );
            json["owners"] = serde_json::to_value(&event.owners).unwrap();
            assert_eq!(serde_json::from_value::<Event>(json).unwrap(), event);
        }
    }
}
