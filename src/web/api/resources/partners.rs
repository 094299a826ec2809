//! `/api/v1/partners`: who shares events with the calendar, and what may be done with them.

use rocket::get;
use serde::Serialize;
use utoipa::ToSchema;

use super::list::{ListPosition, ListRequest, ResourcePage};
use super::view::ResourceView;
use crate::web::api::openapi::parameters::ListParams;
use crate::web::api::openapi::problems::ReadProblems;
use crate::web::conditional::Finished;
use crate::web::read_quota::ReadQuota;
use calendar_domain::partner::Permission;
use calendar_domain::{ContentPolicy, Partner, Text};

/// A partner.
#[derive(Serialize, ToSchema)]
#[schema(as = Partner)]
pub struct PartnerResource {
    /// Its id, as in `sources` of events; never changes.
    id: String,
    /// Its current name, the same in every language.
    name: String,
    /// What it is.
    description: Text,
    /// The partner's own web page.
    website: Option<String>,
    /// What may be done with its events.
    policy: PolicyResource,
    /// Its page in this calendar.
    url: String,
    /// Its feed, an iCalendar file to subscribe to.
    feed: String,
}

/// What a partner permits to be done with its events.
#[derive(Serialize, ToSchema)]
#[schema(as = Policy)]
pub struct PolicyResource {
    /// The credit to show with each event.
    credit: Option<String>,
    /// Address that the credit links to.
    credit_url: Option<String>,
    /// The licence of the events, by name or address.
    licence: Option<String>,
    /// Whether search engines may index pages with the events.
    indexable: bool,
    /// Whether the events may be republished. If not, feeds and this API leave them out.
    may_be_passed_on: bool,
    /// Whether images of the events may be shown. If not, this API leaves them out.
    images_allowed: bool,
}

impl PartnerResource {
    fn new(view: &ResourceView, partner: &Partner) -> Self {
        let id = partner.id.as_str();
        Self {
            id: id.to_owned(),
            name: partner.name.clone(),
            description: view.text(&partner.description),
            website: partner.website.as_ref().map(ToString::to_string),
            policy: PolicyResource::new(&partner.policy),
            url: view.address(&view.paths.partners(Some(id))),
            feed: view.feed("partner", id),
        }
    }
}

impl PolicyResource {
    fn new(policy: &ContentPolicy) -> Self {
        Self {
            credit: policy.credit.clone(),
            credit_url: policy.credit_url.as_ref().map(ToString::to_string),
            licence: policy.licence.clone(),
            indexable: policy.indexing == Permission::Allowed,
            may_be_passed_on: policy.passing_on == Permission::Allowed,
            images_allowed: policy.images == Permission::Allowed,
        }
    }
}

/// Lists the partners, by id.
#[utoipa::path(
    tag = "lists",
    params(ListParams),
    responses((status = 200, description = "A page of the list.", body = ResourcePage<PartnerResource>), ReadProblems),
    security((), ("key" = [])),
)]
#[get("/api/v1/partners")]
pub fn list_partners(_quota: ReadQuota, list: ListRequest) -> Finished {
    let partners = list
        .view
        .snapshot
        .partners()
        .filter(|partners| !partners.internal);
    let partners = partners.map(|partners| (ListPosition::by_key(partners.id.as_str()), partners));
    list.page(partners, PartnerResource::new)
}
