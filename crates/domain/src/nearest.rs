//! Suggestions for misspelled words.

/// Maximum number of wrong, missing or extra letters.
const MOST_WRONG: usize = 2;

/// Returns the known word most similar to `given`, if one is similar: equal except for case and punctuation, a prefix
/// of the other, or different in at most two letters.
#[must_use]
pub fn nearest<'k>(given: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let given = plain(given);
    let found = known.into_iter().filter_map(|word| {
        let plain = plain(word);
        let wrong = strsim::osa_distance(&given, &plain);
        let shorter = given.chars().count().min(plain.chars().count());
        let begins = shorter >= 3 && (plain.starts_with(&given) || given.starts_with(&plain));
        (begins || wrong <= MOST_WRONG.min(shorter / 2)).then_some((wrong, word))
    });
    found.min_by_key(|(wrong, _)| *wrong).map(|found| found.1)
}

/// Returns `; did you mean «…»?`, or an empty text if no known word is similar.
///
/// ```
/// use calendar_domain::nearest::did_you_mean;
///
/// assert_eq!(did_you_mean("musik", ["music", "film"]), "; did you mean «music»?");
/// assert_eq!(did_you_mean("opera", ["music", "film"]), "");
/// ```
#[must_use]
pub fn did_you_mean<'k>(given: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    let found = nearest(given, known);
    found.map_or_else(String::new, |word| format!("; did you mean «{word}»?"))
}

fn plain(word: &str) -> String {
    let letters = word.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_with_a_slip_is_found_and_a_foreign_one_is_not() {
        let known = ["ics", "tribe", "linked_events", "terningen-arena", "music"];
        for (given, meant) in [
            ("trib", Some("tribe")),
            ("trybe", Some("tribe")),
            ("LinkedEvents", Some("linked_events")),
            ("ical", None),
            ("isc", Some("ics")),
            ("terningen", Some("terningen-arena")),
            ("musikk", Some("music")),
            ("telepathy", None),
            ("", None),
        ] {
            assert_eq!(nearest(given, known), meant, "{given}");
        }
        assert_eq!(did_you_mean("trib", known), "; did you mean «tribe»?");
    }
}
