//! Safeguards, each with its scenario.

use calendar_domain::{EventStatus, Publication};
use elverum_calendar::editorial;
use elverum_calendar::ingest::run::Ended;

use crate::*;

fn is_quarantined(report: &RunReport) -> bool {
    matches!(report.ended, Ended::Quarantined(_))
}

/// The venue's new website went live without its calendar: the feed is empty.
#[test]
fn an_empty_answer_takes_nothing_away() {
    let office = Office::new().with_partner("venue");
    office.tells("venue", &programme(3));
    let before = office.events();
    for _ in 0..5 {
        assert!(is_quarantined(&office.tells("venue", &[])));
    }
    assert_eq!(office.events(), before);
    let open = editorial::open_matters(&*office.calendar).unwrap();
    assert_eq!(open.held.len(), 1);
}

/// A page of the feed is missing: six of twenty events are absent, and one has changed.
#[test]
fn a_strongly_shrunken_answer_changes_nothing_at_all() {
    let office = Office::new().with_partner("venue");
    let mut all = programme(20);
    office.tells("venue", &all);
    let before = office.events();
    all[0].title = Text::nb("Noe annet");
    let report = office.tells("venue", &all[..14]);
    assert!(is_quarantined(&report), "{report:?}");
    assert_eq!(office.events(), before);
    // The next response is complete; no decision is needed.
    let report = office.tells("venue", &all);
    assert_eq!(report.updated, 1);
    let open = editorial::open_matters(&*office.calendar).unwrap();
    assert!(open.is_empty(), "{open:?}");
}

/// Five fewer events are plausible, and so is a fifth of a large programme.
#[test]
fn a_somewhat_shorter_answer_is_believed() {
    for (before, after) in [(6, 1), (50, 40)] {
        let office = Office::new().with_partner("venue");
        let all = programme(before);
        office.tells("venue", &all);
        let report = office.tells("venue", &all[..after]);
        assert!(!is_quarantined(&report), "{before} to {after}");
        assert_eq!(report.missing, before - after);
        assert_eq!(office.events().len(), before, "missing is not gone");
    }
}

/// The season was cancelled; the operator releases the response.
#[test]
fn a_released_answer_is_written_and_no_other() {
    let office = Office::new().with_partner("venue");
    let all = programme(20);
    office.tells("venue", &all);
    assert!(is_quarantined(&office.tells("venue", &all[..10])));
    let venue = "venue".parse().unwrap();
    editorial::release(&*office.calendar, &office.editor(), &venue).unwrap();
    let report = office.tells("venue", &all[..10]);
    assert_eq!((report.missing, &report.ended), (10, &Ended::Written));
    assert!(is_quarantined(&office.tells("venue", &[])));
}

#[test]
fn an_event_that_is_no_longer_told_of_goes_after_two_more_answers() {
    let office = Office::new().with_partner("venue");
    let all = programme(3);
    office.tells("venue", &all);
    for _ in 0..2 {
        let report = office.tells("venue", &all[..2]);
        assert_eq!((report.missing, report.withdrawn), (1, 0));
        assert_eq!(office.events().len(), 3);
    }
    let report = office.tells("venue", &all[..2]);
    assert_eq!((report.missing, report.withdrawn), (0, 1));
    assert_eq!(office.events().len(), 2);
    // Nothing changes until it is back, with the same identity.
    assert_eq!(office.tells("venue", &all[..2]).ended, Ended::Unchanged);
    let report = office.tells("venue", &all);
    assert_eq!((report.created, report.updated), (0, 1));
    assert_eq!(office.events().len(), 3);
}

#[test]
fn an_event_that_is_back_in_time_is_not_counted_further() {
    let office = Office::new().with_partner("venue");
    let all = programme(3);
    office.tells("venue", &all);
    for _ in 0..4 {
        office.tells("venue", &all[..2]);
        office.tells("venue", &all);
    }
    assert_eq!(office.events().len(), 3);
}

