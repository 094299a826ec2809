//! Partners that report the same event, or events with the same name, concurrently.

use std::collections::BTreeSet;
use std::sync::Barrier;

use calendar_domain::{Claim, Publication};
use elverum_calendar::ingest::run::Ended;

use crate::*;

impl Office {
    /// Returns all stored events.
    fn every_event(&self) -> Vec<Event> {
        let mut found = Vec::new();
        let scanned = self.calendar.scan(&[RecordKind::Event], &mut |batch| {
            found.extend(batch.into_iter().filter_map(|batch| match batch.record {
                Record::Event(event) => Some(Event::clone(&event)),
                _ => None,
            }));
        });
        scanned.unwrap();
        found
    }

    #[track_caller]
    fn has_unique_names(&self) {
        let events = self.every_event();
        let names: BTreeSet<Claim> = events.iter().flat_map(Event::claims).collect();
        assert_eq!(names.len(), 2 * events.len(), "{names:#?}");
    }

    /// Applies the responses of several partners concurrently.
    fn tell_at_once(&self, told: &[(&str, Vec<EventDraft>)]) {
        let together = Barrier::new(told.len());
        std::thread::scope(|threads| {
            for (partner, drafts) in told {
                let together = &together;
                threads.spawn(move || {
                    together.wait();
                    self.tells(partner, drafts);
                });
            }
        });
    }
}

#[test]
fn partners_whose_first_runs_come_at_once_with_the_same_event_share_it() {
    for _ in 0..10 {
        let office = Office::new()
            .with_partner("venue")
            .with_partner("hall")
            .with_partner("choir");
        let same = in_place(
            draft("1", "Sommerkonsert", "2027-06-01T18:00:00"),
            "Kulturhuset",
        );
        let told = ["venue", "hall", "choir"].map(|partner| (partner, vec![same.clone()]));
        office.tell_at_once(&told);
        let events = office.every_event();
        assert_eq!(events.len(), 1, "{events:#?}");
        assert_eq!(events[0].sources.len(), 3);
        assert_eq!(events[0].uid.as_str(), "1@example.no");
    }
}

#[test]
fn partners_with_events_of_one_name_at_once_get_an_address_each() {
    let office = Office::new()
        .with("venue", queue)
        .with("hall", queue)
        .with("choir", queue);
    let told = ["venue", "hall", "choir"].map(|partner| {
        let evenings =
            (0..30).map(|n| draft(&format!("{partner}-{n}"), "Kveld", "2027-06-01T18:00:00"));
        (partner, evenings.collect())
    });
    office.tell_at_once(&told);
    assert_eq!(office.every_event().len(), 90);
    office.has_unique_names();
}

#[test]
fn an_event_whose_names_wait_with_another_takes_no_other_of_its_run_down() {
    let office = Office::new().with("club", queue).with_partner("venue");
    let told = draft("1", "Sommerkonsert", "2027-06-01T18:00:00");
    office.tells("club", std::slice::from_ref(&told));
    let mut drafts = programme(3);
    drafts.push(told);
    let report = office.tells("venue", &drafts);
    assert_eq!((report.created, report.ended), (4, Ended::Written));
    office.has_unique_names();
    let waiting = office.every_event();
    let waiting = waiting
        .iter()
        .find(|waiting| waiting.publication == Publication::Submitted);
    assert_eq!(waiting.unwrap().uid.as_str(), "1@example.no");
    // A repeated response finds the events under their final names.
    let before = office.every_event();
    assert_eq!(office.tells("venue", &drafts).ended, Ended::Unchanged);
    assert_eq!(office.every_event(), before);
}
