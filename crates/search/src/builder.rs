//! Building of a segment from documents, and from other segments.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::compound::{Lexicon, splits, tails};
use crate::document::{FieldBits, SearchDocument, TITLE_EN, TITLE_NO};
use crate::postings::encode;
use crate::segment::IndexSegment;
use crate::stem::Stems;
use crate::thesaurus::Thesaurus;
use crate::token::{TextToken, fold_word, tokens, with_o};
use crate::word_groups::WordGroups;

/// Maximum number of words of a document; the rest is left out.
const MAX_WORDS: usize = 20_000;
/// Words between the parts of «jakt- og fiskedagene».
const CONJUNCTIONS: [&str; 7] = ["og", "eller", "and", "or", "samt", "til", "elle"];

/// A segment that is being built.
pub(crate) struct SegmentBuilder<'t> {
    thesaurus: &'t Thesaurus,
    numbers: HashMap<Box<str>, u32>,
    lists: Vec<Vec<(u32, FieldBits)>>,
    written: HashMap<u32, Box<str>>,
    keys: Vec<u32>,
    title_words: Vec<u8>,
    elliptic: Vec<Ellipsis>,
}

/// A word of which the text leaves a part out.
struct Ellipsis {
    number: u32,
    bits: FieldBits,
    /// The part that the text has: «jakt» of «jakt- og fiskedagene».
    part: String,
    /// The whole word beside it: «fiskedagene».
    whole: String,
    /// The last part is left out, not the first.
    lacks_tail: bool,
}

/// The words of a builder and those of another segment.
struct Known<'a> {
    words: &'a HashMap<Box<str>, u32>,
    stems: HashSet<String>,
    base: Option<&'a IndexSegment>,
}

impl Lexicon for Known<'_> {
    fn has_word(&self, folded: &str) -> bool {
        self.words.contains_key(folded) || self.base.is_some_and(|base| base.has_word(folded))
    }

    fn has_stem(&self, stem: &str) -> bool {
        self.stems.contains(stem) || self.base.is_some_and(|base| base.has_stem(stem))
    }
}

impl<'t> SegmentBuilder<'t> {
    /// Returns a builder without documents.
    pub(crate) fn new(thesaurus: &'t Thesaurus) -> Self {
        Self {
            thesaurus,
            numbers: HashMap::new(),
            lists: Vec::new(),
            written: HashMap::new(),
            keys: Vec::new(),
            title_words: Vec::new(),
            elliptic: Vec::new(),
        }
    }

    /// Adds a document.
    pub(crate) fn add(&mut self, document: &SearchDocument) {
        let number = u32::try_from(self.keys.len()).expect("there are fewer documents than that");
        let mut found: Vec<(u32, FieldBits)> = Vec::new();
        let (mut left, mut shortest) = (MAX_WORDS, 0);
        for (field, text) in &document.fields {
            let bits = document.bits_of(*field);
            let mut words: Vec<TextToken> = Vec::new();
            tokens(text, |token| {
                if left > 0 {
                    left -= 1;
                    words.push(token);
                }
            });
            self.find_ellipses(number, bits, &words);
            if bits & (TITLE_NO | TITLE_EN) != 0 {
                let counted = words
                    .iter()
                    .filter(|token| !token.is_part && !self.thesaurus.is_stop_word(&token.folded));
                let count = u8::try_from(counted.count()).unwrap_or(u8::MAX);
                shortest = if shortest == 0 {
                    count
                } else {
                    count.min(shortest)
                };
            }
            found.extend(words.iter().map(|token| (self.word(token), bits)));
        }
        found.sort_unstable();
        for same in found.chunk_by(|(a, _), (b, _)| a == b) {
            let bits = same.iter().fold(0, |all, (_, bits)| all | bits);
            self.lists[same[0].0 as usize].push((number, bits));
        }
        self.keys.push(document.key);
        self.title_words.push(shortest);
    }

    /// Adds the documents of another segment that are still there.
    pub(crate) fn add_segment(&mut self, segment: &IndexSegment, is_live: impl Fn(u32) -> bool) {
        let mut numbers = vec![u32::MAX; segment.len()];
        for (old, number) in (0..).zip(&mut numbers) {
            if !is_live(old) {
                continue;
            }
            *number = u32::try_from(self.keys.len()).expect("there are fewer documents than that");
            self.keys.push(segment.keys[old as usize]);
            self.title_words.push(segment.title_words[old as usize]);
        }
        for word in 0..u32::try_from(segment.starts.len()).unwrap_or(0) {
            let list = segment.documents(word);
            let list = list.map(|(old, bits)| (numbers[old as usize], bits));
            let list: Vec<_> = list.filter(|(number, _)| *number != u32::MAX).collect();
            if !list.is_empty() {
                let new = self.number(segment.word_at(word), segment.written(word));
                self.lists[new as usize].extend(list);
            }
        }
    }

