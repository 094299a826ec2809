//! An event as somebody else tells it, before it has a record here.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::nfc::compose;
use super::{
    Admission, EventStatus, Image, Offer, OrganizerRef, Schedule, Slug, Text, Uid, Venue, When,
};

/// What a file or a partner says of one event, in the domain's own terms. Names of categories and
/// audiences are still the source's words; which of ours they are is decided when the draft meets
/// the catalog.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventDraft {
    /// What identifies the event at its source for ever, such as its `UID`.
    pub origin_id: String,
    /// The `UID` to carry on, where the source gives one.
    pub uid: Option<Uid>,
    /// What it is called.
    pub title: Text,
    /// One or two sentences.
    pub summary: Text,
    /// The long text, plain.
    pub description: Text,
    /// When it is.
    pub schedule: Schedule,
    /// What happens to it.
    pub status: EventStatus,
    /// The time it had before it was moved.
    pub previous: Option<When>,
    /// Why it was moved or cancelled.
    pub status_note: Text,
    /// Where it is.
    pub venues: Vec<Venue>,
    /// Where it is followed online.
    pub online_url: Option<Url>,
    /// Who holds it.
    pub organizer: Option<OrganizerRef>,
    /// The source's words for what it is about.
    pub categories: Vec<String>,
    /// The source's words for whom it speaks to.
    pub audiences: Vec<String>,
    /// What makes it accessible.
    pub accessibility: BTreeSet<Slug>,
    /// Whether it costs something.
    pub admission: Admission,
    /// Tickets.
    pub offers: Vec<Offer>,
    /// Pictures.
    pub images: Vec<Image>,
    /// Its own web page.
    pub website: Option<Url>,
    /// The `origin_id` of the event that it is a part of.
    pub super_event: Option<String>,
    /// The source's `SEQUENCE`, where it has one.
    pub sequence: Option<u32>,
    /// When the source says that it changed last.
    pub modified: Option<DateTime<Utc>>,
    /// Whether the source says that it has it from somebody else.
    pub secondhand: bool,
    /// What else names it at its source, by which an event of ours that was sent there is recognised: addresses,
    /// a slug. It is not part of what the source says of it.
    #[serde(skip)]
    pub marks: Vec<String>,
}

impl EventDraft {
    /// A draft of which only the necessary is known.
    #[must_use]
    pub fn new(origin_id: impl Into<String>, title: Text, schedule: Schedule) -> Self {
        Self {
            origin_id: origin_id.into(),
            uid: None,
            title,
            summary: Text::default(),
            description: Text::default(),
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
            admission: Admission::default(),
            offers: Vec::new(),
            images: Vec::new(),
            website: None,
            super_event: None,
            sequence: None,
            modified: None,
            secondhand: false,
            marks: Vec::new(),
        }
    }

    /// Brings all texts into [Normalization Form C](super::nfc). What identifies the event stays as it is.
    pub fn compose(&mut self) {
        let texts = [
            &mut self.title,
            &mut self.summary,
            &mut self.description,
            &mut self.status_note,
        ];
        texts.into_iter().for_each(Text::compose);
        self.venues.iter_mut().for_each(Venue::compose);
        if let Some(OrganizerRef::Described { name, .. }) = &mut self.organizer {
            compose(name);
        }
        let words = self.categories.iter_mut().chain(&mut self.audiences);
        words.for_each(compose);
        self.offers
            .iter_mut()
            .for_each(|offer| offer.name.compose());
        for image in &mut self.images {
            image.alt.compose();
            image.credit.iter_mut().for_each(compose);
        }
        let overrides = self.schedule.recurrence.iter_mut();
        for change in overrides.flat_map(|it| it.overrides.values_mut()) {
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
