//! Parsing of Norwegian dates and times as written in tables: «lørdag 7. mars kl. 10.00», `7.3.2027 10:00`,
//! «5.–7. mars», `7/3-27`, and similar English ones.
//!
//! Only a missing year is inferred: it is the table's, else the one in which the date has the given weekday
//! and is not in the past.

mod words;

use chrono::{Datelike, Days, NaiveDate, NaiveTime, Weekday};

use words::{Token, month, tokens, weekday};

/// The context of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateContext {
    /// The current date.
    pub today: NaiveDate,
    /// The year that the table states.
    pub year: Option<i32>,
}

/// A parsed text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WrittenDates {
    /// The date, or the first of several.
    pub first: Option<NaiveDate>,
    /// The last date of several.
    pub last: Option<NaiveDate>,
    /// The start time.
    pub start: Option<NaiveTime>,
    /// The end time.
    pub end: Option<NaiveTime>,
    /// Whether the date contradicts the weekday in the text.
    pub odd_weekday: bool,
}

/// A date without a year that is more than this long ago is in the next year.
const BACK: Days = Days::new(60);

/// Parses dates and times. Returns `None` if there are none or if the text is ambiguous.
///
/// ```
/// use calendar_connectors::parse::norwegian_dates::{DateContext, read};
/// use chrono::{NaiveDate, NaiveTime};
///
/// let context = DateContext { today: "2027-01-15".parse().unwrap(), year: None };
/// let written = read("søndag 7. mars kl. 10.00–12.00", &context).unwrap();
/// assert_eq!(written.first, NaiveDate::from_ymd_opt(2027, 3, 7));
/// assert_eq!(written.start, NaiveTime::from_hms_opt(10, 0, 0));
/// assert_eq!(written.end, NaiveTime::from_hms_opt(12, 0, 0));
/// assert!(!written.odd_weekday);
/// ```
#[must_use]
pub fn read(text: &str, context: &DateContext) -> Option<WrittenDates> {
    Reading::new(text, true)?.written(context)
}

/// Parses a time of day or a range: `18`, «kl. 18.00–20.00», `1800`.
#[must_use]
pub fn read_time(text: &str) -> Option<(NaiveTime, Option<NaiveTime>)> {
    let reading = Reading::new(text, false)?;
    reading.start.map(|start| (start, reading.end))
}

/// A date, possibly without a year.
#[derive(Debug, Clone, Copy)]
struct Day {
    day: u32,
    month: u32,
    year: Option<i32>,
}

#[derive(Default)]
struct Reading {
    weekday: Option<Weekday>,
    /// A day without a month, before «–».
    waiting: Option<u32>,
    first: Option<Day>,
    last: Option<Day>,
    start: Option<NaiveTime>,
    end: Option<NaiveTime>,
    /// «–» or «til» was read, but not yet the end.
    until: bool,
    /// «kl.» was read, but not yet the time.
    at: bool,
    /// Whether the last value read is a date.
    after_day: bool,
}

impl Reading {
    fn new(text: &str, dates: bool) -> Option<Self> {
        let tokens = tokens(text)?;
        let mut item = Self {
            at: !dates,
            ..Self::default()
        };
        let mut at = 0;
        while at < tokens.len() {
            at += item.step(&tokens[at..], dates)?;
        }
        Some(item)
    }

    /// Reads the next value and returns the number of tokens. Returns `None` if it makes no sense.
    fn step(&mut self, rest: &[Token], dates: bool) -> Option<usize> {
        match &rest[0] {
            Token::Word(word) => {
                if let Some(day) = weekday(word) {
                    self.weekday = self.weekday.or(Some(day));
                } else if matches!(word.as_str(), "kl" | "klokka" | "klokken" | "at") {
                    self.at = true;
                } else if matches!(word.as_str(), "til" | "to" | "until") {
                    self.until = true;
                } else if dates && month(word).is_some() {
                    return self.american(rest);
                }
                Some(1)
            }
            Token::Sign(sign) => {
                self.until |= *sign == '-';
                Some(1)
            }
            Token::Number { value, .. } => {
                if dates && !self.at {
                    if let Some((day, length)) = self.day(rest) {
                        self.take_day(day)?;
                        return Some(length);
                    }
                    let dot = usize::from(rest.get(1) == Some(&Token::Sign('.')));
                    let leads = matches!(rest.get(1 + dot), Some(Token::Sign('-')))
                        || matches!(rest.get(1 + dot), Some(Token::Word(word)) if word == "til");
                    if leads && self.first.is_none() && self.waiting.is_none() && *value <= 31 {
                        self.waiting = Some(*value);
                        return Some(1 + dot);
                    }
                }
                let (time, length) = self.time(rest)?;
                self.take_time(time)?;
                Some(length)
            }
        }
    }

