//! Tests of the pages with the data files of the project and sample events of every kind.

mod colours;
mod content;
mod markup;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use askama::Template;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Europe::Oslo;

use super::about::AboutPage;
use super::agenda::AgendaPage;
use super::error::{ErrorPage, ProblemLine};
use super::event::EventPage;
use super::lists::{AllSeriesPage, NamesPage};
use super::organizer::OrganizerPage;
use super::partner::{PartnerPage, PartnersPage};
use super::place::PlacePage;
use super::series::SeriesPage;
use super::subscribe::SubscribePage;
use super::*;
use crate::catalog::{Snapshot, SnapshotVersion};
use crate::feeds::FEEDS;
use crate::ingest::run::Health;
use crate::seed;
use crate::web::problem::ProblemKind;
use calendar_domain::*;
use calendar_store::Change;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn local(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

fn timed(start: &str, end: &str) -> When {
    When::Timed {
        start: local(start),
        end: Some(local(end)),
        zone: Oslo,
    }
}

/// Returns a scheduled event with nothing but a title and a time.
fn event(id: &str, title: Text, when: When) -> Event {
    let birth: DateTime<Utc> = "2027-01-03T12:00:00Z".parse().unwrap();
    Event {
        ..Event::new(
            slug(id),
            format!("{id}@test").parse().unwrap(),
            title,
            Schedule::once(when),
            birth,
        )
    }
}

/// Returns one event of every kind that is rendered differently.
fn samples() -> Vec<Event> {
    let title = Text::nb_en;
    vec![
        Event {
            venues: vec![Venue::Place(slug("terningen-arena"))],
            categories: [slug("music")].into(),
            audiences: [slug("families"), slug("youth")].into(),
            summary: title(
                "Korps og kor spiller for alle.",
                "Bands and choirs play for everyone.",
            ),
            description: title(
                "Dørene åpner en time før.\n\nTa med noe å sitte på.",
                "Doors open one hour before.\n\nBring something to sit on.",
            ),
            accessibility: [slug("step-free"), slug("hearing-loop")].into(),
            organizer: Some(OrganizerRef::Organizer(slug("elverum-kommune"))),
            admission: Admission::Free,
            website: Some("https://www.example.org/konsert".parse().unwrap()),
            ..event(
                "sommerkonsert",
                title("Sommerkonsert", "Summer concert"),
                timed("2027-08-08 18:00", "2027-08-08 20:00"),
            )
        },
        Event {
            status: EventStatus::Cancelled,
            status_note: Text::nb("Artisten er blitt syk. Billettene blir betalt tilbake."),
            venues: vec![Venue::Place(slug("elverum-kulturhus"))],
            categories: [slug("stage")].into(),
            offers: vec![
                Offer {
                    name: title("Voksen", "Adult"),
                    price: Some("250.00".into()),
                    currency: "NOK".into(),
                    url: Some("https://example.org/billett".parse().unwrap()),
                },
                Offer {
                    name: title("Barn", "Child"),
                    price: Some("120.50".into()),
                    currency: "NOK".into(),
                    url: None,
                },
            ],
            admission: Admission::Paid,
            ..event(
                "revy",
                Text::nb("Revy: «Kongens nei» & <andre> historier"),
                timed("2027-08-08 20:00", "2027-08-09 01:00"),
            )
        },
        Event {
            status: EventStatus::Rescheduled,
            previous: Some(timed("2027-08-10 18:00", "2027-08-10 19:30")),
            venues: vec![Venue::Place(slug("elverum-bibliotek"))],
            categories: [slug("literature"), slug("talk")].into(),
            admission: Admission::Free,
            ..event(
                "foredrag",
                title(
                    "Foredrag om flommen i Glomma",
                    "A talk on the Glomma floods",
                ),
                timed("2027-08-11 18:00", "2027-08-11 19:30"),
            )
        },
        Event {
            venues: vec![Venue::named("Låven på Grindalen")],
            ..event(
                "loppemarked",
                Text::nb(
                    "Loppemarked til inntekt for korpsets tur med et svært langt navn i tittelen",
                ),
                When::TimeToCome {
                    date: day("2027-08-21"),
                },
            )
        },
        event(
            "kunstutstilling",
            Text::in_lang(Lang::En, "Summer exhibition"),
            When::days(day("2027-06-19"), day("2027-08-29")),
        ),
        Event {
            schedule: Schedule {
                when: timed("2027-08-05 18:00", "2027-08-05 20:00"),
                recurrence: Some(Recurrence {
                    rule: Some(
                        "FREQ=WEEKLY;BYDAY=TH;UNTIL=20271216T220000Z"
                            .parse()
                            .unwrap(),
                    ),
                    exdates: [Start::Local(local("2027-08-19 18:00"))].into(),
                    overrides: BTreeMap::from([(
                        Start::Local(local("2027-08-12 18:00")),
                        Override {
                            when: Some(timed("2027-08-13 19:00", "2027-08-13 21:00")),
                            ..Override::default()
                        },
                    )]),
                    ..Recurrence::default()
                }),
            },
            ..event(
                "korovelse",
                title("Åpen korøvelse", "Open choir practice"),
                timed("2027-08-05 18:00", "2027-08-05 20:00"),
            )
        },
    ]
}

/// Returns the catalog of the data files and the samples, as of a day.
fn calendar(today: &str) -> Arc<Snapshot> {
    let version = SnapshotVersion {
        commit: 1,
        at: DateTime::UNIX_EPOCH,
        today: day(today),
    };
    let data = seed::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data"))
        .unwrap_or_else(|errors| panic!("{errors}"));
    let now = "2026-11-22T06:00:00Z".parse().unwrap();
    let changes = seed::plan(&data, &seed::Current::new([]), now, &(2026..=2028));
    let samples = samples()
        .into_iter()
        .map(|event| Change::create(event.into()));
    let changes: Vec<Change> = changes.into_iter().chain(samples).collect();
    let changes = changes
        .iter()
        .map(|change| (&change.key, change.to.as_ref()));
    Arc::new(Snapshot::empty(version).with(version, changes))
}

fn context(lang: Lang, today: &str) -> PageContext {
    PageContext::new(calendar(today), lang, "https://kalender.example/")
}

/// A rendered page.
struct Sent {
    path: String,
    html: String,
}

fn filtered() -> FilterParams {
    FilterParams {
        query: Query {
            categories: [slug("music")].into(),
            municipalities: [slug("elverum")].into(),
            from: Some(day("2027-08-01")),
            free: true,
            ..Query::default()
        },
        typed: "konsert".to_owned(),
        page_from: None,
        page_to: None,
    }
}

fn nothing() -> FilterParams {
    FilterParams {
        query: Query {
            words: ["xyzzy".to_owned()].into(),
            ..Query::default()
        },
        typed: "xyzzy".to_owned(),
        page_from: None,
        page_to: None,
    }
}

/// Renders every page, as of a day.
fn every_page(lang: Lang, today: &str) -> Vec<Sent> {
    let context = context(lang, today);
    let snapshot = Arc::clone(&context.snapshot);
    let mut pages = Vec::new();
    /// Renders a page and stores it under its own path.
    macro_rules! add {
        ($page:expr) => {{
            let page = $page;
            pages.push(Sent {
                path: page.layout.path.clone(),
                html: page.render().unwrap(),
            });
        }};
    }
    for asked in [FilterParams::default(), filtered(), nothing()] {
        add!(AgendaPage::new(&context, &asked));
        add!(SubscribePage::new(&context, &asked));
    }
    add!(AboutPage::new(&context));
    add!(AllSeriesPage::new(&context));
    add!(NamesPage::places(&context));
    add!(NamesPage::organizers(&context));
    let health = Health::open(None);
    add!(PartnersPage::new(&context, &health));
    for partner in snapshot.partners() {
        add!(PartnerPage::new(&context, partner, &health.of(&partner.id)));
    }
    for entry in snapshot.events() {
        add!(EventPage::new(&context, entry));
    }
    for series in snapshot.all_series() {
        add!(SeriesPage::new(&context, series));
    }
    for place in snapshot.places() {
        add!(PlacePage::new(&context, place));
    }
    for organizer in snapshot.organizers() {
        add!(OrganizerPage::new(&context, organizer));
    }
    for kind in ProblemKind::ALL {
        let (status, kind) = (kind.status().code, kind.name());
        let wrong = ProblemLine {
            field: "from".into(),
            detail: "is no date".into(),
        };
        let problems = if status == 400 {
            vec![wrong]
        } else {
            Vec::new()
        };
        let id = if status >= 500 { "2f-1" } else { "" };
        let path = context.paths.event(&format!("problem-{kind}"));
        let layout = context.layout(Section::Other, "", path);
        add!(ErrorPage::new(
            layout,
            status,
            kind,
            problems,
            id.to_owned()
        ));
    }
    pages
}

/// Renders one page, as of 8 August 2027.
fn page(lang: Lang, path: &str) -> String {
    let found = every_page(lang, "2027-08-08")
        .into_iter()
        .find(|page| page.path == path);
    found.unwrap_or_else(|| panic!("no page {path}")).html
}
