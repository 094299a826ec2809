//! Parses a source into drafts: by a connector (tables, feeds, JSON of others), as this calendar's JSON, or as
//! iCalendar.

use std::collections::HashMap;
use std::sync::mpsc::SyncSender;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::value::RawValue;

use calendar_domain::wire;
use calendar_domain::{EventDraft, Lang};
use calendar_ical::finding::Severity;
use calendar_ical::to_events::{ReadOptions, to_drafts};

use super::{Diagnostic, ImportError};
use calendar_connectors::connector::{Certainty, FetchContext, ParsedItem, PartnerResponse};
use url::Url;

/// Number of events per batch.
const BATCH: usize = 2_000;

/// Returns true for bytes that begin like JSON.
pub(super) fn is_json(bytes: &[u8]) -> bool {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    matches!(first, Some(b'{' | b'['))
}

/// Parses all events, sends them in batches and returns the remarks.
///
/// # Errors
/// Returns [`ImportError::Json`] if the source starts as JSON and is malformed, and [`ImportError::Unrecognised`] if no
/// connector reads it. A closed channel is no error here: the receiver reports its own.
pub(super) fn read(
    source: &str,
    bytes: Vec<u8>,
    at: &Reading,
    batches: &SyncSender<Vec<EventDraft>>,
) -> Result<Vec<Diagnostic>, ImportError> {
    if let Some(remarks) = by_connector(source, &bytes, at, batches) {
        return Ok(remarks);
    }
    let zone = at.zone;
    let unread = |why: String| ImportError::Unrecognised {
        source_name: source.to_owned(),
        why,
    };
    if let Some(what) = calendar_connectors::sniff::document(&bytes) {
        return Err(unread(what.to_owned()));
    }
    if is_json(&bytes) {
        return read_json(source, &bytes, zone, batches);
    }
    if !has_component(&bytes) {
        let url = Url::parse("file:///").expect("a constant address");
        let answer = PartnerResponse {
            url: &url,
            media_type: None,
            bytes: &bytes,
            purpose: "",
        };
        return Err(unread(calendar_connectors::sniff::describe(&answer)));
    }
    let calendar = calendar_ical::read::read(&bytes);
    drop(bytes);
    let options = ReadOptions {
        default_zone: zone,
        language: at.language,
    };
    let (drafts, further) = to_drafts(&calendar, &options);
    let mut findings = calendar.findings;
    findings.extend(further);
    findings.sort_by_key(|finding| finding.line);
    hand_on(drafts, batches);
    let mut remarks: Vec<Diagnostic> = findings.into_iter().map(Diagnostic::from).collect();
    remarks.extend(
        calendar
            .is_truncated
            .then(calendar_connectors::ics::truncation_remark),
    );
    Ok(remarks)
}

/// Returns true if the bytes contain the start of an iCalendar component, or are UTF-16.
fn has_component(bytes: &[u8]) -> bool {
    let begin = b"BEGIN:V";
    let is_utf_16 = [b"\xff\xfe", b"\xfe\xff"]
        .iter()
        .any(|mark| bytes.starts_with(*mark));
    let begins = |byte: &[u8]| byte.eq_ignore_ascii_case(begin);
    is_utf_16 || bytes.windows(begin.len()).any(begins)
}

/// Sends drafts in batches until all are sent or the receiver is gone.
fn hand_on(drafts: impl IntoIterator<Item = EventDraft>, batches: &SyncSender<Vec<EventDraft>>) {
    let mut drafts = drafts.into_iter().peekable();
    while drafts.peek().is_some() {
        if batches.send(drafts.by_ref().take(BATCH).collect()).is_err() {
            break;
        }
    }
}

/// Context for parsing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    /// Zone of times without one.
    pub zone: Tz,
    /// Language of texts that do not declare one.
    pub language: Lang,
    /// Current date in the region.
    pub today: NaiveDate,
    /// Current time.
    pub now: DateTime<Utc>,
}

