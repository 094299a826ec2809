//! The snapshot, language and addresses that a response is written with.

use std::sync::Arc;

use rocket::Request;
use rocket::request::{FromRequest, Outcome};
use serde::Serialize;

use crate::catalog::{Calendar, Snapshot};
use crate::web::api::query_params::QueryParams;
use crate::web::api::text_language::{TextLanguage, preferred_language};
use crate::web::conditional::Finished;
use crate::web::guards::{outcome, service};
use crate::web::pages::Paths;
use crate::web::problem::Problem;
use crate::web::site::Site;
use calendar_domain::{Slug, Text};

/// Request guard: a request for one record, whose only parameter is `lang`.
pub struct RecordRequest(ResourceView);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for RecordRequest {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        outcome(request, Self::new(request))
    }
}

impl RecordRequest {
    fn new(request: &Request<'_>) -> Result<Self, Problem> {
        let query = QueryParams::new(request);
        let mut values = query.of(&["lang"]);
        let language = TextLanguage::read(&mut values, preferred_language(request));
        values.done()?;
        Ok(Self(ResourceView::new(request, language)?))
    }

    /// Returns the response with the record of a slug.
    ///
    /// # Errors
    /// Returns the problem of a slug that no record has.
    pub fn show<R, T: Serialize>(
        self,
        slug: &str,
        find: impl for<'a> FnOnce(&'a Snapshot, &Slug) -> Option<&'a Arc<R>>,
        item: impl FnOnce(&ResourceView, &R) -> T,
    ) -> Result<Finished, Problem> {
        let Self(view) = self;
        let slug = slug.parse().ok();
        let record = slug.and_then(|slug| find(&view.snapshot, &slug));
        let record = record.ok_or_else(Problem::not_found)?;
        Ok(view.finished(&item(&view, record)))
    }
}

/// Writes texts and addresses in the requested language.
pub struct ResourceView {
    /// The snapshot of the calendar.
    pub snapshot: Arc<Snapshot>,
    /// The site's address without a trailing slash.
    pub base: String,
    /// Paths of pages and feeds in the language.
    pub paths: Paths,
    language: TextLanguage,
}

impl ResourceView {
    /// Returns the view of the current snapshot.
    ///
    /// # Errors
    /// Returns an internal error if a service is not managed.
    pub fn new(request: &Request<'_>, language: TextLanguage) -> Result<Self, Problem> {
        Ok(Self {
            snapshot: service::<Arc<Calendar>>(request)?.snapshot(),
            base: service::<Site>(request)?.address(""),
            paths: Paths::new(language.lang.unwrap_or_default()),
            language,
        })
    }

    /// Returns the text in the requested language or its fallback, or in every language.
    pub fn text(&self, text: &Text) -> Text {
        let only = self.language.lang;
        only.map_or_else(|| text.clone(), |lang| text.localized_only(lang))
    }

    /// Returns the full address of a path.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Returns the full address of the feed of a record of a kind.
    pub fn feed(&self, kind: &str, slug: &str) -> String {
        self.address(&self.paths.feed(kind, slug))
    }

    /// Returns the full address of the agenda of a category or audience.
    pub fn agenda(&self, filter: &str, slug: &str) -> String {
        self.address(&self.paths.agenda_with(&[(filter, slug)]))
    }

    /// Returns the response with a value.
    pub fn finished(&self, value: &impl Serialize) -> Finished {
        let bytes = serde_json::to_vec(value).expect("strings, numbers, lists and maps serialise");
        let finished = Finished::new(bytes, "application/json", self.snapshot.modified());
        self.language.apply(finished)
    }
}
