//! What the service manager is told (sd_notify), where there is one.

use std::sync::Arc;

use rocket::tokio;
use sd_notify::NotifyState;
use tokio::task::JoinHandle;

use crate::catalog::Calendar;

/// Tells that requests are answered.
pub fn ready() {
    send(&[NotifyState::Ready]);
}

/// Tells that a reload has begun; [`ready`] ends it.
pub fn reloading() {
    let now = NotifyState::monotonic_usec_now();
    match now {
        Ok(now) => send(&[NotifyState::Reloading, now]),
        Err(_) => send(&[NotifyState::Reloading]),
    }
}

/// Tells that the server ends.
pub fn stopping() {
    send(&[NotifyState::Stopping]);
}

fn send(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "the service manager could not be told");
    }
}

/// Tells again and again that the server is alive, where the service manager wants that (`WatchdogSec=`).
/// Alive is: the runtime has its turns, work that blocks finds a thread, and the catalog can be read.
pub fn keep_alive(calendar: &Arc<Calendar>) -> Option<JoinHandle<()>> {
    let period = sd_notify::watchdog_enabled()? / 2;
    let calendar = Arc::clone(calendar);
    Some(tokio::spawn(async move {
        loop {
            let calendar = Arc::clone(&calendar);
            let alive = tokio::task::spawn_blocking(move || {
                drop(calendar.snapshot());
                send(&[NotifyState::Watchdog]);
            });
            if let Err(error) = alive.await {
                tracing::error!(%error, "the service manager was not told that the server is alive");
            }
            tokio::time::sleep(period).await;
        }
    }))
}
