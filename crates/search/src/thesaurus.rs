//! Synonyms and other knowledge about words, from a data file.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use crate::stem::Stems;
use crate::token::{MAX_WORD, fold_word, tokens};

/// Maximum number of words of an entry.
pub(crate) const MAX_PHRASE: usize = 3;
/// Maximum number of entries of a file.
const MAX_ENTRIES: usize = 20_000;

/// An error in a file of synonyms.
#[derive(Debug, thiserror::Error)]
pub enum ThesaurusError {
    /// The file is not TOML, or has other tables.
    #[error("{0}")]
    Format(#[from] toml::de::Error),
    /// An entry has no word, or too many.
    #[error("«{0}» must have one to {MAX_PHRASE} words")]
    Phrase(String),
    /// A form or a pair is not a single word.
    #[error("«{0}» must be a single word of at most {MAX_WORD} letters")]
    Word(String),
    /// The file is too large.
    #[error("the file has more than {MAX_ENTRIES} entries")]
    TooMany,
}

/// Synonyms, irregular forms, pairs of nynorsk and bokmål, stop words, and parts of compounds.
#[derive(Debug, Default)]
pub struct Thesaurus {
    pub(crate) stems: Stems,
    /// Words that a query need not match.
    stop: HashSet<String>,
    /// Stems of words that compounds are made of.
    parts: HashSet<String>,
    /// These words themselves.
    part_words: HashSet<String>,
    /// Phrases by their first stem, each with its group.
    phrases: HashMap<String, Vec<Phrase>>,
    groups: Vec<Vec<Synonym>>,
}

/// A word or phrase that stands for others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Synonym {
    /// Stems of its words.
    pub(crate) stems: Vec<String>,
    /// Whether it is searched on pages in English only.
    pub(crate) is_english: bool,
}

/// Stems of the words of an entry, and the group of entries that it stands for.
#[derive(Debug)]
struct Phrase {
    stems: Vec<String>,
    group: usize,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    stop_words: Vec<String>,
    compound_parts: Vec<String>,
    irregular: HashMap<String, Vec<String>>,
    nynorsk: HashMap<String, String>,
    synonyms: Vec<Group>,
    narrower: Vec<Narrower>,
}

/// Words of one meaning, by language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Group {
    nb: Vec<String>,
    nn: Vec<String>,
    en: Vec<String>,
}

/// Words that a wider one finds too, but not the other way round.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Narrower {
    words: Vec<String>,
    find: Vec<String>,
}

impl Thesaurus {
    /// Parses a file; `data/synonyms.toml` of this crate describes the tables.
    ///
    /// # Errors
    /// Errors if it is not TOML of the known tables, or an entry is not a word or a short phrase.
    pub fn parse(text: &str) -> Result<Self, ThesaurusError> {
        let file: File = toml::from_str(text)?;
        let entries = file.synonyms.len() + file.narrower.len() + file.nynorsk.len();
        if entries + file.irregular.len() > MAX_ENTRIES {
            return Err(ThesaurusError::TooMany);
        }
        let mut made = Self {
            stems: stems(&file)?,
            ..Self::default()
        };
        for word in &file.stop_words {
            made.stop.insert(single(word)?);
        }
        for word in &file.compound_parts {
            made.add_part(&single(word)?);
        }
        for group in &file.synonyms {
            let norwegian: Vec<&String> = group.nb.iter().chain(&group.nn).collect();
            let english: Vec<&String> = group.en.iter().collect();
            let all = [norwegian.as_slice(), english.as_slice()].concat();
            made.add_group(&all, &norwegian, &english)?;
        }
        for group in &file.narrower {
            let words: Vec<&String> = group.words.iter().collect();
            let find: Vec<&String> = group.find.iter().collect();
            made.add_group(&words, &find, &[])?;
        }
        Ok(made)
    }

    /// Returns the words that this program comes with.
    ///
    /// # Panics
    /// Never: a test parses the file.
    #[must_use]
    pub fn built_in() -> Self {
        Self::parse(include_str!("../data/synonyms.toml")).expect("a test parses the file")
    }

    fn add_part(&mut self, word: &str) {
        self.parts.insert(self.stems.norwegian(word));
        self.part_words.insert(word.to_owned());
    }

    fn add_group(
        &mut self,
        words: &[&String],
        norwegian: &[&String],
        english: &[&String],
    ) -> Result<(), ThesaurusError> {
        let group = self.groups.len();
        let mut members: Vec<Synonym> = Vec::new();
        let norwegian = norwegian.iter().map(|phrase| (phrase, false));
        for (phrase, is_english) in norwegian.chain(english.iter().map(|phrase| (phrase, true))) {
            let stems = self.phrase(phrase)?;
            if stems.len() == 1 && !is_english {
                self.add_part(&fold_word(phrase));
            }
            if !members.iter().any(|member| member.stems == stems) {
                members.push(Synonym { stems, is_english });
            }
        }
        for phrase in words {
            self.phrase(phrase)?;
        }
        let reductions = [Stems::norwegian, |_: &Stems, word: &str| {
            Stems::english(word)
        }];
        let forms = words.iter().flat_map(|phrase| {
            reductions.map(|reduce| self.words_of(phrase, |word| reduce(&self.stems, word)))
        });
        for stems in forms.collect::<Vec<_>>() {
            let first = stems.first().cloned().unwrap_or_default();
            let known = self.phrases.entry(first).or_default();
            if !known
                .iter()
                .any(|old| old.group == group && old.stems == stems)
            {
                known.push(Phrase { stems, group });
            }
        }
        self.groups.push(members);
        Ok(())
    }

