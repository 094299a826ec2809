//! Sends one partner what is published here.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::Utc;
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use rocket::tokio::task::spawn_blocking;
use rocket::tokio::time::timeout;
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

use crate::catalog::{Calendar, Entry};
use crate::domain::{Connection, PartnerId, Progress, Pushed};
use crate::store::{Store, StoreError};
use crate::sync::chronicle::Now;
use crate::sync::credential::Credential;
use crate::sync::http::{Fetched, Fetcher, Outgoing};
use crate::sync::outgo::{Delivered, Parcel, Receiver};

use super::{Call, Push, Said, record};

/// How long a partner may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// How much of an answer is read.
pub(super) const ANSWER: u64 = 4 << 20;
/// How long a partner is left alone that does not let us in, or for whom there is no secret: until
/// then nobody will have mended it.
const LOCKED_OUT: Duration = Duration::from_secs(15 * 60);

/// One partner's sender.
pub struct Post {
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

impl Receiver for Post {
    fn load(&self) -> Result<Option<(Progress, u64)>, StoreError> {
        let snapshot = self.calendar.snapshot();
        let partner = snapshot.partner(&self.partner);
        if partner.and_then(|it| it.push.as_ref()) != Some(&self.connection) {
            return Ok(None);
        }
        let mut standing = record::standing(&self.calendar, &self.key)?;
        if let Some((pushing, revision)) = &standing
            && !record::is_known(&self.calendar, pushing)
        {
            record::begin_anew(&self.calendar, pushing.clone(), *revision)?;
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
        record::keep(&self.calendar, &self.key, &self.partner, progress, mark)
    }

    async fn deliver(&self, parcel: Parcel<'_>) -> Delivered {
        match self.settle(&parcel).await {
            Ok(()) => Delivered::Done,
            Err(failed) => failed,
        }
    }

    fn name(&self) -> String {
        format!("push to {}", self.partner)
    }
}

impl Post {
    /// Brings the partner's calendar to what an event is now.
    async fn settle(&self, parcel: &Parcel<'_>) -> Result<(), Delivered> {
        let id = record::pushed_key(&self.key, &parcel.changed.id);
        let key = id.clone();
        let known = self.stored(move |it| record::pushed(it, &key)).await?;
        let entry = match (&parcel.changed.now, known) {
            (Now::Gone { .. }, None) => return Ok(()),
            (Now::Gone { .. }, Some(known)) => return self.withdraw(known).await,
            (Now::Shown(entry), Some(known)) => {
                let said = self.said(entry, parcel);
                return self.update(known, said).await;
            }
            (Now::Shown(entry), None) => entry,
        };
        let mut sources = entry.event().sources.clone().into_iter();
        let said = self.said(entry, parcel);
        // What came from the partner is there already.
        if !said.coming || sources.any(|it| it.partner == self.partner) {
            return Ok(());
        }
        let fresh = Pushed {
            id,
            partner: self.partner.clone(),
            event: parcel.changed.id.clone(),
            reference: self.push.reference(&said),
            remote_id: None,
            hash: String::new(),
        };
        if self.calendar.generation().restored_at.is_some() {
            // It may have been sent before the restore, by a record that was lost: it is looked for first.
            return self.update(fresh, said).await;
        }
        self.create(fresh, said).await
    }

    fn said(&self, entry: &Entry, parcel: &Parcel<'_>) -> Said {
        let base = (self.base)();
        Said::of(entry, parcel.snapshot, &base, &self.connection, parcel.now)
    }

    async fn create(&self, mut pushed: Pushed, mut said: Said) -> Result<(), Delivered> {
        let hash = self.hash(&said);
        pushed.reference = self.push.reference(&said);
        pushed.remote_id = None;
        pushed.hash = String::new();
        // Before it is sent: whatever happens then, it is known that it may be there.
        self.remember(pushed.clone()).await?;
        self.link_place(&mut said).await?;
        let answer = self.send(&self.push.create(&self.url, &said)).await?;
        let answer = taken(&answer)?;
        let remote_id = self.push.remote_id(&answer);
        pushed.remote_id = Some(remote_id.ok_or_else(|| {
            failed(
                "the partner took an event and did not say what it calls it",
                false,
            )
        })?);
        pushed.hash = hash;
        self.remember(pushed).await
    }

