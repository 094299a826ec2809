//! The times of day that a rule selects.

use chrono::{NaiveDateTime, Timelike};

use super::rule::{Frequency, RecurrenceRule};

/// The times of day that a rule selects, from its BY parts and DTSTART.
pub(super) struct TimePattern {
    /// A bit for each hour, minute and second.
    pub hours: u64,
    pub minutes: u64,
    pub seconds: u64,
}

impl TimePattern {
    /// For a period of a day or longer, missing parts are taken from DTSTART. For a shorter one,
    /// missing parts that the period iterates over select every value.
    pub fn new(rule: &RecurrenceRule, dtstart: NaiveDateTime) -> Self {
        let free_from = |freq: Frequency, size: u32, start: u32| {
            if rule.freq <= freq {
                (1 << size) - 1
            } else {
                1 << start
            }
        };
        // A leap second, 60, is kept as 59.
        let seconds: Vec<u8> = rule
            .by_second
            .iter()
            .map(|&s| if s == 60 { 59 } else { s })
            .collect();
        TimePattern {
            hours: said(&rule.by_hour, 24)
                .unwrap_or_else(|| free_from(Frequency::Hourly, 24, dtstart.hour())),
            minutes: said(&rule.by_minute, 60)
                .unwrap_or_else(|| free_from(Frequency::Minutely, 60, dtstart.minute())),
            seconds: said(&seconds, 60)
                .unwrap_or_else(|| free_from(Frequency::Secondly, 60, dtstart.second())),
        }
    }

    /// Returns the selected seconds of the day, in order.
    pub fn of_day(&self) -> Vec<u32> {
        let hours = set_bits(self.hours);
        hours
            .flat_map(|h| self.of_hour().into_iter().map(move |s| h * 3600 + s))
            .collect()
    }

    /// Returns the selected seconds of an hour, in order.
    pub fn of_hour(&self) -> Vec<u32> {
        let minutes = set_bits(self.minutes);
        minutes
            .flat_map(|m| set_bits(self.seconds).map(move |s| m * 60 + s))
            .collect()
    }

    /// Returns the selected seconds of a minute, in order.
    pub fn of_minute(&self) -> Vec<u32> {
        set_bits(self.seconds).collect()
    }
}

fn said(values: &[u8], size: u8) -> Option<u64> {
    let inside = values.iter().filter(|&&value| value < size);
    (!values.is_empty()).then(|| inside.fold(0, |bits, &value| bits | 1 << value))
}

fn set_bits(mut bits: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let bit = bits.trailing_zeros();
        bits &= bits.wrapping_sub(1);
        (bit < 64).then_some(bit)
    })
}
