//! Events.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::event_facts::{
    Availability, EventSetting, SustainabilityCertificate, SustainabilityFact,
};
use super::ownership::owner_list;
use super::plain_field::{PlainField, PlainFieldDecoder, PlainFieldEncoder};
use super::plain_fields::plain_fields;
use super::{
    Admission, EventId, EventStatus, Field, Image, Lang, LanguageTag, Offer, OrganizerRef, Owner,
    PartnerId, Schedule, Slug, Source, Text, Uid, Venue, When,
};

// A macro, because the table of plain fields adds some.
macro_rules! define_event {
    (
        texts { $($(#[$text_doc:meta])* $text_field:ident $text:ident: $text_type:ty,)* }
        facts { $($(#[$fact_doc:meta])* $fact_field:ident $fact:ident: $fact_type:ty,)* }
        details { $($(#[$doc:meta])* $field:ident $name:ident: $type:ty,)* }
    ) => {
        /// An event. `uid` and `slug` never change.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub struct Event {
            /// Key of the record.
            pub id: EventId,
            /// RFC 5545 3.8.4.7.
            pub uid: Uid,
            /// Part of the address of its page, `/events/<slug>`.
            pub slug: Slug,
            /// RFC 5545 3.8.7.4: increases with each change of time, place or status.
            #[serde(default)]
            pub sequence: u32,
            /// Time of creation of the record.
            pub created: DateTime<Utc>,
            /// Time of the last change of the record.
            pub modified: DateTime<Utc>,
            /// The title.
            pub title: Text,
            $(
                $(#[$text_doc])*
                #[serde(default, skip_serializing_if = "PlainField::is_blank")]
                pub $text: $text_type,
            )*
            /// The time and the recurrence.
            pub schedule: Schedule,
            /// The state of the event in the world.
            #[serde(default)]
            pub status: EventStatus,
            /// The time before it was moved.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub previous: Option<When>,
            /// Why it was moved or cancelled, or how certain its date is.
            #[serde(default, skip_serializing_if = "Text::is_empty")]
            pub status_note: Text,
            /// The state of the record.
            pub publication: Publication,
            /// The places, the main place first; empty if unknown or online only.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            pub venues: Vec<Venue>,
            /// Address to attend online.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub online_url: Option<Url>,
            /// The organizer.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub organizer: Option<OrganizerRef>,
            /// Its categories.
            #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
            pub categories: BTreeSet<Slug>,
            /// Its audiences.
            #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
            pub audiences: BTreeSet<Slug>,
            /// Accessibility features: `step_free`, `hearing_loop`, … as slugs with `-` for `_`.
            #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
            pub accessibility: BTreeSet<Slug>,
            $(
                $(#[$fact_doc])*
                #[serde(default, skip_serializing_if = "PlainField::is_blank")]
                pub $fact: $fact_type,
            )*
            /// Whether admission is free.
            #[serde(default)]
            pub admission: Admission,
            /// Tickets.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            pub offers: Vec<Offer>,
            $(
                $(#[$doc])*
                #[serde(default, skip_serializing_if = "PlainField::is_blank")]
                pub $name: $type,
            )*
            /// The edition of a series that it is.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub series: Option<EditionRef>,
            /// The event that it is a part of.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub super_event: Option<EventId>,
            /// Its origins, the primary source first.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            pub sources: Vec<Source>,
            /// Owners of the fields.
            #[serde(
                default,
                skip_serializing_if = "BTreeMap::is_empty",
                with = "owner_list"
            )]
            pub owners: BTreeMap<Field, Owner>,
            /// The last change, for the last line of its description in feeds.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub last_change: Option<LastChange>,
        }

        impl Event {
            /// Returns a published event with the required fields only: its id is the slug, its status is
            /// scheduled, and its fields have no owner. Another id is set afterwards.
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
                    $($text: Default::default(),)*
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
                    $($fact: Default::default(),)*
                    admission: Admission::Unknown,
                    offers: Vec::new(),
                    $($name: Default::default(),)*
                    series: None,
                    super_event: None,
                    sources: Vec::new(),
                    owners: BTreeMap::new(),
                    last_change: None,
                }
            }

            /// Passes every plain field to an encoder.
            pub fn encode_plain_fields(&self, out: &mut dyn PlainFieldEncoder) {
                $(self.$text.encode(out);)*
                $(self.$fact.encode(out);)*
                $(self.$name.encode(out);)*
            }

            /// Replaces every plain field by the next value of a decoder. Returns `None` if one is missing.
            pub fn decode_plain_fields(&mut self, from: &mut dyn PlainFieldDecoder) -> Option<()> {
                $(self.$text = PlainField::decode(from)?;)*
                $(self.$fact = PlainField::decode(from)?;)*
                $(self.$name = PlainField::decode(from)?;)*
                Some(())
            }
        }
    };
}
plain_fields!(define_event);

/// The state of an event's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Publication {
    /// Its author edits it.
    Draft,
    /// It waits for an editor.
    Submitted,
    /// It is public.
    Published,
    /// An editor rejected it.
    Rejected,
    /// It was withdrawn after publication.
    Withdrawn,
}

impl Publication {
    /// Returns true if a record may change from this state to `next`.
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

/// Reference to an edition of a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionRef {
    /// The series.
    pub series: Slug,
    /// The label of the edition, usually the year.
    pub edition: Slug,
}

/// The last change of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastChange {
    /// Time of the change.
    pub at: DateTime<Utc>,
    /// The subject of the change.
    pub what: ChangeSubject,
}

/// The subject of a change, by its most significant part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeSubject {
    /// It was cancelled.
    Cancelled,
    /// It was postponed without a new date.
    Postponed,
    /// It was moved online.
    MovedOnline,
    /// A tentative or cancelled event was confirmed.
    Confirmed,
    /// Its time changed.
    Time,
    /// Its place changed.
    Place,
    /// Something else changed: texts, prices, images.
    Details,
}

impl Event {
    /// Returns the title in `lang` or a fallback; the slug if there is no title.
    #[must_use]
    pub fn title_in(&self, lang: Lang) -> &str {
        let title = self.title.get(lang);
        if title.is_empty() {
            self.slug.as_str()
        } else {
            title
        }
    }

    /// Changes the state of the record. Returns false and changes nothing if the state may not change so.
    #[must_use]
    pub fn set_publication(&mut self, next: Publication) -> bool {
        let is_allowed = self.publication.may_become(next);
        if is_allowed {
            self.publication = next;
        }
        is_allowed
    }

    /// Returns the status, or cancelled if each occurrence is cancelled on its own.
    #[must_use]
    pub fn effective_status(&self) -> EventStatus {
        if self.schedule.is_cancelled() {
            EventStatus::Cancelled
        } else {
            self.status
        }
    }

    /// Returns true if the event is public.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.publication == Publication::Published
    }

    /// Returns true if it can be reached by public transport.
    #[must_use]
    pub fn has_public_transport(&self) -> bool {
        let fact = SustainabilityFact::PublicTransport;
        self.sustainability.contains(&fact)
    }

    /// Returns true if it is certified.
    #[must_use]
    pub fn is_certified(&self) -> bool {
        self.sustainability.contains(&SustainabilityFact::Certified)
    }

    /// Returns the certificate, if the event is certified and the issuer known.
    #[must_use]
    pub fn certificate(&self) -> Option<&SustainabilityCertificate> {
        let certificate = self.sustainability_certificate.as_ref();
        certificate.filter(|_| self.is_certified())
    }

    /// Copies a field from another version, with its owner.
    pub fn take_with_owner(&mut self, field: Field, from: &Self) {
        self.take(field, from);
        match from.owner(field) {
            Some(owner) => self.owners.insert(field, owner.clone()),
            None => self.owners.remove(&field),
        };
    }

    /// Returns the owner of a field, if it has one.
    #[must_use]
    pub fn owner(&self, field: Field) -> Option<&Owner> {
        self.owners.get(&field)
    }

    /// Transfers the fields of a partner to its heir; without one, the fields have no owner.
    pub fn transfer_ownership(&mut self, partner: &PartnerId, heir: Option<&PartnerId>) {
        let mine = Owner::Partner(partner.clone());
        match heir {
            Some(heir) => {
                let owned = self.owners.values_mut().filter(|values| **values == mine);
                owned.for_each(|owned| *owned = Owner::Partner(heir.clone()));
            }
            None => self.owners.retain(|_, owner| *owner != mine),
        }
    }
}
