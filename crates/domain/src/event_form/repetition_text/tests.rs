use std::collections::BTreeSet;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::recurrence::RecurrenceRule;
use crate::recurrence::{Frequency, RuleEnd, WeekdayNum};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A Tuesday.
fn start() -> NaiveDate {
    day("2027-02-02")
}

fn rule(text: &str) -> String {
    parse(text, start())
        .unwrap_or_else(|error| panic!("{text}: {error:?}"))
        .rule
        .to_string()
}

#[test]
fn sentences_are_understood_in_bokmal_nynorsk_and_english() {
    for (text, expected) in [
        (
            "hver onsdag til 15. juni",
            "FREQ=WEEKLY;UNTIL=20270615;BYDAY=WE",
        ),
        (
            "kvar onsdag til 15. juni",
            "FREQ=WEEKLY;UNTIL=20270615;BYDAY=WE",
        ),
        (
            "every Wednesday until 15 June",
            "FREQ=WEEKLY;UNTIL=20270615;BYDAY=WE",
        ),
        (
            "Wednesdays until June 15, 2027",
            "FREQ=WEEKLY;UNTIL=20270615;BYDAY=WE",
        ),
        (
            "Hver onsdag til 15.6.2027.",
            "FREQ=WEEKLY;UNTIL=20270615;BYDAY=WE",
        ),
        (
            "onsdager frem til og med 2027-06-15",
            "FREQ=WEEKLY;UNTIL=20270615;BYDAY=WE",
        ),
        (
            "onsdagar til tysdag 15. juni",
            "FREQ=WEEKLY;UNTIL=20270615;BYDAY=WE",
        ),
        (
            "onsdager før 15. juni",
            "FREQ=WEEKLY;UNTIL=20270614;BYDAY=WE",
        ),
        (
            "annenhver torsdag til jul",
            "FREQ=WEEKLY;INTERVAL=2;UNTIL=20271224;BYDAY=TH",
        ),
        (
            "annankvar torsdag til jul",
            "FREQ=WEEKLY;INTERVAL=2;UNTIL=20271224;BYDAY=TH",
        ),
        (
            "every other Thursday until Christmas",
            "FREQ=WEEKLY;INTERVAL=2;UNTIL=20271224;BYDAY=TH",
        ),
        (
            "annen hver uke til påske",
            "FREQ=WEEKLY;INTERVAL=2;UNTIL=20270324;BYDAY=TU",
        ),
        (
            "hver tirsdag og torsdag, 8 ganger",
            "FREQ=WEEKLY;COUNT=8;BYDAY=TU,TH",
        ),
        (
            "kvar tysdag og torsdag åtte gonger",
            "FREQ=WEEKLY;COUNT=8;BYDAY=TU,TH",
        ),
        ("åtte onsdager", "FREQ=WEEKLY;COUNT=8;BYDAY=WE"),
        ("hver uke, to ganger", "FREQ=WEEKLY;COUNT=2;BYDAY=TU"),
        (
            "hver tredje uke på fredag, 4 ganger",
            "FREQ=WEEKLY;INTERVAL=3;COUNT=4;BYDAY=FR",
        ),
        (
            "hver tredje fredag, 4 ganger",
            "FREQ=WEEKLY;INTERVAL=3;COUNT=4;BYDAY=FR",
        ),
        (
            "hver tredje fredag i måneden, 4 ganger",
            "FREQ=MONTHLY;COUNT=4;BYDAY=3FR",
        ),
        (
            "første lørdag i måneden til 2028",
            "FREQ=MONTHLY;UNTIL=20271231;BYDAY=1SA",
        ),
        (
            "siste søndag i hver måned til 2028",
            "FREQ=MONTHLY;UNTIL=20271231;BYDAY=-1SU",
        ),
        (
            "siste sundag i månaden til og med 2028",
            "FREQ=MONTHLY;UNTIL=20281231;BYDAY=-1SU",
        ),
        (
            "den første og tredje torsdagen i annenhver måned, 6 ganger",
            "FREQ=MONTHLY;INTERVAL=2;COUNT=6;BYDAY=1TH,3TH",
        ),
        (
            "first and last Friday of the month, 6 times",
            "FREQ=MONTHLY;COUNT=6;BYDAY=1FR,-1FR",
        ),
        (
            "den 15. i hver måned ut året",
            "FREQ=MONTHLY;UNTIL=20271231;BYMONTHDAY=15",
        ),
        (
            "hver måned den 15., 3 ganger",
            "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=15",
        ),
        (
            "siste dag i måneden, 3 ganger",
            "FREQ=MONTHLY;COUNT=3;BYMONTHDAY=-1",
        ),
        (
            "hver måned til august",
            "FREQ=MONTHLY;UNTIL=20270731;BYDAY=1TU",
        ),
        (
            "hver måned ut august",
            "FREQ=MONTHLY;UNTIL=20270831;BYDAY=1TU",
        ),
        ("hver dag 5 ganger", "FREQ=DAILY;COUNT=5"),
        (
            "annenhver dag i 2 uker",
            "FREQ=DAILY;INTERVAL=2;UNTIL=20270215",
        ),
        (
            "hver hverdag i to uker",
            "FREQ=WEEKLY;UNTIL=20270215;BYDAY=MO,TU,WE,TH,FR",
        ),
        (
            "mandag til fredag til 12. mars",
            "FREQ=WEEKLY;UNTIL=20270312;BYDAY=MO,TU,WE,TH,FR",
        ),
        (
            "mandag–onsdag, 9 ganger",
            "FREQ=WEEKLY;COUNT=9;BYDAY=MO,TU,WE",
        ),
        (
            "fredag til mandag 9 ganger",
            "FREQ=WEEKLY;COUNT=9;BYDAY=MO,FR,SA,SU",
        ),
        (
            "hver helg ut mars",
            "FREQ=WEEKLY;UNTIL=20270331;BYDAY=SA,SU",
        ),
        ("én gang i uka, ti ganger", "FREQ=WEEKLY;COUNT=10;BYDAY=TU"),
        (
            "ukentlig til 1. mars 2028",
            "FREQ=WEEKLY;UNTIL=20280301;BYDAY=TU",
        ),
        (
            "onsdager til 1. januar",
            "FREQ=WEEKLY;UNTIL=20280101;BYDAY=WE",
        ),
        (
            "tirsdager til 2. februar",
            "FREQ=WEEKLY;UNTIL=20280202;BYDAY=TU",
        ),
    ] {
        assert_eq!(rule(text), expected, "{text}");
    }
}

