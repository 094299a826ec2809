//! What goes out by itself: each change, to everyone who wants to be told.
//!
//! There is no outbox beside the store. A commit is its own entry: the [chronicle](crate::delivery::change_log) says
//! what changed after the commit at which a receiver stands, and the receiver's record says where that
//! is and what it has not taken yet. So nothing is lost between a commit and its messages, whenever the
//! program ends; what was delivered but not noted yet is delivered again.
//!
//! - [`Outgo`] starts one worker for each receiver, so that a slow one delays nobody else.
//! - `worker` is what a worker does, round after round.
//! - [`calendar_domain::delivery`] says what follows from each outcome, and when a message is retried.

mod worker;

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rocket::tokio;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::catalog::{Bell, Calendar, Snapshot};
use calendar_domain::Progress;
use calendar_domain::delivery::Delivered;
use calendar_store::StoreError;

use crate::delivery::change_log::{Changed, Chronicle};

/// How often receivers are looked for at most.
const LOOK: Duration = Duration::from_millis(200);
/// How long a worker may take to end.
const END: Duration = Duration::from_secs(3);
/// How often the bell's thread looks whether it is still wanted.
const PATIENCE: Duration = Duration::from_millis(300);

/// A change on its way to one receiver.
#[derive(Debug)]
pub struct Parcel<'a> {
    /// The state of the calendar that it is told of.
    pub snapshot: &'a Snapshot,
    /// The change.
    pub changed: &'a Changed,
    /// The receiver knows everything up to this commit.
    pub since: u64,
    /// Now, by the calendar's clock.
    pub now: DateTime<Utc>,
}

/// Somebody who is told of every change.
pub trait Receiver: Send + Sync + 'static {
    /// Where it stands, with a mark by which a change of the record is noticed; `None` where it is no
    /// longer there.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn load(&self) -> Result<Option<(Progress, u64)>, StoreError>;

    /// Notes where it stands, if the record still has this mark. Gives the new one.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where somebody else changed the record; or what the store says.
    fn save(&self, progress: &Progress, mark: u64) -> Result<u64, StoreError>;

    /// Delivers one change.
    fn deliver(&self, parcel: Parcel<'_>) -> impl Future<Output = Delivered> + Send;

    /// How many changes it takes at once: never two of one event.
    fn at_once(&self) -> usize {
        1
    }

    /// What it is called in the log.
    fn name(&self) -> String;
}

/// A receiver's worker, to be started.
type Start = Box<dyn FnOnce(watch::Receiver<()>) -> JoinHandle<()> + Send>;

/// A receiver that there is: its key, and how its worker is started.
pub struct Wanted {
    /// Its key; the worker of a key runs once.
    pub key: String,
    start: Start,
}

impl Wanted {
    /// A receiver under a key.
    pub fn new<R: Receiver>(key: String, chronicle: &Arc<Chronicle>, receiver: R) -> Self {
        let chronicle = Arc::clone(chronicle);
        Self {
            key,
            start: Box::new(move |wake| {
                tokio::spawn(worker::Worker::new(chronicle, receiver).keep(wake))
            }),
        }
    }
}

/// Finds the receivers that there are now.
pub type Finder = Box<dyn Fn() -> Result<Vec<Wanted>, StoreError> + Send + Sync>;

/// The workers of all receivers.
pub struct Outgo {
    ended: Arc<AtomicBool>,
    supervisor: JoinHandle<()>,
}

impl Outgo {
    /// Starts a worker for each receiver that the finders find, now and whenever something is
    /// committed. Within a runtime.
    #[must_use]
    pub fn start(chronicle: &Arc<Chronicle>, finders: Vec<Finder>) -> Self {
        let ended = Arc::new(AtomicBool::new(false));
        let wake = listen(chronicle.calendar(), &ended);
        Self {
            ended,
            supervisor: tokio::spawn(supervise(finders, wake)),
        }
    }

    /// Lets the workers note where they stand, and ends them.
    pub async fn stop(self) {
        self.ended.store(true, Ordering::Release);
        let abort = self.supervisor.abort_handle();
        if tokio::time::timeout(END * 2, self.supervisor)
            .await
            .is_err()
        {
            abort.abort();
        }
    }
}

/// Word of each commit for tasks, until `ended` is set; then the channel closes. A thread hears the bell.
#[must_use]
pub fn listen(calendar: &Calendar, ended: &Arc<AtomicBool>) -> watch::Receiver<()> {
    let bell = Arc::new(Bell::default());
    calendar.ring(&bell);
    let (ring, wake) = watch::channel(());
    let ended = Arc::clone(ended);
    let thread = std::thread::Builder::new().name("delivery".into());
    let started = thread.spawn(move || {
        while !ended.load(Ordering::Acquire) {
            if bell.wait(PATIENCE) && ring.send(()).is_err() {
                break;
            }
        }
    });
    if let Err(error) = started {
        tracing::error!(%error, "no thread to hear of commits: nothing is delivered until the next start");
    }
    wake
}

async fn supervise(finders: Vec<Finder>, mut wake: watch::Receiver<()>) {
    let finders: Arc<[Finder]> = finders.into();
    let mut running: HashMap<String, JoinHandle<()>> = HashMap::new();
    loop {
        running.retain(|_, worker| !worker.is_finished());
        let asked = Arc::clone(&finders);
        let found = tokio::task::spawn_blocking(move || {
            let found: Result<Vec<_>, StoreError> = asked.iter().map(|find| find()).collect();
            found
        });
        match found.await {
            Ok(Ok(found)) => {
                for wanted in found.into_iter().flatten() {
                    let start = wanted.start;
                    running
                        .entry(wanted.key)
                        .or_insert_with(|| start(wake.clone()));
                }
            }
            Ok(Err(error)) => tracing::error!(%error, "receivers of changes cannot be found"),
            Err(error) => tracing::error!(%error, "receivers of changes were not looked for"),
        }
        if wake.changed().await.is_err() {
            break;
        }
        tokio::time::sleep(LOOK).await;
    }
    let deadline = tokio::time::Instant::now() + END;
    for (_, mut worker) in running {
        if tokio::time::timeout_at(deadline, &mut worker)
            .await
            .is_err()
        {
            // It waits for a slow receiver: what it did not note is delivered again.
            worker.abort();
            let _ = worker.await;
        }
    }
}
