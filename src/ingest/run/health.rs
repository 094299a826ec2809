//! How the exchange with each partner goes: kept in memory, and in a file beside the store that may be
//! thrown away at any time.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};

use crate::http::FetchError;
use crate::http::credential::CredentialError;
use crate::ingest::fetch::AskError;
use calendar_domain::PartnerId;

use super::report::{Ended, RunReport};
use super::{RunError, lock};

/// Counts that are remembered of each partner.
const COUNTS: usize = 50;
/// However long a partner wants to be left alone, it is asked again after a day.
const LONGEST_WAIT: TimeDelta = TimeDelta::days(1);
/// A run that takes longer is called slow.
const SLOW: Duration = Duration::from_secs(60);

/// How the exchange goes with all partners.
#[derive(Debug)]
pub struct Health {
    file: Option<PathBuf>,
    partners: Mutex<BTreeMap<PartnerId, PartnerHealth>>,
}

/// How it goes with one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PartnerHealth {
    /// When it was asked last.
    pub asked_at: Option<DateTime<Utc>>,
    /// When that was noted: the run was over by then.
    pub noted_at: Option<DateTime<Utc>>,
    /// When it last answered, and the answer was good.
    pub good_at: Option<DateTime<Utc>>,
    /// When it last told of everything, not only of what changed.
    pub whole_at: Option<DateTime<Utc>>,
    /// Runs since then that were not good.
    pub failures: u32,
    /// What is wrong, if anything is.
    pub complaint: Option<Complaint>,
    /// How long the last run took, in milliseconds.
    pub took_ms: u64,
    /// When it was asked and how many events it told of, the newest last; an answer that nothing has
    /// changed adds none.
    pub counts: VecDeque<(DateTime<Utc>, usize)>,
    /// When it wants to be asked again at the earliest (`Retry-After`).
    pub not_before: Option<DateTime<Utc>>,
    /// What it called events otherwise than before the last time: the new name, and the one that is kept.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub renamed: BTreeMap<String, String>,
}

/// What is wrong with a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
pub enum Complaint {
    /// It does not let us in.
    CredentialsRefused(String),
    /// It cannot be reached, or answers with errors or nonsense.
    Failing(String),
    /// Its answer looked wrong.
    Quarantined(String),
    /// A run was taken back, and nobody has let it go on.
    Held(String),
    /// It tells of nothing any more.
    DroppedToZero,
    /// It answers, but slowly.
    Slow,
}

impl Health {
    /// What is known from before, where there is a folder for it.
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

    /// How it goes with one partner.
    #[must_use]
    pub fn of(&self, partner: &PartnerId) -> PartnerHealth {
        lock(&self.partners)
            .get(partner)
            .cloned()
            .unwrap_or_default()
    }

    /// How it goes with everyone who was ever asked.
    #[must_use]
    pub fn all(&self) -> BTreeMap<PartnerId, PartnerHealth> {
        lock(&self.partners).clone()
    }

    /// Notes what a partner calls otherwise than before.
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
                // What was decided here says nothing of the partner.
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

    /// Writes the file. That it cannot be written is no fault of a run's.
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
            tracing::warn!(%error, "how it goes with partners was not written down");
        }
    }
}

impl PartnerHealth {
    fn good(&mut self, report: &RunReport, at: DateTime<Utc>, took: Duration) {
        if let Ended::Quarantined(why) = &report.ended {
            // It answers: there is no need to ask it less often, and once it is released it is asked in time.
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

/// For how long the partner wants to be left alone.
fn wait(error: &RunError) -> Option<TimeDelta> {
    let RunError::Ask(AskError::Fetch(FetchError::Status { retry_after, .. })) = error else {
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
        RunError::Ask(AskError::Fetch(FetchError::Status { status, .. })) => {
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
