//! Pages in frames of other sites: `/embed/list`, `/embed/event/<slug>`, and the style sheet of their colors. Their policy
//! permits no style in the page.

use askama::Template;
use rocket::http::{ContentType, Header};
use rocket::response::Responder;
use rocket::{get, routes};

use super::item::EmbedLink;
use super::options::EmbedOptions;
use super::request::EmbedRequest;
use super::single::SingleEvent;
use super::view::{EmbedView, all_events, list_licence};
use crate::catalog::Snapshot;
use crate::web::assets::{EMBED_STYLE, FRAME_SCRIPT};
use crate::web::conditional::Finished;
use crate::web::data_licence::DataLicence;
use crate::web::field_error::FieldProblem;
use crate::web::pages::PageContext;
use crate::web::pages::error::{ProblemLine, ProblemWords};
use crate::web::pages::filter_params::{Param, borrowed};
use crate::web::pages::paths::query;
use crate::web::pages::render;
use crate::web::policy::{Policy, PolicyRoute};
use crate::web::problem::{Problem, ProblemKind};
use calendar_domain::Slug;
use calendar_language::Words;

/// The head of a page in a frame.
#[derive(Debug, Clone)]
pub struct FrameHead {
    /// The interface texts.
    pub t: Words,
    /// The title of the document.
    pub title: String,
    /// Value of the CSS property `color-scheme`.
    pub scheme: &'static str,
    /// Address of the style sheet of the colors.
    pub theme: Option<String>,
    /// Address of the style sheet.
    pub style: &'static str,
    /// Address of the script.
    pub script: &'static str,
    /// Address of the licence of the data.
    pub licence: Option<String>,
}

impl FrameHead {
    fn new(context: &PageContext, options: &EmbedOptions, title: String) -> Self {
        Self {
            t: context.words,
            title,
            scheme: options.theme.scheme.as_css(),
            theme: options.theme.style(),
            style: EMBED_STYLE.path(),
            script: FRAME_SCRIPT.path(),
            licence: None,
        }
    }

    /// Sets the licence of the data on the page.
    fn under(mut self, licence: &DataLicence, snapshot: &Snapshot) -> Self {
        self.licence = licence.url(snapshot).map(str::to_owned);
        self
    }
}

/// A selection of events.
#[derive(Debug, Template)]
#[template(path = "embed/list.html")]
struct ListFrame {
    head: FrameHead,
    view: EmbedView,
    /// Addresses of the month before and the month after.
    previous: Option<String>,
    next: Option<String>,
}

/// An event.
#[derive(Debug, Template)]
#[template(path = "embed/event.html")]
struct EventFrame {
    head: FrameHead,
    single: SingleEvent,
    all: EmbedLink,
}

/// What is wrong with the request.
#[derive(Debug, Template)]
#[template(path = "embed/problem.html")]
struct ProblemFrame {
    head: FrameHead,
    said: ProblemWords,
    problems: Vec<ProblemLine>,
    all: EmbedLink,
}

/// A page in a frame. An error has the same size and appearance, and no links but one to the calendar.
#[derive(Responder)]
enum FrameResponse {
    Page(Finished),
    #[response(status = 400)]
    Invalid(String, ContentType, Header<'static>),
    #[response(status = 404)]
    NotFound(String, ContentType, Header<'static>),
}

fn page(context: &PageContext, template: &impl Template) -> Result<FrameResponse, Problem> {
    render::page(context, template).map(FrameResponse::Page)
}

/// Returns the page of an error.
fn problem(
    context: &PageContext,
    kind: ProblemKind,
    errors: &[FieldProblem],
) -> Result<FrameResponse, Problem> {
    let options = EmbedOptions::default();
    let line = |error: &FieldProblem| ProblemLine::new(error, context.words);
    let said = ProblemWords::new(kind.name(), context.words);
    let template = ProblemFrame {
        head: FrameHead::new(context, &options, said.title.clone()),
        said,
        problems: errors.iter().map(line).collect(),
        all: all_events(context, &options),
    };
    let html = render::html(&template)?;
    let caching = Header::new("Cache-Control", "no-store");
    Ok(match kind {
        ProblemKind::NotFound => FrameResponse::NotFound(html, ContentType::HTML, caching),
        _ => FrameResponse::Invalid(html, ContentType::HTML, caching),
    })
}

/// Serves a selection of events.
#[get("/embed/list")]
fn show_list(request: Result<EmbedRequest, Problem>) -> Result<FrameResponse, Problem> {
    let request = request?;
    let context = &request.context.marking();
    let options = match request.options() {
        Ok(options) => options,
        Err(errors) => return problem(context, ProblemKind::InvalidParameters, &errors),
    };
    let view = EmbedView::new(context, &options);
    let turned = |month: &str| {
        let mut params: Vec<Param> = options.params();
        params.push(("month", month.to_owned()));
        format!("/embed/list{}", query(&borrowed(&params)))
    };
    let link = view.month.as_ref();
    let frame = ListFrame {
        previous: link.and_then(|link| Some(turned(&link.previous.as_ref()?.month))),
        next: link.and_then(|link| Some(turned(&link.next.as_ref()?.month))),
        head: FrameHead::new(context, &options, list_title(context, &options))
            .under(&list_licence(context, &options), &context.snapshot),
        view,
    };
    page(context, &frame)
}

/// Returns the title of a selection: its filters, or the name of the site.
pub(super) fn list_title(context: &PageContext, options: &EmbedOptions) -> String {
    let site = context.text(&context.snapshot.region().name);
    let chips = options.filters.chips(context).into_iter();
    let chips: Vec<String> = chips.map(|chip| chip.label).collect();
    if chips.is_empty() {
        site
    } else {
        format!("{} · {site}", chips.join(", "))
    }
}

/// Serves an event.
#[get("/embed/event/<slug>")]
fn show_event(
    slug: &str,
    request: Result<EmbedRequest, Problem>,
) -> Result<FrameResponse, Problem> {
    let request = request?;
    let context = &request.context.marking();
    let options = match request.options() {
        Ok(options) => options,
        Err(errors) => return problem(context, ProblemKind::InvalidParameters, &errors),
    };
    let slug: Option<Slug> = slug.parse().ok();
    let single = slug.and_then(|slug| SingleEvent::new(context, &slug));
    let Some(single) = single else {
        return problem(context, ProblemKind::NotFound, &[]);
    };
    let head = FrameHead::new(context, &options, single.event.title.clone());
    let frame = EventFrame {
        head: head.under(&single.licence, &context.snapshot),
        single,
        all: all_events(context, &EmbedOptions::default()),
    };
    page(context, &frame)
}

/// Serves the style sheet of a theme.
#[get("/embed/theme.css")]
fn show_theme(request: Result<EmbedRequest, Problem>) -> Result<Finished, Problem> {
    let request = request?;
    let options = request.options().map_err(Problem::invalid)?;
    let css = options.theme.css().into_bytes();
    let modified = request.context.snapshot.midnight();
    let finished = Finished::new(css, "text/css; charset=utf-8", modified);
    Ok(finished.with_caching("public, max-age=86400"))
}

/// Returns the routes, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Embed.on(routes![show_list, show_event, show_theme])
}
