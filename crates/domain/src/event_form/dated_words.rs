//! Words in texts that may be about another time: years, dates and weekdays.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, Weekday};

use super::typed_dates::{month_named, parse_date};
use super::{EventForm, FormField};

/// The texts that are searched in each language, beside the titles of parts.
const TEXTS: [FormField; 3] = [FormField::Title, FormField::Summary, FormField::Description];
/// Weekdays without endings.
const WEEKDAYS: [(Weekday, &[&str]); 7] = [
    (Weekday::Mon, &["mandag", "måndag", "monday"]),
    (Weekday::Tue, &["tirsdag", "tysdag", "tuesday"]),
    (Weekday::Wed, &["onsdag", "wednesday"]),
    (Weekday::Thu, &["torsdag", "thursday"]),
    (Weekday::Fri, &["fredag", "friday"]),
    (Weekday::Sat, &["lørdag", "laurdag", "saturday"]),
    (Weekday::Sun, &["søndag", "sundag", "sunday"]),
];
const ENDINGS: [&str; 10] = [
    "", "en", "er", "ene", "ar", "ane", "s", "skveld", "smorgen", "stur",
];
/// Maximum number of words that are listed of one field.
const MOST_WORDS: usize = 12;

impl EventForm {
    /// Returns the years, dates and weekdays in the texts that are not those of the first day, each once for a field, in
    /// order.
    #[must_use]
    pub fn dated_words(&self, today: NaiveDate) -> Vec<(FormField, Vec<String>)> {
        let first = parse_date(self.get(FormField::Date), today);
        let fits = |word: &str| first.is_some_and(|first| is_about(word, first));
        let texts = TEXTS.into_iter().flat_map(FormField::by_language);
        let fields = texts.map(|(_, field)| field).chain([FormField::PartTitle]);
        let found = fields.map(|field| {
            let mut seen = BTreeSet::new();
            let values = self.all(field).iter();
            let words = values.flat_map(|text| dated_words(text));
            let words = words.filter(|word| !fits(word) && seen.insert(word.to_lowercase()));
            (field, words.take(MOST_WORDS).collect::<Vec<_>>())
        });
        found.filter(|(_, words)| !words.is_empty()).collect()
    }
}

/// Returns true if a dated word says the year, the weekday or the date of a day.
fn is_about(word: &str, day: NaiveDate) -> bool {
    let lower = word.to_lowercase();
    weekday(&lower) == Some(day.weekday())
        || (is_year(&lower) && lower.parse() == Ok(day.year()))
        || parse_date(&lower, day) == Some(day)
}

fn weekday(lower: &str) -> Option<Weekday> {
    let is_one = |name: &&str| {
        let rest = lower.strip_prefix(*name);
        rest.is_some_and(|rest| ENDINGS.contains(&rest))
    };
    let found = WEEKDAYS.iter().find(|(_, names)| names.iter().any(&is_one));
    found.map(|weekday| weekday.0)
}

/// Returns the dated words of a text.
fn dated_words(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().map(trimmed).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let length = dated_at(&words[at..]);
        if length > 0 {
            let text = words[at..at + length].join(" ");
            found.push(text.trim_end_matches('.').to_owned());
        }
        at += length.max(1);
    }
    found
}

/// Returns the number of words at the start that are a date, a year or a weekday; 0 if none.
fn dated_at(words: &[&str]) -> usize {
    let lower: Vec<String> = words
        .iter()
        .take(3)
        .map(|word| word.to_lowercase())
        .collect();
    let word = |at: usize| {
        lower
            .get(at)
            .map_or("", |lower| lower.trim_end_matches('.'))
    };
    let is_day = |text: &str| {
        let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
        digits
            .parse::<u32>()
            .is_ok_and(|day| (1..=31).contains(&day))
    };
    // «17. mai 2026», `May 17`.
    let is_month = |text: &str| month_named(text).is_some();
    if (is_day(word(0)) && is_month(word(1))) || (is_month(word(0)) && is_day(word(1))) {
        return if is_year(word(2)) { 3 } else { 2 };
    }
    let is_weekday = weekday(word(0)).is_some();
    // `18.10` is a time of day.
    let separators = words
        .first()
        .map_or(0, |word| word.matches(['.', '/', '-']).count());
    let is_numeric = separators >= 2
        && word(0).starts_with(|c: char| c.is_ascii_digit())
        && parse_date(word(0), NaiveDate::MIN).is_some();
    usize::from(is_weekday || is_numeric || is_year(word(0)))
}

fn is_year(word: &str) -> bool {
    let is_number = word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    is_number && (word.starts_with("19") || word.starts_with("20"))
}

fn trimmed(word: &str) -> &str {
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_dates_and_weekdays_are_found() {
        for (text, expected) in [
            ("Julekonsert 2026", vec!["2026"]),
            (
                "Vi åpner lørdag 17. mai 2026, kl. 18.30.",
                vec!["lørdag", "17. mai 2026"],
            ),
            (
                "Lørdagskveld (8.6.2026) i mai",
                vec!["Lørdagskveld", "8.6.2026"],
            ),
            ("Frist: 2026-06-01", vec!["2026-06-01"]),
            ("Saturday, June 5 at 7", vec!["Saturday", "June 5"]),
            ("Pris 250, plass til 1500, fra kl. 18.10 til 20.30", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(dated_words(text), expected, "{text}");
        }
    }

    #[test]
    fn each_word_is_listed_once_at_its_field() {
        let form = EventForm::from_pairs([
            ("title", "Festival 2026"),
            (
                "description",
                "Fredag og lørdag. Fredag er åpningen, 2026 et jubileum.",
            ),
            ("part_title", "Søndagstur"),
        ]);
        let today = "2026-11-30".parse().unwrap();
        let found = form.dated_words(today);
        let titles: Vec<_> = found
            .iter()
            .map(|(field, words)| (field.as_str(), words.join(" ")))
            .collect();
        assert_eq!(
            titles,
            [
                ("title", "2026".to_owned()),
                ("description", "Fredag lørdag 2026".to_owned()),
                ("part_title", "Søndagstur".to_owned())
            ]
        );
        // A Friday.
        let dated = form.with(FormField::Date, "18.12.2026");
        let of_part = (FormField::PartTitle, vec!["Søndagstur".to_owned()]);
        let of_text = (FormField::Description, vec!["lørdag".to_owned()]);
        assert_eq!(dated.dated_words(today), [of_text, of_part]);
    }
}
