//! The sender of one partner's push connection.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use rocket::tokio::task::spawn_blocking;
use rocket::tokio::time::timeout;
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

use crate::catalog::Calendar;
use crate::delivery::change_log::Now;
use crate::delivery::workers::{PendingChange, Receiver};
use crate::http::credential::Credential;
use crate::http::{Fetched, Fetcher, Outgoing};
use calendar_domain::delivery::Outcome;
use calendar_domain::zone::to_local;
use calendar_domain::{Connection, EventId, PartnerId, Progress, Pushed};
use calendar_store::StoreError;

use super::refusal::{failed, locked_out, refused};
use super::{Call, EventPayload, Exchange, NextStep, Push, Target, record};

/// Timeout for a partner's response.
const PATIENCE: Duration = Duration::from_secs(60);
/// Maximum number of bytes read of a response.
pub(super) const ANSWER: u64 = 4 << 20;

/// Maximum number of steps of an exchange.
const MOST_STEPS: usize = 40;
/// The key under which the possibly existing dates of an event are recorded.
const DATES: &str = "dates";

/// The sender of one partner.
pub struct PushReceiver {
    pub(super) calendar: Arc<Calendar>,
    pub(super) fetcher: Fetcher,
    pub(super) base: Arc<dyn Fn() -> String + Send + Sync>,
    pub(super) variable: fn(&str) -> Option<String>,
    pub(super) partner: PartnerId,
    pub(super) connection: Connection,
    pub(super) push: &'static dyn Push,
    pub(super) url: Url,
    pub(super) key: String,
}

impl Receiver for PushReceiver {
    fn load(&self) -> Result<Option<(Progress, u64)>, StoreError> {
        let snapshot = self.calendar.snapshot();
        let partner = snapshot.partner(&self.partner);
        if partner.and_then(|partner| partner.push.as_ref()) != Some(&self.connection) {
            return Ok(None);
        }
        let mut standing = record::standing(&self.calendar, &self.key)?;
        if let Some((pushing, revision)) = &standing
            && !record::is_known(&self.calendar, pushing)
        {
            record::begin_anew(&self.calendar, pushing.clone(), *revision)?;
            standing = record::standing(&self.calendar, &self.key)?;
        }
        if let Some((pushing, revision)) = &standing
            && pushing.settings.as_ref() != Some(&record::settings(&self.connection))
        {
            record::say_anew(&self.calendar, pushing.clone(), *revision, &self.connection)?;
            standing = record::standing(&self.calendar, &self.key)?;
        }
        let today = self.calendar.clock().now().date_naive();
        if let Some((pushing, revision)) = &standing
            && pushing.day != Some(today)
            && pushing.progress.disabled.is_none()
        {
            record::turn_the_page(&self.calendar, pushing.clone(), *revision)?;
            standing = record::standing(&self.calendar, &self.key)?;
        }
        Ok(Some(standing.map_or_else(
            || (Progress::after(0), 0),
            |(pushing, revision)| (pushing.progress, revision.0),
        )))
    }

    fn save(&self, progress: &Progress, mark: u64) -> Result<u64, StoreError> {
        let (calendar, connection) = (&self.calendar, &self.connection);
        record::keep(
            calendar,
            &self.key,
            &self.partner,
            connection,
            progress,
            mark,
        )
    }

    async fn deliver(&self, parcel: PendingChange<'_>) -> Outcome {
        match self.settle(&parcel).await {
            Ok(()) => Outcome::Done,
            Err(failed) => failed,
        }
    }

    fn at_once(&self) -> usize {
        self.fetcher.at_once()
    }

    fn name(&self) -> String {
        format!("push to {}", self.partner)
    }
}

impl PushReceiver {
    /// Brings the partner's calendar to the current state of an event.
    async fn settle(&self, parcel: &PendingChange<'_>) -> Result<(), Outcome> {
        let event = &parcel.changed.id;
        let known = self.known(event, None).await?;
        let entry = match (&parcel.changed.now, &known) {
            (Now::Gone { .. }, None) => return Ok(()),
            (Now::Gone { .. }, Some(known)) => {
                for date in noted_dates(known) {
                    self.withdraw_date(event, &date).await?;
                }
                return self.withdraw(known.clone()).await;
            }
            (Now::Shown(entry), _) => entry,
        };
        let (base, now) = ((self.base)(), parcel.now);
        let said = EventPayload::new(entry, parcel.snapshot, &base, &self.connection, now);
        let is_there = known.as_ref().is_some_and(|value| !value.withdrawn);
        // An event of the partner is already in its calendar.
        let mut sources = entry.event().sources.clone().into_iter();
        if !is_there && (!said.coming || sources.any(|source| source.partner == self.partner)) {
            return Ok(());
        }
        let fresh = || self.fresh(event, None, self.push.reference(self.target(), &said));
        let main = self.publish(known.unwrap_or_else(fresh), &said).await?;
        self.settle_dates(main, &said, now).await
    }