    /// Returns the stems of a phrase, without stop words.
    fn phrase(&self, text: &str) -> Result<Vec<String>, ThesaurusError> {
        let stems = self.words_of(text, |word| self.stems.norwegian(word));
        if stems.is_empty() || stems.len() > MAX_PHRASE {
            return Err(ThesaurusError::Phrase(text.to_owned()));
        }
        Ok(stems)
    }

    fn words_of(&self, text: &str, reduce: impl Fn(&str) -> String) -> Vec<String> {
        let mut found = Vec::new();
        tokens(text, |token| {
            if !token.is_part && !self.is_stop_word(&token.folded) {
                found.push(reduce(&token.folded));
            }
        });
        found
    }

    /// Returns true for words such as «og» and "the", folded.
    pub(crate) fn is_stop_word(&self, folded: &str) -> bool {
        self.stop.contains(folded)
    }

    /// Returns true for stems of which compounds are made.
    pub(crate) fn is_compound_part(&self, stem: &str) -> bool {
        self.parts.contains(stem)
    }

    /// Returns true for words of which compounds are made, in their base form.
    pub(crate) fn is_part_word(&self, word: &str) -> bool {
        self.part_words.contains(word)
    }

    /// Returns the phrases with the meaning of these words at the beginning of some stems, each with the number of
    /// words that it stands for.
    pub(crate) fn synonyms<'a>(
        &'a self,
        stems: &'a [String],
    ) -> impl Iterator<Item = (usize, &'a Synonym)> {
        let known = stems.first().and_then(|first| self.phrases.get(first));
        let fitting = known.into_iter().flatten();
        let fitting = fitting.filter(|phrase| stems.starts_with(&phrase.stems));
        fitting.flat_map(|phrase| {
            let others = self.groups.get(phrase.group).into_iter().flatten();
            let others = others.filter(|other| other.stems != phrase.stems);
            others.map(|other| (phrase.stems.len(), other))
        })
    }
}

fn stems(file: &File) -> Result<Stems, ThesaurusError> {
    let mut irregular = HashMap::new();
    for (base, forms) in &file.irregular {
        let folded = single(base)?;
        irregular.insert(folded.clone(), folded.clone());
        for form in forms {
            irregular.insert(single(form)?, folded.clone());
        }
    }
    let mut pairs = Vec::new();
    for (nynorsk, bokmaal) in &file.nynorsk {
        pairs.push((single(nynorsk)?, single(bokmaal)?));
    }
    Ok(Stems::new(irregular, &pairs))
}

fn single(word: &str) -> Result<String, ThesaurusError> {
    let folded = fold_word(word);
    let one = !folded.is_empty() && !word.trim().contains(char::is_whitespace);
    one.then_some(folded)
        .ok_or_else(|| ThesaurusError::Word(word.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(thesaurus: &Thesaurus, text: &str) -> Vec<String> {
        let stems = thesaurus.phrase(text).unwrap();
        let found = thesaurus.synonyms(&stems);
        found.map(|(_, other)| other.stems.join(" ")).collect()
    }

    #[test]
    fn synonyms_work_in_both_directions_and_narrower_words_in_one() {
        let text = r#"
            [[synonyms]]
            nb = ["kino", "filmvisning"]
            en = ["cinema"]
            [[narrower]]
            words = ["musikk"]
            find = ["konsert"]
        "#;
        let thesaurus = Thesaurus::parse(text).unwrap();
        assert_eq!(found(&thesaurus, "cinema"), ["kino", "filmvisn"]);
        assert_eq!(found(&thesaurus, "kinoen"), ["filmvisn", "cinem"]);
        assert_eq!(found(&thesaurus, "musikken"), ["konsert"]);
        assert!(found(&thesaurus, "konsert").is_empty());
    }

    #[test]
    fn errors_name_the_entry() {
        let error = |text: &str| Thesaurus::parse(text).unwrap_err().to_string();
        let long = "[[synonyms]]\nnb = [\"en to tre fire\", \"fem\"]";
        assert!(error(long).contains("«en to tre fire»"));
        assert!(error("stop_words = [\"to ord\"]").contains("«to ord»"));
        assert!(error("groups = []").contains("groups"));
    }

    #[test]
    fn the_built_in_file_is_valid() {
        let built_in = Thesaurus::built_in();
        assert!(found(&built_in, "cinema").contains(&"kino".to_owned()));
        assert!(built_in.is_stop_word("og"));
    }
}
