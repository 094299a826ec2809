//! Recurrence in words: «hver torsdag kl. 18.00 til 17. desember, ikke 29. oktober».
//!
//! Common rules are described in full. For all others the text only states that the event recurs,
//! since the dates are shown beside it.

use chrono::{Datelike, NaiveDate, Weekday};
use fluent_bundle::FluentValue;

use super::{Words, Year};
use calendar_domain::recurrence::{Frequency, RecurrenceRule, Skip};
use calendar_domain::{EventStatus, Recurrence, Schedule, Start, When};

/// A year without a leap day.
const COMMON_YEAR: i32 = 2027;

/// Maximum number of single dates listed as exceptions or additions.
const MOST_DATES: usize = 4;

impl Words {
    /// Returns the recurrence of an event in words; empty if it does not recur.
    ///
    /// ```
    /// use calendar_domain::{Lang, Recurrence, Schedule, When};
    /// use calendar_language::Words;
    /// use chrono::NaiveDate;
    ///
    /// let schedule = Schedule {
    ///     when: When::day(NaiveDate::from_ymd_opt(2027, 3, 4).unwrap()),
    ///     recurrence: Some(Recurrence {
    ///         rule: Some("FREQ=WEEKLY;BYDAY=TH".parse().unwrap()),
    ///         ..Recurrence::default()
    ///     }),
    /// };
    /// assert_eq!(Words::new(Lang::Nb).repetition(&schedule), "hver torsdag");
    /// assert_eq!(Words::new(Lang::En).repetition(&schedule), "every Thursday");
    /// ```
    #[must_use]
    pub fn repetition(self, schedule: &Schedule) -> String {
        let Some(recurrence) = &schedule.recurrence else {
            return String::new();
        };
        let first = schedule.when.start().date();
        let rule = schedule.rule();
        let rule = rule.as_deref();
        let often = rule.and_then(|rule| self.often(rule, first));
        let (Some(often), Some(rule)) = (often, rule) else {
            return self.say("repeat-general").into_owned();
        };
        let mut said = match &schedule.when {
            When::Timed { start, end, .. } => {
                let end = end.filter(|end| Self::one_evening(*start, *end));
                let hours = self.hours(start.time(), end.map(|end| end.time()));
                self.say_with("repeat-hours", &[("often", often), ("hours", hours)])
            }
            When::AllDay { .. } | When::TimeToCome { .. } => often,
        };
        if let Some(last) = last_day(rule, &schedule.when) {
            let date = self.date(last, self.year_beside(last, first));
            said = self.say_with("repeat-until", &[("said", said), ("date", date)]);
        } else if let Some(count) = rule.count {
            let values = [
                ("said", FluentValue::from(said)),
                ("count", FluentValue::from(count)),
            ];
            said = self.say_with("repeat-count", &values);
        }
        let keys = ["repeat-except", "repeat-except-some"];
        said = self.with_dates(said, keys, &left_out(recurrence), first);
        let added = recurrence.rdates.difference(&recurrence.exdates);
        let added: Vec<NaiveDate> = added.map(|start| start.date()).collect();
        self.with_dates(said, ["repeat-also", "repeat-also-some"], &added, first)
    }

    /// Returns the frequency of the rule in words; `None` if it is too complex for a sentence.
    fn often(self, rule: &RecurrenceRule, first: NaiveDate) -> Option<String> {
        if rule.has_times() || !rule.by_set_pos.is_empty() || !rule.by_year_day.is_empty() {
            return None;
        }
        let two_ends = rule.until.is_some() && rule.count.is_some();
        if !rule.by_week_no.is_empty() || two_ends {
            return None;
        }
        match rule.freq {
            Frequency::Daily => self.daily(rule),
            Frequency::Weekly => self.weekly(rule, first),
            Frequency::Monthly => self.monthly(rule, first),
            Frequency::Yearly => self.yearly(rule, first),
            Frequency::Secondly | Frequency::Minutely | Frequency::Hourly => None,
        }
    }

