//! Rendering of pages.

use askama::Template;

use super::PageContext;
use crate::web::conditional::Finished;
use crate::web::problem::Problem;

/// Renders a page into a cacheable response.
///
/// # Errors
/// Returns an internal error if the template can't be rendered.
pub fn page(context: &PageContext, template: &impl Template) -> Result<Finished, Problem> {
    let html = template
        .render()
        .map_err(|error| Problem::internal(&error))?;
    let modified = context.snapshot.modified();
    let page = Finished::new(html.into_bytes(), "text/html; charset=utf-8", modified);
    Ok(page.in_language(context.words.lang()))
}
