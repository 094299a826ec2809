//! The snapshot, language and addresses that a response is written with.

use std::sync::Arc;

use rocket::Request;
use rocket::request::{FromRequest, Outcome};
use serde::Serialize;

use crate::catalog::{Calendar, Snapshot};
use crate::web::api::query_params::{QueryParams, Values};
use crate::web::conditional::Finished;
use crate::web::guards::{outcome, service};
use crate::web::pages::Paths;
use crate::web::problem::Problem;
use crate::web::site::Site;
use calendar_domain::{Lang, Text};

/// Request guard: the current snapshot and the address of the site.
pub struct ResourceContext {
    snapshot: Arc<Snapshot>,
    base: String,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for ResourceContext {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        outcome(request, Self::new(request))
    }
}

impl ResourceContext {
    fn new(request: &Request<'_>) -> Result<Self, Problem> {
        Ok(Self {
            snapshot: service::<Arc<Calendar>>(request)?.snapshot(),
            base: service::<Site>(request)?.address(""),
        })
    }

    /// Returns the view for the requested language; texts in every language if none is.
    pub fn view(self, lang: Option<Lang>) -> ResourceView {
        ResourceView {
            snapshot: self.snapshot,
            base: self.base,
            lang,
            paths: Paths::new(lang.unwrap_or_default()),
        }
    }

    /// Returns the view of a request for one record, whose only parameter is `lang`.
    ///
    /// # Errors
    /// Returns the problem of an unknown parameter or language.
    pub fn of_record(self, query: &QueryParams) -> Result<ResourceView, Problem> {
        let mut values = query.of(&["lang"]);
        let lang = read_lang(&mut values);
        values.done()?;
        Ok(self.view(lang))
    }
}

/// Parses `lang`.
pub fn read_lang(values: &mut Values<'_>) -> Option<Lang> {
    values.read("lang", None, |text| {
        let exact = Lang::ALL.into_iter().find(|lang| lang.tag() == text);
        exact
            .map(Some)
            .ok_or_else(|| format!("must be {}", Lang::tags_in_words("or")))
    })
}

/// Writes texts and addresses in the requested language.
pub struct ResourceView {
    /// The snapshot of the calendar.
    pub snapshot: Arc<Snapshot>,
    /// The site's address without a trailing slash.
    pub base: String,
    /// Paths of pages and feeds in the language.
    pub paths: Paths,
    lang: Option<Lang>,
}

impl ResourceView {
    /// Returns the text in the requested language or its fallback, or in every language.
    pub fn text(&self, text: &Text) -> Text {
        self.lang
            .map_or_else(|| text.clone(), |lang| text.localized_only(lang))
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
        match self.lang {
            Some(lang) => finished.in_language(lang),
            None => finished,
        }
    }
}
