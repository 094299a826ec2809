//! The end of a repetition, and dates that it leaves out.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::super::typed_dates::{month_named, parse_date};
use super::RepetitionError;
use super::parser::Parser;
use super::vocabulary::{Bound, TypedWord, WordMeaning, number};
use crate::holidays::easter;

/// A month or a year.
struct Period {
    first: NaiveDate,
    last: NaiveDate,
}

impl Parser {
    /// «til 15. juni», «ut mai», «til jul».
    pub(super) fn end(&mut self, bound: Bound) -> Result<(), RepetitionError> {
        let bound = self.bound(bound);
        if let Some((date, length)) = self.date_at(self.at) {
            self.at += length;
            let last = match bound {
                Bound::Until | Bound::Through => Some(date),
                Bound::Before => date.pred_opt(),
            };
            return self.until(last);
        }
        if let Some((period, length)) = self.period(bound) {
            self.at += length;
            let last = match bound {
                Bound::Through => Some(period.last),
                Bound::Until | Bound::Before => period.first.pred_opt(),
            };
            return self.until(last);
        }
        self.unknown_date()
    }

    /// Reads the words of a bound: «til og med», `until the end of`.
    fn bound(&mut self, mut bound: Bound) -> Bound {
        self.at += 1;
        let lower =
            |token: Option<&TypedWord>| token.map_or("", |token| token.lower.as_str()).to_owned();
        loop {
            let (one, two) = (
                lower(self.tokens.get(self.at)),
                lower(self.tokens.get(self.at + 1)),
            );
            match (one.as_str(), two.as_str()) {
                ("og", "med") | ("and", "including") | ("slutten", "av" | "på") | ("end", "of") => {
                    bound = Bound::Through;
                    self.at += 2;
                }
                ("den" | "the" | "slutten" | "ut" | "til" | "to", _) => self.at += 1,
                _ => return bound,
            }
        }
    }

    fn until(&mut self, last: Option<NaiveDate>) -> Result<(), RepetitionError> {
        if self.has_end() {
            return Err(RepetitionError::TwoEnds);
        }
        self.parts.until = last.filter(|date| (1..=9_999).contains(&date.year()));
        if self.parts.until.is_none() {
            return self.unknown();
        }
        Ok(())
    }

    /// «unntatt 24. juni og 1. juli».
    pub(super) fn except(&mut self) -> Result<(), RepetitionError> {
        self.at += 1;
        let before = self.parts.except.len();
        loop {
            let connects = matches!(self.peek(0), Some(WordMeaning::And | WordMeaning::Filler));
            if let Some((date, length)) = self.date_at(self.at) {
                self.at += length;
                self.parts.except.insert(date);
            } else if connects && (self.parts.except.len() == before || self.is_date(1)) {
                self.at += 1;
            } else if self.parts.except.len() > before {
                return Ok(());
            } else {
                return self.unknown_date();
            }
        }
    }

    /// Returns true if there is a date `ahead` places further on.
    pub(super) fn is_date(&self, ahead: usize) -> bool {
        self.date_at(self.at + ahead).is_some()
    }

    /// Returns the date at a position and how many words it has: «15. juni 2027», `15.6.`, «onsdag 15. juni», «jul».
    fn date_at(&self, at: usize) -> Option<(NaiveDate, usize)> {
        let first = self.tokens.get(at)?;
        if let Some(date) = self.named_day(first) {
            return Some((date, 1));
        }
        // A date without a year is the first such day after the start.
        let after = self.start.checked_add_days(Days::new(1))?;
        let skipped = usize::from(matches!(first.word, WordMeaning::Weekdays([_])));
        let words = self.tokens.get(at + skipped..)?;
        for length in (1..=4.min(words.len())).rev() {
            let texts: Vec<&str> = words[..length]
                .iter()
                .map(|word| word.lower.as_str())
                .collect();
            // `June 15, 2027`.
            let texts = match texts[..] {
                [month, day, ",", year] => vec![month, day, year],
                _ => texts,
            };
            let is_whole = match texts[..] {
                [_, _, year] => year.len() == 4 && number(year).is_some(),
                [_, _, _, _] => false,
                // Two words are a day and the name of a month.
                [one, two] => month_named(one).is_some() || month_named(two).is_some(),
                // A number alone is no date.
                _ => true,
            };
            let text = texts.join(" ");
            let Some(date) = parse_date(&text, after).filter(|_| is_whole) else {
                continue;
            };
            let is_weekday = match first.word {
                WordMeaning::Weekdays([day]) => *day == date.weekday(),
                _ => true,
            };
            return is_weekday.then_some((date, skipped + length));
        }
        None
    }

    /// Returns the day of «jul», «nyttår» or «påske» after the start.
    fn named_day(&self, token: &TypedWord) -> Option<NaiveDate> {
        let day: fn(i32) -> Option<NaiveDate> = match token.lower.as_str() {
            "jul" | "jula" | "julen" | "julaften" | "christmas" => {
                |year| NaiveDate::from_ymd_opt(year, 12, 24)
            }
            "nyttår" | "nyttårsaften" => |year| NaiveDate::from_ymd_opt(year, 12, 31),
            // The last day before Maundy Thursday.
            "påske" | "påska" | "påsken" | "easter" => {
                |year| easter(year)?.checked_sub_days(Days::new(4))
            }
            _ => return None,
        };
        let years = self.start.year()..=self.start.year().saturating_add(1);
        years.filter_map(day).find(|day| *day > self.start)
    }

    /// Returns the month or year at the position and how many words it has: «mai», «mai 2028», «2028», «året».
    fn period(&self, bound: Bound) -> Option<(Period, usize)> {
        let token = self.tokens.get(self.at)?;
        if matches!(token.lower.as_str(), "året" | "år" | "year") {
            return Some((year(self.start.year())?, 1));
        }
        if let Some(number) = year_of(token) {
            return Some((year(number)?, 1));
        }
        let month = month_named(&token.lower)?;
        if let Some(number) = self.tokens.get(self.at + 1).and_then(year_of) {
            return Some((month_of(number, month)?, 2));
        }
        let years = self.start.year()..=self.start.year().saturating_add(1);
        let mut months = years.filter_map(|year| month_of(year, month));
        let is_next = |period: &Period| match bound {
            Bound::Through => period.last > self.start,
            Bound::Until | Bound::Before => period.first > self.start,
        };
        Some((months.find(is_next)?, 1))
    }

    /// Returns an error that names what should be a date.
    fn unknown_date(&self) -> Result<(), RepetitionError> {
        let rest = self.tokens.get(self.at..).unwrap_or_default();
        let words = rest
            .iter()
            .take(3)
            .take_while(|token| token.word != WordMeaning::And);
        let words: Vec<&str> = words.map(|word| word.text.as_str()).collect();
        if words.is_empty() {
            return self.unknown();
        }
        Err(RepetitionError::NotUnderstood(words.join(" ")))
    }
}

fn year_of(token: &TypedWord) -> Option<i32> {
    let number = number(&token.lower).filter(|_| token.lower.len() == 4)?;
    i32::try_from(number).ok().filter(|value| *value >= 1_900)
}

fn year(year: i32) -> Option<Period> {
    Some(Period {
        first: NaiveDate::from_ymd_opt(year, 1, 1)?,
        last: NaiveDate::from_ymd_opt(year, 12, 31)?,
    })
}

fn month_of(year: i32, month: u32) -> Option<Period> {
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    let last = first.checked_add_months(Months::new(1))?.pred_opt()?;
    Some(Period { first, last })
}
