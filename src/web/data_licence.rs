//! The licence of the data in a response: `Link` with the relation `license` (RFC 8288; the relation is that of RFC 4946).

use std::sync::Arc;

use rocket::{Request, Response};
use url::Url;

use crate::catalog::{Calendar, Snapshot};
use calendar_domain::{Event, LicenceLink, Query};

/// The licence of the data in a response.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum DataLicence {
    /// That of the calendar. Single items may have another one, which they name.
    #[default]
    Calendar,
    /// That of all events of the response, as their partner states it.
    Partner(LicenceLink),
}

impl DataLicence {
    /// Returns the licence of a response about one event.
    #[must_use]
    pub fn of_event(event: &Event, snapshot: &Snapshot) -> Self {
        Self::stated(snapshot.licence_of_partner(event))
    }

    /// Returns the licence of a response about the events of a query.
    #[must_use]
    pub fn of_query(query: &Query, snapshot: &Snapshot) -> Self {
        Self::stated(snapshot.licence_of_query(query))
    }

    fn stated(licence: Option<&str>) -> Self {
        licence.map_or(Self::Calendar, |stated| {
            Self::Partner(LicenceLink::stated(stated))
        })
    }

    /// Returns the address of the licence, if it has one.
    #[must_use]
    pub fn url<'a>(&'a self, snapshot: &'a Snapshot) -> Option<&'a str> {
        match self {
            Self::Calendar => snapshot.region().licence_url(),
            Self::Partner(licence) => licence.url.as_ref().map(Url::as_str),
        }
    }

    /// Notes the licence of the response to a request, for [`add_licence`].
    pub(super) fn note(&self, request: &Request<'_>) {
        request.local_cache(|| self.clone());
    }
}

/// Names the licence, unless it has no address.
pub(super) fn add_licence(request: &Request<'_>, response: &mut Response<'_>) {
    let Some(calendar) = request.rocket().state::<Arc<Calendar>>() else {
        return;
    };
    let snapshot = calendar.snapshot();
    if let Some(url) = request.local_cache(DataLicence::default).url(&snapshot) {
        response.adjoin_raw_header("Link", format!("<{url}>; rel=\"license\""));
    }
}
