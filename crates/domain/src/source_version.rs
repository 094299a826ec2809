//! An event as one of its sources describes it, and the event that follows from all of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Event, EventId, Field, Owner, PartnerId, Source};

/// What a source last said of an event that has several sources, or that several have described.
///
/// It is kept so that an event whose first source is gone shows what the next one says, and not what the first one
/// said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceVersion {
    /// Its key: [`SourceVersion::key_of`].
    pub id: String,
    /// The event.
    pub event: EventId,
    /// Whose words these are.
    pub partner: PartnerId,
    /// What the partner calls the event.
    pub origin_id: String,
    /// The [`Source::content_hash`] of what was read.
    pub content_hash: String,
    /// What it says. Names, sources and owners mean nothing in it.
    pub told: Box<Event>,
    /// Fields that an editor has let this source set.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub accepted: BTreeSet<Field>,
}

impl SourceVersion {
    /// Returns the key of a source's version: the same for the same event of the same partner.
    #[must_use]
    pub fn key_of(partner: &PartnerId, origin_id: &str) -> String {
        let name = format!("source_version/{partner}/{origin_id}");
        Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).to_string()
    }

    /// Returns what a source says in `event`.
    #[must_use]
    pub fn new(event: &Event, source: &Source) -> Self {
        Self {
            id: Self::key_of(&source.partner, &source.origin_id),
            event: event.id.clone(),
            partner: source.partner.clone(),
            origin_id: source.origin_id.clone(),
            content_hash: source.content_hash.clone(),
            told: Box::new(Event {
                sources: Vec::new(),
                owners: BTreeMap::new(),
                series: None,
                last_change: None,
                ..event.clone()
            }),
            accepted: BTreeSet::new(),
        }
    }

    /// Whether it is what a source of an event last said.
    #[must_use]
    pub fn is_of(&self, source: &Source) -> bool {
        self.partner == source.partner
            && self.origin_id == source.origin_id
            && self.content_hash == source.content_hash
    }
}

impl Field {
    /// Whether what a second source says where the first says nothing waits for an editor: texts, links, pictures
    /// and organizers stand for whoever holds the event.
    #[must_use]
    pub fn needs_review(self) -> bool {
        match self {
            Self::Summary
            | Self::Description
            | Self::OnlineUrl
            | Self::Organizer
            | Self::Admission
            | Self::Images
            | Self::Website => true,
            Self::Title
            | Self::Schedule
            | Self::Status
            | Self::Venues
            | Self::Categories
            | Self::Audiences
            | Self::Accessibility
            | Self::SuperEvent
            | Self::Publication => false,
        }
    }
}

/// Fields, by the key of the version that fills them.
pub type Offers = BTreeMap<String, BTreeSet<Field>>;

/// Sets the fields of an event from what its sources say, those whose words count most first. What a person or a
/// data file has set stays.
///
/// The first source's words count, unless an editor has accepted those of another. What it leaves empty is filled by
/// the next; texts, links, pictures and the organizer only where an editor has accepted that, or where the first
/// source has the event from somebody else.
/// Returns which versions say something where the event now says nothing.
pub fn settle(event: &mut Event, versions: &[SourceVersion]) -> Offers {
    let mut offers = Offers::new();
    let Some(first) = versions.first() else {
        return offers;
    };
    let is_firsthand = event.sources.first().is_some_and(|it| !it.secondhand);
    for field in Field::ALL {
        let is_ours = |owner: &Owner| !matches!(owner, Owner::Partner(_));
        if field == Field::Publication || event.owner(field).is_some_and(is_ours) {
            continue;
        }
        let says = |it: &&SourceVersion| !it.told.is_blank(field);
        let accepted = |it: &&SourceVersion| says(it) && it.accepted.contains(&field);
        let waits = field.needs_review() && is_firsthand;
        let chosen = match versions.iter().find(accepted) {
            // What filled an empty field gives way once the first source says something itself.
            Some(_) if field.needs_review() && says(&first) => first,
            Some(version) => version,
            None if waits => first,
            None => versions.iter().find(says).unwrap_or(first),
        };
        event.take(field, &chosen.told);
        let owner = Owner::Partner(chosen.partner.clone());
        event.owners.insert(field, owner);
        if event.is_blank(field) {
            for version in versions.iter().filter(says) {
                let fields = offers.entry(version.id.clone()).or_default();
                fields.insert(field);
            }
        }
    }
    offers
}

/// Sets the fields of an event anew after one of its sources is gone. `version_of` gives what a source last said;
/// one of which that is not known is heard anew, whatever it says next.
///
/// # Errors
/// Those of `version_of`.
pub fn settle_rest<E>(
    event: &mut Event,
    mut version_of: impl FnMut(&Source) -> Result<Option<SourceVersion>, E>,
) -> Result<(), E> {
    let shown = event.clone();
    let mut versions = Vec::with_capacity(event.sources.len());
    for source in &mut event.sources {
        let known = version_of(source)?.filter(|it| it.event == shown.id && it.is_of(source));
        versions.push(known.unwrap_or_else(|| {
            source.content_hash.clear();
            SourceVersion::new(&shown, source)
        }));
    }
    settle(event, &versions);
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::{Schedule, Text, When};

    fn source(partner: &str, secondhand: bool) -> Source {
        Source {
            partner: partner.parse().unwrap(),
            origin_id: "1".into(),
            url: None,
            fetched_at: DateTime::UNIX_EPOCH,
            content_hash: partner.into(),
            secondhand,
        }
    }

    fn event(sources: &[Source]) -> Event {
        let day = When::day("2027-03-01".parse().unwrap());
        let (slug, uid) = ("fair".parse().unwrap(), "fair@test".parse().unwrap());
        let born = DateTime::UNIX_EPOCH;
        Event {
            sources: sources.to_vec(),
            ..Event::new(slug, uid, Text::nb("Marked"), Schedule::once(day), born)
        }
    }

    fn version(of: &Event, source: &Source, summary: &str) -> SourceVersion {
        let mut said = of.clone();
        said.summary = Text::nb(summary);
        SourceVersion::new(&said, source)
    }

    #[test]
    fn a_second_source_fills_texts_of_a_first_hand_source_only_where_an_editor_said_so() {
        for secondhand in [false, true] {
            let sources = [source("a", secondhand), source("b", true)];
            let mut event = event(&sources);
            let first = version(&event, &sources[0], "");
            let mut second = version(&event, &sources[1], "Fra b");
            let second_id = second.id.clone();
            let offers = settle(&mut event, &[first.clone(), second.clone()]);
            assert_eq!(event.summary.is_empty(), !secondhand);
            assert_eq!(offers.contains_key(&second_id), !secondhand);
            second.accepted.insert(Field::Summary);
            let offers = settle(&mut event, &[first, second]);
            assert!(offers.is_empty() && event.summary == Text::nb("Fra b"));
        }
    }

    #[test]
    fn what_a_person_set_is_not_settled() {
        let sources = [source("a", false), source("b", false)];
        let mut event = event(&sources);
        event.summary = Text::nb("Rettet");
        let person = Owner::Editor("ola".into());
        event.owners.insert(Field::Summary, person.clone());
        let versions = [
            version(&event, &sources[0], "Fra a"),
            version(&event, &sources[1], "Fra b"),
        ];
        settle(&mut event, &versions);
        assert_eq!(event.summary, Text::nb("Rettet"));
        assert_eq!(event.owner(Field::Summary), Some(&person));
    }
}
