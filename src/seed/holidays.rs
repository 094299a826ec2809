//! Conversion of `holidays.toml`.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::data_file::DataFile;
use super::error::Mistake;
use super::files::{HolidayRow, HolidaysFile};
use calendar_domain::{Holiday, HolidayRule};

pub(super) fn all(file: &mut DataFile, rows: &HolidaysFile) -> Vec<Holiday> {
    let mut seen = BTreeSet::new();
    let made = rows.holiday.iter().filter_map(|row| {
        let slug = file.read_unique("slug", &row.slug, &mut seen);
        let name = file.read_text("name", &row.name);
        let rule = rule(file, row);
        Some(Holiday {
            slug: slug?,
            name: name?,
            kind: row.kind,
            rule: rule?,
        })
    });
    made.collect()
}

fn rule(file: &mut DataFile, row: &HolidayRow) -> Option<HolidayRule> {
    let one_of_both = "either date = \"05-17\" or easter = -3";
    match (&row.date, &row.easter) {
        (Some(date), None) => {
            let fixed = month_and_day(date.get_ref());
            let wrong = || {
                let wrong = format!("«{}» is not a day of the year", date.get_ref());
                Mistake::new(wrong, "month and day: 05-17")
            };
            file.checked("date", date.span(), fixed.ok_or_else(wrong))
        }
        (None, Some(days)) => {
            let from = *days.get_ref();
            // Beyond this range the day might be in another year than its Easter.
            if (-60..=200).contains(&from) {
                return Some(HolidayRule::FromEaster(from));
            }
            let wrong = format!("{from} days from Easter Day leave its year");
            file.mistake("easter", days.span(), Mistake::new(wrong, "-60 to 200"));
            None
        }
        (Some(date), Some(_)) => {
            let mistake = Mistake::new("stands beside easter", one_of_both);
            file.mistake("date", date.span(), mistake);
            None
        }
        (None, None) => {
            let mistake = Mistake::new("the holiday has no date", one_of_both);
            file.mistake("date", row.slug.span(), mistake);
            None
        }
    }
}

fn month_and_day(text: &str) -> Option<HolidayRule> {
    let (month, day) = text.split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    // A leap year, which includes 29 February.
    NaiveDate::from_ymd_opt(2024, month, day)?;
    Some(HolidayRule::Fixed { month, day })
}
