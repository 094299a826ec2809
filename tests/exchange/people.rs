//! Precedence and permanence of editors' changes and decisions.

use std::collections::BTreeSet;

use calendar_domain::{Subject, Verdict};
use elverum_calendar::editorial::{self, DecisionError, Later};
use elverum_calendar::ingest::run::Ended;

use crate::*;

/// Returns a calendar with one event of a venue, whose title an editor has set.
fn corrected() -> (Office, EventDraft, String) {
    let office = Office::new().with_partner("venue");
    let told = draft("1", "Sommarkonsert", "2027-06-01T18:00:00");
    office.tells("venue", std::slice::from_ref(&told));
    let id = office.events()[0].id.to_string();
    office.sets(&id, Field::Title, |event| {
        event.title = Text::nb("Sommerkonsert")
    });
    (office, told, id)
}

#[test]
fn what_a_person_set_is_kept_and_the_partners_word_is_a_suggestion() {
    let (office, mut told, _) = corrected();
    told.title = Text::nb("Sommerkonsert med jazz");
    told.description = Text::nb("To timer.");
    let report = office.tells("venue", std::slice::from_ref(&told));
    assert_eq!((report.updated, report.suggestions), (1, 1));
    assert_eq!(office.titles(), ["Sommerkonsert"]);
    assert_eq!(office.events()[0].description, Text::nb("To timer."));
    let open = editorial::open_matters(&*office.calendar).unwrap();
    let [suggestion] = &open.suggestions[..] else {
        panic!("{open:?}")
    };
    let Subject::Fields { fields, told: said } = &suggestion.matter else {
        panic!()
    };
    assert_eq!(fields, &BTreeSet::from([Field::Title]));
    assert_eq!(said.title_in(Lang::Nb), "Sommerkonsert med jazz");
    assert_eq!(office.tells("venue", &[told]).ended, Ended::Unchanged);
}

#[test]
fn an_accepted_suggestion_gives_the_field_back_to_the_partner() {
    let (office, mut told, _) = corrected();
    told.title = Text::nb("Sommerkonsert med jazz");
    office.tells("venue", std::slice::from_ref(&told));
    let open = editorial::open_matters(&*office.calendar).unwrap();
    let id = &open.suggestions[0].id;
    editorial::accept(&office.calendar, &office.editor(), id, &BTreeSet::new()).unwrap();
    assert_eq!(office.titles(), ["Sommerkonsert med jazz"]);
    told.title = Text::nb("Sommerkonsert med kor");
    assert_eq!(office.tells("venue", &[told]).suggestions, 0);
    assert_eq!(office.titles(), ["Sommerkonsert med kor"]);
    let again = editorial::dismiss(&*office.calendar, &office.editor(), id);
    assert!(matches!(again, Err(DecisionError::Decided(_))));
}

#[test]
fn a_dismissed_suggestion_comes_up_again_only_when_the_partner_says_something_else() {
    let (office, mut told, _) = corrected();
    told.title = Text::nb("Sommerkonsert med jazz");
    office.tells("venue", std::slice::from_ref(&told));
    let waiting = || {
        editorial::open_matters(&*office.calendar)
            .unwrap()
            .suggestions
    };
    let id = waiting()[0].id.clone();
    editorial::dismiss(&*office.calendar, &office.editor(), &id).unwrap();
    told.description = Text::nb("To timer.");
    office.tells("venue", std::slice::from_ref(&told));
    // Another field changed; the dismissed title did not.
    let title_again = waiting();
    told.title = Text::nb("Sommerkonsert med kor");
    office.tells("venue", &[told]);
    assert_eq!(waiting().len(), 1);
    assert!(title_again.is_empty(), "{title_again:?}");
    assert_eq!(office.titles(), ["Sommerkonsert"]);
}

