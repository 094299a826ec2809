//! Words of a text, folded.

use calendar_domain::nfc::composed;
use calendar_domain::query::fold;

/// Maximum length of a folded word in bytes; the rest is left out.
pub(crate) const MAX_WORD: usize = 40;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextToken {
    /// The word in lower case, as written.
    pub(crate) written: String,
    /// The word as it is compared.
    pub(crate) folded: String,
    /// The text has a hyphen after the word: «jakt-» of «jakt- og fiskedager».
    pub(crate) hyphen_after: bool,
    /// The text has a hyphen before the word: «-kurs» of «jaktdager og -kurs».
    pub(crate) hyphen_before: bool,
    /// The word is part of the token before it: «Sverige» of «Norge-Sverige».
    pub(crate) is_part: bool,
}

/// Returns a word in the form that is compared: lower case, without accents, and with one spelling for «å» and «aa», and
/// for «æ» and «ae».
///
/// The marks of letters may be left out too: «Amot» is «Åmot», and «Sorlistoa» is «Sørlistøa». Whether «oe» stands for
/// «ø» is not decided here, see [`with_o`].
pub(crate) fn fold_word(word: &str) -> String {
    let simple = fold(word);
    let mut out = String::with_capacity(simple.len());
    for letter in simple.chars().filter(|letter| !letter.is_whitespace()) {
        if out.len() + letter.len_utf8() > MAX_WORD {
            break;
        }
        match letter {
            'a' if out.ends_with('a') => {}
            letter => out.push(letter),
        }
    }
    out
}

/// Returns a folded word with «o», the folded form of «ø», for each «oe». «soerlistoea» becomes «sorlistoa», but «kinoen» is
/// «kino» with an ending.
pub(crate) fn with_o(folded: &str) -> Option<String> {
    folded.contains("oe").then(|| folded.replace("oe", "o"))
}

/// Returns the words of a text in order. A word with hyphens inside is followed by its parts.
pub(crate) fn tokens(text: &str, mut take: impl FnMut(TextToken)) {
    let text = composed(text);
    let mut letters = text.chars().peekable();
    let (mut word, mut before, mut hyphen_before) = (String::new(), ' ', false);
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied();
        let inside = !word.is_empty() && next.is_some_and(char::is_alphanumeric);
        if letter.is_alphanumeric() {
            if word.is_empty() {
                hyphen_before = is_hyphen(before);
            }
            word.extend(letter.to_lowercase());
        } else if inside && (is_apostrophe(letter) || is_hyphen(letter)) {
            word.push(if is_hyphen(letter) { '-' } else { '\'' });
        } else if !is_ignored(letter) && !word.is_empty() {
            finish(&mut word, hyphen_before, is_hyphen(letter), &mut take);
        }
        before = letter;
    }
    if !word.is_empty() {
        finish(&mut word, hyphen_before, false, &mut take);
    }
}

fn finish(
    word: &mut String,
    hyphen_before: bool,
    hyphen_after: bool,
    take: &mut impl FnMut(TextToken),
) {
    let written = std::mem::take(word);
    let whole = TextToken {
        folded: fold_word(&written),
        written,
        hyphen_after,
        hyphen_before,
        is_part: false,
    };
    if whole.folded.is_empty() {
        return;
    }
    if !whole.written.contains('-') {
        take(whole);
        return;
    }
    let written = whole.written.clone();
    take(whole);
    for part in written.split('-') {
        let folded = fold_word(part);
        if !folded.is_empty() {
            take(TextToken {
                written: part.to_owned(),
                folded,
                hyphen_after: false,
                hyphen_before: false,
                is_part: true,
            });
        }
    }
}

fn is_hyphen(letter: char) -> bool {
    matches!(letter, '-' | '\u{2010}' | '\u{2011}')
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’' | '‘' | '´' | '`')
}

/// Returns true for characters that do not end a word: soft hyphens and combining marks.
fn is_ignored(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        tokens(text, |token| found.push(token.folded));
        found
    }

    #[test]
    fn norwegian_letters_have_one_spelling() {
        assert_eq!(fold_word("Åmot"), fold_word("Aamot"));
        assert_eq!(fold_word("Åmot"), fold_word("amot"));
        assert_eq!(
            with_o(&fold_word("soerlistoea")),
            Some(fold_word("Sørlistøa"))
        );
        assert_eq!(with_o("kino"), None);
        assert_eq!(fold_word("Sæter"), fold_word("saeter"));
        assert_eq!(fold_word("A\u{30a}mot"), fold_word("Åmot"));
    }

    #[test]
    fn apostrophes_join_and_hyphens_give_parts_too() {
        assert_eq!(folded("Grundsetmart’n!"), ["grundsetmartn"]);
        assert_eq!(
            folded("Norge-Sverige"),
            ["norgesverige", "norge", "sverige"]
        );
        assert_eq!(folded("17. mai, kl. 10"), ["17", "mai", "kl", "10"]);
        assert_eq!(folded("kul\u{ad}turhus"), ["kulturhus"]);
        assert!(folded(" – ' - ").is_empty());
    }

    #[test]
    fn hyphens_at_the_ends_are_known() {
        let mut found = Vec::new();
        tokens("Jakt- og fiskedager og -kurs", |token| found.push(token));
        assert!(found[0].hyphen_after && !found[0].hyphen_before);
        assert!(found[4].hyphen_before && found[4].folded == "kurs");
        assert!(!found[2].hyphen_before && !found[2].hyphen_after);
    }
}
