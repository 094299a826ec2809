//! Tests of the wording, and that no text is missing or unused.

mod dates;
mod keys;
mod repetition;
mod rule_dates;
mod sentences;

use chrono::{NaiveDate, NaiveDateTime};

use super::*;

fn nb() -> Words {
    Words::new(Lang::Nb)
}

fn en() -> Words {
    Words::new(Lang::En)
}

fn day(written: &str) -> NaiveDate {
    written.parse().expect("a date in the test")
}

fn time(written: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(written, "%Y-%m-%d %H:%M").expect("a time in the test")
}

#[test]
fn numbers_are_grouped_as_each_language_does_it() {
    for (number, norwegian, english) in [
        (7, "7", "7"),
        (999, "999", "999"),
        (1_000, "1000", "1,000"),
        (10_000, "10\u{a0}000", "10,000"),
        (31_919, "31\u{a0}919", "31,919"),
        (1_234_567, "1\u{a0}234\u{a0}567", "1,234,567"),
    ] {
        assert_eq!(nb().number(number), norwegian);
        assert_eq!(en().number(number), english);
    }
}

#[test]
fn readers_of_nynorsk_get_the_interface_in_bokmal() {
    assert_eq!(Words::new(Lang::Nn).lang(), Lang::Nb);
    assert_eq!(Words::new(Lang::Nn).weekday(day("2027-03-06")), "lørdag");
}

#[test]
fn only_the_first_letter_of_a_sentence_is_made_large() {
    assert_eq!(
        capitalised("åpent hele dagen i Elverum"),
        "Åpent hele dagen i Elverum"
    );
    assert_eq!(capitalised(""), "");
}
