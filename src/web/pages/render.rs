//! Rendering of pages.

use askama::Template;

use super::PageContext;
use crate::web::conditional::Finished;
use crate::web::problem::Problem;
use calendar_language::marks;

/// Renders a template, with the `lang` attributes of interface texts in another language.
///
/// # Errors
/// Returns an internal error if the template can't be rendered.
pub fn html(template: &impl Template) -> Result<String, Problem> {
    let html = template.render();
    html.map(marks::attributes)
        .map_err(|error| Problem::internal(&error))
}

/// Renders a page into a cacheable response.
///
/// # Errors
/// Returns an internal error if the template can't be rendered.
pub fn page(context: &PageContext, template: &impl Template) -> Result<Finished, Problem> {
    let html = html(template)?;
    let modified = context.snapshot.modified();
    let page = Finished::new(html.into_bytes(), "text/html; charset=utf-8", modified);
    Ok(page.in_language(context.words.lang()))
}