#[test]
fn what_has_passed_stays_though_the_feed_shows_only_what_is_to_come() {
    let office = Office::new().with_partner("venue");
    let all = programme(3);
    office.tells("venue", &all);
    office.clock.set("2027-03-02T12:00:00Z".parse().unwrap());
    for _ in 0..4 {
        office.tells("venue", &all[1..]);
    }
    assert_eq!(office.events().len(), 3);
}

#[test]
fn an_event_that_is_said_to_be_gone_goes_at_once() {
    let office = Office::new().with_partner("venue");
    office.tells("venue", &programme(3));
    let gone = ParsedItem::Gone {
        origin_id: "e1".into(),
    };
    let report = office.items("venue", vec![gone], Listing::Changes).unwrap();
    assert_eq!((report.withdrawn, report.missing), (1, 0));
    assert_eq!(office.events().len(), 2);
}

/// An event has the date «31.02.2027»: it is in the feed but unreadable.
#[test]
fn what_is_there_but_cannot_be_read_is_not_gone() {
    let office = Office::new().with_partner("museum");
    let all = programme(3);
    office.tells("museum", &all);
    for _ in 0..5 {
        let mut items: Vec<ParsedItem> = all[..2]
            .iter()
            .cloned()
            .map(|programme| ParsedItem::Event(Box::new(programme)))
            .collect();
        items.push(ParsedItem::Unread {
            origin_id: "e2".into(),
        });
        let report = office.items("museum", items, Listing::Whole).unwrap();
        assert_eq!((report.missing, report.withdrawn), (0, 0));
    }
    assert_eq!(office.events().len(), 3);
}

#[test]
fn silence_in_a_list_of_changes_says_nothing() {
    let office = Office::new().with_partner("venue");
    let all = programme(30);
    office.tells("venue", &all);
    for _ in 0..4 {
        let report = office
            .try_tell("venue", &all[..1], Listing::Changes)
            .unwrap();
        assert_eq!(report.ended, Ended::Unchanged);
    }
    assert_eq!(office.events().len(), 30);
}

/// An aggregator republishes our own event.
#[test]
fn our_own_event_that_comes_back_is_recognised() {
    let office = Office::new().with_partner("aggregator");
    let ours = draft("ours", "Grunnlovsdagen i parken", "2027-05-17T10:00:00");
    let event = Event::new(
        "grunnlovsdagen-i-parken".parse().unwrap(),
        "grunnlovsdagen@kalender.example.no".parse().unwrap(),
        ours.title.clone(),
        ours.schedule.clone(),
        office.clock.now(),
    );
    office.put(event.into());
    let before = office.events();
    let mut by_uid = draft("77", "Grunnlovsdagen (fra kommunen)", "2027-05-17T10:00:00");
    by_uid.uid = "grunnlovsdagen@kalender.example.no".parse().ok();
    let mut by_page = draft("78", "17. mai-feiring", "2027-05-17T10:00:00");
    by_page.website = "https://kalender.example.no/en/events/grunnlovsdagen-i-parken"
        .parse()
        .ok();
    for told in [by_uid, by_page] {
        let report = office.tells("aggregator", &[told]);
        assert_eq!((report.created, report.updated), (0, 0), "{report:?}");
        assert_eq!(office.events(), before);
    }
}

/// Three calendars in a ring republish each other's events. One is removed at its origin while the others still
/// list it.
#[test]
fn an_event_that_is_taken_back_is_not_kept_alive_by_its_echo() {
    let office = Office::new().with_partner("club").with_partner("neighbour");
    let told = draft("1", "Eksempelkveld", "2027-06-01T18:00:00");
    office.tells("club", &[told.clone(), programme(1).remove(0)]);
    let echo = EventDraft {
        origin_id: "1@example.no".into(),
        secondhand: true,
        ..told.clone()
    };
    let report = office.tells("neighbour", std::slice::from_ref(&echo));
    assert_eq!((report.created, report.joined), (0, 0), "{report:?}");
    for _ in 0..3 {
        office.tells("club", &programme(1));
    }
    assert_eq!(office.titles(), ["Eksempelkveld nummer 0"]);
    let report = office.tells("neighbour", &[echo]);
    assert_eq!(report.created, 0, "{report:?}");
    assert_eq!(office.titles(), ["Eksempelkveld nummer 0"]);
    // A first-hand source restores it.
    office.tells("club", &[told, programme(1).remove(0)]);
    assert_eq!(office.events().len(), 2);
}

