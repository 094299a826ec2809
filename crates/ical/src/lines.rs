//! Unfolded content lines (RFC 5545 section 3.1), each with its first physical line number.
//!
//! Line ends may be CRLF, LF or CR, also mixed. A line that begins with a space or a tab continues
//! the line before it, even across empty lines: programs that write CR CR LF produce those inside
//! folds. Quoted-printable values (vCalendar 1.0) continue after a `=` at the end of a line.

use std::borrow::Cow;

use super::encoding::{Decoded, decode_line};
use super::limits::ReadLimits;

/// An unfolded content line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// Physical line, from 1, on which it begins.
    pub number: u32,
    /// Text without line end.
    pub text: Cow<'a, str>,
    /// How the text was decoded.
    pub decoded: Decoded,
}

/// Why lines were skipped or reading stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineFault {
    /// An unfolded line exceeds the limit and was skipped.
    TooLong {
        /// Physical line on which it begins.
        number: u32,
    },
    /// The file exceeds the limit on lines or bytes; the rest is not read.
    TooMany {
        /// First physical line that was not read.
        number: u32,
    },
}

/// Iterator over the unfolded lines of a file without byte order mark.
#[derive(Debug)]
pub struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    number: u32,
    line_bytes: usize,
    max_lines: u32,
    cut: bool,
}

impl<'a> Lines<'a> {
    /// Returns an iterator over the lines of `bytes`.
    pub fn new(bytes: &'a [u8], limits: &ReadLimits) -> Self {
        let cut = bytes.len() > limits.bytes;
        Lines {
            bytes: if cut { &bytes[..limits.bytes] } else { bytes },
            at: 0,
            number: 0,
            line_bytes: limits.line_bytes,
            max_lines: limits.lines,
            cut,
        }
    }

    /// Returns the next physical line without its end and counts it.
    fn physical(&mut self) -> Option<&'a [u8]> {
        let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let end = rest
            .iter()
            .position(|&b| b == b'\n' || b == b'\r')
            .unwrap_or(rest.len());
        let ending = match rest.get(end..) {
            Some([b'\r', b'\n', ..]) => 2,
            Some([_, ..]) => 1,
            _ => 0,
        };
        self.at += end + ending;
        self.number += 1;
        Some(&rest[..end])
    }

    fn skip_empty(&mut self) {
        loop {
            match self.bytes.get(self.at..) {
                Some([b'\r', b'\n', ..]) => self.at += 2,
                Some([b'\r' | b'\n', ..]) => self.at += 1,
                _ => return,
            }
            self.number += 1;
        }
    }

    /// Returns the next continuation line, if any.
    fn continuation(&mut self) -> Option<&'a [u8]> {
        self.skip_empty();
        match self.bytes.get(self.at) {
            Some(b' ' | b'\t') => self.physical().map(|line| &line[1..]),
            _ => None,
        }
    }

    /// Appends continuation lines to `first`. Returns `None` if the line exceeds the limit; the
    /// line is still consumed.
    fn unfold(&mut self, first: &'a [u8]) -> Option<Cow<'a, [u8]>> {
        let mut line = Cow::Borrowed(first);
        let mut fits = first.len() <= self.line_bytes;
        loop {
            while let Some(more) = self.continuation() {
                fits = fits && line.len() + more.len() <= self.line_bytes;
                if fits {
                    line.to_mut().extend_from_slice(more);
                }
            }
            if !(fits && line.last() == Some(&b'=') && is_quoted_printable(&line)) {
                break;
            }
            let Some(more) = self.physical() else { break };
            fits = line.len() + more.len() <= self.line_bytes;
            let joined = line.to_mut();
            joined.pop();
            joined.extend_from_slice(more);
        }
        fits.then_some(line)
    }
}

/// Returns true if the parameters of a content line contain QUOTED-PRINTABLE.
fn is_quoted_printable(line: &[u8]) -> bool {
    let head = line
        .iter()
        .position(|&b| b == b':')
        .map_or(line, |colon| &line[..colon]);
    head.windows(16)
        .any(|window| window.eq_ignore_ascii_case(b"QUOTED-PRINTABLE"))
}

