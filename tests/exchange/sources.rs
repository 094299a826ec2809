//! Events with several sources: precedence, and the right to merge.

use calendar_domain::{Admission, Offer, OrganizerRef, Publication, Score, Subject};
use elverum_calendar::editorial;
use elverum_calendar::ingest::import::Rehearsal;
use elverum_calendar::ingest::upsert::{self, UpsertOutcome, Upserted};

use crate::*;

const TITLE: &str = "Sommerkonsert i parken";
const START: &str = "2027-06-01T18:00:00";

fn concert(origin: &str) -> EventDraft {
    in_place(draft(origin, TITLE, START), "Kirkeparken")
}

fn only(office: &Office) -> Event {
    let [event] = &office.events()[..] else {
        panic!("{:#?}", office.titles())
    };
    event.clone()
}

impl Office {
    fn sends(&self, partner: &str, draft: EventDraft) -> Upserted {
        let partner = partner.parse().unwrap();
        upsert::upsert(&self.calendar, &partner, draft, Rehearsal::No).unwrap()
    }

    fn takes_back(&self, partner: &str, origin: &str) -> bool {
        let partner = partner.parse().unwrap();
        upsert::withdraw(&self.calendar, &partner, origin, &|_| true).unwrap()
    }

    fn alike(&self) -> Vec<(EventId, EventId, Score)> {
        let open = editorial::open_matters(&*self.calendar).unwrap();
        let found = open.suggestions.into_iter();
        let found = found.filter_map(|found| match found.matter {
            Subject::SameEvent { other, score } => Some((found.event, other, score)),
            Subject::Fields { .. } => None,
        });
        found.collect()
    }
}

#[test]
fn an_event_shows_what_the_source_says_that_is_left() {
    let office = Office::new().with_partner("a").with_partner("b");
    office.tells("a", &[concert("1")]);
    office.tells("b", &[concert("x"), programme(1).remove(0)]);
    let mut moved = concert("x");
    moved.schedule = at("2027-06-01T19:00:00");
    office.tells("b", &[moved.clone(), programme(1).remove(0)]);
    let event = |title: &str| {
        let events = office.events().into_iter();
        let found: Vec<Event> = events
            .filter(|event| event.title_in(Lang::Nb) == title)
            .collect();
        assert_eq!(found.len(), 1, "{title}");
        found[0].clone()
    };
    assert_eq!(
        event(TITLE).schedule,
        at(START),
        "the first source's word counts"
    );
    for _ in 0..3 {
        office.tells("a", &[draft("2", "Noe annet", "2027-06-09T18:00:00")]);
    }
    assert_eq!(event(TITLE).schedule, moved.schedule);
    assert_eq!(event(TITLE).sources.len(), 1);
    // The same for a withdrawal by the first source.
    let office = Office::new().with_partner("a").with_partner("b");
    office.sends("a", concert("1"));
    office.sends("b", concert("x"));
    office.sends("b", moved.clone());
    assert_eq!(only(&office).schedule, at(START));
    assert!(office.takes_back("a", "1"));
    assert_eq!(only(&office).schedule, moved.schedule);
}

#[test]
fn a_partner_whose_events_wait_does_not_touch_what_others_have_published() {
    let office = Office::new().with_partner("venue").with("guest", queue);
    office.tells("venue", &[concert("1")]);
    let before = only(&office);
    let mut foreign = concert("x");
    foreign.uid.clone_from(&concert("1").uid);
    foreign.status = calendar_domain::EventStatus::Cancelled;
    foreign.description = Text::nb("Kjøp billett her.");
    foreign.website = "https://annet.example/".parse().ok();
    foreign.admission = Admission::Paid;
    foreign.offers = vec![Offer {
        url: "https://betaling.example/".parse().ok(),
        name: Text::default(),
        price: None,
        currency: "NOK".into(),
    }];
    for origin in ["x", "y"] {
        foreign.origin_id = origin.into();
        let sent = office.sends("guest", foreign.clone());
        assert_eq!(sent.outcome, UpsertOutcome::Created);
        assert_eq!(sent.event.publication, Publication::Submitted);
        assert_eq!(only(&office), before);
    }
    office.tells(
        "guest",
        &[EventDraft {
            origin_id: "z".into(),
            ..foreign
        }],
    );
    assert_eq!(only(&office), before);
    let alike = office.alike();
    assert!(
        !alike.is_empty() && alike.iter().all(|alike| alike.1 == before.id),
        "{alike:?}"
    );
}

