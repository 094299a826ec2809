//! The days of a year that a rule selects.
//!
//! Every BY part for days is a set of days, and the rule selects their intersection. This is
//! equivalent to RFC 5545's table of «expand» and «limit» once missing parts are derived from
//! DTSTART, as that section requires.

use chrono::{Datelike, NaiveDateTime};

use super::rule::{Frequency, RecurrenceRule, Skip};
use super::year::{Days, YearShape, first_week};

/// The period that numbered weekdays refer to.
#[derive(Clone, Copy, PartialEq)]
enum Numbering {
    Month,
    Year,
    /// Each weekday occurs once in a week: 1 and -1 select it, other numbers nothing.
    Week,
    /// The number is ignored.
    Ignored,
}

/// The days that a rule selects.
pub(super) struct DayPattern {
    months: u16,
    week_nos: Vec<i8>,
    year_days: Vec<i16>,
    /// Bit 0 is the first of the month.
    month_days: u32,
    /// Bit 0 is the last of the month.
    month_days_from_end: u32,
    by_month_day: bool,
    weekdays: u8,
    numbered: Vec<(i8, u32)>,
    by_day: bool,
    numbering: Numbering,
    wkst: u32,
    skip: Skip,
    /// How day 366 is treated in a year of 365 days.
    skip_of_year: Skip,
}

/// The days of one year that a rule selects.
#[derive(Clone, Copy)]
pub(super) struct Selected {
    /// Regular days, and days moved backward within their month.
    pub own: Days,
    /// First days of a month or year that replace days missing from the one before
    /// (`SKIP=FORWARD`).
    pub moved: Days,
}

impl DayPattern {
    pub fn new(rule: &RecurrenceRule, dtstart: NaiveDateTime) -> Self {
        let long_period = rule.freq >= Frequency::Monthly;
        let mut pattern = DayPattern {
            months: bits(rule.by_month.iter().map(|&m| u32::from(m)), 1, 12) as u16,
            week_nos: rule.by_week_no.clone(),
            year_days: rule.by_year_day.clone(),
            month_days: bits(positive(&rule.by_month_day), 1, 31),
            month_days_from_end: bits(negative(&rule.by_month_day), 1, 31),
            by_month_day: !rule.by_month_day.is_empty(),
            weekdays: 0,
            numbered: Vec::new(),
            by_day: !rule.by_day.is_empty(),
            numbering: numbering(rule),
            wkst: rule.wkst.num_days_from_monday(),
            skip: if long_period { rule.skip } else { Skip::Omit },
            skip_of_year: skip_of_year(rule),
        };
        if !rule.by_month.is_empty() && pattern.months == 0 {
            // All values are out of range: the part is present and matches nothing.
            pattern.months = 1 << 15;
        }
        pattern.add_weekdays(rule);
        pattern.take_the_unsaid_from(dtstart, rule.freq);
        pattern
    }

    fn add_weekdays(&mut self, rule: &RecurrenceRule) {
        for day in &rule.by_day {
            let weekday = day.weekday.num_days_from_monday();
            match (day.nth, self.numbering) {
                (Some(0), _) => {}
                (None, _) | (Some(_), Numbering::Ignored) | (Some(1 | -1), Numbering::Week) => {
                    self.weekdays |= 1 << weekday;
                }
                (Some(_), Numbering::Week) => {}
                (Some(nth), _) => self.numbered.push((nth, weekday)),
            }
        }
    }

    /// «Information, not contained in the rule, necessary to determine the various recurrence
    /// instance start time and dates are derived from the Start Time» (RFC 5545, 3.3.10).
    fn take_the_unsaid_from(&mut self, dtstart: NaiveDateTime, freq: Frequency) {
        let by_week_no = !self.week_nos.is_empty();
        if self.by_day || self.by_month_day || !self.year_days.is_empty() {
            return;
        }
        let by_weekday = match freq {
            Frequency::Yearly => by_week_no,
            Frequency::Weekly if !by_week_no => true,
            Frequency::Monthly if !by_week_no => false,
            _ => return,
        };
        if by_weekday {
            self.by_day = true;
            self.weekdays = 1 << dtstart.weekday().num_days_from_monday();
            return;
        }
        self.by_month_day = true;
        self.month_days = 1 << dtstart.day0();
        if freq == Frequency::Yearly && self.months == 0 {
            self.months = 1 << dtstart.month0();
        }
    }

    /// Returns the days that the rule selects in a year.
    pub fn select(&self, year: &YearShape) -> Selected {
        let whole = Days::range(0, year.len);
        let mut filter = whole;
        if !self.week_nos.is_empty() {
            filter = filter.and(self.weeks(year));
        }
        if !self.year_days.is_empty() {
            filter = filter.and(self.days_of_year(year));
        }
        if self.by_day {
            filter = filter.and(self.days_of_week(year));
        }
        let moved_here = if self.year_moves_forward() && YearShape::new(year.number - 1).len == 365
        {
            self.first_of_year(year)
        } else {
            Days::default()
        };
        let in_months = if self.months == 0 {
            whole
        } else {
            self.whole_months(year)
        };
        let (own, moved) = if self.by_month_day {
            self.days_of_months(year)
        } else {
            (in_months, Days::default())
        };
        Selected {
            own: own.and(filter),
            moved: moved.and(filter).or(moved_here),
        }
    }

    /// Returns the first of January, if the rule's weekdays include it.
    fn first_of_year(&self, year: &YearShape) -> Days {
        let first = Days::range(0, 1);
        if self.by_day {
            first.and(self.days_of_week(year))
        } else {
            first
        }
    }

