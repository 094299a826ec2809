//! Feeds over HTTP.

use std::sync::Arc;

use rocket::request::FromParam;
use rocket::{Route, State, get, routes};

use crate::catalog::{Calendar, Snapshot};
use crate::domain::{Lang, Slug};
use crate::feeds::{Feed, Feeds, Kind, Scope, format};

use super::conditional::Finished;
use super::filters::{FeedChoices, Filters};
use super::problem::Problem;
use super::site::Site;

/// A feed's file name: `music.ics`.
struct FeedFile<'r> {
    stem: &'r str,
    feed: &'static dyn Feed,
}

impl<'r> FromParam<'r> for FeedFile<'r> {
    type Error = ();

    fn from_param(param: &'r str) -> Result<Self, ()> {
        let (stem, extension) = param.rsplit_once('.').ok_or(())?;
        Ok(Self {
            stem,
            feed: format(extension).ok_or(())?,
        })
    }
}

/// What every feed handler works with.
struct Desk<'a> {
    snapshot: Arc<Snapshot>,
    feeds: &'a Feeds,
    site: &'a Site,
}

impl Desk<'_> {
    fn answer(&self, file: &FeedFile<'_>, scope: &Scope, filters: &Filters) -> Finished {
        let base = self.site.base();
        let choices = filters.choices(Lang::Nb);
        let body = self
            .feeds
            .body(file.feed, &self.snapshot, scope, choices, &base);
        Finished {
            bytes: body.bytes,
            media_type: file.feed.media_type(),
            etag: body.etag,
            modified: body.modified,
            caching: "public, max-age=300, must-revalidate",
            language: Some(choices.lang),
            file_name: Some(format!("{}.{}", file.stem, file.feed.extension())),
        }
    }
}

#[get("/feeds/<file>", rank = 1)]
fn show_all(
    file: FeedFile<'_>,
    choices: Result<FeedChoices, Problem>,
    calendar: &State<Arc<Calendar>>,
    feeds: &State<Feeds>,
    site: &State<Site>,
) -> Result<Finished, Problem> {
    if file.stem != "all" {
        return Err(Problem::not_found());
    }
    let desk = Desk {
        snapshot: calendar.snapshot(),
        feeds,
        site,
    };
    Ok(desk.answer(&file, &Scope::All, &choices?.0))
}

/// The search feed has a name of its own in the route, since only it takes filters.
#[get("/feeds/<file>", rank = 0)]
fn search(
    file: SearchFile<'_>,
    filters: Result<Filters, Problem>,
    calendar: &State<Arc<Calendar>>,
    feeds: &State<Feeds>,
    site: &State<Site>,
) -> Result<Finished, Problem> {
    let filters = filters?;
    let desk = Desk {
        snapshot: calendar.snapshot(),
        feeds,
        site,
    };
    let scope = Scope::Search(Box::new(filters.query.clone()));
    Ok(desk.answer(&file.0, &scope, &filters))
}

/// `search.<ext>`.
struct SearchFile<'r>(FeedFile<'r>);

impl<'r> FromParam<'r> for SearchFile<'r> {
    type Error = ();

    fn from_param(param: &'r str) -> Result<Self, ()> {
        let file = FeedFile::from_param(param)?;
        if file.stem == "search" {
            Ok(Self(file))
        } else {
            Err(())
        }
    }
}

#[get("/feeds/<kind>/<file>")]
fn show_kind(
    kind: &str,
    file: FeedFile<'_>,
    choices: Result<FeedChoices, Problem>,
    calendar: &State<Arc<Calendar>>,
    feeds: &State<Feeds>,
    site: &State<Site>,
) -> Result<Finished, Problem> {
    let snapshot = calendar.snapshot();
    // `/feeds/s/<short>`: a filter that is kept under a short name.
    let scope = match kind {
        "s" => Scope::stored(file.stem, &snapshot),
        _ => (kind.parse().ok()).and_then(|kind: Kind| Scope::of(kind, file.stem, &snapshot)),
    };
    let scope = scope.ok_or_else(Problem::not_found)?;
    let desk = Desk {
        snapshot,
        feeds,
        site,
    };
    Ok(desk.answer(&file, &scope, &choices?.0))
}

#[get("/events/<file>", rank = 1)]
fn show_event(
    file: FeedFile<'_>,
    choices: Result<FeedChoices, Problem>,
    calendar: &State<Arc<Calendar>>,
    feeds: &State<Feeds>,
    site: &State<Site>,
) -> Result<Finished, Problem> {
    let snapshot = calendar.snapshot();
    let slug: Slug = file.stem.parse().map_err(|_| Problem::not_found())?;
    snapshot.event_at(&slug).ok_or_else(Problem::not_found)?;
    let desk = Desk {
        snapshot,
        feeds,
        site,
    };
    Ok(desk.answer(&file, &Scope::Event(slug), &choices?.0))
}

/// The routes, to be mounted at the root.
pub fn routes() -> Vec<Route> {
    routes![show_all, search, show_kind, show_event]
}
