//! The parser: words to the parts of a rule.

use std::collections::BTreeSet;

use chrono::{NaiveDate, Weekday};

use super::RepetitionError;
use super::vocabulary::{Bound, TypedWord, Unit, WordMeaning, tokens};

/// What a sentence says, before its parts are put together.
#[derive(Debug, Clone, Default)]
pub(super) struct Parts {
    /// The sentence, for errors about it as a whole.
    pub(super) text: String,
    pub(super) interval: Option<u32>,
    pub(super) unit: Option<Unit>,
    pub(super) nth: Vec<i8>,
    pub(super) month_day: Option<i8>,
    /// Number of days from Monday.
    pub(super) weekdays: BTreeSet<u32>,
    pub(super) until: Option<NaiveDate>,
    pub(super) count: Option<u32>,
    pub(super) length: Option<(u32, Unit)>,
    pub(super) except: BTreeSet<NaiveDate>,
}

/// The parser.
pub(super) struct Parser {
    pub(super) tokens: Vec<TypedWord>,
    pub(super) at: usize,
    pub(super) start: NaiveDate,
    pub(super) parts: Parts,
}

type Step = Result<(), RepetitionError>;

impl Parser {
    pub(super) fn new(text: &str, start: NaiveDate) -> Self {
        Self {
            tokens: tokens(text),
            at: 0,
            start,
            parts: Parts {
                text: text.trim().chars().take(80).collect(),
                ..Parts::default()
            },
        }
    }

    /// Returns the parts of the whole sentence.
    pub(super) fn parts(mut self) -> Result<Parts, RepetitionError> {
        while let Some(word) = self.peek(0) {
            match word {
                WordMeaning::And | WordMeaning::Filler => self.at += 1,
                WordMeaning::Every => self.every()?,
                WordMeaning::EveryOther => {
                    self.at += 1;
                    self.interval(2)?;
                    self.unit_after()?;
                }
                WordMeaning::Regularly(unit, interval) => {
                    self.at += 1;
                    self.interval(interval)?;
                    self.unit(unit)?;
                }
                WordMeaning::Ordinal(nth) => self.ordinal(nth)?,
                WordMeaning::Number(number) => self.number(number)?,
                WordMeaning::Once => {
                    self.at += 1;
                    self.times(1)?;
                }
                WordMeaning::Weekdays(days) => self.weekdays(days)?,
                WordMeaning::Unit(unit) => self.bare_unit(unit)?,
                WordMeaning::Bound(bound) => self.end(bound)?,
                WordMeaning::Except => self.except()?,
                WordMeaning::Times | WordMeaning::Dash | WordMeaning::Unknown => {
                    return self.unknown();
                }
            }
        }
        Ok(self.parts)
    }

    /// Returns the word so many places ahead.
    pub(super) fn peek(&self, ahead: usize) -> Option<WordMeaning> {
        self.tokens.get(self.at + ahead).map(|token| token.word)
    }

    /// Returns an error that names the word at the position.
    pub(super) fn unknown<T>(&self) -> Result<T, RepetitionError> {
        let token = self.tokens.get(self.at).or(self.tokens.last());
        let text = token.map_or_else(String::new, |token| token.text.clone());
        Err(RepetitionError::NotUnderstood(text))
    }

    /// Sets the interval. «hver mandag, annenhver uke» has one; «hver mandag og annenhver onsdag» would have two.
    fn interval(&mut self, interval: u32) -> Step {
        let has_weekdays = !self.parts.weekdays.is_empty()
            && matches!(self.peek(0), Some(WordMeaning::Weekdays(_)));
        let is_other = |known: u32| known != interval && (known != 1 || has_weekdays);
        if self.parts.interval.is_some_and(is_other) {
            self.at = self.at.saturating_sub(1);
            return self.unknown();
        }
        self.parts.interval = Some(interval);
        Ok(())
    }

    fn unit(&mut self, unit: Unit) -> Step {
        if self.parts.unit.is_some_and(|other| other != unit) {
            self.at = self.at.saturating_sub(1);
            return self.unknown();
        }
        self.parts.unit = Some(unit);
        Ok(())
    }

    /// Reads a unit if there is one.
    fn unit_after(&mut self) -> Step {
        if let Some(WordMeaning::Unit(unit)) = self.peek(0) {
            self.at += 1;
            self.unit(unit)?;
        }
        Ok(())
    }

    /// «hver onsdag», «hver uke», «hver 3. uke», «hver tredje onsdag», «hver første lørdag i måneden».
    fn every(&mut self) -> Step {
        self.at += 1;
        let number = match self.peek(0) {
            Some(WordMeaning::Ordinal(nth)) => u32::try_from(nth).ok(),
            Some(WordMeaning::Number(number)) => Some(number),
            _ => None,
        };
        match (self.peek(0), number, self.peek(1)) {
            (Some(_), Some(number), Some(WordMeaning::Unit(unit))) if number > 0 => {
                self.at += 2;
                self.interval(number)?;
                self.unit(unit)
            }
            (Some(_), Some(number), Some(WordMeaning::Weekdays(_)))
                if number > 1 && !self.is_of_month(2) =>
            {
                self.at += 1;
                self.interval(number)
            }
            (Some(WordMeaning::Unit(_)), ..) => {
                if self.parts.interval.is_none() {
                    self.interval(1)?;
                }
                self.unit_after()
            }
            (Some(WordMeaning::Weekdays(_)), ..) => self.interval(1),
            (Some(WordMeaning::Ordinal(_)), ..) => Ok(()),
            _ => self.unknown(),
        }
    }

