//! The request guard of embeds.

use std::sync::Arc;

use rocket::Request;
use rocket::request::{FromRequest, Outcome};

use crate::catalog::Calendar;
use crate::web::field_error::FieldProblem;
use crate::web::filters::{QueryFields, fields};
use crate::web::guards::{self, service};
use crate::web::pages::PageContext;
use crate::web::problem::Problem;
use crate::web::site::Site;
use calendar_domain::Lang;

use super::options::EmbedOptions;

/// Request guard: the context in the language of the parameter `lang`, and the parsed parameters.
pub struct EmbedRequest {
    /// The context, with the current snapshot.
    pub context: PageContext,
    /// The parameters, or what is wrong with them.
    pub options: Result<EmbedOptions, Vec<FieldProblem>>,
    /// Whether the request names a language.
    pub has_language: bool,
}

impl EmbedRequest {
    fn new(request: &Request<'_>) -> Result<Self, Problem> {
        let snapshot = service::<Arc<Calendar>>(request)?.snapshot();
        let base = service::<Site>(request)?.base();
        let fields = fields(request);
        let lang = language(&fields);
        let context = PageContext::new(snapshot, lang.unwrap_or_default(), base.as_str());
        Ok(Self {
            options: EmbedOptions::parse(fields, &context.snapshot),
            has_language: lang.is_some(),
            context,
        })
    }
}

/// Returns the requested language, if it is one of the calendar's.
fn language(fields: &QueryFields) -> Option<Lang> {
    let mut values = fields.iter().rev().filter(|(name, _)| name == "lang");
    values.find_map(|(_, value)| value.parse().ok())
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for EmbedRequest {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        guards::outcome(request, Self::new(request))
    }
}
