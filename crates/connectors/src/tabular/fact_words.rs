//! Words of tables for places left, setting and language.

use calendar_domain::{Availability, EventSetting, LanguageTag};

/// Languages by the names that tables use, lower case.
const LANGUAGES: [(&str, &str); 12] = [
    ("norsk", "nb"),
    ("bokmål", "nb"),
    ("nynorsk", "nn"),
    ("norwegian", "nb"),
    ("engelsk", "en"),
    ("english", "en"),
    ("tegnspråk", "nsl"),
    ("norsk tegnspråk", "nsl"),
    ("lettlest", "nb-simple"),
    ("sørsamisk", "sma"),
    ("nordsamisk", "se"),
    ("tysk", "de"),
];

/// Returns the places left that a word means. Some tables say it as a status.
pub(super) fn availability(word: &str) -> Option<Availability> {
    let word = word.to_lowercase();
    let starts = |all: &[&str]| all.iter().any(|text| word.starts_with(text));
    if let Some(known) = Availability::named(&word) {
        Some(known)
    } else if starts(&[
        "utsolgt",
        "utselt",
        "fullt",
        "fullbooket",
        "fullteikna",
        "sold out",
    ]) {
        Some(Availability::SoldOut)
    } else if starts(&["få plass", "få billett", "få igjen", "few"]) {
        Some(Availability::FewLeft)
    } else if starts(&["ledig", "ja", "yes", "available"]) {
        Some(Availability::Available)
    } else {
        None
    }
}

/// Returns the settings that a word means; none if it is unknown.
pub(super) fn settings(word: &str) -> &'static [EventSetting] {
    match &*word.to_lowercase() {
        "inne" | "innendørs" | "indoor" | "indoors" => &[EventSetting::Indoor],
        "ute" | "utendørs" | "outdoor" | "outdoors" => &[EventSetting::Outdoor],
        "begge" | "inne og ute" | "both" => EventSetting::ALL,
        _ => &[],
    }
}

/// Returns the language that a word or a tag means.
pub(super) fn language(word: &str) -> Option<LanguageTag> {
    let lower = word.to_lowercase();
    let known = LANGUAGES.iter().find(|(name, _)| *name == lower);
    known.map_or(lower.as_str(), |(_, tag)| tag).parse().ok()
}
