//! The IANA time zone database that the program was built with.
//!
//! Governments change the rules of time zones several times a year. An older database gives wrong
//! instants for such a zone, so the program warns about its age.

use chrono::{Months, NaiveDate};

/// The version, such as `2025b`: the year and a letter for the release within that year.
pub const VERSION: &str = chrono_tz::IANA_TZDB_VERSION;

/// The latest day of the year on which the first and the second release appeared from 2016 to 2025,
/// rounded up to the end of the month (file `NEWS` of the database).
const FIRST: (u32, u32) = (4, 30);
const SECOND: (u32, u32) = (10, 31);
const FURTHER: (u32, u32) = (12, 31);

/// Returns true if a version is certainly more than a year old.
///
/// A version contains its year but not its day, so the latest possible day is assumed. A version of
/// another form is never outdated.
#[must_use]
pub fn is_outdated(version: &str, today: NaiveDate) -> bool {
    let a_year_later = latest_release_day(version).and_then(|day| day.checked_add_months(YEAR));
    a_year_later.is_some_and(|day| today > day)
}

const YEAR: Months = Months::new(12);

fn latest_release_day(version: &str) -> Option<NaiveDate> {
    let (year, letters) = version.split_at_checked(4)?;
    let is_version = !letters.is_empty() && letters.bytes().all(|byte| byte.is_ascii_lowercase());
    let year = year.parse().ok().filter(|_| is_version)?;
    let (month, day) = match letters {
        "a" => FIRST,
        "b" => SECOND,
        _ => FURTHER,
    };
    NaiveDate::from_ymd_opt(year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outdated(version: &str, today: &str) -> bool {
        is_outdated(version, today.parse().unwrap())
    }

    #[test]
    fn a_version_is_outdated_a_year_after_the_latest_day_on_which_it_can_have_appeared() {
        for (version, last, first) in [
            ("2025a", "2026-04-30", "2026-05-01"),
            ("2025b", "2026-10-31", "2026-11-01"),
            ("2025c", "2026-12-31", "2027-01-01"),
            ("2024z", "2025-12-31", "2026-01-01"),
        ] {
            assert!(!outdated(version, last), "{version} on {last}");
            assert!(outdated(version, first), "{version} on {first}");
        }
        assert!(!outdated("2025b", "2025-03-22"));
    }

    #[test]
    fn what_is_no_version_is_never_outdated() {
        for wrong in ["", "2025", "25b", "2025B", "2025-b", "unknown", "20é5b"] {
            assert!(!outdated(wrong, "2100-01-01"), "{wrong}");
        }
    }

    #[test]
    fn the_version_of_this_program_has_the_known_form() {
        assert!(latest_release_day(VERSION).is_some(), "{VERSION}");
    }
}