#[test]
fn anothers_uid_with_another_time_makes_another_event() {
    let office = Office::new().with_partner("one").with_partner("two");
    office.sends("one", concert("1"));
    let before = only(&office);
    let mut foreign = draft("x", "Noe helt annet", "2028-09-09T10:00:00");
    foreign.uid.clone_from(&concert("1").uid);
    foreign.description = Text::nb("Se her.");
    let sent = office.sends("two", foreign);
    assert_eq!(sent.outcome, UpsertOutcome::Created);
    assert_ne!(sent.event.uid, before.uid);
    let events = office.events();
    assert!(events.len() == 2 && events.contains(&before), "{events:#?}");
    assert!(office.takes_back("one", "1"));
    assert_eq!(office.titles(), ["Noe helt annet"]);
}

#[test]
fn who_joins_later_brings_no_text_link_or_organizer_without_review() {
    let office = Office::new().with_partner("a").with_partner("b");
    office.tells("a", &[concert("1")]);
    let mut told = concert("x");
    told.description = Text::nb("Fra b.");
    told.website = "https://b.example.no/".parse().ok();
    told.organizer = Some(OrganizerRef::Described {
        name: "B".into(),
        url: None,
    });
    told.accessibility = ["step-free".parse().unwrap()].into();
    office.tells("b", &[told.clone()]);
    let event = only(&office);
    assert!(event.description.is_empty() && event.website.is_none() && event.organizer.is_none());
    assert!(
        !event.accessibility.is_empty(),
        "what has no words of its own is filled in"
    );
    let [suggestion] = &office.suggestions()[..] else {
        panic!("{:#?}", office.suggestions())
    };
    let Subject::Fields { fields, .. } = &suggestion.matter else {
        panic!("{suggestion:?}")
    };
    let waits = [Field::Description, Field::Organizer, Field::Website];
    assert!(waits.iter().all(|wait| fields.contains(wait)) && fields.len() == 3);
    let only_this = [Field::Description].into();
    editorial::accept(
        &office.calendar,
        &office.editor(),
        &suggestion.id,
        &only_this,
    )
    .unwrap();
    assert_eq!(only(&office).description, told.description);
    assert!(only(&office).website.is_none());
}

/// All partners are run at once after a start.
#[test]
fn two_partners_that_bring_the_same_new_event_at_once_make_one() {
    for round in 0..8 {
        let office = Office::new()
            .with_partner("a")
            .with_partner("b")
            .with_partner("c");
        let barrier = std::sync::Barrier::new(3);
        std::thread::scope(|threads| {
            for (partner, origin) in [("a", "1"), ("b", "x"), ("c", "y")] {
                let (office, barrier) = (&office, &barrier);
                threads.spawn(move || {
                    barrier.wait();
                    if partner == "c" {
                        office.sends(partner, concert(origin));
                    } else {
                        office.tells(partner, &[concert(origin)]);
                    }
                });
            }
        });
        assert_eq!(only(&office).sources.len(), 3, "round {round}");
    }
}

#[test]
fn approving_what_somebody_else_has_published_meanwhile_makes_one_event() {
    let office = Office::new().with_partner("venue").with("guest", queue);
    let waiting = office.sends("guest", concert("x")).event.id;
    office.tells("venue", &[concert("1")]);
    let shown = only(&office);
    editorial::approve(&office.calendar, &office.editor(), &waiting).unwrap();
    assert_eq!(only(&office).id, shown.id);
    assert_eq!(only(&office).sources.len(), 2);
    let sent = office.sends("guest", concert("x"));
    assert_eq!(sent.event.id, shown.id);
}

#[test]
fn two_performances_of_one_title_can_both_be_approved() {
    let office = Office::new().with("guest", queue);
    let mut late = concert("2");
    late.schedule = at("2027-06-01T20:30:00");
    let ids = [concert("1"), late].map(|value| office.sends("guest", value).event.id);
    for id in &ids {
        editorial::approve(&office.calendar, &office.editor(), id).unwrap();
    }
    let events = office.events();
    assert_eq!(events.len(), 2);
    assert_ne!(events[0].slug, events[1].slug);
}

