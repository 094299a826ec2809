//! The page, and its address.

use askama::Template;
use rocket::{get, routes};

use crate::web::api::openapi::document;
use crate::web::assets::{API_DOCS_SCRIPT, API_DOCS_STYLE};
use crate::web::conditional::Finished;
use crate::web::pages::render;
use crate::web::pages::{Layout, PageContext, PageRequest, Section};
use crate::web::policy::{Policy, PolicyRoute};
use crate::web::problem::Problem;

use super::operations::{self, OperationGroup};
use super::schemas::{self, SchemaView};

/// The page.
#[derive(Template)]
#[template(path = "pages/api_docs.html")]
struct ApiDocsPage {
    layout: Layout,
    /// Path of the style sheet.
    style: &'static str,
    /// Path of the script.
    script: &'static str,
    groups: Vec<OperationGroup>,
    schemas: Vec<SchemaView>,
}

impl ApiDocsPage {
    fn new(context: &PageContext) -> Self {
        let title = context.words.say("api-heading");
        let mut layout = context.layout(Section::Other, title, context.paths.api_docs());
        layout.description = context.words.say("api-lead").into_owned();
        let document = document(&context.snapshot);
        Self {
            layout,
            style: API_DOCS_STYLE.path(),
            script: API_DOCS_SCRIPT.path(),
            groups: operations::groups(&document),
            schemas: schemas::all(&document),
        }
    }
}

/// Shows how the API is used.
#[get("/api/docs")]
fn show_docs(request: Result<PageRequest, Problem>) -> Result<Finished, Problem> {
    let context = request?.0;
    render::page(&context, &ApiDocsPage::new(&context))
}

/// Returns the route, to be mounted once for each language.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Interactive.on(routes![show_docs])
}
