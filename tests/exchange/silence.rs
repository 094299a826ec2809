//! Events missing from responses.

use calendar_domain::{Publication, Recurrence};
use elverum_calendar::editorial;
use elverum_calendar::ingest::run::Ended;

use crate::*;

fn lasting(origin: &str, title: &str, first: &str, last: &str) -> EventDraft {
    let mut draft = draft(origin, title, "2027-01-01T00:00:00");
    draft.schedule = Schedule::once(When::days(first.parse().unwrap(), last.parse().unwrap()));
    draft
}

/// A concert on 1 March at 18:00.
fn concert() -> EventDraft {
    draft("concert", "Eksempelkonsert", "2027-03-01T18:00:00")
}

#[test]
fn an_event_that_has_begun_is_not_missed_when_the_feed_drops_it() {
    let office = Office::new().with_partner("venue");
    let exhibition = lasting("hall", "Eksempelutstilling", "2027-02-20", "2027-03-20");
    let later = draft("later", "Eksempelkveld", "2027-03-09T18:00:00");
    office.tells("venue", &[concert(), exhibition, later.clone()]);
    // 23:00 in the region, and the same day after three more responses.
    office.clock.set("2027-03-01T18:00:00Z".parse().unwrap());
    for _ in 0..4 {
        let report = office.tells("venue", std::slice::from_ref(&later));
        assert_eq!((report.missing, report.withdrawn), (0, 0), "{report:?}");
    }
    assert_eq!(office.events().len(), 3);
}

#[test]
fn the_finished_events_of_a_festival_day_are_no_reason_to_doubt_an_answer() {
    let office = Office::new().with_partner("festival");
    let mut all: Vec<EventDraft> = (8..16)
        .map(|hour| {
            let start = format!("2027-03-01T{hour:02}:00:00");
            draft(
                &format!("e{hour}"),
                &format!("Eksempelprogram {hour}"),
                &start,
            )
        })
        .collect();
    let last = draft("last", "Eksempelavslutning", "2027-03-01T23:00:00");
    all.push(last.clone());
    office.tells("festival", &all);
    office.clock.set("2027-03-01T19:00:00Z".parse().unwrap());
    let report = office.tells("festival", &[last]);
    assert!(!matches!(report.ended, Ended::Quarantined(_)), "{report:?}");
    assert_eq!(report.missing, 0);
}

#[test]
fn a_series_that_runs_today_and_goes_on_is_missed() {
    let office = Office::new().with_partner("club");
    let mut weekly = draft("weekly", "Eksempeltrening", "2027-03-01T18:00:00");
    weekly.schedule.recurrence = Some(Recurrence {
        rule: Some("FREQ=WEEKLY".parse().unwrap()),
        ..Recurrence::default()
    });
    let later = draft("later", "Eksempelkveld", "2027-05-09T18:00:00");
    office.tells("club", &[weekly, later.clone()]);
    office.clock.set("2027-03-01T17:10:00Z".parse().unwrap());
    for _ in 0..3 {
        office.tells("club", std::slice::from_ref(&later));
    }
    assert_eq!(office.titles(), ["Eksempelkveld"]);
}

#[test]
fn an_event_that_runs_goes_once_its_source_says_that_it_is_gone() {
    let office = Office::new().with_partner("venue");
    let exhibition = lasting("hall", "Eksempelutstilling", "2027-02-20", "2027-03-20");
    office.tells("venue", &[exhibition]);
    office.clock.set("2027-03-01T18:00:00Z".parse().unwrap());
    let gone = ParsedItem::Gone {
        origin_id: "hall".into(),
    };
    office.items("venue", vec![gone], Listing::Changes).unwrap();
    assert!(office.events().is_empty());
}

#[test]
fn a_known_event_that_is_told_of_without_a_title_is_not_missing() {
    let office = Office::new().with_partner("venue");
    let all = programme(3);
    office.tells("venue", &all);
    let mut broken = all.clone();
    broken[1].title = Text::default();
    for _ in 0..4 {
        let report = office.tells("venue", &broken);
        assert_eq!((report.refused, report.missing), (1, 0), "{report:?}");
    }
    assert_eq!(office.events().len(), 3);
}

#[test]
fn a_queued_event_that_its_source_drops_waits_no_longer() {
    let office = Office::new().with("guest", queue);
    let all = programme(2);
    office.tells("guest", &all);
    let waiting = || editorial::open_matters(&*office.calendar).unwrap().queued;
    assert_eq!(waiting().len(), 2);
    for _ in 0..3 {
        office.tells("guest", &all[..1]);
    }
    let [left] = &waiting()[..] else {
        panic!("{:?}", waiting())
    };
    assert_eq!(left.title_in(Lang::Nb), "Eksempelkveld nummer 0");
    // In the response again, it waits again with the same identity.
    let report = office.tells("guest", &all);
    assert_eq!((report.created, waiting().len()), (0, 2), "{report:?}");
    let publications = waiting().into_iter().map(|waiting| waiting.publication);
    assert!(
        publications
            .into_iter()
            .all(|publication| publication == Publication::Submitted)
    );
}

/// A partner changes its system, and with it every identifier.
#[test]
fn identities_that_have_changed_for_good_are_learnt() {
    for pending in [false, true] {
        let office = Office::new().with("school", |office| {
            if pending {
                queue(office);
            }
        });
        let mut all = programme(4);
        office.tells("school", &all);
        for (n, draft) in all.iter_mut().enumerate() {
            draft.origin_id = format!("new-{n}");
            draft.uid = draft.origin_id.parse().ok();
        }
        assert_eq!(office.tells("school", &all).ended, Ended::Unchanged);
        all[2].title = Text::nb("Et nytt navn");
        all[3].schedule = at("2027-05-05T19:00:00");
        let report = office.tells("school", &all);
        assert_eq!((report.created, report.missing), (0, 0), "{report:?}");
        assert_eq!(report.updated, 4, "{report:?}");
        assert_eq!(office.tells("school", &all).ended, Ended::Unchanged);
        let waiting = editorial::open_matters(&*office.calendar).unwrap().queued;
        let (shown, queued) = (office.events().len(), waiting.len());
        assert_eq!((shown, queued), if pending { (0, 4) } else { (4, 0) });
    }
}
