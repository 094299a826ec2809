//! A file or an address read into events, once, by an operator.

use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

use crate::catalog::Calendar;
use crate::domain::{Event, EventId, Lang, PartnerId, Record, RecordKey, RecordKind};
use crate::ical::finding::{Finding, Severity};
use crate::ical::to_events::{ReadOptions, to_drafts};
use crate::store::{Author, Change, Commit, Store, StoreError};
use crate::{domain::EventDraft, ical, wire};

use super::http::{FetchError, Fetcher};
use super::input::Input;
use super::reconcile::{Origin, Outcome, Planned, Step, plan};

/// Events that go into one commit. A larger import is several commits, each whole.
const EVENTS_A_COMMIT: usize = 500;

/// Reads files and addresses into the calendar.
pub struct Importer {
    calendar: Arc<Calendar>,
    fetcher: Fetcher,
    max_bytes: u64,
}

/// What an import did.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The file or address.
    pub source: String,
    /// Each event of the source.
    pub items: Vec<Item>,
    /// What was noticed while reading, in the order of the source.
    pub remarks: Vec<Remark>,
    /// The last commit's number, after the import.
    pub commit: u64,
}

/// Something that was noticed while reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// Where: `line 12: VEVENT DTSTART`, or `item 3: start`.
    pub at: String,
    /// How much it matters.
    pub severity: Severity,
    /// What it is.
    pub detail: String,
}

impl From<Finding> for Remark {
    fn from(finding: Finding) -> Self {
        let names = [finding.component, finding.property];
        let names: Vec<String> = names.into_iter().filter(|name| !name.is_empty()).collect();
        let at = format!("line {}: {}", finding.line, names.join(" "));
        let at = at.trim_end_matches([':', ' ']).to_owned();
        Self {
            at,
            severity: finding.severity,
            detail: finding.detail,
        }
    }
}

/// What became of one event of the source.
#[derive(Debug, Clone, Serialize)]
pub struct Item {
    /// What became of it.
    pub outcome: Outcome,
    /// What the source calls it.
    pub origin_id: String,
    /// Its title.
    pub title: String,
    /// Its page, where it is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Why it was refused, or what of it was not taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Report {
    /// How many items had an outcome.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.items
            .iter()
            .filter(|item| item.outcome == outcome)
            .count()
    }

    /// Whether something was refused or could not be read.
    #[must_use]
    pub fn has_findings(&self) -> bool {
        self.count(Outcome::Refused) > 0
            || self
                .remarks
                .iter()
                .any(|remark| remark.severity == Severity::Error)
    }
}

/// Why an import did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error("{path} cannot be read: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The file is larger than allowed.
    #[error("{path} has {size} bytes; limits.import_bytes allows {limit}")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        size: u64,
        /// The bound.
        limit: u64,
    },
    /// The address cannot be read.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The JSON is none of ours.
    #[error("{source_name} is no JSON of events: {cause}")]
    Json {
        /// The file or address.
        source_name: String,
        /// Line, column and reason.
        cause: serde_json::Error,
    },
    /// No such partner.
    #[error("there is no partner «{0}»; add it to partners.toml")]
    UnknownPartner(PartnerId),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Importer {
    /// An importer into a calendar.
    #[must_use]
    pub fn new(calendar: Arc<Calendar>, fetcher: Fetcher, max_bytes: u64) -> Self {
        Self {
            calendar,
            fetcher,
            max_bytes,
        }
    }

    /// Reads, compares and, unless it is a rehearsal, commits.
    ///
    /// # Errors
    /// Where nothing could be read or the store refused. What could not be taken of a source that
    /// was read stands in the report.
    pub async fn run(
        &self,
        input: &Input,
        partner: &PartnerId,
        rehearsal: Rehearsal,
    ) -> Result<Report, ImportError> {
        let snapshot = self.calendar.snapshot();
        if snapshot.partner(partner).is_none() {
            return Err(ImportError::UnknownPartner(partner.clone()));
        }
        let (source, bytes) = self.bytes(input).await?;
        let zone = snapshot.region().time_zone;
        let (drafts, remarks) = read_drafts(&source, &bytes, zone)?;
        drop(bytes);
        let at = self.calendar.clock().now();
        let origin = Origin {
            partner: partner.clone(),
            url: source.clone(),
            at,
        };
        let store = &*self.calendar;
        let stored = |id: &EventId| -> Result<Option<Event>, StoreError> {
            let key = RecordKey::new(RecordKind::Event, id.as_str());
            Ok(store.get(&key)?.and_then(|it| match it.record {
                Record::Event(event) => Some((*event).clone()),
                _ => None,
            }))
        };
        let planned = plan(drafts, &origin, &snapshot, stored)?;
        if rehearsal == Rehearsal::No {
            self.commit(&planned, &origin)?;
        }
        let commit = self.calendar.snapshot().version().commit;
        let items = planned.into_iter().map(item).collect();
        Ok(Report {
            source,
            items,
            remarks,
            commit,
        })
    }

    async fn bytes(&self, input: &Input) -> Result<(String, Vec<u8>), ImportError> {
        match input {
            Input::Address(url) => {
                let fetched = self.fetcher.get(url).await?;
                Ok((fetched.url.to_string(), fetched.bytes))
            }
            Input::File(path) => {
                let failed = |cause| ImportError::File {
                    path: path.clone(),
                    cause,
                };
                let size = std::fs::metadata(path).map_err(failed)?.len();
                if size > self.max_bytes {
                    let limit = self.max_bytes;
                    return Err(ImportError::TooLarge {
                        path: path.clone(),
                        size,
                        limit,
                    });
                }
                let bytes = std::fs::read(path).map_err(failed)?;
                let name = path.file_name().unwrap_or(path.as_os_str());
                Ok((name.to_string_lossy().into_owned(), bytes))
            }
        }
    }

    fn commit(&self, planned: &[Planned], origin: &Origin) -> Result<(), ImportError> {
        let changed: Vec<&Event> = planned
            .iter()
            .filter_map(|it| match &it.step {
                Step::Create(event) | Step::Update(event) => Some(&**event),
                Step::Same | Step::Ours | Step::Refuse(_) => None,
            })
            .collect();
        for part in changed.chunks(EVENTS_A_COMMIT) {
            let mut changes = Vec::with_capacity(part.len());
            for event in part {
                changes.push(self.change((*event).clone())?);
            }
            self.calendar.commit(Commit {
                author: Author::Partner(origin.partner.to_string()),
                at: origin.at,
                note: format!(
                    "import of {}",
                    origin.url.chars().take(200).collect::<String>()
                ),
                changes,
            })?;
        }
        Ok(())
    }

    /// The change expects what the plan was made of, so that nothing set meanwhile is lost.
    fn change(&self, event: Event) -> Result<Change, StoreError> {
        let key = RecordKey::new(RecordKind::Event, event.id.as_str());
        Ok(match self.calendar.get(&key)? {
            Some(stored) => Change::update(event.into(), stored.revision),
            None => Change::create(event.into()),
        })
    }
}

