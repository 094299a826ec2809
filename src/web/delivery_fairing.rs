//! Runs outbound delivery for as long as the server runs.

use std::sync::{Arc, Mutex, PoisonError};

use rocket::fairing::{Fairing, Info, Kind};
use rocket::{Orbit, Rocket};

use crate::delivery::change_log::ChangeLog;
use crate::delivery::workers::DeliveryWorkers;
use crate::delivery::{push, webhooks};
use crate::http::Fetcher;

use super::site::Site;

/// Fairing that starts the delivery workers at liftoff and stops them at shutdown.
pub struct DeliveryFairing {
    change_log: Arc<ChangeLog>,
    fetcher: Fetcher,
    variable: fn(&str) -> Option<String>,
    site: Site,
    running: Mutex<Option<DeliveryWorkers>>,
}

impl DeliveryFairing {
    /// Returns a fairing that starts its workers at liftoff. `variable` reads the environment, which holds partners'
    /// secrets.
    pub fn new(
        change_log: Arc<ChangeLog>,
        fetcher: Fetcher,
        variable: fn(&str) -> Option<String>,
        site: Site,
    ) -> Self {
        Self {
            change_log,
            fetcher,
            variable,
            site,
            running: Mutex::default(),
        }
    }

    fn put(&self, outgo: Option<DeliveryWorkers>) -> Option<DeliveryWorkers> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *running, outgo)
    }
}

#[rocket::async_trait]
impl Fairing for DeliveryFairing {
    fn info(&self) -> Info {
        Info {
            name: "background delivery",
            kind: Kind::Liftoff | Kind::Shutdown,
        }
    }

    async fn on_liftoff(&self, _: &Rocket<Orbit>) {
        let running = self.put(None);
        if running.is_some() {
            // Already running since an earlier launch.
            self.put(running);
            return;
        }
        let site = self.site.clone();
        let base: Arc<dyn Fn() -> String + Send + Sync> = Arc::new(move || site.address(""));
        let finders = vec![
            webhooks::finder(&self.change_log, &self.fetcher, &base),
            push::finder(&self.change_log, &self.fetcher, &base, self.variable),
        ];
        self.put(Some(DeliveryWorkers::start(&self.change_log, finders)));
    }

    async fn on_shutdown(&self, _: &Rocket<Orbit>) {
        if let Some(running) = self.put(None) {
            running.stop().await;
        }
    }
}
