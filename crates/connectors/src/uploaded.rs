//! Files that people upload to add their own events: calendars (.ics), tables (.csv) and workbooks (.xlsx).
//!
//! Unreadable rows are kept, unlike those of partners, so that the uploader can correct them.

use crate::connector::{Connector, FetchContext, ParsedItem, PartnerResponse, Unreadable};
use crate::ics::IcsConnector;
use crate::sniff;
use crate::tabular::typed_rows;
use crate::uploaded_file::{UploadedFile, UploadedItem, UploadedRow};

/// Number of bytes at the start of a file in which a calendar begins.
const START: usize = 4_096;

/// Reads a file.
///
/// # Errors
/// Errors if it is of no known kind, damaged or without a header row. The reason is for the log.
pub fn read_upload(
    answer: &PartnerResponse<'_>,
    asking: &FetchContext<'_>,
) -> Result<UploadedFile, Unreadable> {
    let start = &answer.bytes[..answer.bytes.len().min(START)];
    let mark = b"BEGIN:VCALENDAR";
    let is_calendar = |bytes: &[u8]| bytes.eq_ignore_ascii_case(mark);
    if !start.windows(mark.len()).any(is_calendar) {
        if let Some(what) = sniff::document(answer.bytes) {
            return Err(Unreadable(what.to_owned()));
        }
        return typed_rows(answer, asking);
    }
    let page = IcsConnector.read(answer, asking)?;
    let mut file = UploadedFile {
        is_truncated: page.is_truncated,
        ..UploadedFile::default()
    };
    for (index, item) in page.items.into_iter().enumerate() {
        match item {
            ParsedItem::Event(draft) => file.rows.push(UploadedRow {
                sheet: String::new(),
                number: index + 1,
                item: UploadedItem::Draft(draft),
            }),
            ParsedItem::Unread { .. } => file.unread += 1,
            ParsedItem::Gone { .. } => {}
        }
    }
    Ok(file)
}
