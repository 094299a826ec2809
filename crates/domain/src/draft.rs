//! An event as a source describes it, before it has a record.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::event_facts::{
    Availability, EventSetting, SustainabilityCertificate, SustainabilityFact,
};
use super::nfc::compose;
use super::plain_field::PlainField;
use super::plain_fields::plain_fields;
use super::{
    Admission, Event, EventStatus, Image, LanguageTag, Offer, OrganizerRef, Schedule, Slug, Text,
    Uid, Venue, When,
};

// A macro, because the table of plain fields adds some.
macro_rules! define_draft {
    (
        texts { $($(#[$text_doc:meta])* $text_field:ident $text:ident: $text_type:ty,)* }
        facts { $($(#[$fact_doc:meta])* $fact_field:ident $fact:ident: $fact_type:ty,)* }
        details { $($(#[$doc:meta])* $field:ident $name:ident: $type:ty,)* }
    ) => {
        /// One event of a file or a partner in the types of the domain. Categories and audiences are the
        /// source's own words; they are resolved when the draft is matched with the catalog.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub struct EventDraft {
            /// Permanent identifier at the source, such as its `UID`.
            pub origin_id: String,
            /// The `UID` to keep, if the source gives one.
            pub uid: Option<Uid>,
            /// The title.
            pub title: Text,
            $(
                $(#[$text_doc])*
                pub $text: $text_type,
            )*
            /// The time.
            pub schedule: Schedule,
            /// Status, such as scheduled, cancelled or rescheduled.
            pub status: EventStatus,
            /// The time before it was moved.
            pub previous: Option<When>,
            /// The reason it was moved or cancelled.
            pub status_note: Text,
            /// The places.
            pub venues: Vec<Venue>,
            /// Address to attend online.
            pub online_url: Option<Url>,
            /// The organizer.
            pub organizer: Option<OrganizerRef>,
            /// Categories in the source's own words.
            pub categories: Vec<String>,
            /// Audiences in the source's own words.
            pub audiences: Vec<String>,
            /// Accessibility features.
            pub accessibility: BTreeSet<Slug>,
            $(
                $(#[$fact_doc])*
                // Left out if blank: the content hash of a draft without the fact stays the same.
                #[serde(default, skip_serializing_if = "PlainField::is_blank")]
                pub $fact: $fact_type,
            )*
            /// Whether admission is free.
            pub admission: Admission,
            /// Tickets.
            pub offers: Vec<Offer>,
            $(
                $(#[$doc])*
                pub $name: $type,
            )*
            /// The `origin_id` of the event that it is a part of.
            pub super_event: Option<String>,
            /// The source's `SEQUENCE`, if it has one.
            pub sequence: Option<u32>,
            /// Time of the last change according to the source.
            pub modified: Option<DateTime<Utc>>,
            /// True if the source declares another publisher as the origin of the event.
            pub secondhand: bool,
            /// Other identifiers at the source, such as addresses or a slug, by which an event that was
            /// sent there is recognized. They are not part of the event's content.
            #[serde(skip)]
            pub marks: Vec<String>,
        }

        impl EventDraft {
            /// Returns a draft with the required fields only.
            #[must_use]
            pub fn new(origin_id: impl Into<String>, title: Text, schedule: Schedule) -> Self {
                Self {
                    origin_id: origin_id.into(),
                    uid: None,
                    title,
                    $($text: Default::default(),)*
                    schedule,
                    status: EventStatus::default(),
                    previous: None,
                    status_note: Text::default(),
                    venues: Vec::new(),
                    online_url: None,
                    organizer: None,
                    categories: Vec::new(),
                    audiences: Vec::new(),
                    accessibility: BTreeSet::new(),
                    $($fact: Default::default(),)*
                    admission: Admission::default(),
                    offers: Vec::new(),
                    $($name: Default::default(),)*
                    super_event: None,
                    sequence: None,
                    modified: None,
                    secondhand: false,
                    marks: Vec::new(),
                }
            }

            /// Moves the plain fields into an event.
            pub fn move_plain_fields(&mut self, event: &mut Event) {
                $(event.$text = std::mem::take(&mut self.$text);)*
                $(event.$fact = std::mem::take(&mut self.$fact);)*
                $(event.$name = std::mem::take(&mut self.$name);)*
            }

            fn compose_plain_fields(&mut self) {
                $(PlainField::compose(&mut self.$text);)*
                $(PlainField::compose(&mut self.$fact);)*
                $(PlainField::compose(&mut self.$name);)*
            }
        }
    };
}
plain_fields!(define_draft);

impl EventDraft {
    /// Normalizes all texts to [Normalization Form C](super::nfc). The identifiers stay unchanged.
    pub fn compose(&mut self) {
        self.title.compose();
        self.status_note.compose();
        self.compose_plain_fields();
        self.venues.iter_mut().for_each(Venue::compose);
        if let Some(OrganizerRef::Described { name, .. }) = &mut self.organizer {
            compose(name);
        }
        let words = self.categories.iter_mut().chain(&mut self.audiences);
        words.for_each(compose);
        self.offers
            .iter_mut()
            .for_each(|offer| offer.name.compose());
        let overrides = self.schedule.recurrence.iter_mut();
        for change in overrides.flat_map(|item| item.overrides.values_mut()) {
            change.title.compose();
            change.description.compose();
            change.venues.iter_mut().flatten().for_each(Venue::compose);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Override, Recurrence, Start};

    #[test]
    fn every_text_of_a_draft_is_composed_and_its_identity_is_not() {
        let decomposed = "Va\u{30a}ler";
        let day = "2027-05-01".parse().unwrap();
        let change = Override {
            title: Text::nb(decomposed),
            venues: Some(vec![Venue::named(decomposed)]),
            ..Override::default()
        };
        let schedule = Schedule {
            when: When::day(day),
            recurrence: Some(Recurrence {
                overrides: [(Start::Date(day), change)].into(),
                ..Recurrence::default()
            }),
        };
        let mut draft = EventDraft::new(decomposed, Text::nb(decomposed), schedule);
        draft.venues = vec![Venue::named(decomposed)];
        draft.categories = vec![decomposed.into()];
        draft.organizer = Some(OrganizerRef::Described {
            name: decomposed.into(),
            url: None,
        });
        draft.compose();
        assert_eq!(draft.origin_id, decomposed);
        draft.origin_id = String::new();
        let told = format!("{draft:?}");
        assert!(
            !told.contains("a\u{30a}") && !told.contains("\\u{30a}"),
            "{told}"
        );
        assert_eq!(told.matches("Våler").count(), 6, "{told}");
    }
}
