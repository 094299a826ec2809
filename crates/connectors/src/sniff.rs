//! Descriptions of responses that no connector reads.

use crate::connector::PartnerResponse;

use super::tabular;
use super::tabular::archive::{self, ARCHIVE, TEXT};

/// Returns what a response seems to be and what to do to have it read.
#[must_use]
pub fn describe(answer: &PartnerResponse<'_>) -> String {
    if answer.bytes.trim_ascii().is_empty() {
        return EMPTY.into();
    }
    if let Some(why) = tabular::why_unread(answer) {
        return why;
    }
    if let Some(what) = document(answer.bytes) {
        return what.into();
    }
    let is_markup = answer.bytes.trim_ascii_start().starts_with(b"<");
    if is_markup { PAGE } else { OTHER }.into()
}

/// Describes a document or archive that no connector reads, and what to do. Returns `None` for text.
#[must_use]
pub fn document(bytes: &[u8]) -> Option<&'static str> {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = start.trim_ascii_start();
    if archive::is_archive(bytes) {
        return archive::describe(bytes);
    }
    if bytes.starts_with(tabular::OLD_OFFICE) {
        return Some(tabular::old_office(bytes));
    }
    let known: [(&[u8], &str); 13] = [
        (b"%PDF", PDF),
        (b"{\\rtf", TEXT),
        (b"\x89PNG", PICTURE),
        (b"\xff\xd8\xff", PICTURE),
        (b"GIF8", PICTURE),
        (b"RIFF", PICTURE),
        (b"\x1f\x8b", COMPRESSED),
        (b"BZh", COMPRESSED),
        (b"\xfd7zXZ", COMPRESSED),
        (b"\x28\xb5\x2f\xfd", COMPRESSED),
        (b"7z\xbc\xaf", ARCHIVE),
        (b"Rar!", ARCHIVE),
        (b"PK\x05\x06", ARCHIVE),
    ];
    let begins = |begin: &[u8]| start.starts_with(begin);
    let is_tar = || bytes.get(257..262) == Some(b"ustar");
    let found = known.iter().find(|(begin, _)| begins(begin));
    found
        .map(|found| found.1)
        .or_else(|| is_tar().then_some(ARCHIVE))
}

const PDF: &str = "PDF documents cannot be read; ask for a calendar (.ics), or put the events into a table \
                   (.xlsx or CSV)";
const PICTURE: &str = "pictures cannot be read; put the events into a table (.xlsx or CSV)";
const COMPRESSED: &str = "compressed files cannot be read; unpack it, for example with gunzip, and use the \
                          calendar (.ics) or table (.xlsx or CSV) in it";
const PAGE: &str = "it is a web page or XML without readable events; give the address of a calendar (.ics) or \
                    feed";
const OTHER: &str = "it is neither a calendar (it contains no BEGIN:VCALENDAR), nor a table with columns for \
                     title and date, nor JSON; use a calendar (.ics) or a table (.xlsx or CSV)";
const EMPTY: &str = "it is empty; use a calendar (.ics) or a table (.xlsx or CSV) with events";

#[cfg(test)]
mod tests {
    use super::*;

    fn said(bytes: &[u8]) -> String {
        let url = "file:///x".parse().unwrap();
        describe(&PartnerResponse {
            url: &url,
            media_type: None,
            bytes,
            purpose: "",
        })
    }

    #[test]
    fn what_is_no_calendar_is_named_with_what_to_do() {
        for (bytes, word) in [
            (&b"\xd0\xcf\x11\xe0\xa1\xb1"[..], "save it as .xlsx or CSV"),
            (
                b"Navn;Telefon\nKari;1\nOla;2\n",
                "known columns: \u{ab}Navn\u{bb}",
            ),
            (b"%PDF-1.7", "PDF"),
            (b"{\\rtf1\\ansi Program}", "text document"),
            (b"\x1f\x8b\x08\0", "unpack it, for example with gunzip"),
            (b"PK\x05\x06\0\0", "archive"),
            (b"Rar!\x1a\x07", "archive"),
            (b"<html><p>Velkommen", "web page"),
            (b" \n", "empty"),
            (
                "Kj\u{e6}re dere,\nher er programmet.\n".as_bytes(),
                "BEGIN:VCALENDAR",
            ),
        ] {
            assert!(said(bytes).contains(word), "{word}: {}", said(bytes));
        }
    }
}
