//! The server, put together.

use std::sync::Arc;

use rocket::figment::Figment;
use rocket::shield::Shield;
use rocket::{Build, Rocket};

use crate::catalog::Calendar;
use crate::config::{CalendarConfig, LimitsConfig};
use crate::feeds::{Feeds, work_ahead};
use crate::sync::chronicle::Chronicle;
use crate::sync::run::Runner;

use super::operator::{OperatorAccess, TokenError};
use super::request_id::RequestCounter;
use super::succession::{Lasting, Succession};
use super::{
    api, assets, doorman::Doorman, feeds as feed_routes, guards, headers, metrics, ops, outgo,
    pages, problem, site::Site, websub,
};

/// What the server works with, made once and passed in.
pub struct Services {
    /// The calendar.
    pub calendar: Arc<Calendar>,
    /// Whoever asks partners.
    pub runner: Arc<Runner>,
}

/// Makes the server; it listens when it is launched.
///
/// # Panics
/// Where the environment holds a token that [`Server::new`] refuses.
#[must_use]
pub fn build(figment: Figment, config: &CalendarConfig, services: Services) -> Rocket<Build> {
    let server = Server::new(config, services);
    server.expect("the token is long enough").rocket(figment)
}

/// The server with all that outlives one launch of it: it is launched anew to take another certificate, since
/// Rocket 0.5 reads that once.
pub struct Server {
    calendar: Arc<Calendar>,
    runner: Arc<Runner>,
    limits: LimitsConfig,
    site: Site,
    feeds: Feeds,
    chronicle: Arc<Chronicle>,
    hub: websub::Hub,
    new_filters: pages::NewFilters,
    bounds: guards::Bounds,
    operators: OperatorAccess,
    counter: RequestCounter,
    delivery: Arc<outgo::GoingOut>,
    distribution: Arc<websub::Distribution>,
}

impl Server {
    /// Makes all that the server works with.
    ///
    /// # Errors
    /// Where the environment holds a token for operators that is too short.
    pub fn new(config: &CalendarConfig, services: Services) -> Result<Self, TokenError> {
        let Services { calendar, runner } = services;
        let site = Site::new(config.base_url.clone());
        let feeds = Feeds::new(config.limits.feed_cache_bytes);
        if let Err(error) = work_ahead(&feeds, &calendar) {
            // Readers then wait for what the threads would have made ready.
            tracing::warn!(%error, "no threads to make feeds ahead of readers");
        }
        let chronicle = Arc::new(Chronicle::new(Arc::clone(&calendar)));
        let fetcher = runner.fetcher().clone();
        let variable = runner.variable();
        let distribution = websub::Distribution::new(
            Arc::clone(&calendar),
            feeds.clone(),
            fetcher.clone(),
            site.clone(),
        );
        let delivery = outgo::GoingOut::new(
            Arc::clone(&chronicle),
            fetcher.clone(),
            variable,
            site.clone(),
        );
        Ok(Self {
            operators: OperatorAccess::from_environment(variable)?,
            hub: websub::Hub::new(fetcher, config.limits.clone()),
            new_filters: pages::NewFilters::new(&config.limits),
            limits: config.limits.clone(),
            bounds: guards::Bounds::default(),
            counter: RequestCounter::default(),
            delivery: Arc::new(delivery),
            distribution: Arc::new(distribution),
            calendar,
            runner,
            site,
            feeds,
            chronicle,
        })
    }

    /// The address that the world reaches it by.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Makes what is launched; it listens then.
    #[must_use]
    pub fn rocket(&self, figment: Figment) -> Rocket<Build> {
        let doorman = Doorman::new(self.limits.clone());
        let succession = Succession::default();
        rocket::custom(figment)
            .manage(Arc::clone(&self.chronicle))
            .manage(self.bounds.clone())
            .manage(Arc::clone(&self.calendar))
            .manage(Arc::clone(&self.runner))
            .manage(self.feeds.clone())
            .manage(self.limits.clone())
            .manage(self.site.clone())
            .manage(self.counter.clone())
            .manage(self.new_filters.clone())
            .manage(self.operators.clone())
            .manage(self.hub.clone())
            .manage(metrics::Answers::default())
            .manage(doorman.figures())
            .attach(self.site.clone())
            .attach(Lasting::new(&self.delivery, &succession))
            .attach(Lasting::new(&self.distribution, &succession))
            .manage(succession)
            .attach(doorman)
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
            .register("/", problem::catchers())
    }
}
