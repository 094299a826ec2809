//! The event: what a visitor comes for.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::ownership::owner_list;
use super::{
    Admission, EventId, Field, Image, Lang, Offer, OrganizerRef, Owner, PartnerId, Schedule, Slug,
    Source, Text, Uid, Venue, When,
};

/// An event with one identity for ever: `uid` and `slug` stay whatever else moves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Key of the record.
    pub id: EventId,
    /// RFC 5545 3.8.4.7.
    pub uid: Uid,
    /// Address of its page, `/events/<slug>`.
    pub slug: Slug,
    /// RFC 5545 3.8.7.4: rises on each change of time, place or status.
    #[serde(default)]
    pub sequence: u32,
    /// When the record was made.
    pub created: DateTime<Utc>,
    /// When the record changed last, in any field that the public sees.
    pub modified: DateTime<Utc>,
    /// What it is called.
    pub title: Text,
    /// One or two sentences.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub summary: Text,
    /// The long text, paragraphs parted by an empty line. Plain text.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub description: Text,
    /// When it is.
    pub schedule: Schedule,
    /// What happens to it in the world.
    #[serde(default)]
    pub status: EventStatus,
    /// The time it had before it was moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<When>,
    /// Why it was moved or cancelled, or how sure its date is.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub status_note: Text,
    /// What happens to its record here.
    pub publication: Publication,
    /// Where it is, the main place first; empty where that is not known or it is only online.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub venues: Vec<Venue>,
    /// Where it is followed online.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub online_url: Option<Url>,
    /// Who holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organizer: Option<OrganizerRef>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub categories: BTreeSet<Slug>,
    /// Whom it speaks to.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub audiences: BTreeSet<Slug>,
    /// What makes it accessible: `step_free`, `hearing_loop`, … as slugs with `-` for `_`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub accessibility: BTreeSet<Slug>,
    /// Whether it costs something.
    #[serde(default)]
    pub admission: Admission,
    /// Tickets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<Offer>,
    /// Pictures, by address; never inline.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<Image>,
    /// The event's own web page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<Url>,
    /// The series it is an edition of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<EditionRef>,
    /// The event that it is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub super_event: Option<EventId>,
    /// Where it came from, the primary source first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
    /// Who last set which field.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        with = "owner_list"
    )]
    pub owners: BTreeMap<Field, Owner>,
    /// What changed last, for the line at the end of its description in feeds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_change: Option<LastChange>,
}

/// What happens to an event in the world (schema.org `EventStatusType`, plus RFC 5545's
/// `TENTATIVE`).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum EventStatus {
    /// It takes place as told.
    #[default]
    Scheduled,
    /// Its date is not confirmed: «foreløpig».
    Tentative,
    /// It does not take place.
    Cancelled,
    /// It takes place later; when is not known.
    Postponed,
    /// It takes place at another time than told before.
    Rescheduled,
    /// It takes place online instead.
    MovedOnline,
}

impl EventStatus {
    /// Every status.
    pub const ALL: [Self; 6] = [
        Self::Scheduled,
        Self::Tentative,
        Self::Cancelled,
        Self::Postponed,
        Self::Rescheduled,
        Self::MovedOnline,
    ];

    /// Its name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Tentative => "tentative",
            Self::Cancelled => "cancelled",
            Self::Postponed => "postponed",
            Self::Rescheduled => "rescheduled",
            Self::MovedOnline => "moved_online",
        }
    }
}

/// What happens to an event's record here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Publication {
    /// Its author works on it.
    Draft,
    /// It waits for an editor.
    Submitted,
    /// Everyone sees it.
    Published,
    /// An editor said no.
    Rejected,
    /// It was taken back after it had been public.
    Withdrawn,
}

impl Publication {
    /// Whether the record may go from here to there.
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        use Publication::{Draft, Published, Rejected, Submitted, Withdrawn};
        matches!(
            (self, next),
            (Draft, Submitted | Published)
                | (Submitted, Draft | Published | Rejected)
                | (Rejected, Draft | Submitted)
                | (Published, Withdrawn)
                | (Withdrawn, Published | Draft)
        )
    }
}

/// Which edition of which series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionRef {
    /// The series.
    pub series: Slug,
    /// The edition's label within it, usually the year.
    pub edition: Slug,
}

/// What changed last in an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastChange {
    /// When it changed.
    pub at: DateTime<Utc>,
    /// What changed.
    pub what: Changed,
}

/// What a change was about, the weightiest part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// It was cancelled.
    Cancelled,
    /// It was put off without a new date.
    Postponed,
    /// It went online.
    MovedOnline,
    /// A tentative or cancelled event is on.
    Confirmed,
    /// Its time changed.
    Time,
    /// Its place changed.
    Place,
    /// Something else: texts, prices, pictures.
    Details,
}

impl Event {
    /// A published event of which only the necessary is known: made under its slug, on at the time
    /// that it is told, owned by nobody yet. An id of another kind is set afterwards.
    #[must_use]
    pub fn new(slug: Slug, uid: Uid, title: Text, schedule: Schedule, born: DateTime<Utc>) -> Self {
        Self {
            id: slug.clone().into(),
            uid,
            slug,
            sequence: 0,
            created: born,
            modified: born,
            title,
            summary: Text::default(),
            description: Text::default(),
            schedule,
            status: EventStatus::Scheduled,
            previous: None,
            status_note: Text::default(),
            publication: Publication::Published,
            venues: Vec::new(),
            online_url: None,
            organizer: None,
            categories: BTreeSet::new(),
            audiences: BTreeSet::new(),
            accessibility: BTreeSet::new(),
            admission: Admission::Unknown,
            offers: Vec::new(),
            images: Vec::new(),
            website: None,
            series: None,
            super_event: None,
            sources: Vec::new(),
            owners: BTreeMap::new(),
            last_change: None,
        }
    }

    /// The title for a reader of `lang`; the slug where there is no title at all.
    #[must_use]
    pub fn title_in(&self, lang: Lang) -> &str {
        let title = self.title.get(lang);
        if title.is_empty() {
            self.slug.as_str()
        } else {
            title
        }
    }

    /// Whether the public sees it.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.publication == Publication::Published
    }

    /// Who set a field last, if anyone did.
    #[must_use]
    pub fn owner(&self, field: Field) -> Option<&Owner> {
        self.owners.get(&field)
    }

    /// What a partner owned becomes its heir's; without one it is nobody's, so that anybody may set it.
    pub fn hand_over(&mut self, partner: &PartnerId, heir: Option<&PartnerId>) {
        let mine = Owner::Partner(partner.clone());
        match heir {
            Some(heir) => {
                let owned = self.owners.values_mut().filter(|it| **it == mine);
                owned.for_each(|it| *it = Owner::Partner(heir.clone()));
            }
            None => self.owners.retain(|_, owner| *owner != mine),
        }
    }
}
