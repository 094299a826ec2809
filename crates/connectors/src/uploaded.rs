//! Files that people upload to add their own events: calendars (.ics), tables (.csv) and workbooks (.xlsx).
//!
//! Unreadable rows are kept, unlike those of partners, so that the uploader can correct them.

use std::collections::HashMap;

use crate::connector::{FetchContext, PartnerResponse, Unreadable};
use crate::ics;
use crate::sniff;
use crate::tabular::typed_rows;
use crate::uploaded_file::{UploadedFile, UploadedItem, UploadedRow};
use calendar_ical::read::{self, ReadEvent};
use calendar_ical::to_events::{ReadOptions, to_drafts};

/// Number of bytes at the start of a file in which a calendar begins.
const START: usize = 4_096;
/// Number of events that are read between two looks at the time.
const AT_ONCE: usize = 20;

/// Reads a file while `has_time` returns true. Afterwards [`UploadedFile::is_out_of_time`] is set, and the rest is left out.
///
/// # Errors
/// Errors if it is of no known kind, damaged or without a header row. The reason is for the log.
pub fn read_upload(
    answer: &PartnerResponse<'_>,
    asking: &FetchContext<'_>,
    has_time: &dyn Fn() -> bool,
) -> Result<UploadedFile, Unreadable> {
    let start = &answer.bytes[..answer.bytes.len().min(START)];
    let mark = b"BEGIN:VCALENDAR";
    let is_calendar = |bytes: &[u8]| bytes.eq_ignore_ascii_case(mark);
    if start.windows(mark.len()).any(is_calendar) {
        return Ok(events(answer.bytes, asking, has_time));
    }
    if let Some(what) = sniff::document(answer.bytes) {
        return Err(Unreadable(what.to_owned()));
    }
    typed_rows(answer, asking, has_time)
}

/// Reads the events of a calendar. A rule may take long to expand, so they are read in parts.
fn events(bytes: &[u8], asking: &FetchContext<'_>, has_time: &dyn Fn() -> bool) -> UploadedFile {
    let mut calendar = read::read(bytes);
    let options = ReadOptions {
        default_zone: asking.zone,
        language: asking.language,
    };
    let mut file = UploadedFile {
        is_truncated: calendar.is_truncated,
        unread: calendar.unread_uids.len(),
        ..UploadedFile::default()
    };
    // Those count once.
    calendar.unread_uids.clear();
    let mut number = 0;
    for part in parts(std::mem::take(&mut calendar.events)) {
        if !has_time() {
            file.is_out_of_time = true;
            break;
        }
        calendar.events = part;
        let (drafts, _) = to_drafts(&calendar, &options);
        file.unread += ics::unread(&calendar, &drafts).len();
        for draft in drafts {
            number += 1;
            file.rows.push(UploadedRow {
                sheet: String::new(),
                number,
                item: UploadedItem::Draft(Box::new(draft)),
            });
        }
    }
    file
}

/// Divides events into parts in their order. Those with the same UID are in one part: an event and its changed occurrences.
fn parts(events: Vec<ReadEvent>) -> Vec<Vec<ReadEvent>> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut parts: Vec<Vec<ReadEvent>> = Vec::new();
    for event in events {
        let known = places.get(&event.uid).filter(|_| !event.uid.is_empty());
        let place = match (known, parts.last()) {
            (Some(place), _) => *place,
            (None, Some(last)) if last.len() < AT_ONCE => parts.len() - 1,
            (None, _) => {
                parts.push(Vec::new());
                parts.len() - 1
            }
        };
        places.insert(event.uid.clone(), place);
        parts[place].push(event);
    }
    parts
}
