//! A run over all kinds of personal data, and what the last run did.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::catalog::Calendar;
use crate::config::{BackupConfig, RetentionPeriods};
use crate::login::{self, LoginError};
use crate::notify::Mailer;
use crate::personal_data::{PersonalDataError, backup_hold};
use calendar_domain::zone::to_local;
use calendar_domain::{Proposer, Record, RecordKind};
use calendar_store::{Store, StoreError};

use super::kind::RetainedKind;
use super::submissions::DueContext;
use super::{accounts, invitations, removal, versions};

/// The file in the store's folder for derived data that keeps what the last run did.
const FILE: &str = "retention.json";

/// What a run deleted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionRun {
    /// Time of the run.
    pub at: DateTime<Utc>,
    /// Number of deleted records or entries by kind; those without any are left out.
    pub removed: BTreeMap<RetainedKind, usize>,
    /// Number of people who were told that their account ends.
    pub told: usize,
}

/// Why a run was not completed. What it deleted stays deleted.
#[derive(Debug, thiserror::Error)]
pub enum RetentionError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An account or session could not be removed.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// The data of an account could not be removed.
    #[error(transparent)]
    PersonalData(#[from] PersonalDataError),
}

/// Deletes personal data whose time has ended.
pub struct Retention {
    calendar: Arc<Calendar>,
    periods: RetentionPeriods,
    backups: BackupConfig,
    mailer: Arc<Mailer>,
    last: Mutex<Option<RetentionRun>>,
}

impl Retention {
    /// Returns the service. What the last run of an earlier process did is read from the store's folder.
    #[must_use]
    pub fn new(
        calendar: Arc<Calendar>,
        mailer: Arc<Mailer>,
        periods: RetentionPeriods,
        backups: BackupConfig,
    ) -> Self {
        let read = |folder: &Path| std::fs::read(folder.join(FILE)).ok();
        let last = calendar.cache_folder().and_then(read);
        let last = last.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self {
            calendar,
            periods,
            backups,
            mailer,
            last: Mutex::new(last),
        }
    }

    /// Returns how long each kind is kept.
    #[must_use]
    pub fn periods(&self) -> &RetentionPeriods {
        &self.periods
    }

    /// Returns what the last complete run did, also before the last start.
    #[must_use]
    pub fn last(&self) -> Option<RetentionRun> {
        let last = self.last.lock();
        last.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Deletes what is due, and tells people whose accounts will be.
    ///
    /// # Errors
    /// Returns the first error, after all kinds were tried.
    pub fn run(&self) -> Result<RetentionRun, RetentionError> {
        let mut run = RetentionRun {
            at: self.calendar.clock().now(),
            ..RetentionRun::default()
        };
        let mut failed = None;
        for kind in RetainedKind::ALL {
            match self.remove(kind, run.at) {
                Ok(0) => {}
                Ok(count) => {
                    run.removed.insert(kind, count);
                    tracing::info!(
                        kind = kind.as_str(),
                        count,
                        "deleted personal data that is kept no longer"
                    );
                }
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        if let Err(error) = forget_ended(&self.calendar, run.at) {
            failed = failed.or(Some(error.into()));
        }
        // Without mail nobody could be told, so no account ends.
        if self.mailer.is_on() {
            match accounts::give_notice(&self.calendar, self.periods.account) {
                Ok(told) => run.told = told,
                Err(error) => failed = failed.or(Some(error.into())),
            }
        }
        if run.told > 0 {
            tracing::info!(count = run.told, "told people that their accounts end");
        }
        match versions::erase_removed(&self.calendar) {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "removed deleted personal data from the history"),
            Err(error) => failed = failed.or(Some(error.into())),
        }
        if let Some(error) = failed {
            return Err(error);
        }
        self.note(&run);
        Ok(run)
    }

    fn remove(&self, kind: RetainedKind, now: DateTime<Utc>) -> Result<usize, RetentionError> {
        let (calendar, periods) = (&*self.calendar, &self.periods);
        let snapshot = calendar.snapshot();
        let due = DueContext {
            now,
            periods,
            snapshot: &snapshot,
        };
        let before = |days: u32| now - TimeDelta::days(days.into());
        let is_visitors = |proposer: &Proposer| matches!(proposer, Proposer::Visitor { .. });
        Ok(match kind {
            RetainedKind::Account => {
                let backups = backup_hold(&self.backups, now);
                accounts::remove_due(calendar, periods.account, backups, self.mailer.is_on())?
            }
            RetainedKind::Draft => {
                removal::remove_due(calendar, RecordKind::Submission, |record| match record {
                    Record::Submission(draft) => due.is_old_draft(draft),
                    _ => false,
                })?
            }
            RetainedKind::Submission | RetainedKind::Suggestion => {
                let of_visitors = kind == RetainedKind::Suggestion;
                removal::remove_due(calendar, RecordKind::Submission, |record| match record {
                    Record::Submission(decided) => {
                        is_visitors(&decided.proposer) == of_visitors
                            && due.is_old_decision(decided)
                    }
                    _ => false,
                })?
            }
            RetainedKind::Report => {
                removal::remove_due(calendar, RecordKind::Report, |record| match record {
                    Record::Report(report) => due.is_old_report(report),
                    _ => false,
                })?
            }
            RetainedKind::Mail => {
                removal::remove_due(calendar, RecordKind::Mail, |record| match record {
                    Record::Mail(mail) => due.is_old_mail(mail),
                    _ => false,
                })?
            }
            RetainedKind::Invitation => {
                invitations::remove_before(calendar, before(periods.invitation))?
            }
            RetainedKind::Session => login::end_begun_before(calendar, before(periods.session))?,
            RetainedKind::Audit => {
                let zone = snapshot.region().time_zone;
                let first = to_local(before(periods.audit), zone).date();
                match calendar.audit() {
                    Some(audit) => audit.remove_before(first)?,
                    None => 0,
                }
            }
        })
    }

    /// Keeps what a run did, in memory and in the store's folder.
    fn note(&self, run: &RetentionRun) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(run.clone());
        let Some(folder) = self.calendar.cache_folder() else {
            return;
        };
        let keep = || -> std::io::Result<()> {
            let bytes = serde_json::to_vec(run).map_err(std::io::Error::other)?;
            std::fs::create_dir_all(folder)?;
            std::fs::write(folder.join(FILE), bytes)
        };
        if let Err(error) = keep() {
            tracing::warn!(%error, "cannot note the last run of the retention");
        }
    }
}

/// Removes short-lived data whose time has ended, from its files too: an hourly run leaves it there.
fn forget_ended(calendar: &Calendar, now: DateTime<Utc>) -> Result<(), StoreError> {
    if let Some(kept) = calendar.ephemeral() {
        kept.remove_expired(now)?;
        kept.rewrite()?;
    }
    Ok(())
}
