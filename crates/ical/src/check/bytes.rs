//! Checks line ends, line lengths, folds and characters (RFC 5545 section 3.1).

use super::super::encoding::{Decoded, without_bom};
use super::super::limits::ReadLimits;
use super::super::lines::Lines;
use super::{Checker, excerpt, rules};

/// Maximum line length in octets, without the line end.
const LONGEST: usize = 75;

/// Names of HTTP header fields found before or inside calendars in practice.
const HTTP_HEADERS: [&str; 14] = [
    "cache-control",
    "connection",
    "content-disposition",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "etag",
    "expires",
    "pragma",
    "server",
    "set-cookie",
    "transfer-encoding",
    "x-powered-by",
];

/// Line end of a physical line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LineEnd {
    CrLf,
    Lf,
    Cr,
    None,
}

/// Checks the bytes of a file and returns the numbers of the lines that are HTTP headers.
pub(super) fn check(bytes: &[u8], checker: &mut Checker) -> Vec<u32> {
    let text = without_bom(bytes);
    if text.len() != bytes.len() {
        checker.add(
            rules::BYTE_ORDER_MARK,
            1,
            "the file begins with a byte order mark",
        );
    }
    let mut header_lines = Vec::new();
    let mut ends = Ends::default();
    let mut rest = &text[..text.len().min(ReadLimits::default().bytes)];
    let mut number = 0;
    while !rest.is_empty() {
        number += 1;
        let (line, end, after) = next_line(rest);
        ends.count(end, number);
        physical(line, after, number, checker);
        if is_http_header(line) {
            header_lines.push(number);
            let shown = excerpt(&String::from_utf8_lossy(line));
            checker.add(
                rules::HTTP_HEADER,
                number,
                format!("«{shown}» belongs to HTTP"),
            );
        }
        rest = after;
    }
    ends.report(number, checker);
    for line in Lines::new(&text, &ReadLimits::default()).flatten() {
        if line.decoded != Decoded::Utf8 {
            checker.add(rules::INVALID_UTF8, line.number, "this line is not UTF-8");
        }
    }
    header_lines
}

fn next_line(bytes: &[u8]) -> (&[u8], LineEnd, &[u8]) {
    let at = bytes
        .iter()
        .position(|&b| b == b'\n' || b == b'\r')
        .unwrap_or(bytes.len());
    let (end, length) = match &bytes[at..] {
        [b'\r', b'\n', ..] => (LineEnd::CrLf, 2),
        [b'\n', ..] => (LineEnd::Lf, 1),
        [_, ..] => (LineEnd::Cr, 1),
        [] => (LineEnd::None, 0),
    };
    (&bytes[..at], end, &bytes[at + length..])
}

/// Counts of wrong line ends, with the line of the first of each kind.
///
/// A file with wrong line ends has them on every line, so each kind gives one finding.
#[derive(Default)]
struct Ends {
    line_feeds: (u32, u32),
    carriage_returns: (u32, u32),
    missing: bool,
}

impl Ends {
    fn count(&mut self, end: LineEnd, number: u32) {
        let (first, count) = match end {
            LineEnd::CrLf => return,
            LineEnd::Lf => &mut self.line_feeds,
            LineEnd::Cr => &mut self.carriage_returns,
            LineEnd::None => {
                self.missing = true;
                return;
            }
        };
        if *count == 0 {
            *first = number;
        }
        *count += 1;
    }

    fn report(&self, last: u32, checker: &mut Checker) {
        let kinds = [
            (rules::BARE_LINE_FEED, self.line_feeds, "LF"),
            (rules::BARE_CARRIAGE_RETURN, self.carriage_returns, "CR"),
        ];
        for (rule, (first, count), what) in kinds {
            if count > 0 {
                checker.add(
                    rule,
                    first,
                    format!("{count} lines end in {what} instead of CRLF"),
                );
            }
        }
        if self.missing {
            checker.add(rules::NO_FINAL_LINE_END, last, "the last line has no CRLF");
        }
    }
}

fn physical(line: &[u8], after: &[u8], number: u32, checker: &mut Checker) {
    if line.is_empty() {
        checker.add(rules::EMPTY_LINE, number, "an empty line");
    }
    if line.len() > LONGEST {
        let message = format!("{} octets, more than {LONGEST}", line.len());
        checker.add(rules::LINE_TOO_LONG, number, message);
    }
    if let Some(control) = line
        .iter()
        .find(|b| (**b < b' ' && **b != b'\t') || **b == 0x7F)
    {
        let message = format!("the control character {control:#04x}");
        checker.add(rules::CONTROL_CHARACTER, number, message);
    }
    let cut = std::str::from_utf8(line).is_err_and(|error| error.error_len().is_none());
    if cut && matches!(after, [b' ' | b'\t', 0x80..=0xBF, ..]) {
        let message = "the fold after this line splits a UTF-8 sequence";
        checker.add(rules::FOLD_IN_CHARACTER, number, message);
    }
}

fn is_http_header(line: &[u8]) -> bool {
    let Some(head) = line.get(..line.len().min(40)) else {
        return false;
    };
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    head.starts_with("http/1.")
        || head.starts_with("http/2")
        || head
            .split_once(':')
            .is_some_and(|(name, _)| HTTP_HEADERS.contains(&name))
}