impl<'a> Iterator for Lines<'a> {
    type Item = Result<Line<'a>, LineFault>;

    fn next(&mut self) -> Option<Self::Item> {
        self.skip_empty();
        if self.number >= self.max_lines && self.at < self.bytes.len() {
            self.at = self.bytes.len();
            self.cut = true;
        }
        let number = self.number + 1;
        let Some(first) = self.physical() else {
            return std::mem::take(&mut self.cut).then_some(Err(LineFault::TooMany { number }));
        };
        let Some(bytes) = self.unfold(first) else {
            return Some(Err(LineFault::TooLong { number }));
        };
        let (text, decoded) = decode_line(bytes);
        Some(Ok(Line {
            number,
            text,
            decoded,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Vec<(u32, String)> {
        Lines::new(bytes, &ReadLimits::default())
            .map(|line| line.expect("no cap is near"))
            .map(|line| (line.number, line.text.into_owned()))
            .collect()
    }

    #[test]
    fn all_line_ends_are_taken_and_counted() {
        let lines = read(b"A:1\r\nB:2\nC:3\rD:4");
        let expected = [(1, "A:1"), (2, "B:2"), (3, "C:3"), (4, "D:4")];
        assert_eq!(lines, expected.map(|(n, t)| (n, t.to_owned())));
    }

    #[test]
    fn folds_join_and_the_number_is_that_of_the_first_line() {
        let lines = read(b"SUMMARY:So\r\n mmer\r\n\tfest\r\n\r\nUID:1\r\n");
        assert_eq!(
            lines,
            [
                (1, "SUMMARY:Sommerfest".to_owned()),
                (5, "UID:1".to_owned())
            ]
        );
    }

    #[test]
    fn a_fold_may_cut_a_utf8_sequence() {
        assert_eq!(
            read(b"SUMMARY:p\xC3\r\n \xA5 tunet"),
            [(1, "SUMMARY:på tunet".to_owned())]
        );
    }

    #[test]
    fn doubled_carriage_returns_do_not_break_folds() {
        let lines = read(b"SUMMARY:Som\r\r\n mer\r\r\nUID:1\r\r\n");
        assert_eq!(
            lines,
            [(1, "SUMMARY:Sommer".to_owned()), (5, "UID:1".to_owned())]
        );
    }

    #[test]
    fn quoted_printable_soft_breaks_join() {
        let lines = read(b"DESCRIPTION;ENCODING=QUOTED-PRINTABLE:a=\nb=\nc\nUID:1");
        assert_eq!(lines[0].1, "DESCRIPTION;ENCODING=QUOTED-PRINTABLE:abc");
        assert_eq!(lines[1], (4, "UID:1".to_owned()));
        assert_eq!(read(b"URL:http://x?a=\nUID:1").len(), 2);
    }

    #[test]
    fn a_line_past_the_cap_is_skipped_and_the_rest_goes_on() {
        let limits = ReadLimits {
            line_bytes: 8,
            ..ReadLimits::default()
        };
        let lines: Vec<_> = Lines::new(b"A:1\nB:234\n 567890\nC:1", &limits).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[1], Err(LineFault::TooLong { number: 2 }));
        assert_eq!(lines[2].as_ref().map(|line| &*line.text), Ok("C:1"));
    }

    #[test]
    fn lines_past_the_cap_end_the_reading_with_a_fault() {
        let limits = ReadLimits {
            lines: 2,
            ..ReadLimits::default()
        };
        let lines: Vec<_> = Lines::new(b"A:1\nB:2\nC:3\nD:4", &limits).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[2], Err(LineFault::TooMany { number: 3 }));
    }

    #[test]
    fn bytes_past_the_cap_are_not_read() {
        let limits = ReadLimits {
            bytes: 4,
            ..ReadLimits::default()
        };
        let lines: Vec<_> = Lines::new(b"A:1\nB:2\n", &limits).collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[1], Err(LineFault::TooMany { number: 2 }));
    }
}
