//! Routes of the pages.

use std::sync::Arc;

use rocket::{State, get, routes};

use super::about::AboutPage;
use super::agenda::AgendaPage;
use super::event::EventPage;
use super::lists::{AllSeriesPage, NamesPage};
use super::organizer::OrganizerPage;
use super::page_request::PageRequest;
use super::partner::{PartnerPage, PartnersPage};
use super::place::PlacePage;
use super::privacy::PrivacyPage;
use super::render::page;
use super::series::SeriesPage;
use super::shorten::*;
use super::subscribe::SubscribePage;
use crate::ingest::run::Runner;
use crate::retention::Retention;
use crate::web::conditional::Finished;
use crate::web::filters::Filters;
use crate::web::policy::{Policy, PolicyRoute};
use crate::web::problem::Problem;
use calendar_domain::{PartnerId, Slug};

type Page = Result<Finished, Problem>;

#[get("/")]
fn show_agenda(reader: Result<PageRequest, Problem>, filters: Result<Filters, Problem>) -> Page {
    let context = reader?.0;
    let agenda = AgendaPage::new(&context, &filters?.into());
    let finished = page(&context, &agenda)?;
    Ok(finished.indexed(agenda.layout.indexed))
}

#[get("/events/<slug>", rank = 2)]
fn show_event(slug: &str, reader: Result<PageRequest, Problem>) -> Page {
    let context = reader?.0;
    let slug: Slug = slug.parse().map_err(|_| Problem::not_found())?;
    let entry = context
        .snapshot
        .event_at(&slug)
        .ok_or_else(Problem::not_found)?;
    let event = EventPage::new(&context, entry);
    let finished = page(&context, &event)?;
    Ok(finished.indexed(event.layout.indexed))
}

#[get("/series")]
fn list_series(reader: Result<PageRequest, Problem>) -> Page {
    let context = reader?.0;
    page(&context, &AllSeriesPage::new(&context))
}

#[get("/series/<slug>")]
fn show_series(slug: &str, reader: Result<PageRequest, Problem>) -> Page {
    let context = reader?.0;
    let slug: Slug = slug.parse().map_err(|_| Problem::not_found())?;
    let series = context
        .snapshot
        .series(&slug)
        .ok_or_else(Problem::not_found)?;
    page(&context, &SeriesPage::new(&context, series))
}

#[get("/places")]
fn list_places(reader: Result<PageRequest, Problem>) -> Page {
    let context = reader?.0;
    page(&context, &NamesPage::places(&context))
}

#[get("/places/<slug>")]
fn show_place(slug: &str, reader: Result<PageRequest, Problem>) -> Page {
    let context = reader?.0;
    let slug: Slug = slug.parse().map_err(|_| Problem::not_found())?;
    let place = context
        .snapshot
        .place(&slug)
        .ok_or_else(Problem::not_found)?;
    page(&context, &PlacePage::new(&context, place))
}

#[get("/organizers")]
fn list_organizers(reader: Result<PageRequest, Problem>) -> Page {
    let context = reader?.0;
    page(&context, &NamesPage::organizers(&context))
}

#[get("/organizers/<slug>")]
fn show_organizer(slug: &str, reader: Result<PageRequest, Problem>) -> Page {
    let context = reader?.0;
    let slug: Slug = slug.parse().map_err(|_| Problem::not_found())?;
    let organizer = context
        .snapshot
        .organizer(&slug)
        .ok_or_else(Problem::not_found)?;
    page(&context, &OrganizerPage::new(&context, organizer))
}

#[get("/partners")]
fn list_partners(reader: Result<PageRequest, Problem>, runner: &State<Arc<Runner>>) -> Page {
    let context = reader?.0;
    let health = runner.health();
    let mut finished = page(&context, &PartnersPage::new(&context, health))?;
    let asked = health
        .all()
        .into_values()
        .filter_map(|health| health.noted_at)
        .max();
    finished.modified = finished.modified.max(asked.unwrap_or(finished.modified));
    Ok(finished)
}

#[get("/partners/<id>")]
fn show_partner(
    id: &str,
    reader: Result<PageRequest, Problem>,
    runner: &State<Arc<Runner>>,
) -> Page {
    let context = reader?.0;
    let id: PartnerId = id.parse().map_err(|_| Problem::not_found())?;
    let partner = context
        .snapshot
        .partner(&id)
        .ok_or_else(Problem::not_found)?;
    let health = runner.health().of(&id);
    let mut finished = page(&context, &PartnerPage::new(&context, partner, &health))?;
    finished.modified = finished
        .modified
        .max(health.noted_at.unwrap_or(finished.modified));
    Ok(finished)
}

#[get("/subscribe")]
fn show_subscribe(reader: Result<PageRequest, Problem>, filters: Result<Filters, Problem>) -> Page {
    let context = reader?.0;
    let subscribe = SubscribePage::new(&context, &filters?.into());
    let mut finished = page(&context, &subscribe)?;
    if subscribe.shorten.is_some() {
        // The next response shows the short address as soon as it exists.
        finished.caching = "no-cache";
    }
    finished.modified = finished.modified.max(subscribe.changed);
    Ok(finished)
}

#[get("/about")]
fn show_about(reader: Result<PageRequest, Problem>) -> Page {
    let context = reader?.0;
    page(&context, &AboutPage::new(&context))
}

#[get("/privacy")]
fn show_privacy(reader: Result<PageRequest, Problem>, retention: &State<Arc<Retention>>) -> Page {
    let context = reader?.0;
    page(&context, &PrivacyPage::new(&context, retention.periods()))
}

/// Returns the routes, to be mounted once for each language.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Page.on(routes![
        show_agenda,
        show_event,
        list_series,
        show_series,
        list_places,
        show_place,
        list_organizers,
        show_organizer,
        list_partners,
        show_partner,
        show_subscribe,
        shorten,
        show_about,
        show_privacy,
    ])
}
