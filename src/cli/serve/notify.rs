//! Notifications to the service manager (sd_notify).

use std::io;
use std::sync::Arc;

use rocket::tokio;
use sd_notify::NotifyState;
use tokio::task::JoinHandle;

use crate::catalog::Calendar;

/// Notifies that the server is ready.
pub fn ready() {
    send(&[NotifyState::Ready]);
}

/// Notifies that a reload has begun; [`ready`] ends it.
pub fn reloading() {
    let now = NotifyState::monotonic_usec_now();
    match now {
        Ok(now) => send(&[NotifyState::Reloading, now]),
        Err(_) => send(&[NotifyState::Reloading]),
    }
}

/// Notifies that the server is stopping.
pub fn stopping() {
    send(&[NotifyState::Stopping]);
}

fn send(state: &[NotifyState<'_>]) {
    if let Err(error) = at_abstract_name(state).unwrap_or_else(|| sd_notify::notify(state)) {
        tracing::warn!(%error, "cannot notify the service manager");
    }
}

/// Sends to a name of the abstract namespace, which sd-notify takes for the path of a file; `None` where the
/// service manager has another address or there is none.
#[cfg(target_os = "linux")]
fn at_abstract_name(state: &[NotifyState<'_>]) -> Option<io::Result<()>> {
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::net::{SocketAddr, UnixDatagram};

    let address = std::env::var_os("NOTIFY_SOCKET")?;
    let name = address.as_bytes().strip_prefix(b"@")?;
    let message: String = state.iter().map(|state| format!("{state}\n")).collect();
    let send = || {
        let manager = SocketAddr::from_abstract_name(name)?;
        UnixDatagram::unbound()?.send_to_addr(message.as_bytes(), &manager)?;
        Ok(())
    };
    Some(send())
}

#[cfg(not(target_os = "linux"))]
fn at_abstract_name(_: &[NotifyState<'_>]) -> Option<io::Result<()>> {
    None
}

/// Sends keep-alives if the service manager wants them (`WatchdogSec=`), at half their period. Each shows that the
/// runtime makes progress, that blocking work gets a thread, and that the catalog is readable.
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
                tracing::error!(%error, "cannot send a keep-alive to the service manager");
            }
            tokio::time::sleep(period).await;
        }
    }))
}
