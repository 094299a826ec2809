//! Finder of the push connections of all partners.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};
use url::Url;

use crate::delivery::change_log::ChangeLog;
use crate::delivery::workers::{ReceiverFinder, ReceiverWorker};
use crate::http::Fetcher;
use calendar_domain::{Connection, Partner};

use super::kinds::find;
use super::post::{ANSWER, PushReceiver};
use super::record::{key, standing};
use super::translator::Push;

/// Returns the finder of push connections. `base` returns the site's address without a trailing `/`;
/// `variable` reads an environment variable.
#[must_use]
pub fn finder(
    change_log: &Arc<ChangeLog>,
    fetcher: &Fetcher,
    base: &Arc<dyn Fn() -> String + Send + Sync>,
    variable: fn(&str) -> Option<String>,
) -> ReceiverFinder {
    let (change_log, fetcher, base) = (Arc::clone(change_log), fetcher.clone(), Arc::clone(base));
    // Each invalid connection is logged once, not with every commit.
    let told: Mutex<BTreeSet<String>> = Mutex::default();
    Box::new(move || {
        let calendar = change_log.calendar();
        let mut wanted = Vec::new();
        for partner in calendar.snapshot().partners() {
            let Some(connection) = &partner.push else {
                continue;
            };
            let (push, url) = match usable(connection) {
                Ok(usable) => usable,
                Err(error) => {
                    let line = format!("{}: {error}", partner.id);
                    let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                    if told.insert(line) {
                        tracing::error!(partner = %partner.id, error, "cannot send events to a partner");
                    }
                    continue;
                }
            };
            let key = key(&partner.id, connection);
            if standing(calendar, &key)?.is_some_and(|(value, _)| value.progress.disabled.is_some())
            {
                continue;
            }
            let post = PushReceiver {
                calendar: Arc::clone(calendar),
                fetcher: fetcher.apart(ANSWER),
                base: Arc::clone(&base),
                variable,
                partner: partner.id.clone(),
                connection: connection.clone(),
                push,
                url,
                key,
            };
            wanted.push(ReceiverWorker::new(
                worker_key(partner, connection),
                &change_log,
                post,
            ));
        }
        Ok(wanted)
    })
}

fn usable(connection: &Connection) -> Result<(&'static dyn Push, Url), String> {
    let push = find(&connection.connector).map_err(|error| error.to_string())?;
    push.check(connection)?;
    let url = connection.url.clone().ok_or("it has no address")?;
    Ok((push, url))
}

/// Returns the key of a worker. A changed connection gets a new worker, and the previous one ends by itself.
fn worker_key(partner: &Partner, connection: &Connection) -> String {
    let said = serde_json::to_vec(connection).expect("a connection is strings, numbers and maps");
    format!(
        "push/{}/{}",
        partner.id,
        hex::encode(&Sha256::digest(said)[..8])
    )
}