#[test]
fn the_first_date_is_that_of_the_rule() {
    let first = |text| parse(text, start()).unwrap().first;
    assert_eq!(first("hver onsdag, 3 ganger"), day("2027-02-03"));
    assert_eq!(
        first("første mandag i måneden, 3 ganger"),
        day("2027-03-01")
    );
    assert_eq!(first("hver uke, 3 ganger"), start());
}

#[test]
fn dates_that_the_sentence_leaves_out_are_exceptions() {
    let read = parse(
        "hver onsdag til 1. mai, unntatt 24. mars og 31. mars",
        start(),
    )
    .unwrap();
    assert_eq!(
        read.except,
        BTreeSet::from([day("2027-03-24"), day("2027-03-31")])
    );
    let read = parse("every Wednesday except March 24, 4 times", start()).unwrap();
    assert_eq!(read.except, BTreeSet::from([day("2027-03-24")]));
    assert_eq!(read.rule.count, Some(4));
}

#[test]
fn what_is_not_understood_is_named() {
    let not = |words: &str| RepetitionError::NotUnderstood(words.to_owned());
    for (text, error) in [
        ("hver onsdag når det passer", not("når")),
        ("hver onsdag til 31. juni", not("31. juni")),
        (
            "hver mandag og annenhver onsdag, 8 ganger",
            not("annenhver"),
        ),
        ("hver onsdag til fredag 15. juni", not("juni")),
        ("hver onsdag kl. 18 til 15. juni", not("kl.")),
        ("hver onsdag til sommeren", not("sommeren")),
        (
            "hver femte fredag i måneden, 3 ganger",
            not("hver femte fredag i måneden, 3 ganger"),
        ),
        ("nest siste fredag i måneden, 3 ganger", not("nest")),
        ("hver", not("hver")),
        ("hver onsdag til", not("til")),
        ("8 ganger i uken", not("uken")),
        ("hver 100. dag, 3 ganger", not("100.")),
        ("", RepetitionError::NoFrequency),
        ("til 15. juni", RepetitionError::NoFrequency),
        ("hver onsdag", RepetitionError::NoEnd),
        (
            "hver onsdag til 15. juni, 8 ganger",
            RepetitionError::TwoEnds,
        ),
        (
            "hver onsdag til 1. februar 2027",
            RepetitionError::EndBefore(day("2027-02-03")),
        ),
        (
            "hver onsdag til 2207",
            RepetitionError::EndAfter(day("2032-02-03")),
        ),
        ("hver onsdag, 401 ganger", RepetitionError::Count(401)),
        ("hver onsdag, 0 ganger", RepetitionError::Count(0)),
    ] {
        assert_eq!(parse(text, start()), Err(error), "{text}");
    }
}

