use chrono::{DateTime, NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use uuid::Uuid;

use super::*;
use crate::recurrence::ExpansionLimits;
use crate::{
    Admission, Event, EventId, Field, Lang, MunicipalityNumber, PrivateFacts, Publication, Slug,
    Start, Venue, When, Window,
};

mod edits;
mod times;

struct Names;

impl KnownNames for Names {
    fn has_place(&self, slug: &Slug) -> bool {
        slug.as_str() == "terningen-arena"
    }
    fn has_category(&self, slug: &Slug) -> bool {
        slug.as_str() == "music"
    }
    fn has_audience(&self, slug: &Slug) -> bool {
        slug.as_str() == "families"
    }
    fn has_municipality(&self, number: &MunicipalityNumber) -> bool {
        number.as_str() == "3420"
    }
}

const ZONE: Tz = chrono_tz::Europe::Oslo;

fn context() -> FormContext<'static> {
    FormContext {
        zone: ZONE,
        today: day("2027-01-10"),
        now: DateTime::UNIX_EPOCH,
        namespace: Uuid::NAMESPACE_OID,
        names: &Names,
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn time(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn id() -> EventId {
    Uuid::from_u128(7).into()
}

/// Returns a form with what, when and where, and more pairs.
fn form(more: &[(&str, &str)]) -> EventForm {
    let least = [
        ("title", "Julekonsert"),
        ("date", "8.6.2027"),
        ("start_time", "18"),
        ("place", "terningen-arena"),
    ];
    let is_new = |name: &str| !more.iter().any(|(other, _)| *other == name);
    let least = least.into_iter().filter(|(name, _)| is_new(name));
    EventForm::from_pairs(least.chain(more.iter().copied()))
}

fn read(more: &[(&str, &str)]) -> ReadForm {
    form(more).read(&id(), context()).unwrap()
}

fn errors(more: &[(&str, &str)]) -> Vec<(&'static str, FormFault)> {
    let errors = form(more).read(&id(), context()).unwrap_err();
    let pair = |error: FormError| (error.field.as_str(), error.fault);
    errors.into_iter().map(pair).collect()
}

fn days(event: &Event) -> Vec<String> {
    let window = Window {
        from: day("2027-01-01"),
        until: day("2028-12-31"),
        zone: ZONE,
    };
    let found = event
        .schedule
        .occurrences(window, &ExpansionLimits::default());
    let shown = |when: &When| match when {
        When::Timed { start, .. } => start.format("%m-%d %H:%M").to_string(),
        other => other.start().date().format("%m-%d").to_string(),
    };
    found
        .unwrap()
        .iter()
        .map(|occurrence| shown(&occurrence.when))
        .collect()
}

#[test]
fn what_when_and_where_are_enough() {
    let event = read(&[]).event;
    assert_eq!(event.title.get(Lang::Nb), "Julekonsert");
    let start = time("2027-06-08T18:00:00");
    let expected = When::Timed {
        start,
        end: None,
        zone: ZONE,
    };
    assert_eq!(event.schedule.when, expected);
    assert_eq!(
        event.venues,
        [Venue::Place("terningen-arena".parse().unwrap())]
    );
    assert_eq!(event.publication, Publication::Submitted);
    assert_eq!(event.slug.as_str(), "julekonsert");
}

#[test]
fn an_empty_form_names_what_is_missing_and_nothing_else() {
    let errors = EventForm::default().read(&id(), context()).unwrap_err();
    let missing: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(missing, ["title", "date", "start_time", "place"]);
    assert!(errors.iter().all(|error| error.fault == FormFault::Missing));
}

#[test]
fn every_error_stands_at_its_field_and_what_was_typed_is_kept() {
    let wrong = [
        ("date", "31.2.2027"),
        ("start_time", "25"),
        ("place", "atlantis"),
        ("price", "mye"),
        ("website", "ikke en adresse"),
        ("attendance", "mange"),
        ("category", "nonsense"),
    ];
    let typed = form(&wrong);
    let found = errors(&wrong);
    let fields: Vec<_> = found.iter().map(|(field, _)| *field).collect();
    assert_eq!(
        fields,
        [
            "date",
            "start_time",
            "place",
            "category",
            "price",
            "website",
            "attendance"
        ]
    );
    for (name, value) in wrong {
        assert_eq!(typed.get(FormField::named(name).unwrap()), value);
    }
}

#[test]
fn a_new_place_is_described_by_the_event() {
    let event = read(&[
        ("place", ""),
        ("place_name", "Låven på Sagtun"),
        ("place_address", "Sagtunvegen 4"),
        ("place_postal_code", "2410"),
        ("place_town", "Hernes"),
        ("place_municipality", "3420"),
    ])
    .event;
    let Venue::Described {
        name,
        address,
        municipality,
        ..
    } = &event.venues[0]
    else {
        panic!("{:?}", event.venues);
    };
    assert_eq!(name, "Låven på Sagtun");
    assert_eq!(
        address.as_ref().unwrap().line(),
        "Sagtunvegen 4, 2410 Hernes"
    );
    assert_eq!(municipality.as_ref().unwrap().as_str(), "3420");
    assert_eq!(
        errors(&[("place", ""), ("place_address", "Sagtunvegen 4")]),
        [("place_name", FormFault::Missing)]
    );
}

#[test]
fn prices_make_an_offer() {
    let event = read(&[("price", "250,-"), ("ticket_url", "billett.example.no/1")]).event;
    assert_eq!(event.admission, Admission::Paid);
    assert_eq!(event.offers[0].price.as_deref(), Some("250.00"));
    let url = event.offers[0].url.as_ref().unwrap();
    assert_eq!(url.as_str(), "https://billett.example.no/1");
    let free = read(&[("admission", "free")]).event;
    assert_eq!((free.admission, free.offers), (Admission::Free, vec![]));
    for hostile in [
        "javascript:alert(1)",
        "http://user:secret@example.no",
        "localhost",
        "file:///etc",
    ] {
        let found = errors(&[("ticket_url", hostile)]);
        assert_eq!(
            found,
            [("ticket_url", FormFault::NotAnAddress)],
            "{hostile}"
        );
    }
}

#[test]
fn programme_parts_are_rows_and_errors_name_the_row() {
    let read = read(&[
        ("part_title", "Åpning"),
        ("part_date", ""),
        ("part_start", "18"),
        ("part_end", "18.30"),
        ("part_title", ""),
        ("part_date", ""),
        ("part_start", ""),
        ("part_end", ""),
        ("part_title", "Konsert"),
        ("part_date", "9.6.2027"),
        ("part_start", "19"),
        ("part_end", ""),
    ]);
    let titles: Vec<_> = read
        .parts
        .iter()
        .map(|part| part.title.get(Lang::Nb))
        .collect();
    assert_eq!(titles, ["Åpning", "Konsert"]);
    assert_eq!(read.parts[1].when.start().date(), day("2027-06-09"));
    let wrong = form(&[
        ("part_title", "Åpning"),
        ("part_start", "18"),
        ("part_end", "17"),
        ("part_title", ""),
        ("part_start", "19"),
        ("part_end", ""),
    ]);
    let errors = wrong.read(&id(), context()).unwrap_err();
    let at: Vec<_> = errors
        .iter()
        .map(|error| (error.field, error.row))
        .collect();
    assert_eq!(at, [(FormField::PartTitle, 1), (FormField::PartEnd, 0)]);
}

#[test]
fn private_facts_are_no_part_of_the_event() {
    let read = read(&[
        ("contact_name", "Kari Kanari"),
        ("contact_telephone", "99 88 77 66"),
        ("attendance", "1 200"),
        ("peak_time", "kl. 20"),
    ]);
    assert_eq!(read.private.expected_attendance, Some(1_200));
    let json = serde_json::to_string(&read.event).unwrap();
    assert!(!json.contains("Kanari") && !json.contains("99 88") && !json.contains("1200"));
}

#[test]
fn texts_that_are_too_long_are_kept_and_refused() {
    let long = "å".repeat(201);
    let typed = form(&[("title", &long)]);
    assert_eq!(typed.get(FormField::Title), long);
    assert_eq!(
        errors(&[("title", &long)]),
        [("title", FormFault::TooLong(200))]
    );
}

#[test]
fn the_form_of_an_event_reads_back_as_that_event() {
    let all = [
        vec![],
        vec![
            ("end_time", "1"),
            ("title_en", "Concert"),
            ("category", "music"),
        ],
        vec![("end_time", "24"), ("end_date", "9.6.2027")],
        vec![
            ("hours", "all_day"),
            ("end_date", "9.6.2027"),
            ("admission", "free"),
        ],
        vec![("hours", "to_come")],
        vec![
            ("place", ""),
            ("place_name", "Låven"),
            ("place_municipality", "3420"),
        ],
        vec![
            ("price", "250,50"),
            ("accessibility", "step-free"),
            ("audience", "families"),
        ],
        vec![
            ("pattern", "repeated"),
            ("weekday", "2"),
            ("weekday", "4"),
            ("count", "8"),
            ("strike", "2027-06-10"),
            ("move_from", "15.6.2027"),
            ("move_to", "16.6.2027"),
        ],
        vec![
            ("pattern", "repeated"),
            ("every", "month"),
            ("until", "1.12.2027"),
        ],
        vec![
            ("end_time", "20"),
            ("other_date", "9.6.2027"),
            ("other_start", "19"),
            ("other_end", "22"),
            ("other_place", ""),
            ("other_place_name", "Rena kirke"),
            ("other_date", "10.6.2027"),
            ("other_start", ""),
            ("other_end", ""),
            ("other_place", "terningen-arena"),
            ("other_place_name", ""),
        ],
        vec![
            ("end_time", "20"),
            ("repetition", "hver tirsdag til 1. juli"),
            ("other_date", "15.6."),
            ("other_start", ""),
            ("other_end", "22"),
            ("other_place", ""),
            ("other_place_name", "Rena kirke"),
        ],
    ];
    for more in all {
        let event = read(&more).event;
        let filled = EventForm::from_event(&event, &[], &PrivateFacts::default());
        let again = filled.read(&id(), context()).unwrap().event;
        assert_eq!(again, event, "{more:?}");
        let edit = filled.read_edit(&event, &filled, context()).unwrap();
        assert_eq!(edit.event, event, "{more:?}");
    }
}

#[test]
fn an_edit_keeps_what_the_form_cannot_say_and_what_was_left() {
    let mut base = read(&[]).event;
    base.venues.push(Venue::named("Et annet sted"));
    base.schedule.when = When::day(day("2020-01-01"));
    let filled = EventForm::from_event(&base, &[], &PrivateFacts::default());
    let mut typed = filled.clone();
    typed.set(FormField::Title, vec!["Nyttårskonsert".to_owned()]);
    let edited = typed.read_edit(&base, &filled, context()).unwrap().event;
    assert_eq!(edited.title.get(Lang::Nb), "Nyttårskonsert");
    let kept = Field::ALL
        .into_iter()
        .filter(|field| *field != Field::Title);
    for field in kept {
        assert!(edited.same_value(field, &base), "{field:?}");
    }
    typed.set(FormField::Date, vec!["2.1.2020".to_owned()]);
    let errors = typed.read_edit(&base, &filled, context()).unwrap_err();
    assert_eq!(errors[0].field, FormField::Date);
}

#[test]
fn unknown_names_and_a_flood_of_values_are_left_out() {
    let flood = vec![("part_title", "x"); 10_000];
    let form = EventForm::from_pairs(flood.into_iter().chain([("owner", "me"), ("slug", "x")]));
    assert_eq!(form.all(FormField::PartTitle).len(), 60);
    assert!(EventForm::from_pairs([("title", " \u{a0}\n"), ("nonsense", "x")]).is_empty());
}
