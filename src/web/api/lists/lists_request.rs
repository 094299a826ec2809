//! A request for a list.

use std::sync::Arc;

use rocket::Request;
use rocket::request::{FromRequest, Outcome};
use url::form_urlencoded;

use calendar_domain::Lang;

use crate::catalog::{Calendar, ListPage, Snapshot};
use crate::web::api::query_params::QueryParams;
use crate::web::api::text_language::preferred_language;
use crate::web::blocking::blocking;
use crate::web::conditional::Finished;
use crate::web::data_licence::DataLicence;
use crate::web::guards::{self, service};
use crate::web::problem::Problem;
use crate::web::site::Site;
use crate::wire::{FinishedList, Fragments, JsonFragment, JsonList, ListMembers};

use super::answers::ListAnswers;
use super::parameters::ListParameters;
use super::resource::Resource;

/// Average number of bytes of an item, for the first allocation.
const ITEM: usize = 1_500;

/// Request guard of the lists: what a response is made from.
pub(super) struct ListsRequest<'r> {
    query: &'r str,
    preferred: Lang,
    snapshot: Arc<Snapshot>,
    answers: &'r ListAnswers,
    fragments: &'r Fragments,
    site: &'r Site,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for ListsRequest<'r> {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        guards::outcome(request, Self::new(request))
    }
}

impl<'r> ListsRequest<'r> {
    fn new(request: &'r Request<'_>) -> Result<Self, Problem> {
        let query = request.uri().query().map(|query| query.as_str());
        let query = query.unwrap_or_default();
        Ok(Self {
            query,
            preferred: preferred_language(request),
            snapshot: service::<Arc<Calendar>>(request)?.snapshot(),
            answers: service(request)?,
            fragments: service(request)?,
            site: service(request)?,
        })
    }

    /// Returns the response: a kept one, or a new one.
    pub(super) async fn answer(self, resource: Resource) -> Result<Finished, Problem> {
        let key = self.key(resource);
        let version = self.snapshot.version();
        if let Some(kept) = self.answers.get(&key, version) {
            return Ok(kept);
        }
        let query = QueryParams::parse(self.query);
        let parameters = ListParameters::parse(resource, &query, &self.snapshot, self.preferred)?;
        // Infallible: the semaphore is never closed.
        let place = self.answers.making().acquire_owned().await;
        let list = List {
            resource,
            query,
            parameters,
            base: self.site.address(""),
            snapshot: self.snapshot,
            fragments: self.fragments.clone(),
        };
        let made = blocking(move || {
            let _held = place;
            list.finished().map_err(|error| Problem::internal(&error))
        });
        let made = made.await?;
        self.answers.keep(key, version, &made);
        Ok(made)
    }

    fn key(&self, resource: Resource) -> String {
        format!("{}?{} {}", resource.path(), self.query, self.preferred)
    }
}

/// A list to be made.
struct List {
    resource: Resource,
    query: QueryParams,
    parameters: ListParameters,
    base: String,
    snapshot: Arc<Snapshot>,
    fragments: Fragments,
}

impl List {
    fn finished(&self) -> serde_json::Result<Finished> {
        let request = self.parameters.request();
        let shape = self.parameters.shape;
        match self.resource {
            Resource::Events => {
                let page = self.snapshot.list_events(&request);
                self.assembled(page, |entry| {
                    let (snapshot, base) = (&self.snapshot, &self.base);
                    if self.parameters.has_parts {
                        self.fragments
                            .event_with_parts(entry, snapshot, base, shape)
                    } else {
                        self.fragments.event(entry, snapshot, base, shape)
                    }
                })
            }
            Resource::Occurrences => {
                let page = self.snapshot.list_occurrences(&request);
                self.assembled(page, |occurrence| {
                    let (snapshot, base) = (&self.snapshot, &self.base);
                    self.fragments.occurrence(occurrence, snapshot, base, shape)
                })
            }
        }
    }

    fn assembled<T>(
        &self,
        page: ListPage<T>,
        write: impl Fn(&T) -> Option<Arc<JsonFragment>>,
    ) -> serde_json::Result<Finished> {
        let next = page.next.map(|key| self.parameters.cursor_after(key));
        let next = next.map(|cursor| cursor.to_text());
        let mut list = JsonList::with_capacity(page.items.len() * ITEM + 512);
        for item in &page.items {
            if let Some(fragment) = write(item) {
                list.push(&fragment);
            }
        }
        let licence = DataLicence::of_query(self.parameters.query(), &self.snapshot);
        let FinishedList { bytes, etag } = list.finish(&ListMembers {
            next: next.as_deref(),
            licence: licence.url(&self.snapshot),
        })?;
        let modified = self.snapshot.modified();
        let finished = Finished::tagged(bytes, etag, "application/json", modified).under(licence);
        let finished = finished.with_link(next.map(|next| self.link_to(&next)));
        Ok(self.parameters.language.apply(finished))
    }

    /// Returns the `Link` header of the next page (RFC 8288).
    fn link_to(&self, next: &str) -> String {
        let kept = self.query.iter().filter(|(name, _)| *name != "cursor");
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(kept)
            .append_pair("cursor", next)
            .finish();
        format!(
            "<{}{}?{query}>; rel=\"next\"",
            self.base,
            self.resource.path()
        )
    }
}
