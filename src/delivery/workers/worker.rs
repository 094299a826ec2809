//! The worker of one receiver.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rocket::futures::future::join_all;
use rocket::tokio;
use tokio::sync::watch;
use tokio::task::spawn_blocking;

use crate::delivery::change_log::{ChangeBatch, ChangeLog, ChangeLogError, Cursor, EventChange};
use calendar_domain::{Delivery, Progress};
use calendar_store::{Store, StoreError};

use super::{PendingChange, Receiver};
use calendar_domain::delivery::Outcome;
use calendar_domain::delivery::progress::Then;

/// Number of changes read at a time.
const BATCH: usize = 100;
/// Maximum time before successful deliveries are recorded. Recording many at once saves commits.
const UNNOTED: Duration = Duration::from_secs(10);
/// Interval at which due retries are checked.
const TICK: Duration = Duration::from_millis(500);
/// Pause after a failure of the store.
const PAUSE: Duration = Duration::from_secs(5);

/// The worker of one receiver.
pub struct Worker<R> {
    change_log: Arc<ChangeLog>,
    receiver: Arc<R>,
    /// The last change that was read. The recorded commit is the last one that was read completely.
    cursor: Cursor,
    /// The time since when something is not recorded.
    unnoted: Option<tokio::time::Instant>,
    /// The time until which no new changes are delivered.
    rest: Option<DateTime<Utc>>,
}

/// Why a worker ends or pauses.
enum Halt {
    /// The receiver is removed or disabled.
    End,
    /// The store failed.
    Pause,
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        if !matches!(error, StoreError::Conflict { .. }) {
            tracing::error!(%error, "cannot read or write a receiver's state");
        }
        Self::Pause
    }
}

impl<R: Receiver> Worker<R> {
    pub fn new(change_log: Arc<ChangeLog>, receiver: R) -> Self {
        Self {
            change_log,
            receiver: Arc::new(receiver),
            cursor: Cursor::default(),
            unnoted: None,
            rest: None,
        }
    }

    /// Runs until the receiver is removed or disabled, or the program ends.
    pub async fn keep(mut self, mut wake: watch::Receiver<()>) {
        let mut state: Option<(Progress, u64)> = None;
        loop {
            let wait = match self.work(&mut state, &wake).await {
                Ok(wait) => wait,
                Err(Halt::End) => return,
                Err(Halt::Pause) => {
                    // A concurrent change of the record wins. Unrecorded deliveries are repeated.
                    state = None;
                    self.unnoted = None;
                    Some(PAUSE)
                }
            };
            let woken = match wait {
                Some(wait) => tokio::time::timeout(wait, wake.changed()).await,
                None => Ok(wake.changed().await),
            };
            if let Ok(Err(_)) = woken {
                // The sender is closed when the program ends.
                if let Some((progress, mark)) = &state
                    && self.unnoted.is_some()
                {
                    let _ = self.save(progress, *mark).await;
                }
                return;
            }
        }
    }

    /// Runs one round. Returns the time until the next one, or `None` to wait for a commit.
    async fn work(
        &mut self,
        state: &mut Option<(Progress, u64)>,
        wake: &watch::Receiver<()>,
    ) -> Result<Option<Duration>, Halt> {
        let receiver = Arc::clone(&self.receiver);
        let stored = blocking(move || receiver.load()).await?;
        let Some((mut stored, mark)) = stored else {
            return Err(Halt::End);
        };
        let mut was_ahead = false;
        if state.as_ref().is_none_or(|(_, known)| *known != mark) {
            let calendar = self.change_log.calendar();
            let head = calendar.head().number.0;
            if stored.commit > head {
                // The record is from another store, so its position in this one is unknown.
                let (receiver, commit) = (self.receiver.name(), stored.commit);
                tracing::warn!(
                    receiver,
                    commit,
                    head,
                    "a receiver was ahead of the calendar; continuing from the current commit"
                );
                stored.commit = head;
                was_ahead = true;
            }
            self.cursor = Cursor::after(calendar.generation().id, stored.commit);
            self.unnoted = None;
            self.rest = None;
            *state = Some((stored, mark));
        }
        let Some((progress, mark)) = state else {
            return Err(Halt::End);
        };
        if progress.disabled.is_some() {
            return Err(Halt::End);
        }
        let failures = self.again(progress).await? | self.news(progress, wake).await?;
        let late = self.unnoted.is_some_and(|since| since.elapsed() >= UNNOTED);
        if was_ahead || failures || late || progress.disabled.is_some() {
            *mark = self.save(progress, *mark).await?;
            self.unnoted = None;
        }
        if progress.disabled.is_some() {
            return Err(Halt::End);
        }
        let waits = progress.next().is_some() || self.rest.is_some() || self.unnoted.is_some();
        Ok(waits.then_some(TICK))
    }

    /// Retries due deliveries. Returns true if the progress must be recorded at once.
    async fn again(&mut self, progress: &mut Progress) -> Result<bool, Halt> {
        let due = progress.due(self.change_log.calendar().clock().now());
        let tried = !due.is_empty();
        for together in due.chunks(self.receiver.at_once().max(1)) {
            let came = join_all(together.iter().map(|together| self.once_more(together))).await;
            let mut stops = false;
            for (delivery, came) in together.iter().zip(came) {
                match self.noted(progress, delivery, came?) {
                    Then::GoOn => {}
                    // Deliveries that ran concurrently are recorded too.
                    Then::RestUntil(_) | Then::End => stops = true,
                }
            }
            if stops {
                break;
            }
        }
        Ok(tried)
    }

