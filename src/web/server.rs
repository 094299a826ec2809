//! The server, put together.

use std::sync::Arc;

use rocket::figment::Figment;
use rocket::shield::Shield;
use rocket::{Build, Rocket};

use crate::catalog::Calendar;
use crate::config::CalendarConfig;
use crate::feeds::{Feeds, work_ahead};
use crate::sync::chronicle::Chronicle;
use crate::sync::run::Runner;

use super::metrics::BackupStats;
use super::problem::RequestCounter;
use super::{
    Delivery, api, assets, delivery, doorman::Doorman, feeds as feed_routes, guards, headers,
    metrics, ops, outgo, pages, problem, site::Site, websub,
};

/// What the server works with, made once and passed in.
pub struct Services {
    /// The calendar.
    pub calendar: Arc<Calendar>,
    /// Whoever asks partners.
    pub runner: Arc<Runner>,
    /// How backups on schedule go.
    pub backups: Arc<BackupStats>,
    /// Whether anything is sent to others.
    pub delivery: Delivery,
}

/// Makes the server; it listens when it is launched.
#[must_use]
pub fn build(figment: Figment, config: &CalendarConfig, services: Services) -> Rocket<Build> {
    let site = Site::new(config.base_url.clone());
    let feeds = Feeds::new(config.limits.feed_cache_bytes);
    if let Err(error) = work_ahead(&feeds, &services.calendar) {
        // Readers then wait for what the threads would have made ready.
        tracing::warn!(%error, "no threads to make feeds ahead of readers");
    }
    let chronicle = Arc::new(Chronicle::new(Arc::clone(&services.calendar)));
    let fetcher = services.runner.fetcher().clone();
    let hub = websub::Hub::new(fetcher.clone(), services.delivery);
    let distribution = websub::Distribution::new(
        Arc::clone(&services.calendar),
        feeds.clone(),
        fetcher.clone(),
        site.clone(),
    );
    let variable = services.runner.variable();
    let going_out = outgo::GoingOut::new(Arc::clone(&chronicle), fetcher, variable, site.clone());
    let doorman = Doorman::new(config.limits.clone());
    let server = rocket::custom(figment)
        .manage(chronicle)
        .manage(guards::Bounds::default())
        .manage(services.calendar)
        .manage(services.runner)
        .manage(feeds)
        .manage(config.limits.clone())
        .manage(site.clone())
        .manage(RequestCounter::default())
        .manage(metrics::Answers::default())
        .manage(doorman.figures())
        .manage(metrics::RefusedKeys::default())
        .manage(services.backups)
        .manage(services.delivery)
        .attach(site)
        .attach(doorman)
        .manage(hub)
        // An empty one, or Rocket attaches its own, which puts its headers on every 304 too.
        .attach(Shield::new())
        .attach(headers::Headers)
        .attach(metrics::Learn)
        .mount("/", feed_routes::routes())
        .mount("/", ops::routes())
        .mount("/", metrics::routes())
        .mount("/", api::routes())
        .mount("/", websub::routes())
        .mount("/", assets::routes())
        .mount("/", headers::routes())
        .mount("/", pages::routes())
        .mount("/en", pages::routes())
        .register("/", problem::catchers());
    match services.delivery {
        Delivery::On => server.attach(going_out).attach(distribution),
        Delivery::Off => server.attach(delivery::Notice),
    }
}
