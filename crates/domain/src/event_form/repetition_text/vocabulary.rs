//! The words of a sentence.

use chrono::Weekday;

use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
}

/// Which days an end includes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    /// «til»: a date is included, a month or year is not.
    Until,
    /// «til og med», «ut»: included.
    Through,
    /// «før»: not included.
    Before,
}

/// The meaning of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WordMeaning {
    /// «hver».
    Every,
    /// «annenhver».
    EveryOther,
    /// «første», `3.`; -1 is the last.
    Ordinal(i8),
    /// `8`, «åtte».
    Number(u32),
    /// «onsdag», «hverdager».
    Weekdays(&'static [Weekday]),
    /// «uke».
    Unit(Unit),
    /// «ukentlig»: every so many units.
    Regularly(Unit, u32),
    /// «ganger».
    Times,
    /// «én gang» in one word: `once`.
    Once,
    /// An end.
    Bound(Bound),
    /// «unntatt».
    Except,
    /// «og», a comma.
    And,
    /// A dash between two weekdays.
    Dash,
    /// «i», «på», «den»: connects others.
    Filler,
    /// None of these; it may be part of a date.
    Unknown,
}

/// A word with its text as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TypedWord {
    /// The text as typed.
    pub(super) text: String,
    /// The same in lower case.
    pub(super) lower: String,
    pub(super) word: WordMeaning,
}

/// Names of weekdays in all languages, without endings.
const WEEKDAYS: [(&[Weekday], &[&str]); 9] = [
    (&[Mon], &["mandag", "måndag", "monday", "man", "mon"]),
    (
        &[Tue],
        &[
            "tirsdag", "tysdag", "tuesday", "tir", "tirs", "tys", "tue", "tues",
        ],
    ),
    (&[Wed], &["onsdag", "wednesday", "ons", "wed"]),
    (
        &[Thu],
        &["torsdag", "thursday", "tor", "tors", "thu", "thur", "thurs"],
    ),
    (&[Fri], &["fredag", "friday", "fre", "fri"]),
    (
        &[Sat],
        &["lørdag", "laurdag", "saturday", "lør", "lau", "laur", "sat"],
    ),
    (&[Sun], &["søndag", "sundag", "sunday", "søn", "sun"]),
    (
        &[Mon, Tue, Wed, Thu, Fri],
        &[
            "hverdag",
            "kvardag",
            "ukedag",
            "vekedag",
            "yrkedag",
            "virkedag",
            "arbeidsdag",
            "weekday",
            "workday",
        ],
    ),
    (&[Sat, Sun], &["helg", "weekend"]),
];

/// Endings of weekdays and units: «onsdager», «onsdagane», `Wednesdays`.
const ENDINGS: [&str; 11] = ["", "er", "ene", "en", "ar", "ane", "a", "e", "s", "r", "n"];

const NUMBERS: [(u32, &[&str]); 12] = [
    (1, &["én", "ein", "éin", "ett", "eitt", "ei", "one"]),
    (2, &["two"]),
    (3, &["tre", "three"]),
    (4, &["fire", "four"]),
    (5, &["fem", "five"]),
    (6, &["seks", "six"]),
    (7, &["sju", "syv", "seven"]),
    (8, &["åtte", "eight"]),
    (9, &["ni", "nine"]),
    (10, &["ti", "ten"]),
    (11, &["elleve", "eleven"]),
    (12, &["tolv", "twelve"]),
];

const ORDINALS: [(i8, &[&str]); 6] = [
    (1, &["første", "fyrste", "first"]),
    (
        2,
        &[
            "andre", "annen", "annan", "anna", "annet", "second", "other",
        ],
    ),
    (3, &["tredje", "third"]),
    (4, &["fjerde", "fourth"]),
    (5, &["femte", "fifth"]),
    (-1, &["siste", "last"]),
];

const UNITS: [(Unit, &[&str]); 3] = [
    (Unit::Day, &["dag", "day", "døgn"]),
    (Unit::Week, &["uke", "uk", "veke", "vek", "week"]),
    (Unit::Month, &["måned", "månad", "month"]),
];

/// Returns the number that a token is, in digits or as a word.
pub(super) fn number(lower: &str) -> Option<u32> {
    if !lower.is_empty() && lower.len() <= 6 && lower.bytes().all(|b| b.is_ascii_digit()) {
        return lower.parse().ok();
    }
    let mut all = NUMBERS.iter();
    all.find(|(_, names)| names.contains(&lower))
        .map(|number| number.0)
}

/// Returns the ordinal of «første», `3.` or `3rd`.
fn ordinal(lower: &str) -> Option<i8> {
    let mut all = ORDINALS.iter();
    if let Some((number, _)) = all.find(|(_, names)| names.contains(&lower)) {
        return Some(*number);
    }
    let digits = ["st", "nd", "rd", "th", "."]
        .iter()
        .find_map(|end| lower.strip_suffix(end))?;
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let number = digits.parse().ok().filter(|_| is_number)?;
    (1..=52).contains(&number).then_some(number)
}