    async fn once_more(&self, delivery: &Delivery) -> Result<Outcome, Halt> {
        let (change_log, id) = (Arc::clone(&self.change_log), delivery.event.clone());
        let (snapshot, changed) = blocking(move || change_log.now(&id)).await?;
        let Some(changed) = &changed else {
            return Ok(Outcome::Done);
        };
        // The id of a message depends on the commit, and must not change between attempts.
        let changed = &EventChange {
            commit: delivery.commit,
            ..changed.clone()
        };
        let parcel = PendingChange {
            snapshot: &snapshot,
            changed,
            since: delivery.since,
            // The current time, since earlier deliveries may have taken long.
            now: self.change_log.calendar().clock().now(),
        };
        Ok(self.receiver.deliver(parcel).await)
    }

    /// Delivers new changes. Returns true if the progress must be recorded at once.
    async fn news(
        &mut self,
        progress: &mut Progress,
        wake: &watch::Receiver<()>,
    ) -> Result<bool, Halt> {
        let mut failed = false;
        loop {
            let now = self.change_log.calendar().clock().now();
            self.rest = self.rest.filter(|until| *until > now);
            let ends = wake.has_changed().is_err();
            if self.rest.is_some() || progress.is_full() || progress.disabled.is_some() || ends {
                return Ok(failed);
            }
            let extract = self.read().await?;
            let mut left = extract.items.as_slice();
            while let [first, ..] = left {
                let together = left.len().min(self.receiver.at_once().max(1));
                let (now, later) = left.split_at(together);
                left = later;
                let last = now.last().unwrap_or(first).commit;
                let then = self.tell(progress, &extract, now).await;
                if left.is_empty() && !extract.more {
                    // The commit is complete, and a failed delivery is pending.
                    progress.commit = last;
                }
                match then {
                    Some(Then::GoOn) => {}
                    None => failed = true,
                    Some(_) => return Ok(true),
                }
                if progress.is_full() {
                    return Ok(true);
                }
            }
            if !extract.more {
                return Ok(failed);
            }
        }
    }

    async fn read(&self) -> Result<ChangeBatch, Halt> {
        let (change_log, cursor) = (Arc::clone(&self.change_log), self.cursor.clone());
        let read = spawn_blocking(move || change_log.after(&cursor, BATCH)).await;
        match read {
            Ok(Ok(extract)) => Ok(extract),
            Ok(Err(ChangeLogError::Store(error))) => Err(error.into()),
            Ok(Err(ChangeLogError::Ahead | ChangeLogError::OtherGeneration)) => {
                let name = self.receiver.name();
                tracing::error!(receiver = name, "the receiver is ahead of the calendar");
                Err(Halt::End)
            }
            Err(_) => Err(Halt::Pause),
        }
    }

    /// Delivers changes of different events concurrently. Returns `None` if one failed and others may
    /// continue.
    async fn tell(
        &mut self,
        progress: &mut Progress,
        extract: &ChangeBatch,
        together: &[EventChange],
    ) -> Option<Then> {
        let mut going = Vec::with_capacity(together.len());
        for changed in together {
            if changed.commit > self.cursor.commit {
                // The previous commit has been read completely.
                progress.commit = progress.commit.max(self.cursor.commit);
            }
            self.cursor = extract.cursor(changed);
            self.unnoted.get_or_insert_with(tokio::time::Instant::now);
            if progress.overtake(&changed.id, changed.commit) {
                continue;
            }
            let before = progress.of(&changed.id);
            let delivery = Delivery {
                event: changed.id.clone(),
                commit: changed.commit,
                since: before.map_or(progress.commit, |before| before.since),
                attempts: 0,
                next: None,
                error: String::new(),
            };
            going.push((changed, delivery));
        }
        let parcels = going.iter().map(|(changed, delivery)| PendingChange {
            snapshot: &extract.snapshot,
            changed,
            since: delivery.since,
            now: self.change_log.calendar().clock().now(),
        });
        let came = join_all(parcels.map(|parcel| self.receiver.deliver(parcel))).await;
        let (mut well, mut stop) = (true, None);
        for ((_, delivery), came) in going.iter().zip(came) {
            well &= came == Outcome::Done;
            let then = self.noted(progress, delivery, came);
            if then != Then::GoOn {
                stop = Some(then);
            }
        }
        stop.or(well.then_some(Then::GoOn))
    }

    fn noted(&mut self, progress: &mut Progress, tried: &Delivery, came: Outcome) -> Then {
        let name = self.receiver.name();
        if let Outcome::Failed { error, .. } | Outcome::Stop(error) = &came {
            tracing::warn!(receiver = name, event = %tried.event, %error, "a receiver did not accept a change");
        }
        let now = self.change_log.calendar().clock().now();
        let then = progress.note(&name, tried, came, now);
        if let Then::RestUntil(until) = &then {
            self.rest = Some(*until);
        }
        then
    }

    async fn save(&self, progress: &Progress, mark: u64) -> Result<u64, Halt> {
        let (receiver, progress) = (Arc::clone(&self.receiver), progress.clone());
        blocking(move || receiver.save(&progress, mark)).await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Halt> {
    match spawn_blocking(work).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(Halt::Pause),
    }
}
