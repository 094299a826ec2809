//! Delivery of each change to all receivers.
//!
//! There is no outbox beside the store. A commit is its own entry: the [change
//! log](crate::delivery::change_log) lists the events that changed after a receiver's last commit, and the
//! receiver's record holds that commit and the pending deliveries. No message is lost if the program ends
//! between a commit and its delivery. A message that was delivered but not recorded is delivered again.
//!
//! - [`DeliveryWorkers`] starts one worker per receiver, so that a slow receiver delays no other.
//! - `worker` is the loop of a worker.
//! - [`calendar_domain::delivery`] decides what follows from each outcome, and when a message is retried.

mod receiver;
mod worker;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rocket::tokio;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::catalog::{Calendar, ChangeNotifier};
use calendar_store::StoreError;

use crate::delivery::change_log::ChangeLog;

pub use receiver::{PendingChange, Receiver};

/// Minimum interval between searches for receivers.
const LOOK: Duration = Duration::from_millis(200);
/// Time limit for a worker to stop.
const END: Duration = Duration::from_secs(3);
/// Interval at which the notification thread checks whether to stop.
const PATIENCE: Duration = Duration::from_millis(300);

/// Starts the worker of a receiver.
type Start = Box<dyn FnOnce(watch::Receiver<()>) -> JoinHandle<()> + Send>;

/// An existing receiver, with the start of its worker.
pub struct ReceiverWorker {
    /// The key. At most one worker runs per key.
    pub key: String,
    start: Start,
}

impl ReceiverWorker {
    /// Creates the entry of a receiver.
    pub fn new<R: Receiver>(key: String, change_log: &Arc<ChangeLog>, receiver: R) -> Self {
        let change_log = Arc::clone(change_log);
        Self {
            key,
            start: Box::new(move |wake| {
                tokio::spawn(worker::Worker::new(change_log, receiver).keep(wake))
            }),
        }
    }
}

/// Returns the existing receivers.
pub type ReceiverFinder = Box<dyn Fn() -> Result<Vec<ReceiverWorker>, StoreError> + Send + Sync>;

/// The workers of all receivers.
pub struct DeliveryWorkers {
    ended: Arc<AtomicBool>,
    supervisor: JoinHandle<()>,
}

impl DeliveryWorkers {
    /// Starts a worker for each receiver that the finders return, now and after each commit. Must be called
    /// within a Tokio runtime.
    #[must_use]
    pub fn start(change_log: &Arc<ChangeLog>, finders: Vec<ReceiverFinder>) -> Self {
        let ended = Arc::new(AtomicBool::new(false));
        let wake = listen(change_log.calendar(), &ended);
        Self {
            ended,
            supervisor: tokio::spawn(supervise(finders, wake)),
        }
    }

    /// Lets the workers store their progress, then stops them.
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

/// Returns a channel that is notified of each commit until `ended` is set. It is fed by a thread that waits
/// for change notifications.
#[must_use]
pub fn listen(calendar: &Calendar, ended: &Arc<AtomicBool>) -> watch::Receiver<()> {
    let bell = Arc::new(ChangeNotifier::default());
    calendar.notify(&bell);
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
        tracing::error!(%error, "cannot start a thread for commits: delivery stops until the next start");
    }
    wake
}

async fn supervise(finders: Vec<ReceiverFinder>, mut wake: watch::Receiver<()>) {
    let finders: Arc<[ReceiverFinder]> = finders.into();
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
            Ok(Err(error)) => tracing::error!(%error, "cannot list the receivers of changes"),
            Err(error) => tracing::error!(%error, "cannot list the receivers of changes; retrying"),
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
            // It is waiting for a slow receiver. Unrecorded deliveries are repeated.
            worker.abort();
            let _ = worker.await;
        }
    }
}
