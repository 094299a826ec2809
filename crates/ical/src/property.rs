//! Unparsed properties (RFC 5545 sections 3.1 and 3.2): name, parameters and raw value.

use std::borrow::Cow;
use std::ops::Range;

use super::encoding::decode_with_charset;
use super::lines::Line;
use super::quoted_printable;

/// Why a line is not a content line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineFlaw {
    /// No colon after the name and parameters.
    NoColon,
    /// No property name before the colon.
    NoName,
}

/// A line that is not a content line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineError<'a> {
    /// Reason.
    pub flaw: LineFlaw,
    /// The line as in the file.
    pub text: Cow<'a, str>,
}

/// Fault in the parameters of a line that was read nevertheless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterFault {
    /// A parameter without `=`, as vCalendar 1.0 writes encodings.
    NoValue,
    /// An unclosed quotation mark, read as a literal character.
    OpenQuote,
    /// More parameters than the limit; the rest was dropped.
    TooMany,
}

/// A property: name, parameters and raw value.
#[derive(Debug, Clone)]
pub struct Property<'a> {
    /// Physical line on which it begins.
    pub line: u32,
    /// The whole content line, with the name in upper case.
    text: Cow<'a, str>,
    name_end: usize,
    value_at: usize,
    parameters: Vec<ParameterSpan>,
}

/// Position of one value of a parameter in the line. A parameter with several values has several
/// spans.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ParameterSpan {
    name: Range<usize>,
    value: Range<usize>,
}

impl<'a> Property<'a> {
    /// Parses a content line, keeping at most `cap` parameter values.
    ///
    /// # Errors
    /// Returns [`LineError`] if the line has no name or no colon.
    pub fn parse(
        line: Line<'a>,
        cap: usize,
    ) -> Result<(Self, Option<ParameterFault>), LineError<'a>> {
        let Line {
            number, mut text, ..
        } = line;
        let mut fault = None;
        let (name_end, parameters, value_at) = match split(&text, cap, &mut fault) {
            Ok(parts) => parts,
            Err(flaw) => return Err(LineError { flaw, text }),
        };
        if text[..name_end].bytes().any(|b| b.is_ascii_lowercase())
            && let Some(name) = text.to_mut().get_mut(..name_end)
        {
            name.make_ascii_uppercase();
        }
        Ok((
            Property {
                line: number,
                text,
                name_end,
                value_at,
                parameters,
            },
            fault,
        ))
    }

    /// Returns the name in upper case.
    pub fn name(&self) -> &str {
        &self.text[..self.name_end]
    }

    /// Returns the raw value, still escaped.
    pub fn value(&self) -> &str {
        &self.text[self.value_at..]
    }

    /// Returns the name, in upper case, and the parameters as in the file, including the colon.
    pub fn head(&self) -> &str {
        &self.text[..self.value_at]
    }

    /// Returns the first value of a parameter with RFC 6868 escapes decoded. Names are compared
    /// without case.
    pub fn parameter(&self, name: &str) -> Option<Cow<'_, str>> {
        self.parameters
            .iter()
            .find(|span| self.text[span.name.clone()].eq_ignore_ascii_case(name))
            .map(|span| unescape_parameter(&self.text[span.value.clone()]))
    }

    /// Returns the TZID parameter. An unquoted name with commas was split at them and is joined
    /// again.
    pub fn tzid(&self) -> Option<Cow<'_, str>> {
        let mut parts = self
            .parameters()
            .filter(|(name, _)| name.eq_ignore_ascii_case("TZID"))
            .map(|(_, value)| value);
        let first = parts.next()?;
        Some(parts.fold(first, |name, part| Cow::Owned(format!("{name},{part}"))))
    }

    /// Returns all parameter values in order, each with the name of its parameter as written.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        self.parameters.iter().map(|span| {
            (
                &self.text[span.name.clone()],
                unescape_parameter(&self.text[span.value.clone()]),
            )
        })
    }

    /// Returns true if the first value of a parameter equals `value`; both are compared without
    /// case.
    pub fn parameter_is(&self, name: &str, value: &str) -> bool {
        !self.parameters.is_empty()
            && self
                .parameter(name)
                .is_some_and(|found| found.eq_ignore_ascii_case(value))
    }

    /// Returns the value with vCalendar 1.0 quoted-printable decoded.
    pub fn decoded_value(&self) -> Cow<'_, str> {
        let encoded = !self.parameters.is_empty()
            && (self.parameter_is("ENCODING", "QUOTED-PRINTABLE")
                || self.parameter("QUOTED-PRINTABLE").is_some());
        if encoded {
            let bytes = quoted_printable::decode(self.value());
            let charset = self.parameter("CHARSET");
            return Cow::Owned(decode_with_charset(&bytes, charset.as_deref()));
        }
        Cow::Borrowed(self.value())
    }
}

