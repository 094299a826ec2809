//! DURATION (RFC 5545 section 3.3.6): days and weeks are nominal, hours and below are exact.

use chrono::{Duration, NaiveDateTime};

/// A duration. Both parts have the same sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CalDuration {
    /// Nominal days, weeks included: the same wall time that many days later.
    pub days: i64,
    /// Exact seconds.
    pub seconds: i64,
}

/// Maximum of days and of seconds, against arithmetic overflow.
const CAP: i64 = 100 * 366 * 86_400;

impl CalDuration {
    /// Parses durations such as `P1W`, `P1DT2H` or `-PT15M`.
    ///
    /// Also accepts what RFC 5545 does not: weeks combined with other units, lower case,
    /// surrounding blanks.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (sign, text) = match text.as_bytes().first()? {
            b'-' => (-1, &text[1..]),
            b'+' => (1, &text[1..]),
            _ => (1, text),
        };
        let (first, mut rest) = text.as_bytes().split_first()?;
        if !first.eq_ignore_ascii_case(&b'P') {
            return None;
        }
        let mut duration = CalDuration::default();
        let (mut in_time, mut parts) = (false, 0);
        while let Some((byte, after)) = rest.split_first() {
            if byte.eq_ignore_ascii_case(&b'T') && !in_time {
                in_time = true;
                rest = after;
                continue;
            }
            let (number, unit, after) = number_and_unit(rest)?;
            duration.add(number, unit, in_time)?;
            parts += 1;
            rest = after;
        }
        let sane = duration.days <= CAP && duration.seconds <= CAP && parts > 0;
        sane.then(|| CalDuration {
            days: sign * duration.days,
            seconds: sign * duration.seconds,
        })
    }

    fn add(&mut self, number: i64, unit: u8, in_time: bool) -> Option<()> {
        let (part, factor) = match (in_time, unit.to_ascii_uppercase()) {
            (false, b'W') => (&mut self.days, 7),
            (false, b'D') => (&mut self.days, 1),
            (true, b'H') => (&mut self.seconds, 3600),
            (true, b'M') => (&mut self.seconds, 60),
            (true, b'S') => (&mut self.seconds, 1),
            _ => return None,
        };
        *part = part.checked_add(number.checked_mul(factor)?)?;
        Some(())
    }

    /// Returns true if the duration is negative.
    pub fn is_negative(self) -> bool {
        self.days < 0 || self.seconds < 0
    }

    /// Adds both parts to a wall time, ignoring clock changes: exact for dates, floating times and
    /// UTC.
    pub fn after(self, start: NaiveDateTime) -> Option<NaiveDateTime> {
        start
            .checked_add_signed(Duration::try_days(self.days)?)?
            .checked_add_signed(Duration::try_seconds(self.seconds)?)
    }
}

/// Splits `15M…` into 15, `M` and the rest.
fn number_and_unit(bytes: &[u8]) -> Option<(i64, u8, &[u8])> {
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    if digits == 0 || digits > 12 {
        return None;
    }
    let number = bytes[..digits]
        .iter()
        .fold(0, |sum, b| sum * 10 + i64::from(b - b'0'));
    let (unit, rest) = bytes[digits..].split_first()?;
    Some((number, *unit, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(i64, i64)> {
        CalDuration::parse(text).map(|d| (d.days, d.seconds))
    }

    #[test]
    fn days_and_time_are_kept_apart() {
        assert_eq!(read("P15DT5H0M20S"), Some((15, 5 * 3600 + 20)));
        assert_eq!(read("P7W"), Some((49, 0)));
        assert_eq!(read("-PT15M"), Some((0, -900)));
        assert_eq!(read("+P1D"), Some((1, 0)));
        assert_eq!(read("P1DT"), Some((1, 0)));
        assert_eq!(read("PT0S"), Some((0, 0)));
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "",
            "P",
            "PT",
            "1H",
            "P1H",
            "PT1D",
            "PTH",
            "P1",
            "PT99999999999999S",
            "-",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read("P999999999999W"), None);
    }
}
