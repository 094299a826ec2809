//! Compounds: «jaktdagene» is made of «jakt» and «dagene».

use crate::stem::MIN_HEAD;
use crate::thesaurus::Thesaurus;

/// Minimum length of the last part of a compound, unless the data file has the part.
const MIN_TAIL: usize = 4;
/// Maximum length of a word that is split.
const MAX_COMPOUND: usize = 32;
/// Maximum number of ways in which a word is split.
const MAX_SPLITS: usize = 4;
/// Letters that link the parts of a compound.
const LINKS: [char; 2] = ['s', 'e'];
/// Endings of words that are words themselves.
const ENDINGS: [&str; 14] = [
    "ende", "ande", "erne", "enes", "anes", "heten", "heter", "else", "elsen", "inga", "ingen",
    "inger", "ingene", "iske",
];

/// The words and stems that parts of compounds are looked up in.
pub(crate) trait Lexicon {
    /// Returns true if a word is known.
    fn has_word(&self, folded: &str) -> bool;
    /// Returns true if a word with a stem is known.
    fn has_stem(&self, stem: &str) -> bool;
}

/// Returns the parts of a compound in each way to split it, folded. Empty if it is not known to be one.
pub(crate) fn splits<'w>(
    word: &'w str,
    thesaurus: &Thesaurus,
    lexicon: &impl Lexicon,
) -> Vec<Vec<&'w str>> {
    let mut found = Vec::new();
    if word.len() <= MAX_COMPOUND && word.is_ascii() {
        for (head, tail) in cuts(word) {
            if found.len() >= MAX_SPLITS || !is_head(head, thesaurus, lexicon) {
                continue;
            }
            if is_tail(tail, thesaurus, lexicon) {
                found.push(vec![head, tail]);
                continue;
            }
            let inner = cuts(tail).find(|(middle, last)| {
                is_head(middle, thesaurus, lexicon) && is_tail(last, thesaurus, lexicon)
            });
            found.extend(inner.map(|(middle, last)| vec![head, middle, last]));
        }
    }
    found
}

/// Returns the last parts that a compound may have, longest first.
pub(crate) fn tails<'w>(
    word: &'w str,
    thesaurus: &'w Thesaurus,
    lexicon: &'w impl Lexicon,
) -> impl Iterator<Item = &'w str> {
    let short = word.len() <= MAX_COMPOUND && word.is_ascii();
    let cuts = short.then(|| cuts(word)).into_iter().flatten();
    let tails = cuts.filter(|(head, _)| is_head(head, thesaurus, lexicon));
    let tails = tails.map(|(_, tail)| tail);
    tails.filter(|tail| is_tail(tail, thesaurus, lexicon))
}

/// Returns the two parts of a word of ASCII letters, cut at each place.
fn cuts(word: &str) -> impl Iterator<Item = (&str, &str)> {
    (2..word.len().saturating_sub(2)).filter_map(|at| word.split_at_checked(at))
}

/// Returns true for known words, with or without «s» or «e» after them. Short ones must be in the data file: «kultur» is no
/// compound of «kul» and «tur».
fn is_head(head: &str, thesaurus: &Thesaurus, lexicon: &impl Lexicon) -> bool {
    let known = |head: &str| {
        thesaurus.is_part_word(head)
            || head.len() > MIN_HEAD
                && (lexicon.has_word(head) || lexicon.has_stem(head))
                && !thesaurus.is_stop_word(head)
    };
    let Some(bare) = head.strip_suffix(LINKS) else {
        return known(head);
    };
    // «svømme» of «svømmekurs» is a form of «svømming».
    let is_form = || {
        let stem = thesaurus.stems.norwegian(head);
        bare.len() > MIN_HEAD && (thesaurus.is_compound_part(&stem) || lexicon.has_stem(&stem))
    };
    known(head) || known(bare) || is_form()
}

/// Returns true for words that compounds end with.
pub(crate) fn is_tail(tail: &str, thesaurus: &Thesaurus, lexicon: &impl Lexicon) -> bool {
    let stem = thesaurus.stems.norwegian(tail);
    if thesaurus.is_compound_part(&stem) {
        return true;
    }
    tail.len() >= MIN_TAIL
        && !ENDINGS.contains(&tail)
        && !thesaurus.is_stop_word(tail)
        && lexicon.has_stem(&stem)
        && stem.len() >= MIN_HEAD
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    struct Words(BTreeSet<String>, BTreeSet<String>);

    impl Lexicon for Words {
        fn has_word(&self, folded: &str) -> bool {
            self.0.contains(folded)
        }

        fn has_stem(&self, stem: &str) -> bool {
            self.1.contains(stem)
        }
    }

    #[test]
    fn a_compound_is_split_where_both_parts_are_words() {
        let thesaurus = Thesaurus::built_in();
        let words = [
            "marked", "skog", "museum", "rena", "arena", "konsert", "en", "kul",
        ];
        let stems = words.map(|word| thesaurus.stems.norwegian(word));
        let words = Words(words.map(String::from).into(), stems.into());
        let split = |word| splits(word, &thesaurus, &words);
        assert_eq!(split("julemarkedet"), [["jule", "markedet"]]);
        assert_eq!(split("skogmuseet"), [["skog", "museet"]]);
        assert_eq!(split("skogskonsert"), [["skogs", "konsert"]]);
        assert_eq!(split("jaktdager"), [["jakt", "dager"]]);
        assert_eq!(split("konsertarena"), [["konsert", "arena"]]);
        assert_eq!(
            split("julemarkedskonsert"),
            [["jule", "markeds", "konsert"]]
        );
        assert_eq!(split("svommekurs"), [["svomme", "kurs"]]);
        assert_eq!(split("bymuseum"), [["by", "museum"]]);
        assert!(split("kultur").is_empty());
        assert!(split("arena").is_empty());
        assert!(split("skogen").is_empty());
        assert!(split(&"jule".repeat(20)).is_empty());
    }
}