    /// Returns true if a date that a year lacks is moved to the next year.
    pub fn year_moves_forward(&self) -> bool {
        self.skip_of_year == Skip::Forward
    }

    /// Returns true if a date that a month lacks can be moved to the next month.
    pub fn moves_forward(&self) -> bool {
        self.skip == Skip::Forward && self.by_month_day
    }

    fn has_month(&self, month: u32) -> bool {
        self.months == 0 || self.months >> month & 1 == 1
    }

    fn whole_months(&self, year: &YearShape) -> Days {
        let mut days = Days::default();
        for month in (0..12).filter(|&month| self.has_month(month)) {
            days.add_range(year.month_start(month), year.month_start(month + 1));
        }
        days
    }

    /// Returns the month days in the rule's months, and those moved forward. `SKIP` is applied
    /// after `BYMONTH` and before `BYDAY` (RFC 7529 section 4.1).
    fn days_of_months(&self, year: &YearShape) -> (Days, Days) {
        let (mut own, mut moved) = (Days::default(), Days::default());
        for month in (0..12).filter(|&month| self.has_month(month)) {
            let (start, end) = (year.month_start(month), year.month_start(month + 1));
            let len = end - start;
            let valid = (1 << len) - 1;
            let from_end = self.month_days_from_end.reverse_bits() >> (32 - len);
            own.add_bits(start, (self.month_days | from_end) & valid);
            if self.month_days & !valid != 0 {
                match self.skip {
                    Skip::Omit => {}
                    Skip::Backward => own.add(end - 1),
                    // Only months before December are shorter than 31 days, so the first of the
                    // next month is in the same year.
                    Skip::Forward => moved.add(end),
                }
            }
        }
        (own, moved)
    }

    /// Includes weeks of the adjacent week years, which may extend into this year.
    fn weeks(&self, year: &YearShape) -> Days {
        let mut days = Days::default();
        for number in year.number - 1..=year.number + 1 {
            let start = first_week(number, self.wkst) - year.first;
            let weeks = (first_week(number + 1, self.wkst) - year.first - start) / 7;
            for &week in &self.week_nos {
                let week = i32::from(week);
                let index = if week > 0 { week - 1 } else { weeks + week };
                if week != 0 && (0..weeks).contains(&index) {
                    let from = start + 7 * index;
                    days.add_range(
                        from.max(0) as u32,
                        (from + 7).clamp(0, year.len as i32) as u32,
                    );
                }
            }
        }
        days
    }

    fn days_of_year(&self, year: &YearShape) -> Days {
        let mut days = Days::default();
        let len = year.len as i32;
        for &number in &self.year_days {
            let number = i32::from(number);
            let index = if number > 0 { number - 1 } else { len + number };
            if number != 0 && (0..len).contains(&index) {
                days.add(index as u32);
            } else if number == 366 && self.skip_of_year == Skip::Backward {
                days.add(year.len - 1);
            }
        }
        days
    }

    fn days_of_week(&self, year: &YearShape) -> Days {
        let mut days = Days::of_weekdays(self.weekdays, year.weekday(0));
        for &(nth, weekday) in &self.numbered {
            let mut add = |from, to| {
                if let Some(day) = year.nth_weekday(from, to, weekday, i32::from(nth)) {
                    days.add(day);
                }
            };
            match self.numbering {
                Numbering::Year => add(0, year.len),
                _ => (0..12).for_each(|m| add(year.month_start(m), year.month_start(m + 1))),
            }
        }
        days
    }
}

/// Returns `SKIP` for a day of the year: RFC 7529 section 4.1 applies it to BYYEARDAY as to
/// BYMONTHDAY. With months, weeks or month days in the rule, day 366 is in none of them and is
/// omitted.
fn skip_of_year(rule: &RecurrenceRule) -> Skip {
    let alone =
        rule.by_month.is_empty() && rule.by_week_no.is_empty() && rule.by_month_day.is_empty();
    let asked = rule.freq == Frequency::Yearly && rule.by_year_day.contains(&366);
    if alone && asked {
        rule.skip
    } else {
        Skip::Omit
    }
}

/// Returns the period that numbered weekdays refer to. With BYMONTH it is the month (RFC 5545
/// section 3.3.10 with erratum 1913).
fn numbering(rule: &RecurrenceRule) -> Numbering {
    match rule.freq {
        Frequency::Monthly => Numbering::Month,
        Frequency::Yearly if !rule.by_week_no.is_empty() => Numbering::Week,
        Frequency::Yearly if !rule.by_month.is_empty() => Numbering::Month,
        Frequency::Yearly => Numbering::Year,
        _ => Numbering::Ignored,
    }
}

fn positive(numbers: &[i8]) -> impl Iterator<Item = u32> + '_ {
    numbers
        .iter()
        .filter(|n| **n > 0)
        .map(|n| u32::from(n.unsigned_abs()))
}

fn negative(numbers: &[i8]) -> impl Iterator<Item = u32> + '_ {
    numbers
        .iter()
        .filter(|n| **n < 0)
        .map(|n| u32::from(n.unsigned_abs()))
}

/// Returns a bit for each number from `least` to `most`, bit 0 being `least`.
fn bits(numbers: impl Iterator<Item = u32>, least: u32, most: u32) -> u32 {
    let inside = numbers.filter(|n| (least..=most).contains(n));
    inside.fold(0, |bits, number| bits | 1 << (number - least))
}
