//! Short addresses of selections whose own is too long for some calendar programs.

use std::net::IpAddr;
use std::sync::Arc;

use rocket::response::Redirect;
use rocket::{State, post};

use super::filter_params::borrowed;
use super::subscribe::too_long;
use super::{FilterParams, PageRequest};
use crate::catalog::{Calendar, KeepError};
use crate::config::LimitsConfig;
use crate::rate_limit::RateLimiter;
use crate::web::blocking::blocking;
use crate::web::client::Client;
use crate::web::field_error::{FieldError, FieldProblem};
use crate::web::filters::Filters;
use crate::web::problem::{Problem, ProblemKind};
use crate::web::same_origin::OwnPage;
use calendar_domain::filter::LONGEST;
use calendar_domain::{FilterRefusal, ShortName};

/// Stores the selection under a short name and redirects to the subscription page, which then shows the short address.
/// A selection whose address is short enough is not stored.
#[post("/subscribe")]
pub(super) async fn shorten(
    own_page: Result<OwnPage, Problem>,
    client: Client,
    newly: &State<NewFilters>,
    reader: Result<PageRequest, Problem>,
    filters: Result<Filters, Problem>,
    calendar: &State<Arc<Calendar>>,
    limits: &State<LimitsConfig>,
) -> Result<Redirect, Problem> {
    own_page?;
    let (context, asked) = (reader?.0, FilterParams::from(filters?));
    let params = asked.params();
    let page = context.paths.subscribe_to(&borrowed(&params));
    if too_long(&context, &params) {
        let name = ShortName::new(&asked.query);
        let is_new = context.snapshot.filter(&name).is_none();
        if is_new && let Err(wait) = newly.0.take(client.prefix, calendar.clock().now()) {
            return Err(Problem {
                retry_after: Some(wait),
                ..Problem::new(ProblemKind::TooManyFilters)
            });
        }
        let (calendar, limits) = (Arc::clone(calendar), limits.filters());
        blocking(move || calendar.keep_filter(&asked.query, limits)).await?;
    }
    Ok(Redirect::to(page))
}

/// Rate limit of new filters per client and hour.
#[derive(Debug, Clone)]
pub struct NewFilters(Arc<RateLimiter<IpAddr>>);

impl NewFilters {
    /// Returns the limit of the configuration.
    #[must_use]
    pub fn new(limits: &LimitsConfig) -> Self {
        let an_hour = f64::from(limits.stored_filters_per_client_an_hour);
        Self(Arc::new(RateLimiter::new(an_hour, an_hour / 3_600.0)))
    }
}

impl From<KeepError> for Problem {
    fn from(error: KeepError) -> Self {
        let refusal = match error {
            KeepError::Store(error) => return error.into(),
            KeepError::Refused(refusal) => refusal,
        };
        match refusal {
            FilterRefusal::TooLong => {
                Self::invalid(vec![FieldProblem::new("?", FieldError::TooLong(LONGEST))])
            }
            FilterRefusal::Full(_) => Self::new(ProblemKind::FiltersFull),
            FilterRefusal::TooManyNow(wait) => Self {
                retry_after: Some(wait.num_seconds().max(1)),
                ..Self::new(ProblemKind::TooManyFilters)
            },
            FilterRefusal::NameTaken => Self::new(ProblemKind::Conflict),
        }
    }
}
