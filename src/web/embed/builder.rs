//! The page that writes the code: filters, appearance, a preview, and the code to copy.

use askama::Template;
use rocket::{get, routes};

use super::options::{EmbedLayout, EmbedOptions, MOST_EVENTS};
use super::request::EmbedRequest;
use super::script::LATEST;
use super::snippets::{EmbedFrame, Snippet, attributes, latest_script, list_frame, snippets};
use super::theme::{ColorScheme, EmbedTheme, HexColor};
use crate::web::assets::BUILDER_SCRIPT;
use crate::web::conditional::Finished;
use crate::web::pages::error::ProblemLine;
use crate::web::pages::filter_params::{Param, borrowed};
use crate::web::pages::paths::query;
use crate::web::pages::render;
use crate::web::pages::search_form::{Choice, SearchForm};
use crate::web::pages::{Layout, PageContext, PageRequest, Section};
use crate::web::policy::{Policy, PolicyRoute};
use crate::web::problem::Problem;
use calendar_domain::Lang;
use calendar_ical::write::{Cancelled, Tentative};

/// Least contrast of text with its background (WCAG 2.2, 1.4.3).
const LEAST_CONTRAST: f64 = 4.5;

/// The page.
#[derive(Debug, Template)]
#[template(path = "embed/builder.html")]
struct BuilderPage {
    layout: Layout,
    /// Address that the form is sent to.
    action: String,
    /// What is wrong with the choices.
    problems: Vec<ProblemLine>,
    /// Combinations of colors that are hard to read.
    warnings: Vec<String>,
    /// The filters.
    search_form: SearchForm,
    /// Whether cancelled events are left out.
    without_cancelled: bool,
    /// Whether tentative events are left out.
    without_tentative: bool,
    layouts: Vec<Choice>,
    languages: Vec<Choice>,
    schemes: Vec<Choice>,
    limit: usize,
    most: usize,
    colors: Vec<ColorField>,
    /// Attributes of the component in the preview.
    preview: Vec<Param>,
    /// The frame that is the preview without scripts.
    frame: EmbedFrame,
    snippets: Vec<Snippet>,
    /// The `script` element that follows later versions.
    latest: String,
    /// Addresses of the scripts.
    component: &'static str,
    script: &'static str,
}

/// A field for a color.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ColorField {
    name: &'static str,
    label: String,
    value: String,
}

impl BuilderPage {
    fn new(page: &PageContext, request: EmbedRequest) -> Self {
        let (mut options, errors) = match request.options {
            Ok(options) => (options, Vec::new()),
            Err(errors) => (EmbedOptions::default(), errors),
        };
        if !request.has_language {
            options.choices.lang = page.words.lang();
        }
        let (lang, origin) = (options.choices.lang, &page.origin);
        let context = PageContext::new(page.snapshot.clone(), lang, origin);
        let title = page.words.say("embed-heading").into_owned();
        let path = page.paths.embed() + &query(&borrowed(&options.params()));
        let mut layout = page.layout(Section::Other, title, path);
        layout.description = page.words.say("embed-lead").into_owned();
        layout.indexed = options.params().is_empty();
        let line = |it: &crate::web::field_error::FieldProblem| ProblemLine {
            field: it.field.clone(),
            detail: it.fault.said(page.words),
        };
        Self {
            layout,
            action: page.paths.embed(),
            problems: errors.iter().map(line).collect(),
            warnings: warnings(page, options.theme),
            search_form: SearchForm::new(page, &options.filters),
            without_cancelled: options.choices.cancelled == Cancelled::Omit,
            without_tentative: options.choices.tentative == Tentative::Omit,
            layouts: layouts(page, options.layout),
            languages: languages(page, lang),
            schemes: schemes(page, options.theme.scheme),
            limit: options.limit,
            most: MOST_EVENTS,
            colors: colors(page, options.theme),
            preview: attributes(&context, &options),
            frame: list_frame(&context, &options),
            snippets: snippets(page, &context, &options),
            latest: latest_script(&context),
            component: LATEST,
            script: BUILDER_SCRIPT.path(),
        }
    }
}

fn choice(page: &PageContext, key: &str, value: &str, chosen: bool) -> Choice {
    Choice {
        value: value.to_owned(),
        label: page.words.say(key).into_owned(),
        chosen,
    }
}

fn layouts(page: &PageContext, chosen: EmbedLayout) -> Vec<Choice> {
    let all = EmbedLayout::ALL.into_iter();
    all.map(|it| {
        choice(
            page,
            &format!("embed-layout-{}", it.as_str()),
            it.as_str(),
            it == chosen,
        )
    })
    .collect()
}

fn schemes(page: &PageContext, chosen: ColorScheme) -> Vec<Choice> {
    let all = ColorScheme::ALL.into_iter();
    all.map(|it| {
        choice(
            page,
            &format!("embed-scheme-{}", it.as_str()),
            it.as_str(),
            it == chosen,
        )
    })
    .collect()
}

fn languages(page: &PageContext, chosen: Lang) -> Vec<Choice> {
    let all = Lang::ALL.into_iter();
    all.map(|it| {
        choice(
            page,
            &format!("embed-lang-{}", it.tag()),
            it.tag(),
            it == chosen,
        )
    })
    .collect()
}

fn colors(page: &PageContext, theme: EmbedTheme) -> Vec<ColorField> {
    let names = ["accent", "background", "text"];
    let params = theme.params();
    let value = |name: &str| params.iter().find(|(known, _)| *known == name);
    let field = |name: &'static str| ColorField {
        name,
        label: page.words.say(&format!("embed-color-{name}")).into_owned(),
        value: value(name).map_or_else(String::new, |(_, color)| format!("#{color}")),
    };
    names.map(field).to_vec()
}

/// Returns a warning for each pair of chosen colors with too little contrast (WCAG 2.2, 1.4.3).
fn warnings(page: &PageContext, theme: EmbedTheme) -> Vec<String> {
    let pairs = [
        ("embed-contrast-text", theme.text),
        ("embed-contrast-accent", theme.accent),
    ];
    let warning = |(key, front): (&str, Option<HexColor>)| {
        let ratio = front?.contrast(theme.background?);
        let front = page.words.say(key).into_owned();
        // Rounded down, so that 4.49 is not said to be 4.5.
        let ratio = format!("{:.1}", (ratio * 10.0).floor() / 10.0);
        let said = [("front", front), ("ratio", ratio.clone())];
        let is_low = ratio.parse::<f64>().is_ok_and(|it| it < LEAST_CONTRAST);
        is_low.then(|| page.words.say_with("embed-contrast", &said))
    };
    pairs.into_iter().filter_map(warning).collect()
}

/// Serves the page.
#[get("/embed")]
fn show_builder(
    reader: Result<PageRequest, Problem>,
    request: Result<EmbedRequest, Problem>,
) -> Result<Finished, Problem> {
    let page = reader?.0;
    render::page(&page, &BuilderPage::new(&page, request?))
}

/// Returns the route, to be mounted once for each language.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Interactive.on(routes![show_builder])
}