#[test]
fn an_event_taken_back_and_sent_again_beside_its_like_keeps_an_address_of_its_own() {
    let office = Office::new().with_partner("venue");
    office.sends("venue", concert("a"));
    office.takes_back("venue", "a");
    let mut other = concert("b");
    other.uid = "other@example.no".parse().ok();
    office.sends("venue", other);
    office.sends("venue", concert("a"));
    let events = office.events();
    assert_eq!(events.len(), 2);
    assert_ne!(events[0].slug, events[1].slug);
}

#[test]
fn a_rejection_outlives_that_the_event_is_taken_back_and_sent_again() {
    let office = Office::new().with("guest", queue);
    let id = office.sends("guest", concert("1")).event.id;
    editorial::reject(&*office.calendar, &office.editor(), &id).unwrap();
    assert!(office.takes_back("guest", "1"));
    let again = office.sends("guest", concert("1"));
    assert_eq!(again.event.publication, Publication::Rejected);
    let open = editorial::open_matters(&*office.calendar).unwrap();
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn what_a_partner_says_no_more_is_not_to_be_decided() {
    let office = Office::new().with_partner("venue");
    let id = office.sends("venue", concert("1")).event.id;
    office.sets(id.as_str(), Field::Title, |office| {
        office.title = Text::nb("Rettet")
    });
    let mut other = concert("1");
    other.title = Text::nb("Et annet navn");
    office.sends("venue", other);
    assert_eq!(office.suggestions().len(), 1);
    let mut agreed = concert("1");
    agreed.title = Text::nb("Rettet");
    office.sends("venue", agreed);
    assert_eq!(office.suggestions().len(), 0);
}

#[test]
fn an_earlier_time_that_was_told_is_kept_until_another_is() {
    let office = Office::new().with_partner("venue");
    let mut told = concert("1");
    told.status = calendar_domain::EventStatus::Rescheduled;
    told.previous = Some(at("2027-05-01T18:00:00").when);
    office.sends("venue", told.clone());
    let previous = told.previous.take();
    told.description = Text::nb("Ta med godt humør.");
    office.sends("venue", told.clone());
    assert_eq!(only(&office).previous, previous);
    let moved = std::mem::replace(&mut told.schedule, at("2027-06-08T18:00:00"));
    office.sends("venue", told);
    assert_eq!(only(&office).previous, Some(moved.when));
}

#[test]
fn accepting_that_two_are_one_after_one_is_gone_keeps_the_other() {
    let office = Office::new().with_partner("a").with_partner("b");
    office.tells("a", &[in_place(draft("1", "Bingo", START), "Kirkeparken")]);
    office.tells("b", &[draft("x", "Bingo", START)]);
    let [suggestion] = &office.suggestions()[..] else {
        panic!("{:#?}", office.suggestions())
    };
    office.takes_back("a", "1");
    let all = std::collections::BTreeSet::new();
    let accepted = editorial::accept(&office.calendar, &office.editor(), &suggestion.id, &all);
    assert!(
        accepted.is_err(),
        "there is one event left, and nothing to decide"
    );
    assert_eq!(office.titles(), ["Bingo"]);
    // Both events are gone: nothing is left to decide.
    let office = Office::new().with_partner("a").with_partner("b");
    office.tells("a", &[in_place(draft("1", "Bingo", START), "Kirkeparken")]);
    office.tells("b", &[draft("x", "Bingo", START)]);
    let id = office.suggestions()[0].id.clone();
    office.takes_back("a", "1");
    office.takes_back("b", "x");
    assert!(
        editorial::open_matters(&*office.calendar)
            .unwrap()
            .is_empty()
    );
    assert!(editorial::accept(&office.calendar, &office.editor(), &id, &all).is_err());
}

#[test]
fn what_is_split_off_is_there_at_once_and_stays() {
    let office = Office::new().with_partner("a").with_partner("b");
    office.tells("a", &[concert("1")]);
    let mut told = concert("x");
    told.uid.clone_from(&concert("1").uid);
    told.description = Text::nb("Fra b.");
    office.tells("b", &[told.clone()]);
    let shared = only(&office);
    let b: PartnerId = "b".parse().unwrap();
    editorial::split(&office.calendar, &office.editor(), &shared.id, &b).unwrap();
    let events = office.events();
    assert_eq!(events.len(), 2, "{events:#?}");
    let own = events.iter().find(|event| event.id != shared.id).unwrap();
    assert_eq!(own.description, told.description);
    for _ in 0..3 {
        office.tells("a", &[concert("1")]);
        let report = office.tells("b", &[told.clone()]);
        assert_eq!((report.created, report.joined), (0, 0), "{report:?}");
    }
    assert_eq!(office.events().len(), 2);
}

/// The first source keeps precedence, whatever the second one is called.
#[test]
fn nobody_takes_an_event_over_by_joining_it() {
    let office = Office::new().with_partner("zed").with_partner("aaa");
    let mut own = concert("1");
    own.description = Text::nb("Fra zed.");
    office.sends("zed", own.clone());
    let mut foreign = concert("x");
    foreign.uid.clone_from(&own.uid);
    foreign.status = calendar_domain::EventStatus::Cancelled;
    foreign.description = Text::nb("Fra aaa.");
    foreign.website = "https://aaa.example/".parse().ok();
    office.sends("aaa", foreign.clone());
    let before = only(&office);
    assert_eq!(before.description, own.description);
    assert!(before.website.is_none());
    assert_eq!(before.status, calendar_domain::EventStatus::Scheduled);
    foreign.title = Text::nb("Noe helt annet");
    foreign.schedule = at("2027-07-01T18:00:00");
    office.sends("aaa", foreign);
    assert_eq!(only(&office).title, before.title);
    own.description = Text::nb("Nytt fra zed.");
    office.sends("zed", own.clone());
    assert_eq!(only(&office).description, own.description);
}

#[test]
fn an_event_that_returns_beside_its_like_is_shown_to_somebody() {
    let office = Office::new().with_partner("a").with_partner("b");
    office.sends("a", concert("1"));
    office.takes_back("a", "1");
    office.sends("b", concert("x"));
    office.sends("a", concert("1"));
    let alike = office.alike();
    assert_eq!(alike.len(), 1, "{alike:?}");
    editorial::join(&office.calendar, &office.editor(), &alike[0].1, &alike[0].0).unwrap();
    assert_eq!(only(&office).sources.len(), 2);
}

#[test]
fn another_rank_counts_though_nobody_says_anything_new() {
    let mut office = Office::new().with_partner("a").with_partner("b");
    let told = |origin: &str, title: &str| in_place(draft(origin, title, START), "Kirkeparken");
    office.tells("a", &[told("1", TITLE)]);
    let later = [told("x", "SOMMERKONSERT i parken!")];
    office.tells("b", &later);
    assert_eq!(only(&office).title, Text::nb(TITLE));
    office = office.with("a", |office| {
        office.rank = calendar_domain::Rank::Aggregator
    });
    office.tells("a", &[told("1", TITLE)]);
    assert_eq!(only(&office).title, later[0].title);
}

#[test]
fn a_rejected_event_under_another_name_is_not_new() {
    let office = Office::new().with("school", queue);
    let answer = |round: usize| {
        let mut all = programme(3);
        for (n, draft) in all.iter_mut().enumerate() {
            draft.origin_id = format!("{round}-{n}");
            draft.uid = draft.origin_id.parse().ok();
        }
        all
    };
    office.tells("school", &answer(0));
    let waiting = editorial::open_matters(&*office.calendar).unwrap().queued;
    editorial::reject(&*office.calendar, &office.editor(), &waiting[0].id).unwrap();
    for round in 1..4 {
        assert_eq!(office.tells("school", &answer(round)).created, 0);
        let waiting = editorial::open_matters(&*office.calendar).unwrap().queued;
        assert_eq!(waiting.len(), 2);
    }
}

#[test]
fn a_partner_that_was_changed_while_it_was_asked_writes_nothing() {
    let office = Office::new().with_partner("venue");
    office.tells("venue", &[concert("1")]);
    let venue: PartnerId = "venue".parse().unwrap();
    let partner = Partner::new(venue, "venue", Owner::DataFile);
    office.put(partner.into());
    let late = office.try_tell("venue", &[concert("1"), concert("2")], Listing::Whole);
    assert!(
        matches!(
            late,
            Err(elverum_calendar::ingest::run::RunError::Changed(_))
        ),
        "{late:?}"
    );
}
