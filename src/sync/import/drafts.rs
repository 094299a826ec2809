//! Bytes as drafts: JSON where they begin like JSON, else iCalendar.

use std::sync::mpsc::SyncSender;

use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::domain::{EventDraft, Lang};
use crate::ical::finding::Severity;
use crate::ical::to_events::{ReadOptions, to_drafts};
use crate::{ical, wire};

use super::{ImportError, Remark};

/// Events that are handed on together, and go into one commit.
const BATCH: usize = 2_000;

/// Reads all events, hands them on in batches and tells what was noticed.
///
/// # Errors
/// Where the source is no JSON at all. Who no longer listens has failed and knows why.
pub(super) fn read(
    source: &str,
    bytes: Vec<u8>,
    zone: Tz,
    batches: &SyncSender<Vec<EventDraft>>,
) -> Result<Vec<Remark>, ImportError> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if matches!(first, Some(b'{' | b'[')) {
        return read_json(source, &bytes, zone, batches);
    }
    let calendar = ical::read::read(&bytes);
    drop(bytes);
    let options = ReadOptions {
        default_zone: zone,
        language: Lang::Nb,
    };
    let (drafts, further) = to_drafts(&calendar, &options);
    let mut findings = calendar.findings;
    findings.extend(further);
    findings.sort_by_key(|finding| finding.line);
    let mut drafts = drafts.into_iter().peekable();
    while drafts.peek().is_some() {
        if batches.send(drafts.by_ref().take(BATCH).collect()).is_err() {
            break;
        }
    }
    Ok(findings.into_iter().map(Remark::from).collect())
}

/// What the API gives.
#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
}

/// One event, a list of events, what the API gives (`{items}`), or one event after the other, as in a
/// file of JSON lines.
fn read_json(
    source: &str,
    bytes: &[u8],
    zone: Tz,
    batches: &SyncSender<Vec<EventDraft>>,
) -> Result<Vec<Remark>, ImportError> {
    let wrong = |cause| ImportError::Json {
        source_name: source.to_owned(),
        cause,
    };
    let mut values = Vec::new();
    for value in serde_json::Deserializer::from_slice(bytes).into_iter::<&RawValue>() {
        let value = value.map_err(wrong)?;
        if value.get().starts_with('[') {
            let list: Vec<&RawValue> = serde_json::from_str(value.get()).map_err(wrong)?;
            values.extend(list);
        } else if let Ok(page) = serde_json::from_str::<Page<'_>>(value.get()) {
            values.extend(page.items);
        } else {
            values.push(value);
        }
    }
    let mut remarks = Vec::new();
    for (number, part) in values.chunks(BATCH).enumerate() {
        let numbered = (number * BATCH + 1..).zip(part);
        let drafts = numbered.filter_map(|(number, value)| one(number, value, zone, &mut remarks));
        if batches.send(drafts.collect()).is_err() {
            break;
        }
    }
    Ok(remarks)
}

/// One event, or why it is none.
fn one(number: usize, value: &RawValue, zone: Tz, remarks: &mut Vec<Remark>) -> Option<EventDraft> {
    let mut report = |field: &str, detail: String| {
        let at = format!("item {number}: {field}");
        let at = at.trim_end_matches([':', ' ']).to_owned();
        remarks.push(Remark {
            at,
            severity: Severity::Error,
            detail,
        });
    };
    let event = match serde_json::from_str::<wire::WireEvent>(value.get()) {
        Ok(event) => event,
        Err(error) => {
            report("", error.to_string());
            return None;
        }
    };
    match wire::read(event, zone) {
        Ok(draft) if draft.origin_id.is_empty() => {
            report(
                "uid",
                "is required to recognise the event the next time".into(),
            );
            None
        }
        Ok(draft) => Some(draft),
        Err(errors) => {
            for error in errors {
                report(&error.field, error.detail);
            }
            None
        }
    }
}
