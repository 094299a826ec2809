//! The runner of syncs.

use super::Health;
use super::locking::lock;
use super::marks::SyncMarks;
use crate::catalog::Calendar;
use crate::http::Fetcher;
use calendar_domain::{PartnerId, PartnerState};
use calendar_store::{Revision, Store, StoreError, records};
use rocket::tokio;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use url::Url;

/// Runs exchanges with partners.
pub struct Runner {
    pub(super) calendar: Arc<Calendar>,
    pub(super) fetcher: Fetcher,
    pub(super) site: Option<Url>,
    pub(super) variable: fn(&str) -> Option<String>,
    pub(super) health: Health,
    /// Locks of the partners: one run at a time each.
    turns: Mutex<HashMap<PartnerId, Arc<tokio::sync::Mutex<()>>>>,
    /// SyncMarks of runs that wrote nothing; those of other runs are in the store.
    pub(super) marks: Mutex<HashMap<PartnerId, SyncMarks>>,
}

impl Runner {
    /// Creates a runner. `site` is the URL of this calendar, by which its own events are recognized; `variable`
    /// reads an environment variable.
    #[must_use]
    pub fn new(
        calendar: Arc<Calendar>,
        fetcher: Fetcher,
        site: Option<Url>,
        variable: fn(&str) -> Option<String>,
    ) -> Self {
        let health = Health::open(calendar.cache_folder());
        Self {
            calendar,
            fetcher,
            site,
            variable,
            health,
            turns: Mutex::default(),
            marks: Mutex::default(),
        }
    }

    /// Returns the health of the partners.
    #[must_use]
    pub fn health(&self) -> &Health {
        &self.health
    }

    /// Returns the calendar that runs write to.
    #[must_use]
    pub fn calendar(&self) -> &Arc<Calendar> {
        &self.calendar
    }

    /// Returns the HTTP client.
    #[must_use]
    pub fn fetcher(&self) -> &Fetcher {
        &self.fetcher
    }

    /// Returns the function that reads environment variables, which hold partners' secrets.
    #[must_use]
    pub fn variable(&self) -> fn(&str) -> Option<String> {
        self.variable
    }

    /// Returns the partners that are run on a schedule, by id.
    #[must_use]
    pub fn askable(&self) -> Vec<PartnerId> {
        let snapshot = self.calendar.snapshot();
        let asked = snapshot.partners().filter(|partners| {
            partners
                .connection
                .as_ref()
                .is_some_and(|partners| partners.is_scheduled())
        });
        asked.map(|partner| partner.id.clone()).collect()
    }

    /// Returns true if a run of the partner is in progress.
    #[must_use]
    pub fn is_busy(&self, partner: &PartnerId) -> bool {
        self.turn(partner).try_lock().is_err()
    }

    pub(super) fn turn(&self, partner: &PartnerId) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = lock(&self.turns);
        Arc::clone(turns.entry(partner.clone()).or_default())
    }

    pub(super) fn state(
        &self,
        partner: &PartnerId,
    ) -> Result<(PartnerState, Option<Revision>), StoreError> {
        let (state, revision) = records::one(&*self.calendar, partner.as_str())?.unzip();
        let state = state.unwrap_or_else(|| PartnerState::new(partner.clone()));
        Ok((state, revision))
    }
}
