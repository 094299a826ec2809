//! The code that sites paste.

use crate::web::pages::PageContext;
use crate::web::pages::filter_params::{Param, borrowed};
use crate::web::pages::paths::query;

use super::options::{EVENTS, EmbedLayout, EmbedOptions};
use super::script::{COMPONENT, LATEST};
use super::view::all_events;

/// Height of a frame in pixels, until the script sets that of the content.
const FRAME_HEIGHT: u32 = 700;

/// A frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbedFrame {
    /// Full address of the page in it.
    pub src: String,
    /// Its title, for screen readers.
    pub title: String,
    /// Width in pixels, unless it is that of the column.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: u32,
}

impl EmbedFrame {
    /// Returns a frame with the page at a path of this site.
    #[must_use]
    pub fn new(context: &PageContext, path: &str, title: &str, height: u32) -> Self {
        Self {
            src: format!("{}{path}", context.origin),
            title: title.to_owned(),
            width: None,
            height,
        }
    }
}

/// Code for one kind of site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// Fragment identifier.
    pub id: &'static str,
    /// The kind of site.
    pub title: String,
    /// Where to paste the code.
    pub hint: String,
    /// The code.
    pub code: String,
}

/// Returns a text as the value of an attribute in double quotes, in HTML and JSX.
fn attribute(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Returns the `iframe` element. Without the script of the component, its content scrolls.
#[must_use]
pub fn iframe(frame: &EmbedFrame) -> String {
    let size = match frame.width {
        Some(width) => {
            let style = "max-width: 100%; border: 0";
            format!(
                "width=\"{width}\" height=\"{}\" frameborder=\"0\" style=\"{style}\"",
                frame.height
            )
        }
        None => format!(
            "height=\"{}\" style=\"width: 100%; border: 0\"",
            frame.height
        ),
    };
    format!(
        "<iframe src=\"{}\" title=\"{}\" {size} loading=\"lazy\"></iframe>",
        attribute(&frame.src),
        attribute(&frame.title)
    )
}

/// Returns the frame of a selection.
#[must_use]
pub fn list_frame(context: &PageContext, options: &EmbedOptions) -> EmbedFrame {
    let path = format!("/embed/list{}", query(&borrowed(&options.params())));
    let title = context.text(&context.snapshot.region().name);
    EmbedFrame::new(context, &path, &title, FRAME_HEIGHT)
}

/// Returns the attributes of the component for a selection.
#[must_use]
pub fn attributes(context: &PageContext, options: &EmbedOptions) -> Vec<Param> {
    let filter = query(&borrowed(&options.filter_params()));
    let mut all = vec![("src", context.origin.clone())];
    if let Some(filter) = filter.strip_prefix('?') {
        all.push(("filter", filter.to_owned()));
    }
    all.push(("layout", options.layout.to_string()));
    if options.layout != EmbedLayout::Month && options.limit != EVENTS {
        all.push(("limit", options.limit.to_string()));
    }
    all.push(("lang", options.choices.lang.to_string()));
    all.extend(options.theme.params());
    all
}

/// Returns the element of the component, with a link for readers without scripts.
fn element(context: &PageContext, options: &EmbedOptions, indent: &str) -> String {
    let attributes = attributes(context, options);
    let attributes = attributes.iter();
    let attributes = attributes.map(|(name, value)| format!(" {name}=\"{}\"", attribute(value)));
    let link = all_events(context, options);
    format!(
        "<elverum-events{}>\n{indent}  <a href=\"{}\">{}</a>\n{indent}</elverum-events>",
        attributes.collect::<String>(),
        attribute(&link.url),
        attribute(&link.text)
    )
}

/// Returns the address of the script with its hash, and the value of `integrity`.
fn script(context: &PageContext) -> (String, &'static str) {
    let component = &*COMPONENT;
    (
        format!("{}{}", context.origin, component.path()),
        &component.integrity,
    )
}

/// Returns the `script` element of this version.
fn pinned_script(context: &PageContext) -> String {
    let (src, integrity) = script(context);
    format!(
        "<script src=\"{}\" integrity=\"{integrity}\" crossorigin=\"anonymous\" async></script>",
        attribute(&src)
    )
}

/// Returns the `script` element that follows later versions.
#[must_use]
pub fn latest_script(context: &PageContext) -> String {
    let src = attribute(&format!("{}{LATEST}", context.origin));
    format!("<script src=\"{src}\" crossorigin=\"anonymous\" async></script>")
}

fn react(context: &PageContext, options: &EmbedOptions) -> String {
    let (src, integrity) = script(context);
    let element = element(context, options, "    ");
    format!(
        r#"import {{ useEffect }} from "react";

export function ElverumEvents() {{
  useEffect(() => {{
    if (customElements.get("elverum-events")) return;
    const script = document.createElement("script");
    script.src = "{src}";
    script.integrity = "{integrity}";
    script.crossOrigin = "anonymous";
    document.head.append(script);
  }}, []);
  return (
    {element}
  );
}}
"#
    )
}

/// Returns the code for every kind of site. `page` has the language of the explanations, `context` that of the events.
#[must_use]
pub fn snippets(page: &PageContext, context: &PageContext, options: &EmbedOptions) -> Vec<Snippet> {
    let html = format!(
        "{}\n{}",
        element(context, options, ""),
        pinned_script(context)
    );
    let frame = iframe(&list_frame(context, options));
    let wordpress = format!("<!-- wp:html -->\n{html}\n<!-- /wp:html -->");
    let snippet = |id: &'static str, code: String| Snippet {
        id,
        title: page.words.say(&format!("embed-code-{id}")).into_owned(),
        hint: page
            .words
            .say(&format!("embed-code-{id}-hint"))
            .into_owned(),
        code,
    };
    vec![
        snippet("html", html),
        snippet("wordpress", wordpress),
        snippet("react", react(context, options)),
        snippet("iframe", format!("{frame}\n{}", latest_script(context))),
    ]
}
