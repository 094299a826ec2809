//! Tokens, month names and weekday names.

use chrono::Weekday;

const MONTHS: [(&str, &str, &str); 12] = [
    ("jan", "januar", "january"),
    ("feb", "februar", "february"),
    ("mar", "mars", "march"),
    ("apr", "april", "april"),
    ("mai", "mai", "may"),
    ("jun", "juni", "june"),
    ("jul", "juli", "july"),
    ("aug", "august", "august"),
    ("sep", "september", "sept"),
    ("okt", "oktober", "october"),
    ("nov", "november", "november"),
    ("des", "desember", "december"),
];
/// Abbreviations: Bokmål, nynorsk, then English.
const WEEKDAYS: [(&str, Weekday); 19] = [
    ("man", Weekday::Mon),
    ("tir", Weekday::Tue),
    ("ons", Weekday::Wed),
    ("tor", Weekday::Thu),
    ("fre", Weekday::Fri),
    ("lør", Weekday::Sat),
    ("søn", Weekday::Sun),
    ("mån", Weekday::Mon),
    ("tys", Weekday::Tue),
    ("lau", Weekday::Sat),
    ("sun", Weekday::Sun),
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("laug", Weekday::Sat),
    ("sund", Weekday::Sun),
];

/// A token of a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A number.
    Number {
        /// The value.
        value: u32,
        /// The number of digits.
        digits: usize,
    },
    /// A word in lower case.
    Word(String),
    /// One of `- . : / ,`. Every dash is `-`.
    Sign(char),
}

/// Splits a text into tokens. Returns `None` if there are too many for a date.
pub fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    let text = text.to_lowercase();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if found.len() > 40 {
            return None;
        }
        if let Some(digit) = letter.to_digit(10) {
            let (mut value, mut digits) = (digit, 1);
            while let Some(digit) = letters.peek().and_then(|letter| letter.to_digit(10)) {
                letters.next();
                (value, digits) = (value.saturating_mul(10).saturating_add(digit), digits + 1);
            }
            found.push(Token::Number { value, digits });
        } else if letter.is_alphabetic() {
            let mut word = letter.to_string();
            while let Some(letter) = letters.next_if(|letters| letters.is_alphabetic()) {
                word.push(letter);
            }
            found.push(Token::Word(word));
        } else if matches!(letter, '-' | '–' | '—' | '−') {
            found.push(Token::Sign('-'));
        } else if matches!(letter, '.' | ':' | '/' | ',') {
            found.push(Token::Sign(letter));
        }
    }
    Some(found)
}

/// Returns the month of a full or abbreviated name.
pub fn month(word: &str) -> Option<u32> {
    let of = |text: &(&str, &str, &str)| word == text.0 || word == text.1 || word == text.2;
    let short = ["oct", "dec"]
        .iter()
        .position(|name| *name == word)
        .map(|index| 10 + 2 * index);
    let found = MONTHS
        .iter()
        .position(of)
        .map(|index| index + 1)
        .or(short)?;
    u32::try_from(found).ok()
}

/// Returns the weekday of a full or abbreviated name: «man», «mandag» and «mondays» are Monday.
pub fn weekday(word: &str) -> Option<Weekday> {
    let (_, day) = WEEKDAYS.iter().find(|(start, _)| word.starts_with(start))?;
    let rest: String = word.chars().skip(3).collect();
    let whole = rest.is_empty() || rest.contains("dag") || rest.contains("day") || rest == "s";
    whole.then_some(*day)
}
