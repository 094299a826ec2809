//! Mapping of partners' places, categories and audiences, and filters.

use calendar_domain::{Category, PlaceRule, Rank, Slug};
use elverum_calendar::editorial;

use crate::*;

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

/// Returns a calendar with a hall, two categories and a partner with the given mapping.
fn office(change: impl FnOnce(&mut Connection)) -> Office {
    let office = Office::new().with("club", change);
    for (category, name) in [("music", "Musikk"), ("children", "For barn")] {
        let record: Category = serde_json::from_value(serde_json::json!({
            "slug": category, "name": {"nb": name}, "aliases": [], "owner": "data_file",
        }))
        .unwrap();
        office.put(record.into());
    }
    let hall = serde_json::from_value::<calendar_domain::Place>(serde_json::json!({
        "slug": "storhallen", "name": "Storhallen", "municipality": "3420", "owner": "data_file",
    }));
    office.put(hall.unwrap().into());
    office
}

fn concert() -> EventDraft {
    let mut draft = in_place(draft("1", "Barnekonsert", "2027-06-01T18:00:00"), "Sal 2");
    draft.categories = vec!["Barnefilm".into(), "musikk".into(), "Ukjent".into()];
    draft
}

fn only(office: &Office) -> Event {
    let [event] = &office.events()[..] else {
        panic!("{:?}", office.titles())
    };
    event.clone()
}

#[test]
fn words_for_subjects_become_ours_and_unknown_ones_are_left_out() {
    let office = office(|office| {
        let ours = [slug("children")].into();
        office.mapping.categories.insert("barnefilm".into(), ours);
    });
    office.tells("club", &[concert()]);
    assert_eq!(
        only(&office).categories,
        [slug("children"), slug("music")].into()
    );
}

#[test]
fn each_event_gets_what_the_partner_stands_for() {
    let office = office(|office| {
        office.mapping.add_categories = [slug("children")].into();
    });
    office.tells("club", &programme(2));
    assert!(
        office
            .events()
            .iter()
            .all(|event| event.categories == [slug("children")].into())
    );
}

#[test]
fn the_place_is_the_events_own_a_fixed_one_a_room_of_a_house_or_none() {
    let hall = Venue::Place(slug("storhallen"));
    let cases = [
        (PlaceRule::Event, vec![Venue::named("Sal 2")]),
        (PlaceRule::Fixed(slug("storhallen")), vec![hall.clone()]),
        (
            PlaceRule::RoomOf(slug("storhallen")),
            vec![hall, Venue::named("Sal 2")],
        ),
        (PlaceRule::Online, vec![]),
    ];
    for (rule, expected) in cases {
        let office = office(|office| office.mapping.place = rule.clone());
        office.tells("club", &[concert()]);
        assert_eq!(only(&office).venues, expected, "{rule:?}");
    }
}

#[test]
fn only_what_is_wanted_is_taken() {
    type Change = fn(&mut Connection);
    let cases: [(Change, bool); 8] = [
        (
            |value| value.mapping.take.words = ["konsert".into()].into(),
            true,
        ),
        (
            |value| value.mapping.take.words = ["teater".into()].into(),
            false,
        ),
        (
            |value| value.mapping.take.not_words = ["barn".into()].into(),
            false,
        ),
        (
            |value| value.mapping.take.categories = ["MUSIKK".into()].into(),
            true,
        ),
        (
            |value| value.mapping.take.categories = ["sport".into()].into(),
            false,
        ),
        (|value| value.mapping.take.days_ahead = Some(30), false),
        (|value| value.mapping.take.days_ahead = Some(300), true),
        (
            |value| {
                value.mapping.place = PlaceRule::Fixed("storhallen".parse().unwrap());
                value.mapping.take.municipalities = ["3421".parse().unwrap()].into();
            },
            false,
        ),
    ];
    for (number, (change, taken)) in cases.into_iter().enumerate() {
        let office = office(change);
        let report = office.tells("club", &[concert()]);
        assert_eq!(office.events().len(), usize::from(taken), "case {number}");
        assert_eq!(report.left, usize::from(!taken), "case {number}");
    }
}

#[test]
fn an_aggregators_text_waits_for_an_editor_where_the_primary_has_none() {
    let office = Office::new()
        .with("list", |office| office.rank = Rank::Aggregator)
        .with_partner("venue");
    let mut known = in_place(
        draft("1", "Sommerkonsert i parken", "2027-06-01T18:00:00"),
        "Kirkeparken",
    );
    let mut listed = in_place(
        draft(
            "x",
            "Sommerkonsert i parken (gratis!)",
            "2027-06-01T18:00:00",
        ),
        "Kirkeparken",
    );
    listed.description = Text::nb("Fra listen.");
    office.tells("venue", std::slice::from_ref(&known));
    office.tells("list", std::slice::from_ref(&listed));
    let event = only(&office);
    assert_eq!(event.title, known.title);
    assert!(event.description.is_empty());
    let [suggestion] = &office.suggestions()[..] else {
        panic!("{:?}", office.suggestions())
    };
    let (editor, all) = (office.editor(), Default::default());
    editorial::accept(&office.calendar, &editor, &suggestion.id, &all).unwrap();
    assert_eq!(only(&office).description, listed.description);
    // It has the aggregator as its source from now on.
    listed.description = Text::nb("Nytt fra listen.");
    office.tells("list", std::slice::from_ref(&listed));
    assert_eq!(only(&office).description, listed.description);
    known.categories = vec!["music".into()];
    office.tells("venue", std::slice::from_ref(&known));
    assert_eq!(only(&office).description, listed.description);
    known.description = Text::nb("Fra scenen selv.");
    office.tells("venue", std::slice::from_ref(&known));
    assert_eq!(only(&office).description, known.description);
}
