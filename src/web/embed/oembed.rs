//! oEmbed 1.0 (<https://oembed.com>): the code that embeds a page of this calendar, by its address.
//!
//! Events, and pages with a list of events (the agenda with any filters, series, places and organizers) can be embedded,
//! in every language. Their pages name this service in a `link` element ([`Layout::oembed`](crate::web::pages::Layout)).

use rocket::{State, get, routes};
use serde::Serialize;
use url::Url;

use std::sync::Arc;

use crate::catalog::Calendar;
use crate::web::api::query_params::QueryParams;
use crate::web::conditional::Finished;
use crate::web::data_licence::DataLicence;
use crate::web::field_error::{FieldError, FieldProblem};
use crate::web::filters::{Filters, KNOWN, decoded};
use crate::web::pages::PageContext;
use crate::web::pages::filter_params::{Param, borrowed};
use crate::web::pages::paths::query;
use crate::web::policy::{Policy, PolicyRoute};
use crate::web::problem::{Problem, ProblemKind};
use crate::web::site::Site;
use calendar_domain::{Lang, Slug};
use calendar_language::Words;

use super::frame::list_title;
use super::options::EmbedOptions;
use super::single::SingleEvent;
use super::snippets::{EmbedFrame, iframe};
use super::view::list_licence;

/// Known parameters. Others are ignored: WordPress sends `dnt=1`, for one.
const PARAMETERS: &[&str] = &["url", "format", "maxwidth", "maxheight"];
/// Width of frames for clients without a limit of their own.
const WIDTH: u32 = 600;
/// Height of a frame with one event.
const EVENT_HEIGHT: u32 = 320;
/// Height of a frame with a list, which scrolls without the script of the component.
const LIST_HEIGHT: u32 = 700;
/// Smallest frame that is of use.
const LEAST: u32 = 50;
/// Seconds that clients may keep the answer: it changes only if an event is renamed.
const KEPT: u32 = 86_400;

/// An answer of the type `rich`.
#[derive(Serialize)]
struct RichEmbed {
    version: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    title: String,
    provider_name: String,
    provider_url: String,
    cache_age: u32,
    width: u32,
    height: u32,
    html: String,
}

/// What the address of a page shows.
enum Embeddable {
    Event(Slug),
    List(Vec<Param>),
}

/// Returns what a path shows, if it can be embedded, with its language.
fn embeddable(path: &str, query: Option<&str>, context: &PageContext) -> Option<Embeddable> {
    let (_, rest) = Lang::split_path(path);
    let mut segments = rest.split('/').filter(|part| !part.is_empty());
    let (kind, slug) = (segments.next(), segments.next());
    if segments.next().is_some() {
        return None;
    }
    let named = |name: &'static str, slug: Option<&str>| {
        Some(Embeddable::List(vec![(name, slug?.to_owned())]))
    };
    match (kind, slug) {
        (None, None) => {
            // Newsletters and other sites append parameters of their own to links.
            let mut fields = decoded(query.unwrap_or_default());
            fields.retain(|(name, _)| KNOWN.contains(&name.as_str()));
            let filters = Filters::parse(&fields, KNOWN, &context.snapshot).ok()?;
            Some(Embeddable::List(
                EmbedOptions::from(filters).filter_params(),
            ))
        }
        (Some("events"), Some(slug)) => slug.parse().ok().map(Embeddable::Event),
        (Some("series"), slug) => named("series", slug),
        (Some("places"), slug) => named("place", slug),
        (Some("organizers"), slug) => named("organizer", slug),
        _ => None,
    }
}

/// The frame of a page of this site.
struct PageFrame {
    title: String,
    frame: EmbedFrame,
    licence: DataLicence,
}

/// Returns the frame of a page of this site.
fn page_frame(url: &Url, site: &Site, context: &PageContext) -> Option<PageFrame> {
    let base = site.base();
    let path = url.path().strip_prefix(base.path().trim_end_matches('/'))?;
    let has_login = !url.username().is_empty() || url.password().is_some();
    if url.origin() != base.origin() || has_login {
        return None;
    }
    let lang = context.lang;
    match embeddable(path, url.query(), context)? {
        Embeddable::Event(slug) => {
            let SingleEvent { event, licence, .. } = SingleEvent::new(context, &slug)?;
            let params: Vec<Param> = language(lang).into_iter().collect();
            let path = format!("/embed/event/{slug}{}", query(&borrowed(&params)));
            let frame = EmbedFrame::new(context, &path, &event.title, EVENT_HEIGHT);
            Some(PageFrame {
                title: event.title,
                frame,
                licence,
            })
        }
        Embeddable::List(params) => {
            let fields = params
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()));
            let options = EmbedOptions::parse(&fields.collect(), &context.snapshot).ok()?;
            let title = list_title(context, &options);
            let licence = list_licence(context, &options);
            let params: Vec<Param> = params.into_iter().chain(language(lang)).collect();
            let path = format!("/embed/list{}", query(&borrowed(&params)));
            let frame = EmbedFrame::new(context, &path, &title, LIST_HEIGHT);
            Some(PageFrame {
                title,
                frame,
                licence,
            })
        }
    }
}

fn language(lang: Lang) -> Option<Param> {
    (lang != Lang::default()).then(|| ("lang", lang.to_string()))
}

/// Serves the code that embeds a page.
#[get("/oembed")]
fn show_oembed(
    asked: QueryParams,
    calendar: &State<Arc<Calendar>>,
    site: &State<Site>,
) -> Result<Finished, Problem> {
    let asked = asked.only(PARAMETERS);
    let mut values = asked.of(PARAMETERS);
    let url = values.require("url", |text| {
        Url::parse(text).map_err(|_| "has to be a full address")
    });
    let format = values.get("format").unwrap_or("json");
    let most = |text: &str| match text.parse() {
        Ok(most) if most >= LEAST => Ok(most),
        _ => Err(format!("has to be a number from {LEAST} on")),
    };
    let width = values.read("maxwidth", most).unwrap_or(WIDTH);
    let height = values.read("maxheight", most).unwrap_or(u32::MAX);
    values.done()?;
    if format != "json" {
        return Err(Problem::new(ProblemKind::FormatNotAvailable));
    }
    let url = url.ok_or_else(Problem::not_found)?;
    let (lang, _) = Lang::split_path(url.path());
    let lang = Words::new(lang).lang();
    let context = PageContext::new(calendar.snapshot(), lang, site.base().as_str());
    let page = page_frame(&url, site, &context).ok_or_else(no_such_page)?;
    let frame = EmbedFrame {
        width: Some(width.min(page.frame.width.unwrap_or(WIDTH))),
        height: height.min(page.frame.height),
        ..page.frame
    };
    let answer = RichEmbed {
        version: "1.0",
        kind: "rich",
        title: page.title,
        provider_name: context.text(&context.snapshot.region().name),
        provider_url: site.address("/"),
        cache_age: KEPT,
        width: frame.width.unwrap_or(WIDTH),
        height: frame.height,
        html: iframe(&frame),
    };
    let bytes = serde_json::to_vec(&answer).map_err(|error| Problem::internal(&error))?;
    let modified = context.snapshot.modified();
    Ok(Finished::new(bytes, "application/json", modified).under(page.licence))
}

/// Returns the problem of an address that cannot be embedded.
fn no_such_page() -> Problem {
    let said = "is not the address of an event, a series, a place, an organizer or the agenda of this calendar";
    Problem {
        errors: vec![FieldProblem::new("url", FieldError::Said(said.to_owned()))],
        ..Problem::not_found()
    }
}

/// Returns the route, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Api.on(routes![show_oembed])
}