    /// Reads «March 7, 2027».
    fn american(&mut self, rest: &[Token]) -> Option<usize> {
        let Token::Word(word) = &rest[0] else {
            return None;
        };
        let Some(Token::Number {
            value: day,
            digits: 1..=2,
        }) = rest.get(1)
        else {
            return Some(1);
        };
        let comma = usize::from(rest.get(2) == Some(&Token::Sign(',')));
        let year = match rest.get(2 + comma) {
            Some(Token::Number { value, digits: 4 }) => i32::try_from(*value).ok(),
            _ => None,
        };
        let month = month(word)?;
        self.take_day(Day {
            day: *day,
            month,
            year,
        })?;
        Some(if year.is_some() { 3 + comma } else { 2 })
    }

    fn take_day(&mut self, day: Day) -> Option<()> {
        if let Some(waiting) = self.waiting.take() {
            self.first = Some(Day {
                day: waiting,
                ..day
            });
            self.last = Some(day);
        } else if self.first.is_none() {
            self.first = Some(day);
        } else if self.until && self.last.is_none() {
            self.last = Some(day);
        } else {
            return None;
        }
        self.until = false;
        self.after_day = true;
        Some(())
    }

    fn take_time(&mut self, time: NaiveTime) -> Option<()> {
        if self.start.is_none() {
            self.start = Some(time);
        } else if (self.until || self.last.is_some()) && self.end.is_none() {
            self.end = Some(time);
        } else {
            return None;
        }
        self.until = false;
        self.at = false;
        self.after_day = false;
        Some(())
    }

    /// Parses a date at the start of the tokens. Returns it with its number of tokens.
    fn day(&self, rest: &[Token]) -> Option<(Day, usize)> {
        let number = |at: usize| match rest.get(at) {
            Some(Token::Number { value, digits }) => Some((*value, *digits)),
            _ => None,
        };
        let sign = |at: usize, sign: char| rest.get(at) == Some(&Token::Sign(sign));
        let (value, digits) = number(0)?;
        if digits == 4 && sign(1, '-') && sign(3, '-') {
            let (month, day) = (number(2)?.0, number(4)?.0);
            return checked(day, month, i32::try_from(value).ok()).map(|checked| (checked, 5));
        }
        let dot = usize::from(sign(1, '.'));
        if let Some(Token::Word(word)) = rest.get(1 + dot)
            && let Some(month) = month(word)
        {
            let year = number(2 + dot)
                .filter(|number| number.1 == 4)
                .map(|number| number.0);
            // «mar. 2027».
            let (year, more) = match (year, sign(2 + dot, '.'), number(3 + dot)) {
                (None, true, Some((year, 4))) => (Some(year), 2),
                (year, ..) => (year, usize::from(year.is_some())),
            };
            let year = year.and_then(|year| i32::try_from(year).ok());
            return checked(value, month, year).map(|checked| (checked, 2 + dot + more));
        }
        let parted = if sign(1, '.') { '.' } else { '/' };
        let (month, month_digits) = number(2).filter(|_| sign(1, parted))?;
        let joined = sign(3, parted) || (parted == '/' && sign(3, '-'));
        if let Some((year, digits @ (2 | 4))) = number(4).filter(|_| joined) {
            let year = if digits == 2 { year + 2000 } else { year };
            return checked(value, month, i32::try_from(year).ok()).map(|checked| (checked, 5));
        }
        // `10.00` is a time and `7.3` a date; after a date, `7.30` is a time unless «–» precedes it.
        let is_day = match self.first {
            None => self.start.is_none(),
            Some(_) => self.until && self.after_day,
        };
        let is_day = is_day || parted == '/';
        if month_digits > 2 || !is_day {
            return None;
        }
        checked(value, month, None).map(|checked| (checked, 3 + usize::from(sign(3, parted))))
    }

