//! Owners of fields and records. A partner never overwrites what a person set, and data files never
//! overwrite what anyone else set.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Admission, Event, PartnerId};

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

/// A field of an event that has an owner of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// `title`.
    Title,
    /// `summary`.
    Summary,
    /// `description`.
    Description,
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
    /// All fields.
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

    /// Returns the name of the field in JSON and in messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Summary => "summary",
            Self::Description => "description",
            Self::Schedule => "schedule",
            Self::Status => "status",
            Self::Venues => "venues",
            Self::OnlineUrl => "online_url",
            Self::Organizer => "organizer",
            Self::Categories => "categories",
            Self::Audiences => "audiences",
            Self::Accessibility => "accessibility",
            Self::Admission => "admission",
            Self::Images => "images",
            Self::Website => "website",
            Self::SuperEvent => "super_event",
            Self::Publication => "publication",
        }
    }
}

impl Event {
    /// Returns true if a field is empty. Title, schedule, status and publication are never empty.
    #[must_use]
    pub fn is_blank(&self, field: Field) -> bool {
        match field {
            Field::Title | Field::Schedule | Field::Status | Field::Publication => false,
            Field::Summary => self.summary.is_empty(),
            Field::Description => self.description.is_empty(),
            Field::Venues => self.venues.is_empty(),
            Field::OnlineUrl => self.online_url.is_none(),
            Field::Organizer => self.organizer.is_none(),
            Field::Categories => self.categories.is_empty(),
            Field::Audiences => self.audiences.is_empty(),
            Field::Accessibility => self.accessibility.is_empty(),
            Field::Admission => self.admission == Admission::Unknown && self.offers.is_empty(),
            Field::Images => self.images.is_empty(),
            Field::Website => self.website.is_none(),
            Field::SuperEvent => self.super_event.is_none(),
        }
    }

    /// Returns true if a field has the same value as in another event.
    #[must_use]
    pub fn same_value(&self, field: Field, other: &Self) -> bool {
        match field {
            Field::Title => self.title == other.title,
            Field::Summary => self.summary == other.summary,
            Field::Description => self.description == other.description,
            // An event without a previous time does not contradict one.
            Field::Schedule => {
                let moved = self.previous.is_some() && self.previous != other.previous;
                self.schedule == other.schedule && !moved
            }
            Field::Status => (self.status, &self.status_note) == (other.status, &other.status_note),
            Field::Venues => self.venues == other.venues,
            Field::OnlineUrl => self.online_url == other.online_url,
            Field::Organizer => self.organizer == other.organizer,
            Field::Categories => self.categories == other.categories,
            Field::Audiences => self.audiences == other.audiences,
            Field::Accessibility => self.accessibility == other.accessibility,
            Field::Admission => (self.admission, &self.offers) == (other.admission, &other.offers),
            Field::Images => self.images == other.images,
            Field::Website => self.website == other.website,
            Field::SuperEvent => self.super_event == other.super_event,
            Field::Publication => self.publication == other.publication,
        }
    }

    /// Copies one field from another event.
    pub fn take(&mut self, field: Field, from: &Self) {
        match field {
            Field::Title => self.title.clone_from(&from.title),
            Field::Summary => self.summary.clone_from(&from.summary),
            Field::Description => self.description.clone_from(&from.description),
            Field::Schedule => {
                self.schedule.clone_from(&from.schedule);
                self.previous.clone_from(&from.previous);
            }
            Field::Status => {
                self.status = from.status;
                self.status_note.clone_from(&from.status_note);
            }
            Field::Venues => self.venues.clone_from(&from.venues),
            Field::OnlineUrl => self.online_url.clone_from(&from.online_url),
            Field::Organizer => self.organizer.clone_from(&from.organizer),
            Field::Categories => self.categories.clone_from(&from.categories),
            Field::Audiences => self.audiences.clone_from(&from.audiences),
            Field::Accessibility => self.accessibility.clone_from(&from.accessibility),
            Field::Admission => {
                self.admission = from.admission;
                self.offers.clone_from(&from.offers);
            }
            Field::Images => self.images.clone_from(&from.images),
            Field::Website => self.website.clone_from(&from.website),
            Field::SuperEvent => self.super_event.clone_from(&from.super_event),
            Field::Publication => self.publication = from.publication,
        }
    }
}

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
    use crate::{Schedule, Text, When};

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
