//! iCalendar feeds (RFC 5545), the format that most calendars can give.

use url::Url;

use crate::ical;
use crate::ical::to_events::{ReadOptions, to_drafts};
use crate::sync::connector::{
    Answer, Asking, Certainty, Connector, Item, Page, Recognised, Request, Unreadable,
};
use crate::sync::remark::Remark;

/// What is asked for.
const ACCEPT: &str = "text/calendar, */*;q=0.1";

/// An iCalendar feed: one file, asked for with the validators of the last one.
pub struct Ics;

impl Connector for Ics {
    fn id(&self) -> &'static str {
        "ics"
    }

    fn about(&self) -> &'static str {
        "an iCalendar feed (RFC 5545), as nearly every calendar publishes one"
    }

    fn first(&self, asking: &Asking<'_>) -> Request {
        Request::to(asking.url.clone()).accepting(ACCEPT)
    }

    fn read(&self, answer: &Answer<'_>, asking: &Asking<'_>) -> Result<Page, Unreadable> {
        if !is_calendar(answer.bytes) {
            return Err(Unreadable("there is no BEGIN:VCALENDAR in it".into()));
        }
        let calendar = ical::read::read(answer.bytes);
        let options = ReadOptions {
            default_zone: asking.zone,
            language: asking.language,
        };
        let (drafts, further) = to_drafts(&calendar, &options);
        let mut findings = calendar.findings;
        findings.extend(further);
        findings.sort_by_key(|finding| finding.line);
        Ok(Page {
            items: drafts
                .into_iter()
                .map(|draft| Item::Event(Box::new(draft)))
                .collect(),
            remarks: findings.into_iter().map(Remark::from).collect(),
            ..Page::default()
        })
    }

    fn recognise(&self, answer: &Answer<'_>) -> Option<Recognised> {
        is_calendar(answer.bytes).then(|| Recognised {
            certainty: Certainty::Certain,
            why: "it begins with BEGIN:VCALENDAR".into(),
            url: None,
        })
    }

    /// The Events Calendar of WordPress, and our own address.
    fn guesses(&self, url: &Url) -> Vec<Url> {
        let mut wordpress = url.clone();
        wordpress.query_pairs_mut().append_pair("ical", "1");
        url.join("/feeds/all.ics")
            .into_iter()
            .chain([wordpress])
            .collect()
    }
}

/// Whether it is a calendar, whatever its encoding: these letters are the same in all that are read.
fn is_calendar(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(4096)];
    let wanted = b"BEGIN:VCALENDAR";
    start
        .windows(wanted.len())
        .any(|it| it.eq_ignore_ascii_case(wanted))
}
