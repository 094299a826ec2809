//! School breaks: days on which the schools of some municipalities are closed, as the municipality published them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{MunicipalityNumber, Text};

/// A school break.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolBreak {
    /// Name in running text: `vinterferie`.
    pub name: Text,
    /// The first day without school.
    pub first: NaiveDate,
    /// The last day without school.
    pub last: NaiveDate,
    /// The municipalities that published it.
    pub municipalities: Vec<MunicipalityNumber>,
    /// The page that states it.
    pub source: Url,
}

/// Returns the school breaks on a day.
pub fn breaks_on(all: &[SchoolBreak], date: NaiveDate) -> impl Iterator<Item = &SchoolBreak> {
    let is_on = move |value: &&SchoolBreak| (value.first..=value.last).contains(&date);
    all.iter().filter(is_on)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_break_lasts_from_its_first_day_to_its_last() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let winter = SchoolBreak {
            name: Text::nb("vinterferie"),
            first: day("2027-02-22"),
            last: day("2027-02-26"),
            municipalities: vec!["3422".parse().unwrap()],
            source: "https://example.no".parse().unwrap(),
        };
        let all = [winter];
        let on = |date| breaks_on(&all, day(date)).count();
        assert_eq!(
            [
                on("2027-02-21"),
                on("2027-02-22"),
                on("2027-02-26"),
                on("2027-02-27")
            ],
            [0, 1, 1, 0]
        );
    }
}