#[test]
fn who_has_an_event_second_hand_does_not_speak_over_who_has_it_first_hand() {
    let office = Office::new()
        .with_partner("a-repeats")
        .with_partner("b-holds");
    let mut first = draft("1", "Eksempelkveld", "2027-06-01T18:00:00");
    let repeated = EventDraft {
        origin_id: "1@example.no".into(),
        secondhand: true,
        ..first.clone()
    };
    office.tells("a-repeats", std::slice::from_ref(&repeated));
    first.status = EventStatus::Cancelled;
    assert_eq!(
        office.tells("b-holds", std::slice::from_ref(&first)).joined,
        1
    );
    let mut late = repeated;
    late.description = Text::nb("Som sagt i fjor.");
    office.tells("a-repeats", &[late]);
    let [event] = &office.events()[..] else {
        panic!()
    };
    assert_eq!(event.status, EventStatus::Cancelled);
    // Once its holder has removed it, no republication restores it.
    let gone = ParsedItem::Gone {
        origin_id: "1".into(),
    };
    office
        .items("b-holds", vec![gone], Listing::Changes)
        .unwrap();
    assert!(office.events().is_empty());
    let again = EventDraft {
        description: Text::nb("Som sagt i forfjor."),
        origin_id: "1@example.no".into(),
        secondhand: true,
        ..first
    };
    office.tells("a-repeats", &[again]);
    assert!(office.events().is_empty());
}

/// Office 365 issues a new UID for each event in each response.
#[test]
fn identities_that_change_with_each_answer_do_not_multiply_events() {
    let office = Office::new().with_partner("school");
    let answer = |round: usize, shift: &str| {
        let mut all = programme(4);
        for (n, draft) in all.iter_mut().enumerate() {
            draft.origin_id = format!("040000008200E00074C5B7101A82E008-{round}-{n}");
            draft.uid = draft.origin_id.parse().ok();
        }
        all[3].description = Text::nb(shift);
        all
    };
    office.tells("school", &answer(0, ""));
    let (before, commits) = (office.events(), office.commits());
    for round in 1..5 {
        let report = office.tells("school", &answer(round, ""));
        assert_eq!(report.ended, Ended::Unchanged, "{report:?}");
    }
    assert_eq!(
        (office.events(), office.commits()),
        (before.clone(), commits)
    );
    let report = office.tells("school", &answer(5, "Nå med servering."));
    assert_eq!((report.created, report.updated, report.missing), (0, 1, 0));
    let ids = |events: &[Event]| {
        events
            .iter()
            .map(|event| event.uid.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&office.events()), ids(&before));
}

#[test]
fn two_partners_that_tell_of_one_concert_make_one_event_with_two_sources() {
    let office = Office::new()
        .with_partner("a-venue")
        .with("list", |partner| {
            partner.rank = calendar_domain::Rank::Aggregator;
        });
    let mut first = in_place(
        draft("1", "Sommerkonsert i parken", "2027-06-01T18:00:00"),
        "Kirkeparken",
    );
    let second = in_place(
        draft("x", "SOMMERKONSERT i parken!", "2027-06-01T18:00:00"),
        "Kirkeparken",
    );
    office.tells("list", &[second]);
    let report = office.tells("a-venue", std::slice::from_ref(&first));
    assert_eq!(report.joined, 1, "{report:?}");
    let events = office.events();
    assert_eq!(events.len(), 1);
    let from: Vec<&str> = events[0]
        .sources
        .iter()
        .map(|source| source.partner.as_str())
        .collect();
    assert_eq!(from, ["a-venue", "list"], "the primary source stands first");
    assert_eq!(office.titles(), ["Sommerkonsert i parken"]);
    // The primary cancels it: an aggregator with the old state changes nothing.
    first.status = EventStatus::Cancelled;
    office.tells("a-venue", &[first]);
    let again = in_place(
        draft("x", "SOMMERKONSERT i parken!!", "2027-06-01T18:00:00"),
        "Kirkeparken",
    );
    office.tells("list", &[again]);
    assert_eq!(office.events()[0].status, EventStatus::Cancelled);
    // The primary no longer lists it: the event stays while it has another source.
    for _ in 0..4 {
        let venue = "a-venue".parse().unwrap();
        // An empty response is accepted after a release.
        office.tells("a-venue", &[]);
        let _ = editorial::release(&*office.calendar, &office.editor(), &venue);
    }
    assert_eq!(office.events().len(), 1);
}