#[test]
fn a_suggestion_is_moot_once_the_partner_agrees() {
    let (office, mut told, _) = corrected();
    told.title = Text::nb("Sommerkonsert med jazz");
    office.tells("venue", std::slice::from_ref(&told));
    told.title = Text::nb("Sommerkonsert");
    office.tells("venue", &[told]);
    assert!(
        editorial::open_matters(&*office.calendar)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn two_that_were_parted_stay_parted_and_two_that_were_joined_stay_joined() {
    let office = Office::new().with_partner("one").with_partner("two");
    let a = in_place(
        draft("1", "Sommerkonsert i parken", "2027-06-01T18:00:00"),
        "Kirkeparken",
    );
    let b = in_place(
        draft("2", "Sommerkonsert i parken", "2027-06-01T18:00:00"),
        "Kirkeparken",
    );
    office.tells("one", std::slice::from_ref(&a));
    assert_eq!(office.tells("two", std::slice::from_ref(&b)).joined, 1);
    let id = office.events()[0].id.clone();
    let two = "two".parse().unwrap();
    editorial::split(&office.calendar, &office.editor(), &id, &two).unwrap();
    for _ in 0..2 {
        office.tells("one", std::slice::from_ref(&a));
        office.tells("two", std::slice::from_ref(&b));
        assert_eq!(office.events().len(), 2);
    }
    let events = office.events();
    let other = events.iter().find(|event| event.id != id).unwrap();
    editorial::join(&office.calendar, &office.editor(), &id, &other.id).unwrap();
    for _ in 0..2 {
        office.tells("two", std::slice::from_ref(&b));
        office.tells("one", std::slice::from_ref(&a));
        assert_eq!(office.events().len(), 1);
    }
    assert_eq!(office.events()[0].sources.len(), 2);
}

#[test]
fn two_that_somebody_said_are_one_are_one_however_they_look() {
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
    office.tells("two", std::slice::from_ref(&b));
    let open = editorial::open_matters(&*office.calendar).unwrap();
    let id = &open.suggestions[0].id;
    editorial::accept(&office.calendar, &office.editor(), id, &BTreeSet::new()).unwrap();
    assert_eq!(office.events().len(), 1);
    office.tells("two", &[b]);
    assert_eq!(office.events().len(), 1);
    let stored = office.suggestions();
    let verdicts = stored
        .iter()
        .map(|stored| stored.decision.as_ref().map(|stored| stored.verdict));
    assert_eq!(verdicts.collect::<Vec<_>>(), [Some(Verdict::Accepted)]);
}

#[test]
fn a_run_that_is_taken_back_leaves_every_event_as_it_was() {
    let office = Office::new().with_partner("venue");
    let mut all = programme(3);
    office.tells("venue", &all);
    let before = office.events();
    all[0].title = Text::nb("Feil tittel");
    all[1].schedule = at("2027-03-20T19:00:00");
    all.push(draft("new", "Noe nytt", "2027-04-01T18:00:00"));
    let run = office.tells("venue", &all).run.unwrap();
    let store = &*office.calendar;
    let back = editorial::roll_back(store, &office.editor(), &run, Later::Stop).unwrap();
    assert_eq!((back.restored, back.withdrawn), (2, 1));
    let after = office.events();
    let said = |events: &[Event]| {
        let said = events
            .iter()
            .map(|event| (event.title.clone(), event.schedule.clone()));
        said.collect::<Vec<_>>()
    };
    assert_eq!(said(&after), said(&before));
    // Calendar programs ignore an update with a lower SEQUENCE.
    assert!(after[1].sequence > before[1].sequence || after[0].sequence >= before[0].sequence);
    let again = editorial::roll_back(store, &office.editor(), &run, Later::Stop);
    assert!(matches!(again, Err(DecisionError::NothingWritten(_))));
}

#[test]
fn a_run_whose_events_were_changed_since_is_taken_back_only_when_told_so() {
    let office = Office::new().with_partner("venue");
    let run = office.tells("venue", &programme(3)).run.unwrap();
    let id = office.events()[0].id.to_string();
    office.sets(&id, Field::Title, |event| event.title = Text::nb("Rettet"));
    let store = &*office.calendar;
    let refused = editorial::roll_back(store, &office.editor(), &run, Later::Stop);
    assert!(matches!(refused, Err(DecisionError::ChangedSince(since)) if since.len() == 1));
    assert_eq!(office.events().len(), 3);
    let back = editorial::roll_back(store, &office.editor(), &run, Later::Keep).unwrap();
    assert_eq!((back.withdrawn, back.kept.len()), (2, 1));
    assert_eq!(office.titles(), ["Rettet"]);
}
