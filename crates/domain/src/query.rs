//! Queries for events: the values of each filter. The program's catalog evaluates them.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::nfc::composed;
use super::{PartnerId, Slug};

/// The filters of `/`, of `/feeds/search` and of the API. Values of one filter are alternatives; an
/// event has to match all filters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Query {
    /// First day, inclusive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day, inclusive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// Categories.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub categories: BTreeSet<Slug>,
    /// Audiences.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub audiences: BTreeSet<Slug>,
    /// Places.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub places: BTreeSet<Slug>,
    /// Municipalities, by slug.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub municipalities: BTreeSet<Slug>,
    /// Organizers.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub organizers: BTreeSet<Slug>,
    /// Series.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub series: BTreeSet<Slug>,
    /// Partners that are a source of the event.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub partners: BTreeSet<PartnerId>,
    /// Words that all have to occur, [folded](fold).
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub words: BTreeSet<String>,
    /// Free events only.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub free: bool,
    /// Accessibility features that are all required.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub accessibility: BTreeSet<Slug>,
}

impl Query {
    /// Returns the filters as query parameters in a fixed order. Parsing them gives the same query.
    #[must_use]
    pub fn params(&self) -> Vec<(&'static str, String)> {
        let mut out = Vec::new();
        if !self.words.is_empty() {
            let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
            out.push(("q", words.join(" ")));
        }
        out.extend(self.from.map(|day| ("from", day.to_string())));
        out.extend(self.to.map(|day| ("to", day.to_string())));
        for (name, slugs) in [
            ("municipality", &self.municipalities),
            ("category", &self.categories),
            ("audience", &self.audiences),
            ("place", &self.places),
            ("organizer", &self.organizers),
            ("series", &self.series),
            ("accessible", &self.accessibility),
        ] {
            out.extend(slugs.iter().map(|slug| (name, slug.to_string())));
        }
        out.extend(self.partners.iter().map(|id| ("partner", id.to_string())));
        if self.free {
            out.push(("free", "1".to_owned()));
        }
        out
    }
}

/// Normalizes a text for comparison: lower case, without Norwegian letters, accents, apostrophes
/// and hyphens; everything else becomes a single space.
///
/// `Grundsetmart'n` and `grundsetmartn` fold alike, as do `Jakt- og fiskedagene` and `jakt og
/// fiskedagene`.
///
/// ```
/// use calendar_domain::query::fold;
///
/// assert_eq!(fold("Jakt- og fiskedagene"), "jakt og fiskedagene");
/// assert_eq!(fold("Grundsetmart'n på Åmot"), "grundsetmartn pa amot");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_onto(&mut out, text);
    out.truncate(out.trim_end().len());
    out
}

/// Appends a [folded](fold) text to another, separated by a space.
pub fn fold_onto(out: &mut String, text: &str) {
    space(out);
    for c in composed(text).chars() {
        match c {
            'a'..='z' | '0'..='9' => out.push(c),
            'A'..='Z' => out.push(c.to_ascii_lowercase()),
            '\'' | '-' => {}
            c if c.is_ascii() => space(out),
            c => c.to_lowercase().for_each(|c| fold_letter(out, c)),
        }
    }
}

/// Appends a space unless the text is empty or ends with one.
fn space(out: &mut String) {
    if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
}

fn fold_letter(out: &mut String, c: char) {
    match c {
        'æ' | 'ä' => out.push_str("ae"),
        'ø' | 'ö' | 'ó' | 'ò' | 'ô' => out.push('o'),
        'å' | 'á' | 'à' | 'â' => out.push('a'),
        'é' | 'è' | 'ê' | 'ë' => out.push('e'),
        'ü' | 'ú' | 'ù' => out.push('u'),
        'í' | 'ì' | 'ï' => out.push('i'),
        '’' => {}
        c if c.is_alphanumeric() => out.push(c),
        _ => space(out),
    }
}

/// Splits the text of a search box into folded words.
#[must_use]
pub fn words(text: &str) -> BTreeSet<String> {
    text.split_whitespace()
        .map(fold)
        .filter(|word| !word.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_variants_fold_alike() {
        assert_eq!(fold("Grundsetmart'n"), fold("grundsetmartn"));
        assert_eq!(fold("Jakt- og fiskedagene"), "jakt og fiskedagene");
        assert_eq!(fold("  Sørlistøa,  Åmot! "), "sorlistoa amot");
        assert_eq!(fold("A\u{30a}mot kino"), fold("Åmot kino"));
    }

    #[test]
    fn a_search_of_punctuation_asks_for_nothing() {
        assert!(words(" – ' ").is_empty());
    }
}