    fn daily(self, rule: &RecurrenceRule) -> Option<String> {
        if !rule.by_month.is_empty() || !rule.by_month_day.is_empty() {
            return None;
        }
        match plain_weekdays(rule)? {
            days if days.is_empty() => Some(self.every("repeat-days", rule, &[])),
            days if rule.interval == 1 => Some(self.on_weekdays(rule, &days)),
            _ => None,
        }
    }

    fn weekly(self, rule: &RecurrenceRule, first: NaiveDate) -> Option<String> {
        if !rule.by_month.is_empty() || !rule.by_month_day.is_empty() {
            return None;
        }
        let mut days = plain_weekdays(rule)?;
        if days.is_empty() {
            days.push(first.weekday());
        }
        Some(self.on_weekdays(rule, &days))
    }

    fn on_weekdays(self, rule: &RecurrenceRule, days: &[Weekday]) -> String {
        const WORKDAYS: [Weekday; 5] = [
            Weekday::Mon,
            Weekday::Tue,
            Weekday::Wed,
            Weekday::Thu,
            Weekday::Fri,
        ];
        if days.len() == 7 && rule.interval == 1 {
            return self.every("repeat-days", rule, &[]);
        }
        if days == WORKDAYS && rule.interval == 1 {
            return self.say("repeat-workdays").into_owned();
        }
        let names: Vec<String> = days.iter().map(|day| self.weekday_name(*day)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        self.every("repeat-weekdays", rule, &[("days", self.listed(&names))])
    }

    fn monthly(self, rule: &RecurrenceRule, first: NaiveDate) -> Option<String> {
        if !rule.by_month.is_empty() {
            return None;
        }
        match (rule.by_day.as_slice(), rule.by_month_day.as_slice()) {
            ([], []) => self.month_day(rule, first.day()),
            ([], [day]) => self.month_day_number(rule, *day),
            ([_, ..], []) => {
                let (nth, weekday) = self.numbered(rule)?;
                Some(self.every(
                    "repeat-month-weekday",
                    rule,
                    &[("nth", nth), ("weekday", weekday)],
                ))
            }
            _ => None,
        }
    }

    /// Returns the text for a day of the month from BYMONTHDAY.
    fn month_day_number(self, rule: &RecurrenceRule, day: i8) -> Option<String> {
        match day {
            -1 => Some(self.every("repeat-month-last-day", rule, &[])),
            day => self.month_day(rule, u32::try_from(day).ok()?),
        }
    }

    /// Returns the text for a day of the month. It mentions that some months lack the day unless
    /// SKIP moves it.
    fn month_day(self, rule: &RecurrenceRule, day: u32) -> Option<String> {
        let values = [("day", day.to_string())];
        match (day, rule.skip) {
            (..=28, _) => Some(self.every("repeat-month-day", rule, &values)),
            (31, Skip::Backward) => Some(self.every("repeat-month-last-day", rule, &[])),
            (_, Skip::Omit) if rule.interval == 1 => {
                Some(self.say_with("repeat-month-day-if-any", &values))
            }
            _ => None,
        }
    }

    fn yearly(self, rule: &RecurrenceRule, first: NaiveDate) -> Option<String> {
        if rule.interval != 1 {
            return None;
        }
        let month = match rule.by_month.as_slice() {
            // Without BYMONTH the rule selects that day of every month (RFC 5545 section 3.3.10).
            [] if !rule.by_month_day.is_empty() => {
                return match (rule.by_day.as_slice(), rule.by_month_day.as_slice()) {
                    ([], [day]) => self.month_day_number(rule, *day),
                    _ => None,
                };
            }
            [] => first.month(),
            [month] => u32::from(*month),
            _ => return None,
        };
        match (rule.by_day.as_slice(), rule.by_month_day.as_slice()) {
            ([], days) => {
                let day = match days {
                    [] => first.day(),
                    [day] => u32::try_from(*day).ok()?,
                    _ => return None,
                };
                // Fails for 29 February, which not every year has.
                let date = NaiveDate::from_ymd_opt(COMMON_YEAR, month, day)?;
                Some(self.say_with("repeat-year-date", &[("date", self.date(date, Year::Left))]))
            }
            ([_, ..], []) if !rule.by_month.is_empty() => {
                let (nth, weekday) = self.numbered(rule)?;
                let month = self.month(first.with_day(1)?.with_month(month)?);
                let values = [("nth", nth), ("weekday", weekday), ("month", month)];
                Some(self.say_with("repeat-year-weekday", &values))
            }
            _ => None,
        }
    }

    /// Returns the numbered weekdays of a rule, all of one day: «første og tredje», «torsdag».
    fn numbered(self, rule: &RecurrenceRule) -> Option<(String, String)> {
        let weekday = rule.by_day.first()?.weekday;
        let mut names = Vec::new();
        for day in &rule.by_day {
            let key = match day.nth? {
                // Not every month has a fifth.
                nth @ 1..=4 => format!("ordinal-{nth}"),
                -1 => "ordinal-last".to_owned(),
                _ => return None,
            };
            (day.weekday == weekday).then(|| names.push(self.say(&key)))?;
        }
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        Some((self.listed(&names), self.weekday_name(weekday)))
    }

    fn weekday_name(self, day: Weekday) -> String {
        self.say(&format!("weekday-{}", day.number_from_monday()))
            .into_owned()
    }

    /// Returns the text of a key that depends on the interval.
    fn every(self, key: &str, rule: &RecurrenceRule, values: &[(&str, String)]) -> String {
        let mut all = vec![("interval", FluentValue::from(rule.interval))];
        all.extend(
            values
                .iter()
                .map(|(name, value)| (*name, FluentValue::from(value.as_str()))),
        );
        self.say_with(key, &all)
    }

    /// Appends single dates with the first key, or a general text with the second if there are too
    /// many.
    fn with_dates(
        self,
        said: String,
        [each, some]: [&str; 2],
        dates: &[NaiveDate],
        first: NaiveDate,
    ) -> String {
        if dates.is_empty() {
            return said;
        }
        if dates.len() > MOST_DATES {
            return self.say_with(some, &[("said", said)]);
        }
        let written: Vec<String> = dates
            .iter()
            .map(|date| self.date(*date, self.year_beside(*date, first)))
            .collect();
        let written: Vec<&str> = written.iter().map(String::as_str).collect();
        self.say_with(each, &[("said", said), ("dates", self.listed(&written))])
    }

    /// Includes the year if it differs from that of the first occurrence.
    fn year_beside(self, date: NaiveDate, first: NaiveDate) -> Year {
        if date.year() == first.year() {
            Year::Left
        } else {
            Year::Said
        }
    }
}

/// Returns the weekdays of a rule from Monday on, or `None` if one is numbered.
fn plain_weekdays(rule: &RecurrenceRule) -> Option<Vec<Weekday>> {
    let mut days: Vec<Weekday> = Vec::new();
    for day in &rule.by_day {
        if day.nth.is_some() {
            return None;
        }
        days.push(day.weekday);
    }
    days.sort_by_key(Weekday::number_from_monday);
    days.dedup();
    Some(days)
}

/// Returns the last day of a rule in the zone of the event.
fn last_day(rule: &RecurrenceRule, when: &When) -> Option<NaiveDate> {
    let zone = match when {
        When::Timed { zone, .. } => Some(*zone),
        When::AllDay { .. } | When::TimeToCome { .. } => None,
    };
    let last = rule.until_in(zone)?;
    // An UNTIL before the time of the event excludes that day.
    let reached = last.time() >= when.start().local().time();
    if reached {
        Some(last.date())
    } else {
        last.date().pred_opt()
    }
}

/// Returns the days that are excluded from the rule or cancelled.
fn left_out(recurrence: &Recurrence) -> Vec<NaiveDate> {
    let cancelled = recurrence
        .overrides
        .iter()
        .filter(|(_, change)| change.status == Some(EventStatus::Cancelled))
        .map(|(start, _)| start);
    let mut days: Vec<NaiveDate> = recurrence
        .exdates
        .iter()
        .chain(cancelled)
        .copied()
        .map(Start::date)
        .collect();
    days.sort_unstable();
    days.dedup();
    days
}
