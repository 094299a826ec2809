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
use crate::web::field_error::FieldProblem;
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
    limit: CheckedField,
    most: usize,
    colors: Vec<CheckedField>,
    /// Attributes of the component in the preview.
    preview: Vec<Param>,
    /// The frame that is the preview without scripts.
    frame: EmbedFrame,
    /// The code; none while something is wrong.
    snippets: Vec<Snippet>,
    /// The `script` element that follows later versions.
    latest: String,
    /// Addresses of the scripts.
    component: &'static str,
    script: &'static str,
}

/// A field whose value may be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
struct CheckedField {
    name: &'static str,
    label: String,
    /// The value, as it was sent if it is wrong.
    value: String,
    /// What is wrong; may be empty.
    error: String,
}

impl BuilderPage {
    fn new(page: &PageContext, request: &EmbedRequest) -> Self {
        let snapshot = &page.snapshot;
        let (mut options, errors) = EmbedOptions::parse_valid(&request.fields, snapshot);
        if !request.has_language {
            options.choices.lang = page.words.lang();
        }
        let (lang, origin) = (options.choices.lang, &page.origin);
        let context = PageContext::new(snapshot.clone(), lang, origin);
        let title = page.words.say("embed-heading").into_owned();
        let path = page.paths.embed() + &query(&borrowed(&options.params()));
        let mut layout = page.layout(Section::Other, title, path);
        layout.description = page.words.say("embed-lead").into_owned();
        layout.indexed = options.params().is_empty();
        let checked = |name: &'static str, value: String| {
            let error = errors.iter().find(|error| error.field == name);
            let sent = error.and_then(|_| request.sent(name));
            CheckedField {
                name,
                label: label(page, name),
                value: sent.map_or(value, str::to_owned),
                error: error.map_or_else(String::new, |error| error.fault.said(page.words)),
            }
        };
        let line = |error: &FieldProblem| ProblemLine {
            field: label(page, &error.field),
            ..ProblemLine::new(error, page.words)
        };
        let is_right = errors.is_empty();
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
            limit: checked("limit", options.limit.to_string()),
            most: MOST_EVENTS,
            colors: colors(options.theme)
                .map(|(name, value)| checked(name, value))
                .to_vec(),
            preview: attributes(&context, &options),
            frame: list_frame(&context, &options),
            snippets: if is_right {
                snippets(page, &context, &options)
            } else {
                Vec::new()
            },
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
    all.map(|layout| {
        choice(
            page,
            &format!("embed-layout-{}", layout.as_str()),
            layout.as_str(),
            layout == chosen,
        )
    })
    .collect()
}

fn schemes(page: &PageContext, chosen: ColorScheme) -> Vec<Choice> {
    let all = ColorScheme::ALL.into_iter();
    all.map(|scheme| {
        choice(
            page,
            &format!("embed-scheme-{}", scheme.as_str()),
            scheme.as_str(),
            scheme == chosen,
        )
    })
    .collect()
}

fn languages(page: &PageContext, chosen: Lang) -> Vec<Choice> {
    let all = Lang::ALL.into_iter();
    all.map(|lang| {
        choice(
            page,
            &format!("embed-lang-{}", lang.tag()),
            lang.tag(),
            lang == chosen,
        )
    })
    .collect()
}

/// Returns the fields for colors with their values.
fn colors(theme: EmbedTheme) -> [Param; 3] {
    let all = [
        ("accent", theme.accent),
        ("background", theme.background),
        ("text", theme.text),
    ];
    all.map(|(name, color)| {
        let shown = color.map_or_else(String::new, |color| format!("#{color}"));
        (name, shown)
    })
}

/// Returns the label of a field, or the name of a parameter that has none.
fn label(page: &PageContext, name: &str) -> String {
    let key = match name {
        "layout" => "embed-layout",
        "lang" => "embed-language",
        "scheme" => "embed-scheme",
        "limit" => "embed-limit",
        "accent" => "embed-color-accent",
        "background" => "embed-color-background",
        "text" => "embed-color-text",
        _ => return name.to_owned(),
    };
    page.words.say(key).into_owned()
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
        let is_low = ratio
            .parse::<f64>()
            .is_ok_and(|parse| parse < LEAST_CONTRAST);
        let is_english = page.words.lang() == Lang::En;
        let shown = if is_english {
            ratio
        } else {
            ratio.replace('.', ",")
        };
        let said = [("front", front), ("ratio", shown)];
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
    render::page(&page, &BuilderPage::new(&page, &request?))
}

/// Returns the route, to be mounted once for each language.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Interactive.on(routes![show_builder])
}
