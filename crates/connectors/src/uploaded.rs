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

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use calendar_domain::Lang;

    fn read(bytes: &[u8], looks: usize) -> UploadedFile {
        let url = "file:///".parse().unwrap();
        let answer = PartnerResponse {
            url: &url,
            media_type: None,
            bytes,
            purpose: "",
        };
        let asking = FetchContext {
            url: &url,
            zone: chrono_tz::Europe::Oslo,
            language: Lang::default(),
            today: "2027-01-01".parse().unwrap(),
            now: "2027-01-01T12:00:00Z".parse().unwrap(),
            resume: None,
        };
        let left = Cell::new(looks);
        let has_time = || {
            let now = left.get();
            left.set(now.saturating_sub(1));
            now > 0
        };
        read_upload(&answer, &asking, &has_time).unwrap()
    }

    fn event(uid: &str, more: &str) -> String {
        format!(
            "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Kor\r\n{more}\r\nEND:VEVENT\r\n"
        )
    }

    fn calendar(events: &str) -> String {
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}END:VCALENDAR\r\n")
    }

    #[test]
    fn reading_ends_when_its_time_does_and_says_so() {
        let day = "DTSTART;VALUE=DATE:20270301";
        let all: String = (0..50)
            .map(|number| event(&number.to_string(), day))
            .collect();
        let file = read(calendar(&all).as_bytes(), 1);
        assert_eq!((file.rows.len(), file.is_out_of_time), (AT_ONCE, true));
        let file = read(calendar(&all).as_bytes(), 3);
        assert_eq!((file.rows.len(), file.is_out_of_time), (50, false));
        assert_eq!(file.rows[49].number, 50);
        let rows = "1.3.2027;Kor\n".repeat(10);
        let file = read(format!("Dato;Tittel\n{rows}").as_bytes(), 4);
        assert_eq!((file.rows.len(), file.is_out_of_time), (4, true));
    }

    #[test]
    fn a_changed_occurrence_far_from_its_event_belongs_to_it() {
        let mut all = event("a", "DTSTART:20270301T180000Z\r\nRRULE:FREQ=DAILY;COUNT=3");
        for number in 0..45 {
            all += &event(&number.to_string(), "DTSTART;VALUE=DATE:20270301");
        }
        all += &event(
            "a",
            "RECURRENCE-ID:20270302T180000Z\r\nDTSTART:20270302T190000Z",
        );
        let file = read(calendar(&all).as_bytes(), 10);
        assert_eq!(file.rows.len(), 46);
        let UploadedItem::Draft(first) = &file.rows[0].item else {
            panic!("it is read");
        };
        let recurrence = first.schedule.recurrence.as_ref().unwrap();
        assert_eq!(recurrence.overrides.len(), 1);
    }
}
