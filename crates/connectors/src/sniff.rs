//! Descriptions of responses that no connector reads.

use crate::connector::Answer;

use super::tabular;

/// Returns what a response seems to be and what to do to have it read.
#[must_use]
pub fn describe(answer: &Answer<'_>) -> String {
    if answer.bytes.trim_ascii().is_empty() {
        return "it is empty".into();
    }
    if let Some(why) = tabular::why_unread(answer) {
        return why;
    }
    let start = answer.bytes.trim_ascii_start();
    let known: [(&[u8], &str); 5] = [
        (
            b"%PDF",
            "it is a PDF document, which is not read; ask for a calendar (.ics), or put the events into a table \
             (.xlsx or CSV)",
        ),
        (b"\x89PNG", PICTURE),
        (b"\xff\xd8\xff", PICTURE),
        (
            b"{\\rtf",
            "it is a text document, which is not read; put the events into a table (.xlsx or CSV)",
        ),
        (
            b"<",
            "it is a web page or XML without events that can be read; give the address of a calendar (.ics) or feed",
        ),
    ];
    let found = known.iter().find(|(begin, _)| start.starts_with(begin));
    found.map_or(OTHER, |it| it.1).into()
}

const OTHER: &str = "it is no calendar (there is no BEGIN:VCALENDAR in it), no table with columns for title and date, \
    and no JSON";

const PICTURE: &str =
    "it is a picture, which is not read; put the events into a table (.xlsx or CSV)";

#[cfg(test)]
mod tests {
    use super::*;

    fn said(bytes: &[u8]) -> String {
        let url = "file:///x".parse().unwrap();
        describe(&Answer {
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
                "known of these: \u{ab}Navn\u{bb}",
            ),
            (b"%PDF-1.7", "PDF"),
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