    /// Does the same for each date of a recurring event, if the calendar splits dates. Past dates stay as
    /// they are.
    async fn settle_dates(
        &self,
        mut main: Pushed,
        said: &EventPayload,
        now: DateTime<Utc>,
    ) -> Result<(), Outcome> {
        let before = noted_dates(&main);
        let is_there = main.left_out.is_none() && main.remote_id.is_some();
        if !self.push.splits_dates() || (before.is_empty() && !(said.recurs && is_there)) {
            return Ok(());
        }
        let dates = if is_there { said.dates.as_slice() } else { &[] };
        let names: Vec<String> = dates.iter().map(|date| date.name.clone()).collect();
        let today = to_local(now, said.zone).format("%Y%m%d").to_string();
        let mut all = before.clone();
        all.extend(names.iter().filter(|name| !before.contains(name)).cloned());
        // Recorded before sending, so that a lost reply leaves no unknown event.
        main.noted.insert(DATES.to_owned(), all.join(" "));
        self.remember(main.clone()).await?;
        let series = main.remote_id.clone().unwrap_or_default();
        for date in dates {
            let part = said.on(date, &series, now);
            let known = self.known(&main.event, Some(&date.name)).await?;
            let reference = format!("{}_{}", main.reference, date.name);
            let fresh = || self.fresh(&main.event, Some(&date.name), reference);
            self.publish(known.unwrap_or_else(fresh), &part).await?;
        }
        for date in before
            .iter()
            .filter(|noted_date| !names.contains(noted_date))
        {
            if **date >= *today {
                self.withdraw_date(&main.event, date).await?;
            }
        }
        all.retain(|noted_date| names.contains(noted_date) || **noted_date < *today);
        main.noted.insert(DATES.to_owned(), all.join(" "));
        self.remember(main).await
    }

    async fn withdraw_date(&self, event: &EventId, date: &str) -> Result<(), Outcome> {
        match self.known(event, Some(date)).await? {
            Some(known) => self.withdraw(known).await,
            None => Ok(()),
        }
    }

