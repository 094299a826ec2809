//! Conversion of `holidays.toml`.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::data_file::DataFile;
use super::error::Mistake;
use super::files::{HolidayRow, HolidaysFile, SchoolBreakRow};
use calendar_domain::{Holiday, HolidayRule, MunicipalityNumber, SchoolBreak};

/// Returns the holidays and the school breaks. `known` are the municipalities of the region.
pub(super) fn all(
    file: &mut DataFile,
    rows: &HolidaysFile,
    known: Option<&BTreeSet<MunicipalityNumber>>,
) -> (Vec<Holiday>, Vec<SchoolBreak>) {
    let breaks = rows.school_break.iter();
    let breaks = breaks
        .filter_map(|row| school_break(file, row, known))
        .collect();
    (holidays(file, rows), breaks)
}

fn school_break(
    file: &mut DataFile,
    row: &SchoolBreakRow,
    known: Option<&BTreeSet<MunicipalityNumber>>,
) -> Option<SchoolBreak> {
    let name = file.read_text("name", &row.name);
    let (first, last) = (
        file.read_date("first", &row.first),
        file.read_date("last", &row.last),
    );
    let municipalities = file.read_all_known("municipalities", &row.municipalities, known);
    let source = file.read_url("source", &row.source);
    if let (Some(first), Some(last)) = (first, last)
        && last < first
    {
        let wrong = Mistake::new("is before the first day", first.to_string());
        file.mistake("last", row.last.span(), wrong);
    }
    if row.municipalities.is_empty() {
        let wrong = Mistake::new(
            "the school break has no municipality",
            "municipalities = [\"3420\"]",
        );
        file.mistake("municipalities", row.name.span(), wrong);
    }
    Some(SchoolBreak {
        name: name?,
        first: first?,
        last: last?,
        municipalities,
        source: source?,
    })
}

fn holidays(file: &mut DataFile, rows: &HolidaysFile) -> Vec<Holiday> {
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
            let mistake = Mistake::new("cannot be combined with easter", one_of_both);
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
