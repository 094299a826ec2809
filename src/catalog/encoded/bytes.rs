//! Compact binary encoding of numbers, texts and lists.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};

/// Encoder.
#[derive(Debug, Default)]
pub(super) struct FieldWriter {
    pub(super) bytes: Vec<u8>,
}

impl FieldWriter {
    pub(super) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// Writes a varint: seven bits per byte, low bits first.
    pub(super) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.bytes.push(number.to_le_bytes()[0]);
    }

    /// Writes a signed number in zigzag encoding, so that small ones are short.
    pub(super) fn signed(&mut self, number: i64) {
        self.number(((number << 1) ^ (number >> 63)).cast_unsigned());
    }

    pub(super) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    pub(super) fn list<T>(
        &mut self,
        items: impl ExactSizeIterator<Item = T>,
        mut each: impl FnMut(&mut Self, T),
    ) {
        self.number(items.len() as u64);
        for item in items {
            each(self, item);
        }
    }

    pub(super) fn option<T>(&mut self, value: Option<T>, some: impl FnOnce(&mut Self, T)) {
        self.byte(value.is_some().into());
        if let Some(value) = value {
            some(self, value);
        }
    }

    pub(super) fn date(&mut self, date: NaiveDate) {
        self.signed(date.num_days_from_ce().into());
    }

    pub(super) fn local(&mut self, at: NaiveDateTime) {
        self.date(at.date());
        // Most times are whole minutes, which take two bytes.
        let (seconds, nanos) = (
            at.time().num_seconds_from_midnight(),
            at.time().nanosecond(),
        );
        if nanos == 0 && seconds % 60 == 0 {
            self.number(u64::from(seconds / 60) << 1);
        } else {
            self.number((u64::from(seconds) << 1) | 1);
            self.number(nanos.into());
        }
    }

    pub(super) fn instant(&mut self, at: DateTime<Utc>) {
        self.local(at.naive_utc());
    }
}

/// Decoder for the output of [`FieldWriter`]. Returns `None` on invalid input.
#[derive(Debug)]
pub(super) struct FieldReader<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> FieldReader<'a> {
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    pub(super) fn small<T: TryFrom<u64>>(&mut self) -> Option<T> {
        self.number()?.try_into().ok()
    }

    pub(super) fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1).cast_signed() ^ -((number & 1).cast_signed()))
    }

    pub(super) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        let length = self.small()?;
        std::str::from_utf8(self.bytes(length)?).ok()
    }

    /// Reads a text and parses it.
    pub(super) fn parsed<T: std::str::FromStr>(&mut self) -> Option<T> {
        self.text()?.parse().ok()
    }

    pub(super) fn list<T, C: FromIterator<T>>(
        &mut self,
        mut each: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<C> {
        let count = self.number()?;
        (0..count).map(|_| each(self)).collect()
    }

    pub(super) fn option<T>(
        &mut self,
        some: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.byte()? {
            0 => Some(None),
            _ => some(self).map(Some),
        }
    }

    pub(super) fn date(&mut self) -> Option<NaiveDate> {
        let days = self.signed()?.try_into().ok()?;
        NaiveDate::from_num_days_from_ce_opt(days)
    }

    pub(super) fn local(&mut self) -> Option<NaiveDateTime> {
        let date = self.date()?;
        let number = self.number()?;
        let time = if number & 1 == 0 {
            let minutes: u32 = (number >> 1).try_into().ok()?;
            NaiveTime::from_num_seconds_from_midnight_opt(minutes.checked_mul(60)?, 0)
        } else {
            let seconds = (number >> 1).try_into().ok()?;
            NaiveTime::from_num_seconds_from_midnight_opt(seconds, self.small()?)
        };
        Some(date.and_time(time?))
    }

    pub(super) fn instant(&mut self) -> Option<DateTime<Utc>> {
        Some(self.local()?.and_utc())
    }
}