    fn target(&self) -> Target<'_> {
        Target {
            url: &self.url,
            connection: &self.connection,
        }
    }

    fn fresh(&self, event: &EventId, date: Option<&str>, reference: String) -> Pushed {
        let id = record::pushed_key(&self.key, event, date);
        Pushed {
            calendar: Some(self.push.root(&self.url).into()),
            ..Pushed::new(id, self.partner.clone(), event.clone(), reference)
        }
    }

    async fn known(&self, event: &EventId, date: Option<&str>) -> Result<Option<Pushed>, Outcome> {
        let key = record::pushed_key(&self.key, event, date);
        self.stored(move |store| record::pushed(store, &key)).await
    }

    /// Brings one event up to date and returns its record.
    async fn publish(&self, known: Pushed, said: &EventPayload) -> Result<Pushed, Outcome> {
        let hash = match self.push.content(self.target(), said) {
            Ok(content) => hex::encode(Sha256::digest(content.to_string())),
            Err(why) => return self.leave_out(known, why).await,
        };
        let is_there = known.remote_id.is_some() && !known.withdrawn;
        if is_there && known.hash == hash {
            return Ok(known);
        }
        if !is_there && !said.coming {
            return Ok(known);
        }
        let mut known = Pushed {
            left_out: None,
            calendar: Some(self.push.root(&self.url).into()),
            ..known
        };
        if known.remote_id.is_none() {
            // Recorded before sending, so that a lost reply leaves no unknown event.
            self.remember(known.clone()).await?;
        }
        let mut so_far = Exchange::default();
        for _ in 0..MOST_STEPS {
            match self.push.publish(self.target(), said, &known, &so_far) {
                NextStep::Send(name, call) => so_far.note(name, self.send(&call).await?.into()),
                NextStep::Keep(now) => {
                    known = *now;
                    self.remember(known.clone()).await?;
                }
                NextStep::Restart(now) => {
                    known = *now;
                    so_far = Exchange::default();
                    self.remember(known.clone()).await?;
                }
                NextStep::Done(now) => {
                    let done = Pushed { hash, ..*now };
                    self.remember(done.clone()).await?;
                    return Ok(done);
                }
                NextStep::Absent => return Ok(known),
                step => return Err(self.without_secret(refused(&step, &so_far, &known))),
            }
        }
        Err(failed(
            "the pages of the partner's calendar never end",
            false,
        ))
    }

    /// Records why the calendar can't represent an event. An existing version is withdrawn, since it is no
    /// longer correct.
    async fn leave_out(&self, known: Pushed, why: String) -> Result<Pushed, Outcome> {
        let is_there = known.remote_id.is_some() && !known.withdrawn;
        if is_there {
            self.withdraw(known.clone()).await?;
        } else if known.left_out.as_ref() == Some(&why) {
            return Ok(known);
        }
        tracing::warn!(partner = %self.partner, event = %known.event, why, "an event was not sent");
        let left = Pushed {
            hash: String::new(),
            withdrawn: known.remote_id.is_some(),
            left_out: Some(why),
            ..known
        };
        self.remember(left.clone()).await?;
        Ok(left)
    }

    async fn withdraw(&self, known: Pushed) -> Result<(), Outcome> {
        if known.withdrawn {
            return Ok(());
        }
        if known.remote_id.is_none() && known.left_out.is_some() {
            return self.forget(known).await;
        }
        let mut so_far = Exchange::default();
        for _ in 0..MOST_STEPS {
            match self.push.withdraw(self.target(), &known, &so_far) {
                NextStep::Send(name, call) => so_far.note(name, self.send(&call).await?.into()),
                NextStep::Absent => return self.forget(known).await,
                NextStep::Done(now) | NextStep::Keep(now) | NextStep::Restart(now) => {
                    let gone = Pushed {
                        hash: String::new(),
                        withdrawn: true,
                        ..*now
                    };
                    return self.remember(gone).await;
                }
                step => return Err(self.without_secret(refused(&step, &so_far, &known))),
            }
        }
        Err(failed(
            "the pages of the partner's calendar never end",
            false,
        ))
    }

    /// Removes the secret from a partner's error message.
    fn without_secret(&self, delivered: Outcome) -> Outcome {
        let credential =
            Credential::from_connection(&self.connection, self.push.secret(), self.variable);
        match (delivered, credential) {
            (
                Outcome::Failed {
                    error,
                    wait,
                    everything,
                },
                Ok(Some(credential)),
            ) => Outcome::Failed {
                error: credential.hidden_in(&error),
                wait,
                everything,
            },
            (delivered, _) => delivered,
        }
    }

    async fn send(&self, call: &Call) -> Result<Fetched, Outcome> {
        let how = self.push.secret();
        let credential = Credential::from_connection(&self.connection, how, self.variable);
        let credential = credential.map_err(|error| locked_out(error.to_string()))?;
        let mut fields = HeaderMap::new();
        fields.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let body = call.body.as_ref().map(Value::to_string);
        if body.is_some() {
            fields.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let outgoing = Outgoing {
            method: call.method.clone(),
            url: &call.url,
            fields,
            body: body.map(Bytes::from),
            credential: credential.as_ref(),
            follow: false,
            reads: true,
        };
        match timeout(PATIENCE, self.fetcher.send(&outgoing)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(failed(error, true)),
            Err(_) => Err(failed(
                format!("no response within {} seconds", PATIENCE.as_secs()),
                true,
            )),
        }
    }

    async fn remember(&self, pushed: Pushed) -> Result<(), Outcome> {
        self.stored(move |store| record::remember(store, pushed))
            .await
    }

    async fn forget(&self, pushed: Pushed) -> Result<(), Outcome> {
        self.stored(move |store| record::forget(store, &pushed.id))
            .await
    }

    async fn stored<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Calendar) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Outcome> {
        let calendar = Arc::clone(&self.calendar);
        match spawn_blocking(move || work(&calendar)).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(failed(error, true)),
            Err(error) => Err(failed(error, true)),
        }
    }
}

/// Returns the names of the dates that may exist.
fn noted_dates(pushed: &Pushed) -> Vec<String> {
    let noted = pushed.noted.get(DATES).map_or("", String::as_str);
    noted.split_whitespace().map(str::to_owned).collect()
}
