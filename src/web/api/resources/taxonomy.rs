//! `/api/v1/categories` and `/api/v1/audiences`.

use rocket::get;
use serde::Serialize;
use utoipa::ToSchema;

use super::list::{ListPosition, ListRequest, ResourcePage};
use super::view::ResourceView;
use crate::web::api::openapi::parameters::ListParams;
use crate::web::api::openapi::problems::ReadProblems;
use crate::web::conditional::Finished;
use crate::web::read_quota::ReadQuota;
use calendar_domain::{Audience, Category, Text};

/// A category of events.
#[derive(Serialize, ToSchema)]
#[schema(as = Category)]
pub struct CategoryResource {
    /// Its name in `categories` of events and in filters; never changes.
    slug: String,
    /// Its name.
    name: Text,
    /// One sentence on what belongs here.
    description: Text,
    /// A CSS color name.
    color: Option<String>,
    /// The agenda of its events.
    url: String,
    /// Its feed, an iCalendar file to subscribe to.
    feed: String,
}

/// An audience of events.
#[derive(Serialize, ToSchema)]
#[schema(as = Audience)]
pub struct AudienceResource {
    /// Its name in `audiences` of events and in filters; never changes.
    slug: String,
    /// Its name.
    name: Text,
    /// One sentence on who belongs to it.
    description: Text,
    /// The agenda of its events.
    url: String,
    /// Its feed, an iCalendar file to subscribe to.
    feed: String,
}

impl CategoryResource {
    fn new(view: &ResourceView, category: &Category) -> Self {
        let slug = category.slug.as_str();
        Self {
            slug: slug.to_owned(),
            name: view.text(&category.name),
            description: view.text(&category.description),
            color: category.color.clone(),
            url: view.agenda("category", slug),
            feed: view.feed("category", slug),
        }
    }
}

impl AudienceResource {
    fn new(view: &ResourceView, audience: &Audience) -> Self {
        let slug = audience.slug.as_str();
        Self {
            slug: slug.to_owned(),
            name: view.text(&audience.name),
            description: view.text(&audience.description),
            url: view.agenda("audience", slug),
            feed: view.feed("audience", slug),
        }
    }
}

/// Lists the categories, in display order.
#[utoipa::path(
    tag = "lists",
    params(ListParams),
    responses((status = 200, description = "A page of the list.", body = ResourcePage<CategoryResource>), ReadProblems),
    security((), ("key" = [])),
)]
#[get("/api/v1/categories")]
pub fn list_categories(_quota: ReadQuota, list: ListRequest) -> Finished {
    let categories = list.view.snapshot.categories().into_iter();
    let categories = categories.map(|categories| {
        (
            ListPosition::ranked(categories.rank, categories.slug.as_str()),
            categories,
        )
    });
    list.page(categories, CategoryResource::new)
}

/// Lists the audiences, in display order.
#[utoipa::path(
    tag = "lists",
    params(ListParams),
    responses((status = 200, description = "A page of the list.", body = ResourcePage<AudienceResource>), ReadProblems),
    security((), ("key" = [])),
)]
#[get("/api/v1/audiences")]
pub fn list_audiences(_quota: ReadQuota, list: ListRequest) -> Finished {
    let audiences = list.view.snapshot.audiences().into_iter();
    let audiences = audiences.map(|audiences| {
        (
            ListPosition::ranked(audiences.rank, audiences.slug.as_str()),
            audiences,
        )
    });
    list.page(audiences, AudienceResource::new)
}