/// Whether an import only shows what it would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rehearsal {
    /// Nothing is written.
    Yes,
    /// It is the real thing.
    No,
}

/// Bytes as drafts: JSON where they begin like JSON, else iCalendar.
fn read_drafts(
    source: &str,
    bytes: &[u8],
    zone: chrono_tz::Tz,
) -> Result<(Vec<EventDraft>, Vec<Remark>), ImportError> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if matches!(first, Some(b'{' | b'[')) {
        return read_json(source, bytes, zone);
    }
    let calendar = ical::read::read(bytes);
    let options = ReadOptions {
        default_zone: zone,
        language: Lang::Nb,
    };
    let (drafts, further) = to_drafts(&calendar, &options);
    let mut findings = calendar.findings;
    findings.extend(further);
    findings.sort_by_key(|finding| finding.line);
    Ok((drafts, findings.into_iter().map(Remark::from).collect()))
}

/// One event, a list of events, or what the API gives: `{items}`.
fn read_json(
    source: &str,
    bytes: &[u8],
    zone: chrono_tz::Tz,
) -> Result<(Vec<EventDraft>, Vec<Remark>), ImportError> {
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Shape {
        List(Vec<serde_json::Value>),
        Page { items: Vec<serde_json::Value> },
        One(serde_json::Value),
    }
    let wrong = |cause| ImportError::Json {
        source_name: source.to_owned(),
        cause,
    };
    let values = match serde_json::from_slice(bytes).map_err(wrong)? {
        Shape::List(values) | Shape::Page { items: values } => values,
        Shape::One(value) => vec![value],
    };
    let mut drafts = Vec::new();
    let mut remarks = Vec::new();
    for (number, value) in values.into_iter().enumerate() {
        let mut report = |field: &str, detail: String| {
            let at = format!("item {}: {field}", number + 1);
            let at = at.trim_end_matches([':', ' ']).to_owned();
            remarks.push(Remark {
                at,
                severity: Severity::Error,
                detail,
            });
        };
        match serde_json::from_value::<wire::WireEvent>(value) {
            Err(error) => report("", error.to_string()),
            Ok(event) => match wire::read(event, zone) {
                Ok(draft) if draft.origin_id.is_empty() => {
                    report(
                        "uid",
                        "is required to recognise the event the next time".into(),
                    );
                }
                Ok(draft) => drafts.push(draft),
                Err(errors) => {
                    for error in errors {
                        report(&error.field, error.detail);
                    }
                }
            },
        }
    }
    Ok((drafts, remarks))
}

fn item(planned: Planned) -> Item {
    let note = match &planned.step {
        Step::Refuse(why) => Some(why.clone()),
        Step::Ours => Some("it is published here already and was left as it is".into()),
        _ if !planned.kept.is_empty() => Some(format!(
            "kept what a person set here: {}",
            field_names(&planned.kept)
        )),
        _ => None,
    };
    let path = match &planned.step {
        Step::Create(event) | Step::Update(event) => Some(format!("/events/{}", event.slug)),
        _ => None,
    };
    let outcome = planned.step.outcome();
    Item {
        outcome,
        origin_id: planned.origin_id,
        title: planned.title,
        path,
        note,
    }
}

fn field_names(fields: &[crate::domain::Field]) -> String {
    let name = |field: &crate::domain::Field| {
        let value = serde_json::to_value(field).unwrap_or_default();
        value.as_str().unwrap_or_default().to_owned()
    };
    fields.iter().map(name).collect::<Vec<_>>().join(", ")
}
