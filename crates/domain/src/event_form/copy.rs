//! A form as the start of another: a copy for the next time, and a programme that is moved.

use chrono::{Datelike, Days, NaiveDate, TimeDelta};

use super::moved_days::parse_days;
use super::typed_dates::{parse_date, typed_date};
use super::{EventForm, FormField, repetition_text};
use crate::recurrence::RuleEnd;

/// Fields of the single dates of a repetition, which another one does not have.
const SINGLE_DATES: [FormField; 4] = [
    FormField::Strike,
    FormField::MoveFrom,
    FormField::MoveTo,
    FormField::MoveTime,
];
/// Fields with dates that a copy moves along.
const DATES: [FormField; 4] = [
    FormField::EndDate,
    FormField::Until,
    FormField::OtherDate,
    FormField::PartDate,
];

impl EventForm {
    /// Returns the form of a new event like this one: a year later, on the same weekday, and not before `today`. All its
    /// dates are moved alike, and the parts of the programme are new ones. `typed_on` is the day on which the form was
    /// typed, from which dates without a year count.
    #[must_use]
    pub fn copied(&self, typed_on: NaiveDate, today: NaiveDate) -> Self {
        let mut copy = self.clone();
        for field in SINGLE_DATES {
            copy.set(field, Vec::new());
        }
        copy.set(FormField::PartId, Vec::new());
        copy.set(FormField::PartShift, Vec::new());
        copy.set(FormField::Availability, Vec::new());
        let Some(old) = parse_date(self.get(FormField::Date), typed_on) else {
            return copy;
        };
        let Some(new) = next_time(old, today) else {
            return copy;
        };
        let days = new - old;
        copy.set(FormField::Date, vec![typed_date(new)]);
        for field in DATES {
            let moved = |typed: &String| {
                let date = parse_date(typed, old).and_then(|date| date.checked_add_signed(days));
                date.map_or_else(|| typed.clone(), typed_date)
            };
            copy.set(field, self.all(field).iter().map(moved).collect());
        }
        if let Some(text) = moved_repetition(self.get(FormField::Repetition), old, days) {
            copy.set(FormField::Repetition, vec![text]);
        }
        copy
    }

    /// Moves every part of the programme by the days in [`FormField::PartShift`], which is then blank. A part without a
    /// date is on the first day. Returns false and changes nothing if that is no number of days.
    pub fn move_parts(&mut self, today: NaiveDate) -> bool {
        let days = parse_days(self.get(FormField::PartShift));
        let first = parse_date(self.get(FormField::Date), today);
        let Some(days) = days else {
            return false;
        };
        let rows = 0..self.rows(&super::programme::COLUMNS);
        let moved = |row: usize| {
            let typed = self.cell(FormField::PartDate, row);
            let is_blank = super::programme::COLUMNS
                .iter()
                .all(|column| self.cell(*column, row).is_empty());
            let date = match typed {
                "" if is_blank => None,
                "" => first,
                typed => parse_date(typed, first.unwrap_or(today)),
            };
            let date = date.and_then(|date| date.checked_add_signed(TimeDelta::days(days)));
            date.map_or_else(|| typed.to_owned(), typed_date)
        };
        let moved = rows.map(moved).collect();
        self.set(FormField::PartDate, moved);
        self.set(FormField::PartShift, Vec::new());
        true
    }
}

/// Returns the day of the same weekday that is nearest to the same date of a later year, from `today` on.
fn next_time(old: NaiveDate, today: NaiveDate) -> Option<NaiveDate> {
    let first = old.year().checked_add(1)?.max(today.year());
    let in_year = |year: i32| {
        let same = NaiveDate::from_ymd_opt(year, old.month(), old.day());
        // 28 February for 29 February.
        let same = same.or_else(|| NaiveDate::from_ymd_opt(year, old.month(), old.day() - 1))?;
        let earliest = same.checked_sub_days(Days::new(3))?;
        let mut days = (0..7).filter_map(|n| earliest.checked_add_days(Days::new(n)));
        days.find(|day| day.weekday() == old.weekday())
    };
    let years = first..=first.checked_add(1)?;
    years.filter_map(in_year).find(|day| *day >= today)
}