    async fn update(&self, mut pushed: Pushed, mut said: Said) -> Result<(), Delivered> {
        let Some(remote_id) = self.remote_id(&pushed).await? else {
            if said.coming {
                return self.create(pushed, said).await;
            }
            return self.forget(pushed).await;
        };
        let hash = self.hash(&said);
        if pushed.hash == hash && pushed.remote_id.is_some() {
            return Ok(());
        }
        self.link_place(&mut said).await?;
        let call = self.push.update(&self.url, &remote_id, &said);
        let answer = self.send(&call).await?;
        if is_gone(answer.status) {
            // Somebody deleted it there; it is published here all the same.
            if said.coming {
                return self.create(pushed, said).await;
            }
            return self.forget(pushed).await;
        }
        taken(&answer)?;
        pushed.remote_id = Some(remote_id);
        pushed.hash = hash;
        self.remember(pushed).await
    }

    async fn withdraw(&self, pushed: Pushed) -> Result<(), Delivered> {
        if let Some(remote_id) = self.remote_id(&pushed).await? {
            let call = self.push.withdraw(&self.url, &remote_id);
            let answer = self.send(&call).await?;
            if !is_gone(answer.status) {
                succeeded(&answer)?;
            }
        }
        self.forget(pushed).await
    }

    /// What an event is called there, asked for where it was not learnt; `None` where it is not there.
    async fn remote_id(&self, pushed: &Pushed) -> Result<Option<String>, Delivered> {
        if let Some(known) = &pushed.remote_id {
            return Ok(Some(known.clone()));
        }
        let call = self.push.look_up(&self.url, &pushed.reference);
        let answer = self.send(&call).await?;
        if is_gone(answer.status) {
            return Ok(None);
        }
        Ok(self.push.found(&taken(&answer)?, &pushed.reference))
    }

    /// Finds the partner's own place. Where it cannot be asked for, the place is described.
    async fn link_place(&self, said: &mut Said) -> Result<(), Delivered> {
        let Some(call) = self.push.place(&self.url, said) else {
            return Ok(());
        };
        let answer = self.send(&call).await?;
        if !is_gone(answer.status) {
            said.place_link = self.push.place_link(&taken(&answer)?, said);
        }
        Ok(())
    }

    /// Of what is sent, but for the link to the place, which only the partner knows.
    fn hash(&self, said: &Said) -> String {
        let body = self.push.update(&self.url, "", said).body;
        let bytes = body.unwrap_or_default().to_string();
        hex::encode(Sha256::digest(bytes))
    }

    async fn send(&self, call: &Call) -> Result<Fetched, Delivered> {
        let how = self.push.secret();
        let credential = Credential::of(&self.connection, how, self.variable);
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
        };
        match timeout(PATIENCE, self.fetcher.send(&outgoing)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(failed(error, true)),
            Err(_) => Err(failed(
                format!("no answer within {} seconds", PATIENCE.as_secs()),
                true,
            )),
        }
    }

    async fn remember(&self, pushed: Pushed) -> Result<(), Delivered> {
        self.stored(move |it| record::remember(it, pushed)).await
    }

    async fn forget(&self, pushed: Pushed) -> Result<(), Delivered> {
        self.stored(move |it| record::forget(it, &pushed.id)).await
    }

    async fn stored<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Calendar) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Delivered> {
        let calendar = Arc::clone(&self.calendar);
        match spawn_blocking(move || work(&calendar)).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(failed(error, true)),
            Err(error) => Err(failed(error, true)),
        }
    }
}

fn failed(error: impl ToString, everything: bool) -> Delivered {
    Delivered::Failed {
        error: error.to_string(),
        wait: None,
        everything,
    }
}

fn locked_out(error: String) -> Delivered {
    Delivered::Failed {
        error,
        wait: Some(LOCKED_OUT),
        everything: true,
    }
}

fn is_gone(status: StatusCode) -> bool {
    matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE)
}

/// What a success says.
fn taken(answer: &Fetched) -> Result<Value, Delivered> {
    succeeded(answer)?;
    serde_json::from_slice(&answer.bytes)
        .map_err(|error| failed(format!("the partner's answer is no JSON: {error}"), true))
}

/// What an answer means for this event, and for those after it.
fn succeeded(answer: &Fetched) -> Result<(), Delivered> {
    let status = answer.status;
    if status.is_success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&answer.bytes);
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text: String = text.chars().take(200).collect();
    if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
        let error = format!("the partner does not let us in ({status}): {text}");
        return Err(locked_out(error));
    }
    let busy = status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
    // Nothing at the address, or something elsewhere, is the connection's fault, not the event's.
    let elsewhere = is_gone(status) || status.is_redirection();
    Err(Delivered::Failed {
        error: format!("the partner answered {status}: {text}"),
        wait: answer.retry_after(Utc::now()),
        everything: busy || elsewhere,
    })
}
