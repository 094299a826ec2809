//! Expansion of hourly, minutely and secondly rules.
//!
//! The calendar imports such rules but does not publish them. Periods are counted in seconds of
//! local time. Periods excluded by the rule's days, hours, minutes or seconds are skipped, not
//! visited one by one.

use super::calendar::SelectedDays;
use super::collect::{Collector, DAY, Stamp, at, day_of};
use super::error::ExpansionError;
use super::pattern::DayPattern;
use super::rule::{Frequency, RecurrenceRule};
use super::times::TimePattern;

/// Adds the occurrences of a rule more frequent than daily to `into`.
pub(super) fn walk(
    rule: &RecurrenceRule,
    days: &DayPattern,
    times: &TimePattern,
    into: &mut Collector<'_>,
) -> Result<(), ExpansionError> {
    let (unit, offsets) = match rule.freq {
        Frequency::Hourly => (3600, times.of_hour()),
        Frequency::Minutely => (60, times.of_minute()),
        _ => (1, vec![0]),
    };
    let offsets = at_positions(offsets, &rule.by_set_pos);
    let step = unit * Stamp::from(rule.interval.max(1));
    let base = into.first - into.first.rem_euclid(unit);
    let mut calendar = SelectedDays::new(days);
    // The period of the earliest relevant time, or the one before it.
    let mut period = base + (into.earliest() - base).max(0) / step * step;
    while period < into.end() {
        into.step()?;
        let Some(admitted) = next_admitted(period, unit, times, &mut calendar, into.end()) else {
            return Ok(());
        };
        if admitted > period {
            period = base + (admitted - base + step - 1) / step * step;
            continue;
        }
        for &offset in &offsets {
            if into.offer(period + Stamp::from(offset))?.is_break() {
                return Ok(());
            }
        }
        period += step;
    }
    Ok(())
}

/// Returns the first time from `from` on, in steps of `unit`, whose day, hour, minute and second
/// are selected. A returned time in a later hour or day has to be checked again.
fn next_admitted(
    from: Stamp,
    unit: Stamp,
    times: &TimePattern,
    calendar: &mut SelectedDays<'_>,
    end: Stamp,
) -> Option<Stamp> {
    let today = day_of(from);
    let day = calendar.next(today, day_of(end - 1))?;
    if day > today {
        return Some(at(day, 0));
    }
    let second = from.rem_euclid(DAY) as u32;
    for (size, admitted, within) in [
        (3600, times.hours, 24),
        (60, times.minutes, 60),
        (1, times.seconds, 60),
    ] {
        if Stamp::from(size) < unit {
            break;
        }
        let value = second / size % within;
        let ahead = (admitted >> value).trailing_zeros();
        if ahead > 0 {
            // Past the last selected value: continue at the start of the next larger unit.
            let ahead = if value + ahead < within {
                ahead
            } else {
                within - value
            };
            return Some(from - Stamp::from(second % size) + Stamp::from(ahead * size));
        }
    }
    Some(from)
}

/// Returns the offsets at the given positions of a period's set.
fn at_positions(offsets: Vec<u32>, positions: &[i16]) -> Vec<u32> {
    if positions.is_empty() {
        return offsets;
    }
    let size = offsets.len() as i64;
    let chosen = |index: i64| {
        let index = index + 1;
        positions
            .iter()
            .any(|&pos| i64::from(pos) == index || i64::from(pos) == index - size - 1)
    };
    (0..)
        .zip(offsets)
        .filter(|&(index, _)| chosen(index))
        .map(|(_, offset)| offset)
        .collect()
}
