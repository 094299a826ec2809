//! Merged events whose sources go, come back or are renamed.

use std::collections::BTreeSet;

use calendar_domain::{Rank, Subject};
use elverum_calendar::editorial::{self, DecisionError, Later};
use elverum_calendar::ingest::run::Ended;
use elverum_calendar::ingest::upsert;

use super::{by_b, shared};
use crate::*;

impl Office {
    fn joins(&self, stays: &EventId, goes: &EventId) {
        editorial::join(&self.calendar, &self.editor(), stays, goes).unwrap();
    }

    fn accepts_all(&self) {
        let open = editorial::open_matters(&*self.calendar).unwrap();
        for suggestion in open.suggestions {
            let (all, editor) = (BTreeSet::new(), self.editor());
            editorial::accept(&self.calendar, &editor, &suggestion.id, &all).unwrap();
        }
    }

    /// Returns the open suggestions of a partner.
    fn open_of(&self, partner: &str) -> Vec<Suggestion> {
        let mut open = editorial::open_matters(&*self.calendar)
            .unwrap()
            .suggestions;
        open.retain(|suggestion| suggestion.partner.as_str() == partner);
        open
    }

    fn id_of(&self, partner: &str, origin: &str) -> EventId {
        let events = self.events();
        let mut found = events.iter().filter(|event| {
            let mut sources = event.sources.iter();
            sources.any(|source| source.partner.as_str() == partner && source.origin_id == origin)
        });
        found.next().unwrap().id.clone()
    }
}

fn with_summary(mut draft: EventDraft, summary: &str) -> EventDraft {
    draft.summary = Text::nb(summary);
    draft
}

