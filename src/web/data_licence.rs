//! The licence of the data in a response: `Link` with the relation `license` (RFC 8288; the relation is that of RFC 4946).

use std::sync::Arc;

use rocket::{Request, Response};

use crate::catalog::{Calendar, Snapshot};
use calendar_domain::{Event, LicenceLink};

/// The licence of the data in a response.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum DataLicence {
    /// That of the calendar. Single items may have another one, which they name.
    #[default]
    Calendar,
    /// That of the only event, as its partner states it.
    Partner(LicenceLink),
}

impl DataLicence {
    /// Returns the licence of a response about one event.
    #[must_use]
    pub fn of_event(event: &Event, snapshot: &Snapshot) -> Self {
        let stated = snapshot.licence_of_partner(event);
        stated.map_or(Self::Calendar, |stated| {
            Self::Partner(LicenceLink::stated(stated))
        })
    }

    /// Notes the licence of the response to a request, for [`add_licence`].
    pub(super) fn note(&self, request: &Request<'_>) {
        request.local_cache(|| self.clone());
    }
}

/// Names the licence, unless it has no address.
pub(super) fn add_licence(request: &Request<'_>, response: &mut Response<'_>) {
    let calendar = || request.rocket().state::<Arc<Calendar>>();
    let url = match request.local_cache(DataLicence::default) {
        DataLicence::Partner(licence) => licence.url.as_ref().map(ToString::to_string),
        DataLicence::Calendar => calendar().and_then(|calendar| {
            let snapshot = calendar.snapshot();
            snapshot.region().licence_url().map(str::to_owned)
        }),
    };
    if let Some(url) = url {
        response.adjoin_raw_header("Link", format!("<{url}>; rel=\"license\""));
    }
}
