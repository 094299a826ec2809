//! iCalendar feeds (RFC 5545).

use std::collections::{BTreeSet, HashSet};

use url::Url;

use crate::connector::{
    Certainty, Connector, Detection, FetchContext, ParsedItem, ParsedPage, PartnerResponse,
    Request, Unreadable,
};
use crate::diagnostic::Diagnostic;
use crate::sniff;
use calendar_domain::EventDraft;
use calendar_ical::read::{self, ReadCalendar};
use calendar_ical::to_events::{ReadOptions, to_drafts};

/// The `Accept` header.
const ACCEPT: &str = "text/calendar, */*;q=0.1";

/// The connector of iCalendar feeds, which are single files.
pub struct IcsConnector;

impl Connector for IcsConnector {
    fn id(&self) -> &'static str {
        "ics"
    }

    fn about(&self) -> &'static str {
        "an iCalendar feed (RFC 5545)"
    }

    fn first(&self, asking: &FetchContext<'_>) -> Request {
        Request::to(asking.url.clone()).accepting(ACCEPT)
    }

    fn read(
        &self,
        answer: &PartnerResponse<'_>,
        asking: &FetchContext<'_>,
    ) -> Result<ParsedPage, Unreadable> {
        if !is_calendar(answer.bytes) {
            let what = sniff::describe(answer);
            return Err(Unreadable(format!(
                "it contains no BEGIN:VCALENDAR; {what}"
            )));
        }
        let calendar = read::read(answer.bytes);
        let options = ReadOptions {
            default_zone: asking.zone,
            language: asking.language,
        };
        let (drafts, mut findings) = to_drafts(&calendar, &options);
        let unread = unread(&calendar, &drafts);
        let partial = partial(&calendar, &drafts);
        let is_truncated = calendar.is_truncated;
        findings.extend(calendar.findings);
        findings.sort_by_key(|finding| finding.line);
        let mut remarks: Vec<Diagnostic> = findings.into_iter().map(Diagnostic::from).collect();
        remarks.extend(is_truncated.then(truncation_remark));
        let events = drafts
            .into_iter()
            .map(|draft| ParsedItem::Event(Box::new(draft)));
        Ok(ParsedPage {
            items: events.chain(unread).collect(),
            remarks,
            is_truncated,
            partial,
            ..ParsedPage::default()
        })
    }

    fn recognise(&self, answer: &PartnerResponse<'_>) -> Option<Detection> {
        is_calendar(answer.bytes).then(|| Detection {
            certainty: Certainty::Certain,
            why: "it begins with BEGIN:VCALENDAR".into(),
            url: None,
        })
    }

    /// A site with The Events Calendar for WordPress, or with this program.
    fn candidate_urls(&self, url: &Url) -> Vec<Url> {
        let mut wordpress = url.clone();
        wordpress.query_pairs_mut().append_pair("ical", "1");
        url.join("/feeds/all.ics")
            .into_iter()
            .chain([wordpress])
            .collect()
    }
}

/// Returns the remark about a truncated file.
#[must_use]
pub fn truncation_remark() -> Diagnostic {
    Diagnostic::error(
        "the file",
        "it breaks off: its end (END:VCALENDAR) is missing or was not read. Its events are imported, and \
         missing events are kept",
    )
}

/// Returns the events that are in the file but yield no draft, so that they are not treated as deleted.
pub(crate) fn unread(calendar: &ReadCalendar, drafts: &[EventDraft]) -> Vec<ParsedItem> {
    let drafted: HashSet<&str> = drafts
        .iter()
        .map(|draft| draft.origin_id.as_str())
        .collect();
    let undrafted = calendar.events.iter().filter(|event| !event.private);
    let uids = undrafted
        .map(|undrafted| &undrafted.uid)
        .chain(&calendar.unread_uids);
    let uids: BTreeSet<&String> = uids
        .filter(|uid| !uid.is_empty() && !drafted.contains(uid.as_str()))
        .collect();
    let unread = uids.into_iter().cloned();
    unread
        .map(|origin_id| ParsedItem::Unread { origin_id })
        .collect()
}

/// Returns the events of a truncated file that may be incomplete: the last one, and recurring ones, whose
/// overrides may be missing.
fn partial(calendar: &ReadCalendar, drafts: &[EventDraft]) -> BTreeSet<String> {
    if !calendar.is_truncated {
        return BTreeSet::new();
    }
    let recur = drafts
        .iter()
        .filter(|draft| draft.schedule.recurrence.is_some());
    let recur = recur.map(|recur| recur.origin_id.clone());
    recur.chain(calendar.truncated_uid.clone()).collect()
}

/// Returns true if the bytes are a calendar. The marker has the same bytes in all supported encodings.
fn is_calendar(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(4096)];
    let wanted = b"BEGIN:VCALENDAR";
    start
        .windows(wanted.len())
        .any(|pair| pair.eq_ignore_ascii_case(wanted))
}