    /// Returns the segment. Its compounds are split with the words of another segment too.
    pub(crate) fn finish(mut self, base: Option<&IndexSegment>) -> IndexSegment {
        let stems: HashSet<String> = self
            .numbers
            .keys()
            .map(|word| self.thesaurus.stems.norwegian(word))
            .collect();
        self.write_out_ellipses(stems.clone(), base);
        let known = Known {
            words: &self.numbers,
            stems,
            base,
        };
        let mut words: Vec<(&str, u32)> = self
            .numbers
            .iter()
            .map(|(word, number)| (&**word, *number))
            .collect();
        words.sort_unstable();
        let mut made = IndexSegment {
            words: fst::Map::from_iter(words.iter().map(|(word, _)| word).zip(0..))
                .expect("the words are in order"),
            ..IndexSegment::default()
        };
        let (mut norwegian, mut english, mut parts) =
            (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (new, (word, number)) in (0..).zip(&words) {
            made.starts.push(position(made.text.len()));
            made.text.push_str(word);
            made.text.push(' ');
            made.lists.push(position(made.postings.len()));
            encode(&self.lists[*number as usize], &mut made.postings);
            let written = self.written.get(number);
            made.written
                .extend(written.map(|written| (new, written.clone())));
            if !self.thesaurus.is_stop_word(word) {
                group(&mut norwegian, self.thesaurus.stems.norwegian(word), new);
                if let Some(word) = with_o(word) {
                    group(&mut norwegian, self.thesaurus.stems.norwegian(&word), new);
                }
                group(&mut english, Stems::english(word), new);
                for part in splits(word, self.thesaurus, &known).into_iter().flatten() {
                    group(&mut parts, self.thesaurus.stems.norwegian(part), new);
                }
            }
        }
        made.norwegian = WordGroups::new(&norwegian);
        made.english = WordGroups::new(&english);
        made.parts = WordGroups::new(&parts);
        made.by_key = self.keys.iter().copied().zip(0..).collect();
        made.by_key.sort_unstable();
        made.keys = self.keys;
        made.title_words = self.title_words;
        made.text.shrink_to_fit();
        made.postings.shrink_to_fit();
        made
    }

    fn word(&mut self, token: &TextToken) -> u32 {
        self.number(&token.folded, &token.written)
    }

    fn number(&mut self, folded: &str, written: &str) -> u32 {
        if let Some(number) = self.numbers.get(folded) {
            return *number;
        }
        let number = position(self.lists.len());
        self.numbers.insert(folded.into(), number);
        self.lists.push(Vec::new());
        if written != folded {
            self.written.insert(number, written.into());
        }
        number
    }

    /// Remembers the words of which the text leaves a part out.
    fn find_ellipses(&mut self, number: u32, bits: FieldBits, words: &[TextToken]) {
        let whole: Vec<&TextToken> = words.iter().filter(|token| !token.is_part).collect();
        for (at, token) in whole.iter().enumerate() {
            let is_conjunction = |token: &&&TextToken| CONJUNCTIONS.contains(&&*token.folded);
            let mut found = |neighbour: Option<&&TextToken>, lacks_tail| {
                self.elliptic.extend(neighbour.map(|neighbour| Ellipsis {
                    number,
                    bits,
                    part: token.folded.clone(),
                    whole: neighbour.folded.clone(),
                    lacks_tail,
                }));
            };
            // «Sommer-, høst- og vinterferie»: the next word without a hyphen has the last part.
            if token.hyphen_after {
                let mut next = whole[at + 1..].iter();
                let next = next.find(|next| !is_conjunction(next) && !next.hyphen_after);
                found(next, true);
            } else if token.hyphen_before {
                let mut before = whole[..at].iter().rev();
                let before = before.find(|word| !is_conjunction(word) && !word.hyphen_before);
                found(before, false);
            }
        }
    }

    /// Adds the words of which the texts leave a part out.
    fn write_out_ellipses(&mut self, stems: HashSet<String>, base: Option<&IndexSegment>) {
        let mut found: Vec<(String, u32, FieldBits)> = Vec::new();
        let known = Known {
            words: &self.numbers,
            stems,
            base,
        };
        for ellipsis in &self.elliptic {
            for tail in tails(&ellipsis.whole, self.thesaurus, &known) {
                let made = if ellipsis.lacks_tail {
                    format!("{}{tail}", ellipsis.part)
                } else {
                    let head = &ellipsis.whole[..ellipsis.whole.len() - tail.len()];
                    format!("{head}{}", ellipsis.part)
                };
                found.push((fold_word(&made), ellipsis.number, ellipsis.bits));
            }
        }
        for (word, number, bits) in found {
            let new = self.number(&word, &word);
            let list = &mut self.lists[new as usize];
            match list.binary_search_by_key(&number, |(number, _)| *number) {
                Ok(at) => list[at].1 |= bits,
                Err(at) => list.insert(at, (number, bits)),
            }
        }
    }
}

fn group(groups: &mut BTreeMap<String, Vec<u32>>, key: String, word: u32) {
    let group = groups.entry(key).or_default();
    if group.last() != Some(&word) {
        group.push(word);
    }
}

fn position(at: usize) -> u32 {
    u32::try_from(at).expect("an index is smaller than that")
}
