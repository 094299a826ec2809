//! Properties of any responses in any order.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use calendar_domain::EventStatus;
use elverum_calendar::ingest::run::Ended;

use crate::*;

/// One of a few events, with varying content.
fn told() -> impl Strategy<Value = EventDraft> {
    let texts = ["", "Servering.", "Ta med godt humør."];
    (0..8_usize, 0..3_usize, 0..2_usize, any::<bool>()).prop_map(move |(n, text, hour, off)| {
        let start = format!("2027-03-{:02}T1{hour}:00:00", 10 + n);
        let mut draft = draft(
            &format!("e{n}"),
            &format!("Eksempelkveld nummer {n}"),
            &start,
        );
        draft.description = Text::nb(texts[text]);
        if off {
            draft.status = EventStatus::Cancelled;
        }
        in_place(draft, "Festiviteten")
    })
}

/// A response with each event at most once.
fn answer() -> impl Strategy<Value = Vec<EventDraft>> {
    prop::collection::vec(told(), 0..8).prop_map(|all| {
        let mut seen = BTreeSet::new();
        let mut all = all;
        all.retain(|item| seen.insert(item.origin_id.clone()));
        all
    })
}

/// Returns the public content of the calendar, without sources.
fn seen(office: &Office) -> BTreeSet<String> {
    let events = office.events();
    let seen = events.iter().map(|event| {
        let from: Vec<&str> = event
            .sources
            .iter()
            .map(|event| event.partner.as_str())
            .collect();
        let (title, when) = (event.title_in(Lang::Nb), &event.schedule.when);
        format!(
            "{title} {when:?} {:?} {:?} {:?} {from:?}",
            event.status, event.description, event.venues
        )
    });
    seen.collect()
}

/// Returns the same events under another partner's identifiers.
fn by(partner: &str, drafts: &[EventDraft]) -> Vec<EventDraft> {
    let own = drafts.iter().cloned().map(|mut draft| {
        draft.origin_id = format!("{partner}-{}", draft.origin_id);
        draft.uid = draft.origin_id.parse().ok();
        draft
    });
    own.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_same_answer_twice_is_nothing_to_do(answers in prop::collection::vec(answer(), 1..4)) {
        let office = Office::new().with_partner("venue");
        for answer in &answers {
            office.tells("venue", answer);
        }
        let last = answers.last().unwrap();
        // Missing events are counted; after the withdrawal or quarantine, the state is stable.
        for _ in 0..3 {
            office.tells("venue", last);
        }
        let (events, commits) = (office.events(), office.commits());
        let report = office.tells("venue", last);
        prop_assert!(!matches!(report.ended, Ended::Written), "{report:?}");
        prop_assert_eq!(office.events(), events);
        prop_assert_eq!(office.commits(), commits);
    }

    #[test]
    fn the_order_in_which_partners_of_another_rank_come_does_not_matter(
        all in answer(),
        orders in (Just(vec!["a", "c"]).prop_shuffle(), Just(vec!["a", "c"]).prop_shuffle()),
        kept in prop::collection::vec(prop::collection::vec(any::<bool>(), 8), 3),
        texts in prop::collection::vec(0..3_usize, 24),
    ) {
        let words = ["", "Fra arrangøren.", "Fra listen."];
        let answers: BTreeMap<&str, Vec<EventDraft>> = ["a", "c"]
            .into_iter()
            .enumerate()
            .map(|(n, partner)| {
                let some = all.iter().enumerate().filter(|(i, _)| kept[n][*i]);
                let mut some: Vec<EventDraft> = some.map(|(_, value)| value.clone()).collect();
                for (i, draft) in some.iter_mut().enumerate() {
                    draft.description = Text::nb(words[texts[n * 8 + i]]);
                }
                (partner, by(partner, &some))
            })
            .collect();
        let outcome = |order: &[&str]| {
            let office = Office::new().with_partner("a").with("c", |partner| {
                partner.rank = calendar_domain::Rank::Aggregator;
            });
            for partner in order {
                office.tells(partner, &answers[partner]);
            }
            seen(&office)
        };
        prop_assert_eq!(outcome(&orders.0), outcome(&orders.1));
    }

    #[test]
    fn what_a_person_set_survives_any_answers(answers in prop::collection::vec(answer(), 1..6)) {
        let office = Office::new().with_partner("venue");
        let first = in_place(draft("e0", "Eksempelkveld nummer 0", "2027-03-10T10:00:00"), "Festiviteten");
        office.tells("venue", &[first]);
        let id = office.events()[0].id.clone();
        office.sets(id.as_str(), Field::Title, |office| office.title = Text::nb("Rettet"));
        office.sets(id.as_str(), Field::Description, |office| office.description = Text::default());
        for answer in &answers {
            office.tells("venue", answer);
            let kept = office.stored(&id);
            prop_assert_eq!(kept.title_in(Lang::Nb), "Rettet");
            prop_assert!(kept.description.is_empty());
        }
    }

    #[test]
    fn nothing_goes_that_was_not_gone_from_three_answers(
        answers in prop::collection::vec(answer(), 1..12),
    ) {
        let office = Office::new().with_partner("venue");
        let mut silent: BTreeMap<String, u32> = BTreeMap::new();
        for answer in &answers {
            let report = office.tells("venue", answer);
            if !matches!(report.ended, Ended::Quarantined(_)) {
                for count in silent.values_mut() {
                    *count += 1;
                }
                for told in answer {
                    silent.insert(told.title.get(Lang::Nb).to_owned(), 0);
                }
            }
            let there: BTreeSet<String> = office.titles().into_iter().collect();
            for (title, count) in &silent {
                prop_assert!(*count >= 3 || there.contains(title), "{title} after {count}");
                prop_assert!(*count < 3 || !there.contains(title), "{title} is still there");
            }
        }
    }
}