#[test]
fn events_that_may_be_one_are_shown_to_somebody_and_both_stay() {
    let office = Office::new().with_partner("one").with_partner("two");
    let a = in_place(
        draft("1", "Åpen dag på biblioteket", "2027-06-01T10:00:00"),
        "Elverum bibliotek",
    );
    let b = in_place(
        draft("2", "Åpen dag på biblioteket", "2027-06-01T10:00:00"),
        "Rena samfunnshus",
    );
    office.tells("one", &[a]);
    let report = office.tells("two", &[b]);
    assert_eq!((report.created, report.suggestions), (1, 1), "{report:?}");
    assert_eq!(office.events().len(), 2);
}

#[test]
fn an_event_of_a_partner_that_is_not_trusted_waits_through_every_answer() {
    let office = Office::new().with("club", queue);
    let mut all = programme(1);
    office.tells("club", &all);
    assert!(office.events().is_empty());
    all[0].title = Text::nb("Eksempelkveld med nytt navn");
    assert_eq!(office.tells("club", &all).updated, 1);
    assert!(office.events().is_empty());
    let open = editorial::open_matters(&*office.calendar).unwrap();
    let [waiting] = &open.queued[..] else {
        panic!("{open:?}")
    };
    editorial::approve(&office.calendar, &office.editor(), &waiting.id).unwrap();
    assert_eq!(office.titles(), ["Eksempelkveld med nytt navn"]);
    assert_eq!(office.tells("club", &all).ended, Ended::Unchanged);
    assert_eq!(office.events()[0].publication, Publication::Published);
}

#[test]
fn a_rejected_event_stays_rejected_whatever_its_partner_says() {
    let office = Office::new().with("club", queue);
    let mut all = programme(1);
    office.tells("club", &all);
    let open = editorial::open_matters(&*office.calendar).unwrap();
    editorial::reject(&*office.calendar, &office.editor(), &open.queued[0].id).unwrap();
    all[0].title = Text::nb("Noe helt annet");
    office.tells("club", &all);
    assert!(office.events().is_empty());
    assert!(
        editorial::open_matters(&*office.calendar)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_hundred_changed_events_among_thousands_are_one_commit() {
    let office = Office::new().with_partner("venue");
    let mut all = programme(2_000);
    office.tells("venue", &all);
    let commits = office.commits();
    assert_eq!(office.tells("venue", &all).ended, Ended::Unchanged);
    assert_eq!(office.commits(), commits);
    for draft in all.iter_mut().step_by(20) {
        draft.description = Text::nb("Nå med servering.");
    }
    let report = office.tells("venue", &all);
    let changed = report.items.iter().filter(|item| item.outcome == "updated");
    assert_eq!((report.updated, changed.count()), (100, 100));
    assert_eq!(office.commits(), commits + 1);
}

#[test]
fn a_held_partner_writes_nothing_until_it_is_released() {
    let office = Office::new().with_partner("venue");
    let report = office.tells("venue", &programme(3));
    let run = report.run.unwrap();
    let back = editorial::roll_back(
        &*office.calendar,
        &office.editor(),
        &run,
        editorial::Later::Stop,
    );
    assert_eq!(back.unwrap().withdrawn, 3);
    assert!(office.events().is_empty());
    let venue: PartnerId = "venue".parse().unwrap();
    assert_eq!(office.guard("venue"), Guard::Held { run });
    editorial::release(&*office.calendar, &office.editor(), &venue).unwrap();
    assert_eq!(office.tells("venue", &programme(3)).updated, 3);
    assert_eq!(office.events().len(), 3);
}
