//! The daily run while the server runs.

use std::sync::Weak;
use std::time::{Duration, Instant};

use rocket::tokio;

use crate::editorial::daily_mails::due_day;

use super::Retention;

/// The hour from which on it runs, in the region's time zone.
const HOUR: u32 = 4;
/// Interval at which is checked whether it is due.
const CHECK: Duration = Duration::from_secs(2);
/// Pause after a failure.
const PAUSE: Duration = Duration::from_secs(600);

/// Runs once a day from 4 o'clock on in the region's time zone, and at a start after that hour. A failed run is repeated
/// after ten minutes.
pub async fn keep(retention: Weak<Retention>) {
    let (mut done, mut failed) = (None, None::<Instant>);
    loop {
        tokio::time::sleep(CHECK).await;
        let Some(retention) = retention.upgrade() else {
            return;
        };
        let due = due_day(retention.calendar(), HOUR);
        let Some(due) = due.filter(|day| done != Some(*day)) else {
            continue;
        };
        if failed.is_some_and(|at| at.elapsed() < PAUSE) {
            continue;
        }
        failed = match tokio::task::spawn_blocking(move || retention.run()).await {
            Ok(Ok(_)) => {
                done = Some(due);
                None
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "cannot delete all personal data that is kept no longer yet; retrying");
                Some(Instant::now())
            }
            Err(error) => {
                tracing::error!(%error, "cannot delete personal data that is kept no longer");
                Some(Instant::now())
            }
        };
    }
}
