//! Health of the exchange with each partner. Kept in memory and in a file beside the store, which may be
//! deleted at any time.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};

use crate::http::FetchError;
use crate::http::credential::CredentialError;
use crate::ingest::fetch::FetchAllError;
use calendar_domain::PartnerId;

use super::RunError;
use super::locking::lock;
use super::report::{Ended, RunReport};

/// Number of event counts kept per partner.
const COUNTS: usize = 50;
/// Maximum delay granted to a partner's `Retry-After`.
const LONGEST_WAIT: TimeDelta = TimeDelta::days(1);
/// Duration above which a run is slow.
const SLOW: Duration = Duration::from_secs(60);

/// Health of all partners.
#[derive(Debug)]
pub struct Health {
    file: Option<PathBuf>,
    partners: Mutex<BTreeMap<PartnerId, PartnerHealth>>,
}

/// Health of one partner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PartnerHealth {
    /// Start of the last run.
    pub asked_at: Option<DateTime<Utc>>,
    /// End of the last run.
    pub noted_at: Option<DateTime<Utc>>,
    /// Start of the last successful run.
    pub good_at: Option<DateTime<Utc>>,
    /// Start of the last run with a whole response.
    pub whole_at: Option<DateTime<Utc>>,
    /// Number of failed runs since the last successful one.
    pub failures: u32,
    /// The current problem, if any.
    pub complaint: Option<Complaint>,
    /// Duration of the last run, in milliseconds.
    pub took_ms: u64,
    /// Start of each run and its number of events, oldest first. Unmodified responses are not included.
    pub counts: VecDeque<(DateTime<Utc>, usize)>,
    /// Earliest time of the next run, from `Retry-After`.
    pub not_before: Option<DateTime<Utc>>,
    /// Renamings found in the last run: the new origin id, and the stored one.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub renamed: BTreeMap<String, String>,
}

/// A problem with a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
pub enum Complaint {
    /// The credentials are missing or were refused.
    CredentialsRefused(String),
    /// The partner is unreachable, or its response is an error or unreadable.
    Failing(String),
    /// The response is implausible.
    Quarantined(String),
    /// A run was rolled back, and the partner has not been released.
    Held(String),
    /// The partner has no events any more.
    DroppedToZero,
    /// The last run was slow.
    Slow,
}

impl Health {
    /// Reads the health file in `folder`. Starts empty without a folder or a readable file.
    #[must_use]
    pub fn open(folder: Option<&Path>) -> Self {
        let file = folder.map(|folder| folder.join("partners.json"));
        let known = file.as_ref().and_then(|file| {
            let bytes = std::fs::read(file).ok()?;
            serde_json::from_slice(&bytes).ok()
        });
        Self {
            file,
            partners: Mutex::new(known.unwrap_or_default()),
        }
    }

    /// Returns the health of one partner.
    #[must_use]
    pub fn of(&self, partner: &PartnerId) -> PartnerHealth {
        lock(&self.partners)
            .get(partner)
            .cloned()
            .unwrap_or_default()
    }

    /// Returns the health of all partners that were ever run.
    #[must_use]
    pub fn all(&self) -> BTreeMap<PartnerId, PartnerHealth> {
        lock(&self.partners).clone()
    }

    /// Stores the renamings found in a run. Those of an incremental response are added to the known ones.
    pub(super) fn note_renamed(
        &self,
        partner: &PartnerId,
        renamed: BTreeMap<String, String>,
        whole: bool,
    ) {
        let mut partners = lock(&self.partners);
        let health = partners.entry(partner.clone()).or_default();
        let mut renamed = renamed;
        if !whole {
            renamed.extend(health.renamed.clone());
        }
        if health.renamed != renamed {
            health.renamed = renamed;
            self.keep(&partners);
        }
    }

    pub(super) fn note(
        &self,
        partner: &PartnerId,
        at: DateTime<Utc>,
        took: Duration,
        result: &Result<RunReport, RunError>,
    ) {
        let mut partners = lock(&self.partners);
        let health = partners.entry(partner.clone()).or_default();
        let ended = TimeDelta::from_std(took).ok();
        let ended = ended
            .and_then(|took| at.checked_add_signed(took))
            .unwrap_or(at);
        health.asked_at = Some(at);
        health.noted_at = Some(ended);
        health.took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        health.not_before = None;
        match result {
            Ok(report) => health.good(report, at, took),
            Err(error) => {
                // Decisions made here say nothing about the partner.
                let is_ours = matches!(
                    error,
                    RunError::Held { .. }
                        | RunError::Changed(_)
                        | RunError::NoAddress(_)
                        | RunError::UnknownPartner(_)
                );
                if !is_ours {
                    health.failures = health.failures.saturating_add(1);
                }
                health.not_before = wait(error).and_then(|wait| ended.checked_add_signed(wait));
                health.complaint = Some(complaint(error));
            }
        }
        self.keep(&partners);
    }

    /// Writes the file. A failure is logged and does not fail the run.
    fn keep(&self, partners: &BTreeMap<PartnerId, PartnerHealth>) {
        let Some(file) = &self.file else { return };
        let write = || -> std::io::Result<()> {
            let bytes = serde_json::to_vec(partners).map_err(std::io::Error::other)?;
            std::fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
            let beside = file.with_extension("json.new");
            std::fs::write(&beside, bytes)?;
            std::fs::rename(beside, file)
        };
        if let Err(error) = write() {
            tracing::warn!(%error, "cannot record the state of partners");
        }
    }
}

impl PartnerHealth {
    fn good(&mut self, report: &RunReport, at: DateTime<Utc>, took: Duration) {
        if let Ended::Quarantined(why) = &report.ended {
            // The partner responds, so its interval stays as it is.
            self.failures = 0;
            self.complaint = Some(Complaint::Quarantined(why.clone()));
            return;
        }
        let not_modified = report.ended == Ended::NotModified;
        let before = self.counts.back().map_or(0, |(_, count)| *count);
        self.good_at = Some(at);
        if report.whole {
            self.whole_at = Some(at);
        }
        self.failures = 0;
        self.complaint = None;
        if !not_modified {
            self.counts.push_back((at, report.told));
            while self.counts.len() > COUNTS {
                self.counts.pop_front();
            }
            if report.told == 0 && before > 0 {
                self.complaint = Some(Complaint::DroppedToZero);
            }
        }
        if self.complaint.is_none() && took > SLOW {
            self.complaint = Some(Complaint::Slow);
        }
    }
}

/// Returns the delay that the partner requested, at most one day.
fn wait(error: &RunError) -> Option<TimeDelta> {
    let RunError::Ask(FetchAllError::Fetch(FetchError::Status { retry_after, .. })) = error else {
        return None;
    };
    let wanted = TimeDelta::from_std((*retry_after)?).unwrap_or(LONGEST_WAIT);
    Some(wanted.min(LONGEST_WAIT))
}

fn complaint(error: &RunError) -> Complaint {
    let why = error.to_string();
    if matches!(error, RunError::Held { .. }) {
        return Complaint::Held(why);
    }
    let refused = match error {
        RunError::Credential(CredentialError::Missing(_) | CredentialError::Unsendable(_)) => true,
        RunError::Ask(FetchAllError::Fetch(FetchError::Status { status, .. })) => {
            matches!(*status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
        }
        _ => false,
    };
    if refused {
        Complaint::CredentialsRefused(why)
    } else {
        Complaint::Failing(why)
    }
}
