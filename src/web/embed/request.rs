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

/// Request guard: the context in the language of the parameter `lang`, and the parameters.
pub struct EmbedRequest {
    /// The context, with the current snapshot.
    pub context: PageContext,
    /// The parameters as they were sent.
    pub fields: QueryFields,
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
            has_language: lang.is_some(),
            fields,
            context,
        })
    }

    /// Parses the parameters.
    ///
    /// # Errors
    /// Returns one error per invalid field.
    pub fn options(&self) -> Result<EmbedOptions, Vec<FieldProblem>> {
        EmbedOptions::parse(&self.fields, &self.context.snapshot)
    }

    /// Returns the last value that was sent for a field.
    #[must_use]
    pub fn sent(&self, name: &str) -> Option<&str> {
        let mut values = self.fields.iter().rev();
        values.find_map(|(field, value)| (field == name).then_some(value.as_str()))
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
