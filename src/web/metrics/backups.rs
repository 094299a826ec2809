//! Metrics of scheduled backups.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use super::one;

/// State of scheduled backups, recorded by their scheduler for `/metrics`.
#[derive(Debug, Default)]
pub struct BackupStats(Mutex<State>);

#[derive(Debug, Clone, Copy, Default)]
struct State {
    /// Seconds between backups; `None` if none are scheduled.
    interval: Option<u64>,
    /// Time of the last attempt since the start, and whether it succeeded.
    last_attempt: Option<(DateTime<Utc>, bool)>,
    last_success: Option<DateTime<Utc>>,
    last_size: Option<u64>,
    /// Findings of the last backup since the start.
    last_findings: Option<usize>,
    failures: u64,
}

impl BackupStats {
    /// Records the interval of scheduled backups.
    pub fn scheduled(&self, every_hours: u32) {
        self.lock().interval = Some(u64::from(every_hours) * 3_600);
    }

    /// Returns the time of the last known backup.
    #[must_use]
    pub fn last_success(&self) -> Option<DateTime<Utc>> {
        self.lock().last_success
    }

    /// Records the newest existing backup, possibly made by an earlier process.
    pub fn found(&self, made: DateTime<Utc>, bytes: u64) {
        let mut state = self.lock();
        state.last_success = Some(made);
        state.last_size = Some(bytes);
    }

    /// Records a successful backup, and the number of findings, such as missing images.
    pub fn succeeded(&self, at: DateTime<Utc>, bytes: u64, findings: usize) {
        let mut state = self.lock();
        state.last_attempt = Some((at, true));
        state.last_success = Some(at);
        state.last_size = Some(bytes);
        state.last_findings = Some(findings);
    }

    /// Records a failed backup.
    pub fn failed(&self, at: DateTime<Utc>) {
        let mut state = self.lock();
        state.last_attempt = Some((at, false));
        state.failures += 1;
    }

    pub(super) fn write(&self, out: &mut String) {
        let state = *self.lock();
        let help = "Seconds from one scheduled backup to the next; 0 if none are scheduled.";
        let interval = state.interval.unwrap_or_default();
        one(out, "backup_interval_seconds", "gauge", help, interval);
        let help = "Scheduled backups that failed since the start.";
        one(
            out,
            "backup_failures_total",
            "counter",
            help,
            state.failures,
        );
        if let Some(at) = state.last_success {
            let name = "backup_last_success_timestamp_seconds";
            let help = "Time of the last scheduled backup, in Unix time.";
            one(out, name, "gauge", help, at.timestamp());
        }
        if let Some(bytes) = state.last_size {
            let help = "Bytes of the last scheduled backup.";
            one(out, "backup_last_size_bytes", "gauge", help, bytes);
        }
        if let Some(findings) = state.last_findings {
            let name = "backup_last_findings";
            let help =
                "Findings of the last scheduled backup since the start, such as missing images.";
            one(out, name, "gauge", help, findings as u64);
        }
        if let Some((at, succeeded)) = state.last_attempt {
            let name = "backup_last_attempt_timestamp_seconds";
            let help = "Time of the last attempted backup since the start, in Unix time.";
            one(out, name, "gauge", help, at.timestamp());
            let name = "backup_last_attempt_succeeded";
            let help = "1 if the last attempt made a backup, 0 if it failed.";
            one(out, name, "gauge", help, u8::from(succeeded));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic cannot leave the state half-written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
