//! Bytes as drafts: our own JSON, what a connector recognises (tables, feeds, other people's JSON), else
//! iCalendar.

use std::sync::mpsc::SyncSender;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::domain::{EventDraft, Lang};
use crate::ical::finding::Severity;
use crate::ical::to_events::{ReadOptions, to_drafts};
use crate::{ical, wire};

use super::{ImportError, Remark};
use crate::sync::connector::{Answer, Asking, Certainty, Item};
use crate::sync::connectors;
use url::Url;

/// Events that are handed on together, and go into one commit.
const BATCH: usize = 2_000;

/// Returns true for bytes that begin like JSON.
pub(super) fn is_json(bytes: &[u8]) -> bool {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    matches!(first, Some(b'{' | b'['))
}

/// Reads all events, hands them on in batches and tells what was noticed.
///
/// # Errors
/// Where the source is no JSON at all. Who no longer listens has failed and knows why.
pub(super) fn read(
    source: &str,
    bytes: Vec<u8>,
    at: &Reading,
    batches: &SyncSender<Vec<EventDraft>>,
) -> Result<Vec<Remark>, ImportError> {
    if let Some(remarks) = by_connector(source, &bytes, at, batches) {
        return Ok(remarks);
    }
    let zone = at.zone;
    if is_json(&bytes) {
        return read_json(source, &bytes, zone, batches);
    }
    if !has_component(&bytes) {
        let url = Url::parse("file:///").expect("a constant address");
        let answer = Answer {
            url: &url,
            media_type: None,
            bytes: &bytes,
            purpose: "",
        };
        let why = connectors::sniff::describe(&answer);
        return Ok(vec![Remark::error("the file", why)]);
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
    hand_on(drafts, batches);
    let mut remarks: Vec<Remark> = findings.into_iter().map(Remark::from).collect();
    remarks.extend(
        calendar
            .is_truncated
            .then(connectors::ics::truncation_remark),
    );
    Ok(remarks)
}

/// Returns true if a component of a calendar begins in it, whatever its encoding.
fn has_component(bytes: &[u8]) -> bool {
    let begin = b"BEGIN:V";
    let is_utf_16 = [b"\xff\xfe", b"\xfe\xff"]
        .iter()
        .any(|mark| bytes.starts_with(*mark));
    let begins = |it: &[u8]| it.eq_ignore_ascii_case(begin);
    is_utf_16 || bytes.windows(begin.len()).any(begins)
}

/// Hands drafts on, batch after batch, until there are no more or nobody takes them.
fn hand_on(drafts: impl IntoIterator<Item = EventDraft>, batches: &SyncSender<Vec<EventDraft>>) {
    let mut drafts = drafts.into_iter().peekable();
    while drafts.peek().is_some() {
        if batches.send(drafts.by_ref().take(BATCH).collect()).is_err() {
            break;
        }
    }
}

/// When and where something is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    /// The zone of times that have none of their own.
    pub zone: Tz,
    /// Today in the region.
    pub today: NaiveDate,
    /// Now.
    pub now: DateTime<Utc>,
}

/// What a connector makes of it, where one is for it: a club's table, a feed of news with dates, a page. What
/// the connector would ask next is not asked.
fn by_connector(
    source: &str,
    bytes: &[u8],
    at: &Reading,
    batches: &SyncSender<Vec<EventDraft>>,
) -> Option<Vec<Remark>> {
    let start = &bytes[..bytes.len().min(4096)];
    let calendar = b"BEGIN:VCALENDAR";
    let is_calendar = |it: &[u8]| it.eq_ignore_ascii_case(calendar);
    if bytes.len() > FOREIGN || start.windows(calendar.len()).any(is_calendar) {
        return None;
    }
    let name: String = source.chars().filter(|c| !c.is_control()).collect();
    let url = Url::parse(source)
        .or_else(|_| Url::parse(&format!("file:///{name}")))
        .ok()?;
    let answer = Answer {
        url: &url,
        media_type: None,
        bytes,
        purpose: "",
    };
    let found = connectors::recognise(&answer).into_iter();
    let mut others = found.filter(|(connector, _)| !OWN.contains(&connector.id()));
    let (connector, recognised) = others.next()?;
    if recognised.certainty == Certainty::Linked {
        return None;
    }
    let asking = Asking {
        url: &url,
        zone: at.zone,
        language: Lang::Nb,
        today: at.today,
        now: at.now,
        resume: None,
    };
    let page = connector.read(&answer, &asking).ok()?;
    let mut remarks = page.remarks;
    if !page.next.is_empty() {
        let why = "it goes on elsewhere; `partner add` has all of it read";
        remarks.push(Remark::warning("the file", why));
    }
    let drafts = page.items.into_iter().filter_map(|it| match it {
        Item::Event(draft) => Some(*draft),
        Item::Gone { .. } | Item::Unread { .. } => None,
    });
    hand_on(drafts, batches);
    Some(remarks)
}

/// The largest file that connectors look at, in bytes; larger ones are calendars or our own.
const FOREIGN: usize = 32 << 20;
/// Connectors of what is read here anyway.
const OWN: [&str; 2] = ["ics", "elverum_calendar"];

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
            report("", wire::in_json_words(&error));
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