    /// Returns true if «i måneden», «hver måned» or `of every month` follows, so many places ahead.
    fn is_of_month(&self, ahead: usize) -> bool {
        let rest = self.tokens.iter().skip(self.at + ahead);
        let mut rest = rest.skip_while(|rest| {
            matches!(
                rest.word,
                WordMeaning::Filler | WordMeaning::Every | WordMeaning::EveryOther
            )
        });
        matches!(
            rest.next().map(|rest| rest.word),
            Some(WordMeaning::Unit(Unit::Month))
        )
    }

    fn ordinal(&mut self, nth: i8) -> Step {
        self.at += 1;
        match self.peek(0) {
            // «annen hver uke». «den andre hver måned» is a day of the month.
            Some(WordMeaning::Every) if nth == 2 && (self.is_other() || !self.is_of_month(0)) => {
                self.at += 1;
                self.interval(2)?;
                return self.unit_after();
            }
            Some(WordMeaning::Unit(Unit::Day)) => {
                self.at += 1;
                return self.month_day(nth);
            }
            _ => {}
        }
        if nth > 0 && self.parts.weekdays.is_empty() && self.is_of_month(0) {
            return self.month_day(nth);
        }
        let is_listed = self.parts.nth.is_empty()
            || matches!(self.tokens[..self.at - 1].last(), Some(value) if value.word == WordMeaning::And);
        if !is_listed {
            self.at -= 1;
            return self.unknown();
        }
        self.parts.nth.push(nth);
        Ok(())
    }

    /// Returns true if the word before the position is «annen» and not «andre».
    fn is_other(&self) -> bool {
        let before = self.tokens[..self.at].last();
        before.is_some_and(|token| token.lower.starts_with("ann"))
    }

    fn month_day(&mut self, day: i8) -> Step {
        if self.parts.month_day.is_some() || !(-1..=31).contains(&day) || day == 0 {
            self.at -= 1;
            return self.unknown();
        }
        self.parts.month_day = Some(day);
        Ok(())
    }

    /// «8 ganger», «i 8 uker», «åtte onsdager».
    fn number(&mut self, number: u32) -> Step {
        match self.peek(1) {
            Some(WordMeaning::Times) => {
                self.at += 2;
                self.times(number)
            }
            Some(WordMeaning::Unit(unit)) if number > 0 => {
                self.at += 2;
                if self.has_end() {
                    return Err(RepetitionError::TwoEnds);
                }
                self.parts.length = Some((number, unit));
                Ok(())
            }
            Some(WordMeaning::Weekdays(_)) => {
                self.at += 1;
                self.count(number)
            }
            _ => self.unknown(),
        }
    }

    /// After «8 ganger»: a number of dates, unless «i uken» follows «én gang».
    fn times(&mut self, number: u32) -> Step {
        let ahead = usize::from(self.peek(0) == Some(WordMeaning::Filler));
        match self.peek(ahead) {
            Some(WordMeaning::Unit(unit)) if number == 1 => {
                self.at += ahead + 1;
                self.interval(1)?;
                self.unit(unit)
            }
            Some(WordMeaning::Unit(_)) => {
                self.at += ahead;
                self.unknown()
            }
            _ => self.count(number),
        }
    }

    fn count(&mut self, number: u32) -> Step {
        if self.has_end() {
            return Err(RepetitionError::TwoEnds);
        }
        self.parts.count = Some(number);
        Ok(())
    }

    pub(super) fn has_end(&self) -> bool {
        self.parts.until.is_some() || self.parts.count.is_some() || self.parts.length.is_some()
    }

    /// «onsdag», «mandag til fredag», «mandag–fredag».
    fn weekdays(&mut self, days: &[Weekday]) -> Step {
        self.at += 1;
        let numbers = days.iter().map(Weekday::num_days_from_monday);
        self.parts.weekdays.extend(numbers);
        let is_range = matches!(
            self.peek(0),
            Some(WordMeaning::Dash | WordMeaning::Bound(Bound::Until))
        );
        let Some(WordMeaning::Weekdays(last)) = self.peek(1).filter(|_| is_range) else {
            return Ok(());
        };
        // «til onsdag 15. juni» is an end.
        if self.is_date(1) {
            return Ok(());
        }
        self.at += 1;
        let ([first], [last]) = (days, last) else {
            return self.unknown();
        };
        self.at += 1;
        let mut day = *first;
        while day != *last {
            day = day.succ();
            self.parts.weekdays.insert(day.num_days_from_monday());
        }
        Ok(())
    }

    /// «i måneden» after «første lørdag», and `day 15` before `of every month`.
    fn bare_unit(&mut self, unit: Unit) -> Step {
        if unit == Unit::Month && (!self.parts.nth.is_empty() || self.parts.month_day.is_some()) {
            self.at += 1;
            return self.unit(unit);
        }
        if unit == Unit::Day
            && let Some(WordMeaning::Number(day)) = self.peek(1)
        {
            self.at += 2;
            return self.month_day(i8::try_from(day).unwrap_or(0));
        }
        self.unknown()
    }
}