/// Returns a sentence with its last date moved; `None` if it has no date with a year.
fn moved_repetition(text: &str, old: NaiveDate, days: TimeDelta) -> Option<String> {
    let has_year = text
        .split(|c: char| !c.is_ascii_digit())
        .any(|digits| digits.len() == 4);
    let mut rule = repetition_text::parse(text, old)
        .ok()
        .filter(|_| has_year)?
        .rule;
    let Some(RuleEnd::Date(last)) = rule.until else {
        return None;
    };
    let moved = last.checked_add_signed(days)?;
    // On days of the month, the last date is on the same day; on weekdays, days move by whole weeks.
    let same_day = moved.with_day(last.day()).unwrap_or(moved);
    let is_by_day = rule.by_month_day.is_empty();
    rule.until = Some(RuleEnd::Date(if is_by_day { moved } else { same_day }));
    let start = old.checked_add_signed(days)?;
    let mut days = (0..62).filter_map(|n| start.checked_add_days(Days::new(n)));
    days.find_map(|first| repetition_text::write(&rule, first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_repetition_on_a_day_of_the_month_keeps_its_last_date() {
        let text = "den 29. hver måned til 29.6.2028";
        let moved = moved_repetition(text, day("2027-09-29"), TimeDelta::days(364));
        assert!(
            moved
                .as_ref()
                .is_some_and(|moved| moved.contains("29. juni 2029")),
            "{moved:?}"
        );
    }

    #[test]
    fn a_copy_is_on_the_same_weekday_near_the_same_date() {
        let today = day("2026-11-30");
        for (old, new) in [
            ("2026-12-18", "2027-12-17"),
            ("2020-02-29", "2027-02-27"),
            ("2026-11-28", "2027-11-27"),
            ("2019-08-09", "2027-08-06"),
            ("2025-12-01", "2026-11-30"),
        ] {
            let new = day(new);
            assert_eq!(next_time(day(old), today), Some(new));
            assert_eq!(new.weekday(), day(old).weekday());
        }
    }

    #[test]
    fn all_dates_of_a_copy_move_alike_and_single_dates_are_left_out() {
        let form = EventForm::from_pairs([
            ("title", "Julekonsert"),
            ("date", "18. desember"),
            ("end_date", "20.12.2026"),
            ("repetition", "hver fredag til 29. januar 2027"),
            ("strike", "2026-12-25"),
            ("part_id", "x"),
            ("part_title", "Åpning"),
            ("part_date", "19.12.2026"),
            ("part_title", "Konsert"),
            ("part_date", "ukjent"),
            ("price", "250"),
        ]);
        let copy = form.copied(day("2026-10-01"), day("2026-11-30"));
        let get = |field| copy.get(field).to_owned();
        assert_eq!(get(FormField::Date), "17.12.2027");
        assert_eq!(get(FormField::EndDate), "19.12.2027");
        assert_eq!(
            get(FormField::Repetition),
            "hver fredag til 28. januar 2028"
        );
        assert_eq!(copy.all(FormField::PartDate), ["18.12.2027", "ukjent"]);
        assert_eq!(
            (get(FormField::Strike), get(FormField::PartId)),
            (String::new(), String::new())
        );
        assert_eq!(
            (get(FormField::Title), get(FormField::Price)),
            ("Julekonsert".into(), "250".into())
        );
    }

    #[test]
    fn a_programme_moves_by_a_number_of_days() {
        let today = day("2026-11-30");
        let pairs = [
            ("date", "18.12.2026"),
            ("part_title", "Åpning"),
            ("part_date", ""),
            ("part_title", "Konsert"),
            ("part_date", "19.12.2026"),
            ("part_start", "18"),
            ("part_start", "19"),
        ];
        for (typed, dates) in [
            ("2", ["20.12.2026", "21.12.2026"]),
            ("−18", ["30.11.2026", "1.12.2026"]),
        ] {
            let mut form = EventForm::from_pairs(pairs).with(FormField::PartShift, typed);
            assert!(form.move_parts(today));
            assert_eq!(form.all(FormField::PartDate), dates);
            assert_eq!(form.all(FormField::PartStart), ["18", "19"]);
            assert_eq!(form.get(FormField::PartShift), "");
        }
        for wrong in ["", "en dag", "367", "--2", "2-", "99999999999"] {
            let mut form = EventForm::from_pairs(pairs).with(FormField::PartShift, wrong);
            let before = form.clone();
            assert!(!form.move_parts(today), "{wrong}");
            assert_eq!(form, before);
        }
    }
}
