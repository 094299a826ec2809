//! Regression tests for failures that the stories of `model` found.

mod merged;

use std::collections::BTreeSet;

use calendar_domain::Publication;
use elverum_calendar::editorial::{self, DecisionError, Later};
use elverum_calendar::ingest::run::Ended;

use crate::*;

fn by_b(origin: &str) -> EventDraft {
    let mut told = concert(origin);
    told.description = Text::nb("Fra b.");
    told
}

/// Returns a calendar with a concert of two partners, and that concert.
fn shared() -> (Office, EventId) {
    let office = Office::new().with_partner("a").with_partner("b");
    office.tells("a", &[concert("1")]);
    assert_eq!(office.tells("b", &[by_b("x")]).joined, 1);
    let id = office.events()[0].id.clone();
    (office, id)
}

impl Office {
    fn no_longer_has(&self, partner: &str, origin: &str) {
        let origin_id = origin.into();
        let gone = vec![ParsedItem::Gone { origin_id }];
        self.items(partner, gone, Listing::Changes).unwrap();
    }

    fn parts(&self, event: &EventId, partner: &str) {
        let partner = partner.parse().unwrap();
        editorial::split(&self.calendar, &self.editor(), event, &partner).unwrap();
    }

    fn other_than(&self, event: &EventId) -> EventId {
        let events = self.events();
        let mut others = events.iter().filter(|other| other.id != *event);
        others.next().unwrap().id.clone()
    }
}

#[test]
fn an_event_whose_partner_calls_it_otherwise_under_the_uid_that_it_had_is_not_missing() {
    let office = Office::new().with_partner("venue");
    let mut told = concert("1");
    office.tells("venue", std::slice::from_ref(&told));
    let id = office.events()[0].id.clone();
    told.origin_id = "new".into();
    told.schedule = at("2027-06-02T19:00:00");
    for _ in 0..4 {
        let report = office.tells("venue", std::slice::from_ref(&told));
        assert_eq!((report.created, report.missing), (0, 0), "{report:?}");
    }
    let [event] = &office.events()[..] else {
        panic!("{:?}", office.titles())
    };
    assert_eq!((&event.id, &event.schedule), (&id, &told.schedule));
    assert_eq!(event.sources[0].origin_id, "new");
}

#[test]
fn a_queued_event_that_is_said_to_be_gone_waits_no_longer() {
    let office = Office::new().with("guest", queue);
    office.tells("guest", &[concert("1")]);
    office.no_longer_has("guest", "1");
    let open = editorial::open_matters(&*office.calendar).unwrap();
    assert!(open.queued.is_empty(), "{open:?}");
}

#[test]
fn what_a_partner_says_of_an_event_that_is_no_longer_one_of_its_own_is_not_to_be_decided() {
    let (office, id) = shared();
    let suggestion = office.suggestions()[0].id.clone();
    office.parts(&id, "b");
    let open = editorial::open_matters(&*office.calendar).unwrap();
    assert!(open.suggestions.is_empty(), "{open:?}");
    let all = BTreeSet::new();
    let accepted = editorial::accept(&office.calendar, &office.editor(), &suggestion, &all);
    assert!(
        matches!(accepted, Err(DecisionError::Unknown(_))),
        "{accepted:?}"
    );
    assert!(office.stored(&id).description.is_empty());
}

#[test]
fn a_run_taken_back_leaves_what_it_suggested_and_what_each_source_said_as_they_were() {
    let (office, id) = shared();
    let before = office.suggestions();
    let mut bad = by_b("x");
    bad.description = Text::nb("Feil.");
    let run = office.tells("b", &[bad]).run.unwrap();
    assert_ne!(office.suggestions(), before);
    editorial::roll_back(&*office.calendar, &office.editor(), &run, Later::Stop).unwrap();
    assert_eq!(office.suggestions(), before);
    office.no_longer_has("a", "1");
    assert_eq!(office.stored(&id).description, by_b("x").description);
    assert_eq!(office.events().len(), 1);
}

#[test]
fn two_events_can_be_parted_and_joined_again_and_again() {
    let (office, first) = shared();
    office.parts(&first, "a");
    let own = office.other_than(&first);
    for partner in ["b", "a", "b", "a", "a", "b"] {
        let other = office.other_than(&own);
        editorial::join(&office.calendar, &office.editor(), &own, &other).unwrap();
        assert_eq!(office.events().len(), 1);
        office.parts(&own, partner);
        assert_eq!(office.events().len(), 2);
    }
}

#[test]
fn an_event_that_was_parted_and_joined_is_back_when_its_partner_tells_of_it_again() {
    let office = Office::new().with_partner("a").with_partner("b");
    office.tells("b", &[concert("x")]);
    office.tells("a", &[concert("1")]);
    let id = office.events()[0].id.clone();
    office.parts(&id, "b");
    let own = office.other_than(&id);
    editorial::join(&office.calendar, &office.editor(), &id, &own).unwrap();
    office.no_longer_has("b", "x");
    assert_eq!(office.stored(&id).sources.len(), 1);
    assert_eq!(office.tells("b", &[concert("x")]).joined, 1);
    assert_eq!(office.stored(&id).sources.len(), 2);
    // The event stays while one source remains.
    office.no_longer_has("a", "1");
    assert_eq!(office.stored(&id).publication, Publication::Published);
}

#[test]
fn what_an_editor_has_accepted_outlives_that_the_source_calls_the_event_otherwise() {
    let (office, id) = shared();
    let suggestion = office.suggestions()[0].id.clone();
    let all = BTreeSet::new();
    editorial::accept(&office.calendar, &office.editor(), &suggestion, &all).unwrap();
    assert_eq!(office.stored(&id).description, by_b("x").description);
    let told = by_b("new");
    for _ in 0..2 {
        office.tells("b", std::slice::from_ref(&told));
    }
    let event = office.stored(&id);
    assert!(event.sources.iter().any(|source| source.origin_id == "new"));
    assert_eq!(event.description, told.description);
    assert_eq!(office.tells("b", &[told]).ended, Ended::Unchanged);
}