fn told_values(suggestion: &Suggestion) -> (&BTreeSet<Field>, &Event) {
    match &suggestion.matter {
        Subject::Fields { fields, told } => (fields, told.as_ref()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_event_that_has_passed_to_others_does_not_take_what_its_first_partner_tells_of_again() {
    let (office, id) = shared();
    office.tells("a", &[concert("1"), lecture("2")]);
    office.no_longer_has("a", "1");
    office.joins(&id, &office.id_of("a", "2"));
    let report = office.tells("a", &[lecture("2"), concert("1")]);
    assert_eq!((report.created, report.refused), (1, 0), "{report:?}");
    assert_ne!(office.id_of("a", "1"), id);
    let report = office.tells("a", &[concert("1"), lecture("2")]);
    assert_eq!(report.ended, Ended::Unchanged, "{report:?}");
}

#[test]
fn a_source_that_is_gone_suggests_nothing_though_its_partner_has_another() {
    for is_taken_back in [false, true] {
        let (office, id) = shared();
        let told = [by_b("x"), lecture("y")];
        office.tells("b", &told);
        office.joins(&id, &office.id_of("b", "y"));
        office.sets(id.as_str(), Field::Title, |event| {
            event.title = Text::nb("Redaksjonens tittel");
        });
        office.tells("b", &[with_summary(by_b("x"), "Kort."), lecture("y")]);
        let open = office.open_of("b");
        let (fields, said) = told_values(&open[0]);
        assert!(fields.contains(&Field::Description), "{open:#?}");
        assert_eq!(said.title, by_b("x").title);
        if is_taken_back {
            let partner = "b".parse().unwrap();
            let found = upsert::withdraw(&office.calendar, &partner, "x", &|_| true);
            assert!(found.unwrap());
        } else {
            office.no_longer_has("b", "x");
        }
        let open = office.open_of("b");
        let [suggestion] = &open[..] else {
            panic!("{open:#?}")
        };
        let (fields, said) = told_values(suggestion);
        assert_eq!(*fields, BTreeSet::from([Field::Title]), "{open:#?}");
        assert_eq!(said.title, lecture("y").title);
    }
}

#[test]
fn other_trust_in_a_partner_changes_no_event_of_which_it_says_the_same_under_another_uid() {
    let mut office = Office::new().with_partner("a").with_partner("b");
    office.tells("a", &[concert("1")]);
    let run = office.tells("b", &[by_b("x")]).run.unwrap();
    let partner: PartnerId = "b".parse().unwrap();
    let connection = office.connections.get_mut(&partner).unwrap();
    queue(connection);
    let record = Partner {
        connection: Some(connection.clone()),
        ..Partner::new(partner.clone(), "b", Owner::DataFile)
    };
    office.put(record.into());
    let mut told = by_b("x");
    told.uid = "other@example.no".parse().ok();
    let before = office.events();
    office.tells("b", &[told]);
    assert_eq!(office.events(), before);
    editorial::roll_back(&*office.calendar, &office.editor(), &run, Later::Stop).unwrap();
    assert_eq!(office.events()[0].sources.len(), 1);
}

#[test]
fn what_a_person_set_is_not_suggested_as_the_words_of_a_partner() {
    let office = Office::new().with_partner("a").with_partner("b");
    office.tells("b", &[concert("x")]);
    let id = office.events()[0].id.clone();
    let set = |start: &str| {
        let schedule = at(start);
        office.sets(id.as_str(), Field::Schedule, |event| {
            event.schedule = schedule
        });
    };
    set("2027-06-01T19:00:00");
    let mut later = concert("1");
    later.schedule = at("2027-06-01T19:00:00");
    assert_eq!(office.tells("a", std::slice::from_ref(&later)).joined, 1);
    set("2027-06-01T20:00:00");
    office.tells("a", &[with_summary(later, "Kort.")]);
    assert!(office.open_of("b").is_empty(), "{:#?}", office.open_of("b"));
    // What it says itself is.
    office.tells("b", &[concert("x")]);
    let open = office.open_of("b");
    let (fields, said) = told_values(&open[0]);
    assert!(fields.contains(&Field::Schedule), "{open:#?}");
    assert_eq!(said.schedule, concert("x").schedule);
}

#[test]
fn an_event_that_is_parted_has_no_suggestions_of_the_one_that_was_merged() {
    let office = Office::new().with_partner("a").with_partner("b");
    let told = |text: &str| {
        let (mut first, mut second) = (concert("1"), lecture("2"));
        first.description = Text::nb(text);
        second.description = Text::nb("To.");
        [first, second]
    };
    office.tells("a", &told("En."));
    office.tells(
        "b",
        &[draft("x", "Bingo og lotteri", "2027-06-05T18:00:00")],
    );
    let (first, shared) = (office.id_of("a", "1"), office.id_of("b", "x"));
    office.joins(&first, &office.id_of("a", "2"));
    let mut bare = told("");
    bare[0].description = Text::default();
    office.tells("a", &bare);
    assert_eq!(office.open_of("a").len(), 1);
    office.joins(&shared, &first);
    office.parts(&shared, "a");
    assert_eq!(office.id_of("a", "1"), first);
    assert!(office.open_of("a").is_empty(), "{:#?}", office.open_of("a"));
}

#[test]
fn values_accepted_for_an_event_do_not_replace_those_of_the_one_that_it_is_merged_into() {
    let (office, id) = shared();
    let office = office.with_partner("c");
    office.sets(id.as_str(), Field::Title, |event| {
        event.title = Text::nb("Redaksjonens tittel");
    });
    office.tells("b", &[with_summary(by_b("x"), "Kort.")]);
    office.accepts_all();
    assert_eq!(office.stored(&id).title, by_b("x").title);
    office.tells("c", &[lecture("z")]);
    let stays = office.id_of("c", "z");
    office.joins(&stays, &id);
    office.tells("c", &[with_summary(lecture("z"), "Kort.")]);
    assert_eq!(office.stored(&stays).title, lecture("z").title);
}

#[test]
fn a_merge_accepts_only_the_values_that_the_merged_event_showed() {
    let (office, id) = shared();
    let office = office.with_partner("c").with_partner("d");
    let mut told = concert("y");
    told.description = Text::nb("Fra c.");
    assert_eq!(office.tells("c", std::slice::from_ref(&told)).joined, 1);
    let suggestion = office.open_of("c")[0].id.clone();
    let all = BTreeSet::new();
    editorial::accept(&office.calendar, &office.editor(), &suggestion, &all).unwrap();
    assert_eq!(office.stored(&id).description, told.description);
    office.tells("d", &[lecture("z")]);
    let stays = office.id_of("d", "z");
    office.joins(&stays, &id);
    office.tells("d", &[with_summary(lecture("z"), "Kort.")]);
    assert_eq!(office.stored(&stays).description, told.description);
}

#[test]
fn an_event_both_names_of_which_its_partner_changes_stays_one() {
    for summary in ["", "Kort."] {
        let office = Office::new().with_partner("a");
        office.tells("a", &[concert("1"), lecture("2")]);
        let id = office.id_of("a", "1");
        office.joins(&id, &office.id_of("a", "2"));
        let told = [
            with_summary(concert("n1"), summary),
            with_summary(lecture("n2"), summary),
        ];
        for _ in 0..5 {
            let report = office.tells("a", &told);
            assert_eq!((report.created, report.withdrawn), (0, 0), "{report:?}");
        }
        assert_eq!(office.events().len(), 1);
        assert_eq!(office.id_of("a", "n1"), id);
        // The other name counts where the first is gone.
        for _ in 0..5 {
            let report = office.tells("a", &told[1..]);
            assert_eq!((report.created, report.withdrawn), (0, 0), "{report:?}");
        }
        assert_eq!(office.id_of("a", "n2"), id);
    }
}

#[test]
fn a_run_is_not_taken_back_whose_event_lost_a_source_that_another_event_has_now() {
    let (office, id) = shared();
    let origin_id = "x".into();
    let gone = vec![ParsedItem::Gone { origin_id }];
    let run = office.items("b", gone, Listing::Changes).unwrap().run;
    let mut moved = by_b("x");
    moved.schedule = at("2027-06-08T18:00:00");
    assert_eq!(office.tells("b", &[moved]).created, 1);
    let (editor, run) = (office.editor(), run.unwrap());
    let done = editorial::roll_back(&*office.calendar, &editor, &run, Later::Stop);
    assert!(
        matches!(done, Err(DecisionError::ChangedSince(_))),
        "{done:?}"
    );
    assert_eq!(office.stored(&id).sources.len(), 1);
}

#[test]
fn what_an_editor_has_accepted_from_an_only_source_outlives_that_it_calls_the_event_otherwise() {
    let office = Office::new()
        .with_partner("a")
        .with("b", |connection| connection.rank = Rank::Aggregator);
    office.tells("a", &[concert("1")]);
    assert_eq!(office.tells("b", &[by_b("x")]).joined, 1);
    office.accepts_all();
    office.no_longer_has("a", "1");
    for _ in 0..3 {
        office.tells("b", &[by_b("new")]);
    }
    let id = office.id_of("b", "new");
    assert_eq!(office.tells("a", &[concert("1")]).joined, 1);
    let event = office.stored(&id);
    assert_eq!(event.sources[0].partner.as_str(), "a");
    assert_eq!(event.description, by_b("x").description);
}

#[test]
fn an_id_that_is_listed_twice_joins_once() {
    let office = Office::new().with_partner("a").with_partner("b");
    office.tells("a", &[concert("1")]);
    for told in [[by_b("x"), by_b("x")], [by_b("x"), lecture("x")]] {
        let report = office.tells("b", &told);
        assert_eq!((report.created, report.refused), (0, 1), "{report:?}");
        assert_eq!(office.events().len(), 1);
    }
}
