//! Dates and times of day as people type them.

use chrono::{Datelike, NaiveDate, NaiveTime};

/// The names of months in Norwegian and English.
const MONTHS: [&[&str]; 12] = [
    &["januar", "january"],
    &["februar", "february"],
    &["mars", "march"],
    &["april"],
    &["mai", "may"],
    &["juni", "june"],
    &["juli", "july"],
    &["august"],
    &["september"],
    &["oktober", "october"],
    &["november"],
    &["desember", "december"],
];

/// Parses a date: `8.6.2027`, `08.06.2027`, `8/6/2027`, `2027-06-08`, `8. juni 2027`, `8th June 2027`, `June 8, 2027`. A
/// date without a year is the next such day from `today`.
///
/// ```
/// use calendar_domain::event_form::parse_date;
/// use chrono::NaiveDate;
///
/// let today = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
/// let day = NaiveDate::from_ymd_opt(2027, 6, 8);
/// assert_eq!(parse_date("8. juni", today), day);
/// assert_eq!(parse_date("8th June 2027", today), day);
/// assert_eq!(parse_date("31. juni", today), None);
/// ```
#[must_use]
pub fn parse_date(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let text = text.trim().to_lowercase();
    if text.len() > 40 || text.starts_with(['-', '−', '–']) {
        return None;
    }
    let parts: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect();
    let (day, month, year) = match parts[..] {
        [year, month, day] if year.len() == 4 && is_number(year) => (day, month, Some(year)),
        [day, month, year] => (day, month, Some(year)),
        [day, month] => (day, month, None),
        _ => return None,
    };
    let (day, month) = match month_named(day) {
        Some(_) => (month, day),
        None => (day, month),
    };
    let (day, month) = (number(cardinal(day), 2)?, month_number(month)?);
    let Some(year) = year else {
        let this_year = NaiveDate::from_ymd_opt(today.year(), month, day);
        // 29 February may be four or eight years away.
        let mut later =
            (0..=8).filter_map(|n| NaiveDate::from_ymd_opt(today.year() + n, month, day));
        return match this_year.filter(|date| *date >= today) {
            Some(date) => Some(date),
            None => later.find(|date| *date >= today),
        };
    };
    let year = match year.len() {
        4 => number(year, 4)?,
        2 => 2_000 + number(year, 2)?,
        _ => return None,
    };
    let year = i32::try_from(year).ok().filter(|year| *year > 0)?;
    NaiveDate::from_ymd_opt(year, month, day)
}

/// Formats a date as people type it: `8.6.2027`.
pub(super) fn typed_date(date: NaiveDate) -> String {
    date.format("%-d.%-m.%Y").to_string()
}

/// Parses a time of day: `18`, `18.00`, `18:30`, `1830`, `kl. 18`. Returns `None` for `24.00`, which is a time of the
/// next day: see [`parse_end_clock`].
///
/// ```
/// use calendar_domain::event_form::parse_clock;
/// use chrono::NaiveTime;
///
/// assert_eq!(parse_clock("kl. 18.30"), NaiveTime::from_hms_opt(18, 30, 0));
/// assert_eq!(parse_clock("25.00"), None);
/// ```
#[must_use]
pub fn parse_clock(text: &str) -> Option<NaiveTime> {
    let (hour, minute) = clock_parts(text)?;
    NaiveTime::from_hms_opt(hour, minute, 0)
}

/// Parses the time of an end: like [`parse_clock`], and `24.00` is midnight, which ends the day.
#[must_use]
pub(super) fn parse_end_clock(text: &str) -> Option<NaiveTime> {
    match clock_parts(text)? {
        (24, 0) => Some(NaiveTime::MIN),
        (hour, minute) => NaiveTime::from_hms_opt(hour, minute, 0),
    }
}

fn clock_parts(text: &str) -> Option<(u32, u32)> {
    let text = text.trim().to_lowercase();
    let text = text.strip_prefix("kl").unwrap_or(&text);
    let text = text.trim_start_matches(['.', ' ', '\u{a0}']).trim_end();
    match text.split_once(['.', ':']) {
        Some((hour, minute)) if minute.len() == 2 => Some((number(hour, 2)?, number(minute, 2)?)),
        Some(_) => None,
        None if text.len() == 4 && is_number(text) => {
            let (hour, minute) = text.split_at(2);
            Some((number(hour, 2)?, number(minute, 2)?))
        }
        None => Some((number(text, 2)?, 0)),
    }
}

/// Returns the name of a month in bokmål, by its number from 0.
pub(super) fn month_name(month0: u32) -> Option<&'static str> {
    let names = MONTHS.get(usize::try_from(month0).ok()?)?;
    names.first().copied()
}

fn month_number(text: &str) -> Option<u32> {
    if is_number(text) {
        return number(text, 2);
    }
    month_named(text)
}

/// Returns the number of the month with this name, or of which this is a beginning of at least three letters.
pub(super) fn month_named(text: &str) -> Option<u32> {
    let is_one = |name: &&str| text.chars().count() >= 3 && name.starts_with(text);
    let found = MONTHS.iter().position(|names| names.iter().any(&is_one))?;
    u32::try_from(found + 1).ok()
}

/// Returns `8th` without its ending.
fn cardinal(day: &str) -> &str {
    let endings = ["st", "nd", "rd", "th"];
    let found = endings.iter().find_map(|ending| day.strip_suffix(ending));
    found.filter(|rest| is_number(rest)).unwrap_or(day)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn number(text: &str, most_digits: usize) -> Option<u32> {
    (is_number(text) && text.len() <= most_digits)
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn dates_are_understood_as_people_type_them() {
        let today = day("2027-01-10");
        for typed in [
            "8.6.2027",
            " 08.06.2027 ",
            "8.6.27",
            "8/6/2027",
            "2027-06-08",
            "8. juni 2027",
            "8 June 2027",
            "8. jun. 2027",
            "8. juni",
            "8.6.",
            "8.6",
            "June 8, 2027",
            "8th June",
        ] {
            assert_eq!(parse_date(typed, today), Some(day("2027-06-08")), "{typed}");
        }
        assert_eq!(parse_date("9.1.", today), Some(day("2028-01-09")));
        assert_eq!(parse_date("29.2", today), Some(day("2028-02-29")));
        assert_eq!(parse_date("10. oktober", today), Some(day("2027-10-10")));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        let today = day("2027-01-10");
        for typed in [
            "",
            "8",
            "31.2.2027",
            "30.2",
            "8.13.2027",
            "8.6.202",
            "i morgen",
            "8. ju 2027",
            "8.6.2027 kl",
            "١.٦.2027",
            "-8.6.2027x",
            "-8.6.2027",
            "0.0.0",
            "1.1.0000",
            "99999999999.6.2027",
        ] {
            assert_eq!(parse_date(typed, today), None, "{typed}");
        }
    }

    #[test]
    fn times_are_understood_as_people_type_them() {
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0);
        for (typed, expected) in [
            ("18", at(18, 0)),
            ("18.00", at(18, 0)),
            ("18:30", at(18, 30)),
            ("1830", at(18, 30)),
            ("kl. 9", at(9, 0)),
            ("kl.\u{a0}9.15", at(9, 15)),
            ("0", at(0, 0)),
            ("24", None),
            ("24.00", None),
            ("18.3", None),
            ("18.60", None),
            ("180", None),
            ("-1", None),
            ("", None),
            ("noon", None),
        ] {
            assert_eq!(parse_clock(typed), expected, "{typed}");
        }
        assert_eq!(parse_end_clock("24.00"), at(0, 0));
        assert_eq!(parse_end_clock("24.30"), None);
    }
}
