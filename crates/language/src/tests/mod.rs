//! Tests of the wording, and that no text is missing or unused.

mod dates;
mod keys;
mod nynorsk;
mod repetition;
mod rule_dates;
mod sentences;

use chrono::{NaiveDate, NaiveDateTime};

use super::*;

fn nb() -> Words {
    Words::new(Lang::Nb)
}

fn nn() -> Words {
    Words::new(Lang::Nn)
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
fn every_language_has_its_own_interface() {
    for lang in Lang::ALL {
        assert_eq!(Words::new(lang).lang(), lang);
    }
    let all: Vec<Lang> = Words::all().map(Words::lang).collect();
    assert_eq!(all, Lang::ALL);
}

#[test]
fn a_missing_text_is_said_in_the_next_language_which_a_page_marks() {
    let source = "week-number = veke { $week }\nrepeat-also = { $said }, og { $dates }\n";
    let interface = Interface::new(Lang::Nn, source, NumberFormat::Spaces);
    let gaps = Words::from_interface(Box::leak(Box::new(interface)));
    assert_eq!(gaps.say_with("week-number", &[("week", 3)]), "veke 3");
    assert_eq!(gaps.say("hours-to-come"), "klokkeslett kommer");
    assert_eq!(gaps.feature("step-free"), "Trinnfri adkomst");
    assert_eq!(gaps.listed(&["Elverum", "Åmot"]), "Elverum og Åmot");
    assert_eq!(gaps.date(day("2027-03-07"), Year::Left), "7. mars");

    let page = gaps.marking();
    let date = page.date(day("2027-03-07"), Year::Left);
    let own = page.say_with("repeat-also", &[("said", "i dag"), ("dates", &date)]);
    assert_eq!(
        marks::attributes(format!("<p title=\"{date}\">{own}</p>")),
        "<p title=\"7. mars\">i dag, og <span lang=\"nb\">7. mars</span></p>"
    );
    assert_eq!(page.say_with("week-number", &[("week", 3)]), "veke 3");
}

#[test]
fn only_the_first_letter_of_a_sentence_is_made_large() {
    assert_eq!(
        capitalised("åpent hele dagen i Elverum"),
        "Åpent hele dagen i Elverum"
    );
    assert_eq!(capitalised(""), "");
}
