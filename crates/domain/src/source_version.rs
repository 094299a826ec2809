//! Versions of an event from its sources, and the event merged from them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Event, EventId, Field, Owner, PartnerId, Source};

/// The last content of one source for an event with several sources, now or earlier.
///
/// When the first source drops the event, its fields are taken from the versions of the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceVersion {
    /// Key: [`SourceVersion::key_of`].
    pub id: String,
    /// The event.
    pub event: EventId,
    /// The partner that is the source.
    pub partner: PartnerId,
    /// Identifier of the event at the partner.
    pub origin_id: String,
    /// [`Source::content_hash`] of the content.
    pub content_hash: String,
    /// The content. Its identifiers, sources and owners are meaningless.
    pub told: Box<Event>,
    /// Fields that an editor accepted from this source.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub accepted: BTreeSet<Field>,
    /// Fields of the content that the source may not have said: others had set them in the event that
    /// the content was taken from.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub assumed: BTreeSet<Field>,
}

impl SourceVersion {
    /// Returns the key of the version of a partner's event.
    #[must_use]
    pub fn key_of(partner: &PartnerId, origin_id: &str) -> String {
        let name = format!("source_version/{partner}/{origin_id}");
        Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).to_string()
    }

    /// Returns the version of a source with the content of `event`.
    #[must_use]
    pub fn new(event: &Event, source: &Source) -> Self {
        let is_assumed = |field: &Field| match event.owner(*field) {
            Some(Owner::Partner(owner)) => *owner != source.partner,
            Some(_) => true,
            None => false,
        };
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
            assumed: Field::ALL
                .into_iter()
                .filter(|field| *field != Field::Publication && is_assumed(field))
                .collect(),
        }
    }

    /// Returns true if the source said all of the content.
    #[must_use]
    pub fn is_said(&self) -> bool {
        self.assumed.is_empty()
    }

    /// Returns true if this is the last content of a source.
    #[must_use]
    pub fn is_of(&self, source: &Source) -> bool {
        self.partner == source.partner
            && self.origin_id == source.origin_id
            && self.content_hash == source.content_hash
    }
}

impl Field {
    /// Returns true if an editor has to accept a second source's value for an empty field. This
    /// holds for plain fields, links, prices and organizers, which speak for the organizer.
    #[must_use]
    pub fn needs_review(self) -> bool {
        !matches!(
            self,
            Self::Title
                | Self::Schedule
                | Self::Status
                | Self::Venues
                | Self::Categories
                | Self::Audiences
                | Self::Accessibility
                | Self::Setting
                | Self::Languages
                | Self::SuperEvent
                | Self::Publication
        )
    }
}

/// Fields that a version could fill, by the key of the version.
pub type Offers = BTreeMap<String, BTreeSet<Field>>;

/// Sets the fields of an event from its versions, in descending order of precedence. Fields set by
/// a person or a data file stay unchanged.
///
/// A field is taken from the version that an editor accepted for it, otherwise from the first one,
/// or if it is empty there, from the next with a value. A field that
/// [needs review](Field::needs_review) is always taken from the first version if it has a value. If
/// not, and no version was accepted, it is taken from another one only if the first source
/// republishes another publisher's event.
///
/// Returns the versions with a value for a field that stays empty.
pub fn settle(event: &mut Event, versions: &[SourceVersion]) -> Offers {
    let mut offers = Offers::new();
    let Some(first) = versions.first() else {
        return offers;
    };
    let is_firsthand = event
        .sources
        .first()
        .is_some_and(|source| !source.secondhand);
    for field in Field::ALL {
        let is_ours = |owner: &Owner| !matches!(owner, Owner::Partner(_));
        if field == Field::Publication || event.owner(field).is_some_and(is_ours) {
            continue;
        }
        let says = |version: &&SourceVersion| !version.told.is_blank(field);
        let accepted =
            |version: &&SourceVersion| says(version) && version.accepted.contains(&field);
        let waits = field.needs_review() && is_firsthand;
        let chosen = match versions.iter().find(accepted) {
            // The accepted value filled an empty field, and the first source has a value now.
            Some(_) if field.needs_review() && says(&first) => first,
            Some(version) => version,
            None if waits => first,
            None => versions.iter().find(says).unwrap_or(first),
        };
        event.take(field, &chosen.told);
        let owner = Owner::Partner(chosen.partner.clone());
        event.owners.insert(field, owner);
        if event.is_blank(field) {
            let offered =
                |version: &&SourceVersion| says(version) && !version.assumed.contains(&field);
            for version in versions.iter().filter(offered) {
                let fields = offers.entry(version.id.clone()).or_default();
                fields.insert(field);
            }
        }
    }
    offers
}

/// What the remaining sources of an event say of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RemainingVersions {
    /// The versions that are known.
    pub known: Vec<SourceVersion>,
    /// Their values for fields that stay empty.
    pub offers: Offers,
}

/// Sets the fields of an event again after one of its sources is removed. `version_of` returns the
/// last version of a source; if there is none, the source's next content is taken in any case.
///
/// # Errors
/// Returns the errors of `version_of`.
pub fn settle_rest<E>(
    event: &mut Event,
    mut version_of: impl FnMut(&Source) -> Result<Option<SourceVersion>, E>,
) -> Result<RemainingVersions, E> {
    let shown = event.clone();
    let mut versions = Vec::with_capacity(event.sources.len());
    let mut rest = RemainingVersions::default();
    for source in &mut event.sources {
        let known = version_of(source)?
            .filter(|version| version.event == shown.id && version.is_of(source));
        rest.known.extend(known.clone());
        versions.push(known.unwrap_or_else(|| {
            source.content_hash.clear();
            SourceVersion::new(&shown, source)
        }));
    }
    rest.offers = settle(event, &versions);
    if let ([source], [version]) = (&mut event.sources[..], &versions[..])
        && !version.is_said()
    {
        source.content_hash.clear();
    }
    Ok(rest)
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
            channel: crate::Channel::Feed,
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