/// Returns the end of the name, the parameters, and the start of the value.
fn split(
    text: &str,
    cap: usize,
    fault: &mut Option<ParameterFault>,
) -> Result<(usize, Vec<ParameterSpan>, usize), LineFlaw> {
    let name_end = text
        .bytes()
        .position(|b| !is_name_byte(b))
        .ok_or(LineFlaw::NoColon)?;
    match text.as_bytes()[name_end] {
        b':' if name_end > 0 => Ok((name_end, Vec::new(), name_end + 1)),
        b';' if name_end > 0 => {
            let (parameters, value_at) = scan_parameters(text, name_end, cap, fault)?;
            Ok((name_end, parameters, value_at))
        }
        _ if text.contains(':') => Err(LineFlaw::NoName),
        _ => Err(LineFlaw::NoColon),
    }
}

/// Returns true for characters of property names, and for underscores, which some programs write.
fn is_name_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'-' || b == b'_'
}

/// Parses `;NAME=value,"value"` up to the colon and returns the start of the value.
fn scan_parameters(
    text: &str,
    mut at: usize,
    cap: usize,
    fault: &mut Option<ParameterFault>,
) -> Result<(Vec<ParameterSpan>, usize), LineFlaw> {
    let bytes = text.as_bytes();
    let mut spans = Vec::new();
    while bytes.get(at) == Some(&b';') {
        let start = at + 1;
        let end = next_of(bytes, start, b"=:;").ok_or(LineFlaw::NoColon)?;
        let name = start..end;
        at = end;
        if bytes[at] != b'=' {
            *fault = Some(ParameterFault::NoValue);
            push(&mut spans, name, end..end, cap, fault);
            continue;
        }
        loop {
            let (value, next) = scan_parameter_value(bytes, at + 1, fault);
            push(&mut spans, name.clone(), value, cap, fault);
            at = next.ok_or(LineFlaw::NoColon)?;
            if bytes[at] != b',' {
                break;
            }
        }
    }
    Ok((spans, at + 1))
}

fn push(
    spans: &mut Vec<ParameterSpan>,
    name: Range<usize>,
    value: Range<usize>,
    cap: usize,
    fault: &mut Option<ParameterFault>,
) {
    if spans.len() < cap {
        spans.push(ParameterSpan { name, value });
    } else {
        *fault = Some(ParameterFault::TooMany);
    }
}

/// Parses one value, quoted or not, and returns its position and that of the `,`, `;` or `:` after
/// it.
fn scan_parameter_value(
    bytes: &[u8],
    at: usize,
    fault: &mut Option<ParameterFault>,
) -> (Range<usize>, Option<usize>) {
    if bytes.get(at) == Some(&b'"') {
        if let Some(close) = next_of(bytes, at + 1, b"\"") {
            return (at + 1..close, next_of(bytes, close + 1, b",;:"));
        }
        *fault = Some(ParameterFault::OpenQuote);
    }
    let end = next_of(bytes, at, b",;:");
    (at..end.unwrap_or(bytes.len()), end)
}

fn next_of(bytes: &[u8], from: usize, wanted: &[u8]) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.iter()
        .position(|b| wanted.contains(b))
        .map(|found| from + found)
}

/// Decodes `^n`, `^^` and `^'` in parameter values (RFC 6868).
fn unescape_parameter(value: &str) -> Cow<'_, str> {
    if !value.contains('^') {
        return Cow::Borrowed(value);
    }
    let mut plain = String::with_capacity(value.len());
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        let mut ahead = letters.clone();
        let unescaped = match (letter, ahead.next()) {
            ('^', Some('n')) => '\n',
            ('^', Some('^')) => '^',
            ('^', Some('\'')) => '"',
            _ => {
                plain.push(letter);
                continue;
            }
        };
        plain.push(unescaped);
        letters = ahead;
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests;
