//! The server, put together.

use std::sync::Arc;

use rocket::figment::Figment;
use rocket::shield::Shield;
use rocket::{Build, Rocket};

use crate::catalog::Calendar;
use crate::config::CalendarConfig;
use crate::feeds::Feeds;

use super::problem::RequestCounter;
use super::{assets, feeds, headers, metrics, ops, pages, problem, site::Site};

/// What the server works with, made once and passed in.
pub struct Services {
    /// The calendar.
    pub calendar: Arc<Calendar>,
}

/// Makes the server; it listens when it is launched.
#[must_use]
pub fn build(figment: Figment, config: &CalendarConfig, services: Services) -> Rocket<Build> {
    let site = Site::new(config.base_url.clone());
    rocket::custom(figment)
        .manage(services.calendar)
        .manage(Feeds::new(config.limits.feed_cache_bytes))
        .manage(config.limits.clone())
        .manage(site.clone())
        .manage(RequestCounter::default())
        .manage(metrics::Answers::default())
        .attach(site)
        // Its headers for every answer are ours to set, where they mean something.
        .attach(Shield::new())
        .attach(headers::Headers)
        .attach(metrics::Learn)
        .mount("/", feeds::routes())
        .mount("/", ops::routes())
        .mount("/", metrics::routes())
        .mount("/", assets::routes())
        .mount("/", headers::routes())
        .mount("/", pages::routes())
        .mount("/en", pages::routes())
        .register("/", problem::catchers())
}
