//! The sender of one webhook's messages.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::Utc;
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};
use rocket::tokio::task::spawn_blocking;
use rocket::tokio::time::timeout;

use crate::catalog::Calendar;
use crate::delivery::workers::{PendingChange, Receiver};
use crate::http::{Fetched, Fetcher, Outgoing};
use calendar_domain::delivery::Outcome;
use calendar_domain::{Progress, RecordKey, RecordKind, Webhook};
use calendar_store::{Change, Revision, Store, StoreError};

use super::message::{self, ChangeKind};

/// Timeout for a receiver's response.
const PATIENCE: Duration = Duration::from_secs(20);

/// The sender of one webhook.
pub struct WebhookReceiver {
    calendar: Arc<Calendar>,
    fetcher: Fetcher,
    base: Arc<dyn Fn() -> String + Send + Sync>,
    webhook: Webhook,
}

impl WebhookReceiver {
    pub fn new(
        calendar: Arc<Calendar>,
        fetcher: Fetcher,
        base: Arc<dyn Fn() -> String + Send + Sync>,
        webhook: Webhook,
    ) -> Self {
        Self {
            calendar,
            fetcher: fetcher.apart(0),
            base,
            webhook,
        }
    }

    async fn send(&self, parcel: &PendingChange<'_>, kind: ChangeKind) -> Outcome {
        let Webhook {
            id: webhook,
            url,
            secret,
            ..
        } = &self.webhook;
        let namespace = parcel.snapshot.region().uid_namespace;
        let generation = self.calendar.generation();
        let id = message::id(namespace, webhook, &generation, parcel.changed);
        let base = (self.base)();
        let body = message::body(kind, parcel.changed, parcel.snapshot, &base);
        let Some(signature) = message::signature(secret, &id, parcel.now, &body) else {
            return Outcome::Stop("its secret does not begin with whsec_".into());
        };
        let body = Bytes::from(body);
        let mut outgoing = Outgoing::carrying(Method::POST, url, "application/json", body);
        outgoing.reads = false;
        for (name, value) in [
            ("webhook-id", id),
            ("webhook-timestamp", parcel.now.timestamp().to_string()),
            ("webhook-signature", signature),
        ] {
            let value = HeaderValue::from_str(&value).expect("hexadecimal, digits or base64");
            outgoing.fields.insert(HeaderName::from_static(name), value);
        }
        match timeout(PATIENCE, self.fetcher.send(&outgoing)).await {
            Ok(Ok(answer)) => came(&answer),
            Ok(Err(error)) => trouble(error.to_string()),
            Err(_) => trouble(format!("no response within {} seconds", PATIENCE.as_secs())),
        }
    }
}

fn trouble(error: String) -> Outcome {
    Outcome::Failed {
        error,
        wait: None,
        everything: true,
    }
}

/// Returns the meaning of a response (Standard Webhooks, «Webhook delivery»).
fn came(answer: &Fetched) -> Outcome {
    let status = answer.status;
    if status.is_success() {
        return Outcome::Done;
    }
    if status == StatusCode::GONE {
        return Outcome::Stop("the receiver responded 410 Gone and gets no more messages".into());
    }
    let busy = status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
    Outcome::Failed {
        error: format!("the receiver responded {status}"),
        wait: answer.retry_after(Utc::now()),
        everything: busy,
    }
}

impl Receiver for WebhookReceiver {
    fn load(&self) -> Result<Option<(Progress, u64)>, StoreError> {
        let found = super::find(&self.calendar, &self.webhook.id)?;
        Ok(found.map(|(webhook, revision)| (webhook.progress, revision.0)))
    }

    fn save(&self, progress: &Progress, mark: u64) -> Result<u64, StoreError> {
        let mut webhook = self.webhook.clone();
        webhook.progress = progress.clone();
        let change = Change::update(webhook.into(), Revision(mark));
        super::commit(&self.calendar, "progress of a webhook", change)?;
        let key = RecordKey::new(RecordKind::Webhook, self.webhook.id.as_str());
        Ok(self
            .calendar
            .get(&key)?
            .map_or(mark, |calendar| calendar.revision.0))
    }

    async fn deliver(&self, parcel: PendingChange<'_>) -> Outcome {
        let key = RecordKey::new(RecordKind::Event, parcel.changed.id.as_str());
        let calendar = Arc::clone(&self.calendar);
        let history = match spawn_blocking(move || calendar.history(&key)).await {
            Ok(Ok(history)) => history,
            Ok(Err(error)) => return trouble(error.to_string()),
            Err(error) => return trouble(error.to_string()),
        };
        match ChangeKind::new(parcel.changed, parcel.since, &history) {
            Some(kind) => self.send(&parcel, kind).await,
            None => Outcome::Done,
        }
    }

    fn at_once(&self) -> usize {
        self.fetcher.at_once()
    }

    fn name(&self) -> String {
        format!("webhook {}", self.webhook.id)
    }
}