/// Returns the entry whose name with one of the endings is the word.
fn ending<'a, T: Copy>(entries: &'a [(T, &[&str])], lower: &str) -> Option<&'a T> {
    let is_one = |name: &&str| {
        let rest = lower.strip_prefix(*name);
        rest.is_some_and(|rest| ENDINGS.contains(&rest))
    };
    entries
        .iter()
        .find(|(_, names)| names.iter().any(&is_one))
        .map(|entry| &entry.0)
}

fn word(lower: &str) -> WordMeaning {
    match lower {
        "hver" | "hvert" | "kvar" | "kvart" | "kver" | "every" | "each" | "alle" | "all" => {
            WordMeaning::Every
        }
        "annenhver" | "annethvert" | "annankvar" | "annakvar" | "annakvart" => {
            WordMeaning::EveryOther
        }
        "daglig" | "dagleg" | "daily" => WordMeaning::Regularly(Unit::Day, 1),
        "ukentlig" | "vekentleg" | "weekly" => WordMeaning::Regularly(Unit::Week, 1),
        "fortnightly" => WordMeaning::Regularly(Unit::Week, 2),
        "månedlig" | "månadleg" | "monthly" => WordMeaning::Regularly(Unit::Month, 1),
        "gang" | "ganger" | "gong" | "gonger" | "times" => WordMeaning::Times,
        "once" => WordMeaning::Once,
        "til" | "until" | "till" | "to" => WordMeaning::Bound(Bound::Until),
        "tom" | "t.o.m" | "ut" | "innen" | "through" | "thru" => WordMeaning::Bound(Bound::Through),
        "før" | "before" => WordMeaning::Bound(Bound::Before),
        "unntatt" | "unnateke" | "unntatte" | "ikke" | "ikkje" | "utenom" | "utanom" | "except"
        | "not" => WordMeaning::Except,
        "og" | "and" | "," | "&" | "samt" => WordMeaning::And,
        "-" | "–" => WordMeaning::Dash,
        "i" | "på" | "den" | "det" | "dei" | "de" | "om" | "en" | "for" | "of" | "on" | "the"
        | "a" | "in" | "per" | "fram" | "frem" | "up" | "over" => WordMeaning::Filler,
        _ => counted(lower),
    }
}

/// Returns the meaning of a number, weekday or unit.
fn counted(lower: &str) -> WordMeaning {
    if let Some(number) = number(lower) {
        return WordMeaning::Number(number);
    }
    if let Some(number) = ordinal(lower) {
        return WordMeaning::Ordinal(number);
    }
    if let Some(days) = ending(&WEEKDAYS, lower) {
        return WordMeaning::Weekdays(days);
    }
    ending(&UNITS, lower).map_or(WordMeaning::Unknown, |unit| WordMeaning::Unit(*unit))
}

/// Returns the words of a text.
pub(super) fn tokens(text: &str) -> Vec<TypedWord> {
    let mut spaced = String::with_capacity(text.len() + 8);
    let chars: Vec<char> = text.chars().collect();
    for (at, c) in chars.iter().copied().enumerate() {
        let before = at
            .checked_sub(1)
            .and_then(|at| chars.get(at))
            .copied()
            .unwrap_or(' ');
        let after = chars.get(at + 1).copied().unwrap_or(' ');
        let is_dash =
            matches!(c, '-' | '–') && !(before.is_ascii_digit() && after.is_ascii_digit());
        match c {
            ',' | ';' => spaced.push_str(" , "),
            _ if is_dash => spaced.push_str(" – "),
            // «15.juni»
            '.' if before.is_ascii_digit() && after.is_alphabetic() => spaced.push_str(". "),
            '«' | '»' | '"' | '!' => spaced.push(' '),
            c => spaced.push(c),
        }
    }
    let mut all: Vec<TypedWord> = spaced.split_whitespace().filter_map(token).collect();
    // «to» is two in Norwegian where a number stands, and `to` in English.
    for at in 0..all.len() {
        let next = all.get(at + 1).map(|word| word.word);
        let counts = matches!(next, Some(WordMeaning::Times | WordMeaning::Unit(_)));
        match all[at].lower.as_str() {
            "to" if counts => all[at].word = WordMeaning::Number(2),
            "en" if next == Some(WordMeaning::Times) => all[at].word = WordMeaning::Number(1),
            _ => {}
        }
    }
    all
}

fn token(text: &str) -> Option<TypedWord> {
    let is_number = text.starts_with(|c: char| c.is_ascii_digit());
    let trimmed = if is_number {
        text
    } else {
        text.trim_end_matches(['.', ':'])
    };
    let lower = trimmed.to_lowercase();
    let word = word(&lower);
    (!lower.is_empty()).then(|| TypedWord {
        text: text.to_owned(),
        lower,
        word,
    })
}
