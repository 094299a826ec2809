//! The events of a file that a person uploads.

use calendar_domain::EventDraft;
use calendar_domain::event_form::EventForm;

/// The content of a file.
#[derive(Debug, Default)]
pub struct UploadedFile {
    /// Its events, in its order.
    pub rows: Vec<UploadedRow>,
    /// Headings of columns that are not read.
    pub unknown_columns: Vec<String>,
    /// Number of events of a calendar that can't be read.
    pub unread: usize,
    /// True if the file may have more events: it is truncated or exceeds the limits.
    pub is_truncated: bool,
    /// True if reading took too long and the rest was left out.
    pub is_out_of_time: bool,
}

/// An event of a file.
#[derive(Debug)]
pub struct UploadedRow {
    /// The name of the sheet; empty if there is one only.
    pub sheet: String,
    /// The row as in a spreadsheet, or the number of the event in a calendar, from 1.
    pub number: usize,
    /// The event.
    pub item: UploadedItem,
}

/// An event as far as it can be read.
#[derive(Debug)]
pub enum UploadedItem {
    /// It is read; the title may be missing.
    Draft(Box<EventDraft>),
    /// It can't be read, and is as it was typed.
    Typed(EventForm),
}
