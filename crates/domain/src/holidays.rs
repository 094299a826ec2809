//! Holidays by rule: a fixed date, or a number of days from Easter Day.

use chrono::{Datelike, NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use super::{Slug, Text};

/// An annual holiday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// Identifies it in data: `easter-day`.
    pub slug: Slug,
    /// Name in running text: `første påskedag`.
    pub name: Text,
    /// Its legal status.
    pub kind: HolidayKind,
    /// Its date.
    pub rule: HolidayRule,
}

/// Legal status of a holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HolidayKind {
    /// A helligdag with its helligdagsfred (lov 24.2.1995 nr. 12 § 2): public shows and sport are
    /// restricted from 06 to 13 (§ 4). Every Sunday is one as well.
    HolyDay,
    /// A høytidsdag: a day off that is no helligdag (lov om 1. og 17. mai § 1).
    FeastDay,
}

/// The date of a holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HolidayRule {
    /// The same date every year.
    Fixed {
        /// 1 to 12.
        month: u32,
        /// 1 to 31.
        day: u32,
    },
    /// Number of days after Easter Day; negative before it.
    FromEaster(i32),
}

impl Holiday {
    /// Returns the date in a year; `None` if that year has no such day.
    #[must_use]
    pub fn date(&self, year: i32) -> Option<NaiveDate> {
        match self.rule {
            HolidayRule::Fixed { month, day } => NaiveDate::from_ymd_opt(year, month, day),
            HolidayRule::FromEaster(days) => {
                easter(year)?.checked_add_signed(TimeDelta::days(days.into()))
            }
        }
    }
}

/// Returns the holidays on a day: two if they coincide, as 17 May and Whit Monday do in 2027.
pub fn on(holidays: &[Holiday], date: NaiveDate) -> impl Iterator<Item = &Holiday> {
    holidays
        .iter()
        .filter(move |holiday| holiday.date(date.year()) == Some(date))
}

/// Returns Easter Day of the Gregorian calendar (the computus of Meeus, Jones and Butcher); `None`
/// before 1583, when the calendar began, and outside the range of dates.
///
/// ```
/// use calendar_domain::holidays::easter;
/// use chrono::NaiveDate;
///
/// assert_eq!(easter(2027), NaiveDate::from_ymd_opt(2027, 3, 28));
/// ```
#[must_use]
pub fn easter(year: i32) -> Option<NaiveDate> {
    if year < 1583 {
        return None;
    }
    let golden = year % 19;
    let century = year / 100;
    // Omitted leap days, and the drift of the moon against 19 years.
    let moon_shift = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - moon_shift + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * ((year % 100) / 4) - epact - year % 4) % 7;
    let correction = (golden + 11 * epact + 22 * weekday) / 451;
    let days = epact + weekday - 7 * correction + 114;
    NaiveDate::from_ymd_opt(
        year,
        u32::try_from(days / 31).ok()?,
        u32::try_from(days % 31 + 1).ok()?,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Weekday;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn easter_is_computed_for_known_years() {
        // They include the earliest and the latest possible day (22 March, 25 April).
        for known in [
            "1818-03-22",
            "1943-04-25",
            "1954-04-18",
            "1981-04-19",
            "2000-04-23",
            "2008-03-23",
            "2024-03-31",
            "2026-04-05",
            "2027-03-28",
            "2028-04-16",
            "2038-04-25",
            "2285-03-22",
        ] {
            let known = day(known);
            assert_eq!(easter(known.year()), Some(known));
        }
    }

    #[test]
    fn easter_is_a_sunday_between_22_march_and_25_april_for_two_thousand_years() {
        for year in 1583..3583 {
            let date = easter(year).unwrap();
            assert_eq!(date.weekday(), Weekday::Sun, "{year}");
            let (first, last) = ((3, 22), (4, 25));
            assert!(
                (first..=last).contains(&(date.month(), date.day())),
                "{date}"
            );
        }
        assert_eq!(easter(1582), None);
        assert_eq!(easter(i32::MAX), None);
    }

    #[test]
    fn two_holidays_may_meet_on_one_day() {
        let holiday = |slug: &str, rule| Holiday {
            slug: slug.parse().unwrap(),
            name: Text::nb(slug),
            kind: HolidayKind::HolyDay,
            rule,
        };
        let all = [
            holiday("17-mai", HolidayRule::Fixed { month: 5, day: 17 }),
            holiday("annen-pinsedag", HolidayRule::FromEaster(50)),
        ];
        let meeting = |date: &str| on(&all, day(date)).count();
        assert_eq!(meeting("2027-05-17"), 2);
        assert_eq!(meeting("2026-05-17"), 1);
        assert_eq!(meeting("2026-05-25"), 1);
        assert_eq!(meeting("2026-05-18"), 0);
    }

    #[test]
    fn a_day_that_a_year_lacks_is_no_date() {
        let leap = Holiday {
            slug: "leap-day".parse().unwrap(),
            name: Text::nb("skuddårsdagen"),
            kind: HolidayKind::FeastDay,
            rule: HolidayRule::Fixed { month: 2, day: 29 },
        };
        assert_eq!(leap.date(2028), Some(day("2028-02-29")));
        assert_eq!(leap.date(2027), None);
    }
}