/// Parses by a connector that recognizes the source, such as a table, a feed or a web page. Follow-up requests
/// of the connector are not sent. Returns `None` if no connector applies.
fn by_connector(
    source: &str,
    bytes: &[u8],
    at: &Reading,
    batches: &SyncSender<Vec<EventDraft>>,
) -> Option<Vec<Diagnostic>> {
    let start = &bytes[..bytes.len().min(4096)];
    let calendar = b"BEGIN:VCALENDAR";
    let is_calendar = |byte: &[u8]| byte.eq_ignore_ascii_case(calendar);
    if bytes.len() > FOREIGN || start.windows(calendar.len()).any(is_calendar) {
        return None;
    }
    let name: String = source.chars().filter(|c| !c.is_control()).collect();
    let url = Url::parse(source)
        .or_else(|_| Url::parse(&format!("file:///{name}")))
        .ok()?;
    let answer = PartnerResponse {
        url: &url,
        media_type: None,
        bytes,
        purpose: "",
    };
    let found = calendar_connectors::recognise(&answer).into_iter();
    let mut others = found.filter(|(connector, _)| !OWN.contains(&connector.id()));
    let (connector, recognised) = others.next()?;
    if recognised.certainty == Certainty::Linked {
        return None;
    }
    let asking = FetchContext {
        url: &url,
        zone: at.zone,
        language: at.language,
        today: at.today,
        now: at.now,
        resume: None,
    };
    let page = connector.read(&answer, &asking).ok()?;
    let mut remarks = page.remarks;
    if !page.next.is_empty() {
        let why = "it continues on further pages, which `partner add` reads";
        remarks.push(Diagnostic::warning("the file", why));
    }
    let drafts = page.items.into_iter().filter_map(|item| match item {
        ParsedItem::Event(draft) => Some(*draft),
        ParsedItem::Gone { .. } | ParsedItem::Unread { .. } => None,
    });
    hand_on(drafts, batches);
    Some(remarks)
}

/// Largest source that connectors examine, in bytes. Larger ones are calendars or this calendar's JSON.
const FOREIGN: usize = 32 << 20;
/// Connectors whose formats [`read`] parses itself.
const OWN: [&str; 2] = ["ics", "elverum_calendar"];

/// A page of the API.
#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
}

/// Parses one event, a list of events, a page of the API (`{items}`), or a sequence of these as in JSON Lines.
fn read_json(
    source: &str,
    bytes: &[u8],
    zone: Tz,
    batches: &SyncSender<Vec<EventDraft>>,
) -> Result<Vec<Diagnostic>, ImportError> {
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
    let mut parts = Parts::default();
    for (number, part) in values.chunks(BATCH).enumerate() {
        let numbered = (number * BATCH + 1..).zip(part);
        let drafts = numbered.filter_map(|(number, value)| one(number, value, zone, &mut remarks));
        let drafts = drafts.filter_map(|(id, draft)| parts.note(id, draft));
        if batches.send(drafts.collect()).is_err() {
            return Ok(remarks);
        }
    }
    hand_on(parts.named(), batches);
    Ok(remarks)
}

/// Events that are part of others, which wait until all ids are known: `super_event` is the id of a record, while an
/// event is known by its `UID`.
#[derive(Default)]
struct Parts {
    origins: HashMap<String, String>,
    waiting: Vec<EventDraft>,
}

impl Parts {
    /// Records the id of an event. Returns the draft, unless it waits.
    fn note(&mut self, id: Option<String>, draft: EventDraft) -> Option<EventDraft> {
        if let Some(id) = id {
            self.origins.insert(id, draft.origin_id.clone());
        }
        match draft.super_event {
            None => Some(draft),
            Some(_) => {
                self.waiting.push(draft);
                None
            }
        }
    }

    /// Returns the waiting drafts, with the names of the events that they are part of.
    fn named(self) -> impl Iterator<Item = EventDraft> {
        let Self { origins, waiting } = self;
        waiting.into_iter().map(move |mut draft| {
            let named = draft.super_event.as_ref();
            if let Some(origin) = named.and_then(|named| origins.get(named)) {
                draft.super_event = Some(origin.clone());
            }
            draft
        })
    }
}

/// Parses one event, with the id of its record, or adds remarks that say why it is invalid.
fn one(
    number: usize,
    value: &RawValue,
    zone: Tz,
    remarks: &mut Vec<Diagnostic>,
) -> Option<(Option<String>, EventDraft)> {
    let mut report = |field: &str, detail: String| {
        let at = format!("item {number}: {field}");
        let at = at.trim_end_matches([':', ' ']).to_owned();
        remarks.push(Diagnostic {
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
    let id = event.id.clone();
    match wire::read(event, zone) {
        Ok(draft) if draft.origin_id.is_empty() => {
            report(
                "uid",
                "is required to identify the event in the next import".into(),
            );
            None
        }
        Ok(draft) => Some((id, draft)),
        Err(errors) => {
            for error in errors {
                report(&error.field, error.detail);
            }
            None
        }
    }
}