const WORDS: [&str; 44] = [
    "hver",
    "annenhver",
    "annen",
    "første",
    "siste",
    "3.",
    "15.",
    "og",
    ",",
    "onsdag",
    "lørdag",
    "hverdag",
    "til",
    "til og med",
    "ut",
    "før",
    "juni",
    "15. juni",
    "2028",
    "jul",
    "påske",
    "i",
    "måneden",
    "måned",
    "uke",
    "dag",
    "8",
    "ganger",
    "to",
    "ikke",
    "unntatt",
    "every",
    "other",
    "first",
    "of",
    "month",
    "until",
    "–",
    "den",
    "året",
    "999999",
    "15.6.2027",
    "kl. 18",
    "én gang",
];

prop_compose! {
    fn rules()(
        freq in 0..3usize,
        days in proptest::sample::subsequence(vec![0u8, 1, 2, 3, 4, 5, 6], 1..=7),
        nth in proptest::sample::subsequence(vec![1i8, 2, 3, 4, -1], 0..=3),
        month_day in prop_oneof![1..=31i8, Just(-1)],
        interval in 1..=MOST_INTERVAL,
        end in prop_oneof![(1..=MOST_DATES).prop_map(Ok), (0..1_000u64).prop_map(Err)],
        start in 0..2_000u64,
    ) -> (RecurrenceRule, NaiveDate) {
        let weekday = |day: u8| chrono::Weekday::try_from(day).unwrap();
        let start = day("2026-01-01") + chrono::Days::new(start);
        let mut rule = RecurrenceRule::new([Frequency::Daily, Frequency::Weekly, Frequency::Monthly][freq]);
        match (freq, nth.is_empty()) {
            (0, _) => {}
            (1, _) => rule.by_day = days.into_iter().map(|day| WeekdayNum::every(weekday(day))).collect(),
            (_, false) => rule.by_day = nth.into_iter().map(|nth| WeekdayNum::nth(nth, weekday(days[0]))).collect(),
            (_, true) => rule.by_month_day = vec![month_day],
        }
        rule.interval = interval;
        match end {
            Ok(count) => rule.count = Some(count),
            Err(days) => rule.until = Some(RuleEnd::Date(start + chrono::Days::new(400 + days))),
        }
        (rule, start)
    }
}

proptest! {
    #[test]
    fn every_rule_of_the_choices_has_a_sentence_that_reads_back((rule, start) in rules()) {
        // The first date is the first that the rule selects, which any of its sentences finds.
        let mut days = (0..70).map(|n| start + chrono::Days::new(n));
        let found = days.find_map(|first| Some((first, write(&rule, first)?)));
        let (first, text) = found.expect("a rule with a sentence");
        let read = parse(&text, first).unwrap();
        prop_assert_eq!((read.rule, read.first), (rule, first));
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>(), days in 0..4_000_000u64) {
        let start = day("0001-01-01") + chrono::Days::new(days);
        let _ = parse(&text, start);
    }

    #[test]
    fn known_words_in_any_order_make_a_rule_with_dates_or_an_error(
        words in proptest::collection::vec(proptest::sample::select(&WORDS[..]), 0..9),
        days in 0..20_000u64,
    ) {
        let start = day("1990-01-01") + chrono::Days::new(days);
        if let Ok(read) = parse(&words.join(" "), start) {
            prop_assert!(read.first >= start);
            prop_assert!(read.rule.until.is_some() != read.rule.count.is_some());
            let first = read.first.and_hms_opt(18, 0, 0).unwrap();
            prop_assert!(crate::recurrence::in_step(&read.rule, first, None), "{}", read.rule);
            if let Some(text) = write(&read.rule, read.first) {
                prop_assert_eq!(parse(&text, read.first).unwrap().rule, read.rule);
            }
        }
    }
}
