//! Stems: what the forms of a word have in common.

use std::collections::HashMap;

use rust_stemmers::{Algorithm, Stemmer};

/// Minimum length of the first part of a compound.
pub(crate) const MIN_HEAD: usize = 3;
/// Minimum length of a noun of which the ending -ing is removed.
const MIN_NOUN: usize = 7;
/// Minimum length of a stem of which a double consonant at the end is written once.
const MIN_DOUBLE: usize = 5;
/// Number of times that endings are removed, so that «vinteren», «vinter» and «vintre» agree.
const PASSES: usize = 2;

/// Reduces folded words to stems. The stems of bokmål and nynorsk are the same where the data files give the pairs.
#[derive(Debug, Default)]
pub(crate) struct Stems {
    /// Forms that the rules miss, each with its base form.
    irregular: HashMap<String, String>,
    /// Stems of nynorsk words, each with the stem of the same word in bokmål; longest first.
    nynorsk: Vec<(String, String)>,
}

impl Stems {
    /// Returns stems with these irregular forms and these pairs of nynorsk and bokmål words, all folded.
    pub(crate) fn new(irregular: HashMap<String, String>, pairs: &[(String, String)]) -> Self {
        let mut stems = Self {
            irregular,
            nynorsk: Vec::new(),
        };
        let pairs = pairs.iter();
        let mut pairs: Vec<_> = pairs
            .map(|(nynorsk, bokmaal)| (stems.norwegian(nynorsk), stems.norwegian(bokmaal)))
            .filter(|(nynorsk, bokmaal)| nynorsk != bokmaal)
            .collect();
        pairs.sort_by_key(|(nynorsk, _)| std::cmp::Reverse(nynorsk.len()));
        stems.nynorsk = pairs;
        stems
    }

    /// Returns the stem of a Norwegian word.
    pub(crate) fn norwegian(&self, word: &str) -> String {
        if !is_stemmed(word) {
            return word.to_owned();
        }
        let mut stem = self.regular(word);
        if let Some(bokmaal) = self.in_bokmaal(&stem) {
            stem = bokmaal;
        }
        stem
    }

    /// Returns the stem of an English word.
    pub(crate) fn english(word: &str) -> String {
        if !is_stemmed(word) {
            return word.to_owned();
        }
        let stemmer = Stemmer::create(Algorithm::English);
        stemmer.stem(word).into_owned()
    }

    fn regular(&self, word: &str) -> String {
        if let Some(base) = self.irregular_base(word) {
            return base;
        }
        let stemmer = Stemmer::create(Algorithm::Norwegian);
        let mut stem = word.to_owned();
        for _ in 0..PASSES {
            // The rules remove -ert, but «konsert» is no form of «konse».
            if stem.ends_with("ert") {
                break;
            }
            let shorter = stemmer.stem(&stem).into_owned();
            if shorter == stem || shorter.len() < MIN_HEAD {
                break;
            }
            stem = shorter;
            if let Some(base) = self.irregular_base(&stem) {
                return base;
            }
        }
        // «strikking» and «strikke», «åpning» and «åpne».
        if stem.len() >= MIN_NOUN && stem.ends_with("ing") {
            stem.truncate(stem.len() - "ing".len());
        }
        let bytes = stem.as_bytes();
        if let [.., a, b] = bytes
            && a == b
            && bytes.len() >= MIN_DOUBLE
            && !b"aeiouy".contains(b)
        {
            stem.pop();
        }
        stem
    }

    /// Returns the base form of an irregular word, or of a compound that ends with one.
    fn irregular_base(&self, word: &str) -> Option<String> {
        if let Some(base) = self.irregular.get(word) {
            return Some(base.clone());
        }
        (MIN_HEAD..word.len().saturating_sub(3)).find_map(|at| {
            let base = self.irregular.get(word.get(at..)?)?;
            Some(format!("{}{base}", word.get(..at)?))
        })
    }

    /// Returns a nynorsk stem in bokmål: as a whole, or at the end or the beginning of a compound.
    fn in_bokmaal(&self, stem: &str) -> Option<String> {
        let mut made: Option<String> = None;
        for (nynorsk, bokmaal) in &self.nynorsk {
            let now = made.as_deref().unwrap_or(stem);
            if now == nynorsk {
                return Some(bokmaal.clone());
            }
            if let Some(head) = now.strip_suffix(nynorsk.as_str())
                && head.len() >= MIN_HEAD
            {
                made = Some(format!("{head}{bokmaal}"));
            } else if let Some(tail) = now.strip_prefix(nynorsk.as_str())
                && nynorsk.len() > MIN_HEAD
                && tail.len() >= MIN_HEAD
            {
                made = Some(format!("{bokmaal}{tail}"));
            }
        }
        made
    }
}

/// Returns true for words of letters that the rules know.
fn is_stemmed(word: &str) -> bool {
    word.len() > MIN_HEAD && word.bytes().all(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use crate::Thesaurus;
    use crate::token::fold_word;

    /// Asserts that all words have one stem.
    fn agree(words: &str) {
        let thesaurus = Thesaurus::built_in();
        let stem = |word: &str| thesaurus.stems.norwegian(&fold_word(word));
        let mut words = words.split(' ');
        let first = words.next().unwrap();
        for word in words {
            assert_eq!(stem(word), stem(first), "{word} and {first}");
        }
    }

    #[test]
    fn forms_of_a_word_have_one_stem() {
        agree("konsert konserter konserten konsertene konsertar konsertane");
        agree("jaktdager jaktdagene jaktdagen jaktdagane");
        agree("museum museet museer museene musea");
        agree("skogmuseum skogmuseet");
        agree("bibliotek biblioteket bibliotekene biblioteka");
        agree("kino kinoen kinoer");
        agree("vinter vinteren vintre");
        agree("teater teateret teatret teatre");
        agree("senter senteret sentre");
        agree("festival festivalen festivaler festivalar");
        agree("marked markedet markeder marknad marknaden marknader");
        agree("strikking strikke strikkinga");
        agree("utstilling utstillingen utstillinga utstillinger");
    }

    #[test]
    fn nynorsk_and_bokmaal_have_one_stem() {
        agree("festspillene festspelene festspill");
        agree("kirke kyrkje kirken kyrkja kirka");
        agree("kirkekonsert kyrkjekonsert");
        agree("julemarkedet julemarknad");
        agree("skole skule skolen skulen");
        agree("uke veke uken veka");
    }

    #[test]
    fn different_words_keep_different_stems() {
        let thesaurus = Thesaurus::built_in();
        let stem = |word: &str| thesaurus.stems.norwegian(&fold_word(word));
        for (a, b) in [
            ("rena", "arena"),
            ("museum", "mus"),
            ("senter", "sent"),
            ("sommer", "som"),
            ("teater", "teaterlag"),
            ("jakt", "jaktdag"),
        ] {
            assert_ne!(stem(a), stem(b), "{a} and {b}");
        }
    }
}
