//! `/api/v1/series`: events that come back, with their editions.

use rocket::get;
use serde::Serialize;
use utoipa::ToSchema;

use super::list::{ListPosition, ListRequest, ResourcePage};
use super::view::{RecordRequest, ResourceView};
use crate::catalog::{Entry, Snapshot};
use crate::web::api::openapi::parameters::{LangParam, ListParams};
use crate::web::api::openapi::problems::{ReadProblems, RecordProblems};
use crate::web::conditional::Finished;
use crate::web::problem::Problem;
use crate::web::read_quota::ReadQuota;
use crate::wire;
use calendar_domain::{Edition, EditionStanding, Query, Series, Slug, Text};

/// A series.
#[derive(Serialize, ToSchema)]
#[schema(as = Series)]
pub struct SeriesResource {
    /// Its name in addresses and in `series` of events; never changes.
    slug: String,
    /// The title.
    title: Text,
    /// One or two sentences.
    summary: Text,
    /// The full description: plain text, an empty line separates paragraphs.
    description: Text,
    /// Slugs of its categories.
    categories: Vec<String>,
    /// Slugs of its audiences.
    audiences: Vec<String>,
    /// Slugs of its places, the main one first.
    places: Vec<String>,
    /// Number of its municipality.
    municipality: Option<String>,
    /// Slug of its organizer.
    organizer: Option<String>,
    /// Slug of the series that this one is part of.
    super_series: Option<String>,
    /// The usual time of year, in words.
    usual_time: Text,
    /// The usual time as an RFC 5545 `RRULE` value; gives the first day of each edition.
    rrule: Option<String>,
    /// The known editions, oldest first.
    editions: Vec<EditionResource>,
    /// The series' own web page.
    website: Option<String>,
    /// Its page in this calendar.
    url: String,
    /// Its feed, an iCalendar file to subscribe to.
    feed: String,
}

/// An edition of a series.
#[derive(Serialize, ToSchema)]
#[schema(as = Edition)]
pub struct EditionResource {
    /// Its label, usually the year.
    edition: String,
    /// The status of its event, or `cancelled` or `not_held` without an event.
    status: &'static str,
    /// Id of its event, if it has one.
    event: Option<String>,
    /// Page of its event.
    url: Option<String>,
    /// Start of its event: a date, or RFC 3339 with offset.
    start: Option<String>,
    /// End of its event: a date (the last day), or RFC 3339 with offset.
    end: Option<String>,
    /// A note on how certain this is.
    note: Text,
}

impl SeriesResource {
    fn new(view: &ResourceView, series: &Series) -> Self {
        let slug = series.slug.as_str();
        let slugs = |all: &[Slug]| all.iter().map(ToString::to_string).collect();
        let region = view.snapshot.region();
        let municipality = series.municipality.as_ref();
        let municipality = municipality.and_then(|slug| region.municipality(slug.as_str()));
        let rule = series.rule.as_ref();
        Self {
            slug: slug.to_owned(),
            title: view.text(&series.title),
            summary: view.text(&series.summary),
            description: view.text(&series.description),
            categories: slugs(&series.categories),
            audiences: slugs(&series.audiences),
            places: slugs(&series.places),
            municipality: municipality.map(|municipality| municipality.number.to_string()),
            organizer: series.organizer.as_ref().map(ToString::to_string),
            super_series: series.super_series.as_ref().map(ToString::to_string),
            usual_time: view.text(rule.map_or(&series.usual_time, |rule| &rule.text)),
            rrule: rule.map(|rule| rule.rrule.to_string()),
            editions: editions(view, series),
            website: series.website.as_ref().map(ToString::to_string),
            url: view.address(&view.paths.series(Some(slug))),
            feed: view.feed("series", slug),
        }
    }
}

impl EditionResource {
    /// Returns the edition of an event.
    fn of_event(view: &ResourceView, entry: &Entry, series: &Series) -> Self {
        let event = wire::write(entry, &view.snapshot, &view.base);
        let edition = event.series.map_or_else(String::new, |of| of.edition);
        let note = series.edition(&edition).map(|known| view.text(&known.note));
        Self {
            edition,
            status: entry.status().as_str(),
            event: event.id,
            url: Some(view.address(&view.paths.event(entry.slug()))),
            start: event.start,
            end: event.end,
            note: note.unwrap_or_default(),
        }
    }

    /// Returns an edition without an event; `None` if it has one.
    fn without_event(view: &ResourceView, edition: &Edition) -> Option<Self> {
        let status = match edition.standing {
            EditionStanding::Event(_) => return None,
            EditionStanding::Cancelled => "cancelled",
            EditionStanding::NotHeld => "not_held",
        };
        Some(Self {
            edition: edition.label.to_string(),
            status,
            event: None,
            url: None,
            start: None,
            end: None,
            note: view.text(&edition.note),
        })
    }
}

/// Returns the editions whose events may be passed on, and those without an event, by label.
fn editions(view: &ResourceView, series: &Series) -> Vec<EditionResource> {
    let query = Query {
        series: [series.slug.clone()].into(),
        ..Query::default()
    };
    let events = view.snapshot.admitted(&query).into_iter();
    let events = events.filter(|entry| view.snapshot.may_pass_on(&entry.event()));
    let events = events.map(|entry| EditionResource::of_event(view, &entry, series));
    let others = series.editions.iter();
    let others = others.filter_map(|edition| EditionResource::without_event(view, edition));
    let mut editions: Vec<_> = events.chain(others).collect();
    editions.sort_by(|one, other| one.edition.cmp(&other.edition));
    editions
}

/// Lists the series, in display order.
#[utoipa::path(
    tag = "lists",
    params(ListParams),
    responses((status = 200, description = "A page of the list.", body = ResourcePage<SeriesResource>), ReadProblems),
    security((), ("key" = [])),
)]
#[get("/api/v1/series")]
pub fn list_series(_quota: ReadQuota, list: ListRequest) -> Finished {
    let series = list.view.snapshot.all_series().into_iter();
    let series = series.map(|series| {
        (
            ListPosition::ranked(series.rank, series.slug.as_str()),
            series,
        )
    });
    list.page(series, SeriesResource::new)
}

/// Returns one series.
#[utoipa::path(
    tag = "lists",
    params(LangParam, ("slug", Path, description = "Its name in addresses.", pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 100, example = "grundsetmartn")),
    responses((status = 200, description = "The record.", body = SeriesResource), RecordProblems),
    security((), ("key" = [])),
)]
#[get("/api/v1/series/<slug>")]
pub fn show_series(
    _quota: ReadQuota,
    slug: &str,
    record: RecordRequest,
) -> Result<Finished, Problem> {
    record.show(slug, Snapshot::series, SeriesResource::new)
}