    /// Parses a time at the start of the tokens. Returns it with its number of tokens.
    fn time(&self, rest: &[Token]) -> Option<(NaiveTime, usize)> {
        let Token::Number { value, digits } = rest[0] else {
            return None;
        };
        if digits == 4 {
            return NaiveTime::from_hms_opt(value / 100, value % 100, 0).map(|time| (time, 1));
        }
        if digits > 2 {
            return None;
        }
        if let (
            Some(Token::Sign('.' | ':')),
            Some(Token::Number {
                value: minute,
                digits: 2,
            }),
        ) = (rest.get(1), rest.get(2))
        {
            let seconds = matches!(
                (rest.get(3), rest.get(4)),
                (Some(Token::Sign(':')), Some(Token::Number { .. }))
            );
            let length = if seconds { 5 } else { 3 };
            // 24:00 is midnight at the end of the day.
            let hour = if value == 24 { 0 } else { value };
            return NaiveTime::from_hms_opt(hour, *minute, 0).map(|time| (time, length));
        }
        let expected = self.at || (self.until && self.start.is_some());
        let hour = if value == 24 { 0 } else { value };
        let time = expected
            .then(|| NaiveTime::from_hms_opt(hour, 0, 0))
            .flatten()?;
        Some((time, 1))
    }

    fn written(self, context: &DateContext) -> Option<WrittenDates> {
        if self.waiting.is_some() {
            return None;
        }
        let last = self.last.map(|last| Day {
            year: last.year.or(self.first.and_then(|first| first.year)),
            ..last
        });
        let last = match last {
            Some(last) => Some(dated(last, None, context)?),
            None => None,
        };
        let first = match self.first {
            Some(first) if first.year.is_none() => match last {
                Some(last) => Some(before(first, last)?),
                None => Some(dated(first, self.weekday, context)?),
            },
            Some(first) => Some(dated(first, None, context)?),
            None => None,
        };
        let odd = first
            .zip(self.weekday)
            .is_some_and(|(day, weekday)| day.weekday() != weekday);
        let found = WrittenDates {
            first,
            last: last.filter(|last| first.is_some_and(|first| first < *last)),
            start: self.start,
            end: self.end,
            odd_weekday: odd,
        };
        (found.first.is_some() || found.start.is_some()).then_some(found)
    }
}

fn checked(day: u32, month: u32, year: Option<i32>) -> Option<Day> {
    // 29 February is valid in a leap year.
    NaiveDate::from_ymd_opt(year.unwrap_or(2024), month, day)?;
    Some(Day { day, month, year })
}

/// Returns the latest such date up to `last`.
fn before(day: Day, last: NaiveDate) -> Option<NaiveDate> {
    let years = [last.year(), last.year() - 1];
    let mut found = years
        .iter()
        .filter_map(|year| NaiveDate::from_ymd_opt(*year, day.month, day.day));
    found.find(|item| *item <= last)
}

fn dated(day: Day, weekday: Option<Weekday>, context: &DateContext) -> Option<NaiveDate> {
    let on = |year: i32| NaiveDate::from_ymd_opt(year, day.month, day.day);
    if let Some(year) = day.year.or(context.year) {
        return on(year).filter(|_| (1900..=2200).contains(&year));
    }
    let from = context.today.checked_sub_days(BACK)?;
    let years = from.year()..from.year() + 9;
    let ahead: Vec<NaiveDate> = years.filter_map(on).filter(|item| *item >= from).collect();
    // Each date has each weekday within several years, but events are planned at most two years ahead.
    let near = ahead
        .iter()
        .filter(|ahead| ahead.year() <= context.today.year() + 2);
    let fits = near
        .clone()
        .find(|near| weekday.is_some_and(|day| near.weekday() == day));
    fits.or(ahead.first()).copied()
}

#[cfg(test)]
mod tests;
