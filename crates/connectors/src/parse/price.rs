//! Prices and currencies.

use chrono_tz::Tz;
use url::Url;

use super::price;
use calendar_domain::{Admission, Offer, Text};

/// Currency codes that are recognized in a text.
const NAMES: [&str; 8] = ["NOK", "SEK", "DKK", "ISK", "EUR", "GBP", "USD", "CHF"];
/// Words for free admission.
const FREE: [&str; 8] = [
    "gratis",
    "fri",
    "free",
    "fri entré",
    "fri inngang",
    "entrée libre",
    "gratuit",
    "kostenlos",
];

/// Returns the currency of a text, from a code or a sign. Without either it is the currency of the zone's
/// country, as for «kr». Returns `None` for other currencies and unknown zones.
#[must_use]
pub fn currency(text: &str, zone: Tz) -> Option<&'static str> {
    let mut words = text.split(|c: char| !c.is_alphabetic());
    if let Some(word) =
        words.find(|word| word.len() == 3 && word.bytes().all(|b| b.is_ascii_uppercase()))
    {
        return NAMES.into_iter().find(|name| *name == word);
    }
    let signs = |c: &char| matches!(c, '$' | '¢' | '£' | '¥' | '\u{20a0}'..='\u{20cf}');
    match text.chars().find(signs) {
        Some('€') => Some("EUR"),
        Some('£') => Some("GBP"),
        Some('$') => Some("USD"),
        Some(_) => None,
        None => paid_with(zone),
    }
}

/// Returns the currency of a zone's country, for countries in which partners are likely.
fn paid_with(zone: Tz) -> Option<&'static str> {
    match zone.name() {
        "Europe/Oslo" => Some("NOK"),
        "Europe/Stockholm" => Some("SEK"),
        "Europe/Copenhagen" => Some("DKK"),
        "Atlantic/Reykjavik" => Some("ISK"),
        "Europe/London" => Some("GBP"),
        "Europe/Helsinki" | "Europe/Berlin" | "Europe/Paris" | "Europe/Rome" | "Europe/Vienna" => {
            Some("EUR")
        }
        _ => None,
    }
}

/// Returns true if a text says that admission is free.
///
/// ```
/// use calendar_connectors::parse::price::is_free;
///
/// assert!(is_free("Gratis!"));
/// assert!(!is_free("250 kr"));
/// ```
#[must_use]
pub fn is_free(text: &str) -> bool {
    let text = text.trim().trim_end_matches(['.', '!']).to_lowercase();
    FREE.contains(&text.as_str())
}

/// Converts prices to offers, and returns the admission that they imply. Repeated prices in sequence are
/// dropped.
#[must_use]
pub fn offers(prices: &[&str], currency: &str, url: Option<&Url>) -> (Vec<Offer>, Admission) {
    let mut read: Vec<String> = prices.iter().filter_map(|text| price(text)).collect();
    read.dedup();
    let is_nothing = |text: &String| text.bytes().all(|b| matches!(b, b'0' | b'.'));
    let admission = match (read.is_empty(), read.iter().all(is_nothing)) {
        (true, _) => Admission::Unknown,
        (false, true) => Admission::Free,
        (false, false) => Admission::Paid,
    };
    let offer = |price| Offer {
        name: Text::default(),
        price: Some(price),
        currency: currency.to_owned(),
        url: url.cloned(),
    };
    (read.into_iter().map(offer).collect(), admission)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_is_named_shown_or_that_of_the_country() {
        let cases = [
            ("NOK 250", "Europe/Paris", Some("NOK")),
            ("5-15€", "Europe/Oslo", Some("EUR")),
            ("$", "Europe/Oslo", Some("USD")),
            ("kr", "Europe/Stockholm", Some("SEK")),
            ("kr 250,-", "Europe/Oslo", Some("NOK")),
            ("", "Asia/Tokyo", None),
            ("¥300", "Europe/Oslo", None),
            ("PLN 30", "Europe/Oslo", None),
        ];
        for (text, zone, expected) in cases {
            assert_eq!(currency(text, zone.parse().unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn prices_say_whether_there_is_something_to_pay() {
        let admission = |prices: &[&str]| offers(prices, "NOK", None).1;
        assert_eq!(admission(&[]), Admission::Unknown);
        assert_eq!(admission(&["0"]), Admission::Free);
        assert_eq!(admission(&["0", "150"]), Admission::Paid);
        let (same, _) = offers(&["150", "150.0"], "NOK", None);
        assert_eq!(same.len(), 1);
        assert!(is_free(" Gratis! ") && !is_free("Frivillig"));
    }
}
