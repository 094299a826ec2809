//! Unicode Normalization Form C: a letter and its marks as one character, if there is one.
//!
//! Some programs, notably Apple's, write «Å» as an «A» followed by a combining ring. The two forms
//! look the same but compare unequal, so all input is normalized.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

/// The first character that composes with a preceding letter.
const FIRST_MARK: char = '\u{300}';

/// Returns the text in Normalization Form C.
#[must_use]
pub fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || text.chars().all(|c| c < FIRST_MARK) {
        return Cow::Borrowed(text);
    }
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// Normalizes a text to Normalization Form C.
pub fn compose(text: &mut String) {
    if let Cow::Owned(composed) = composed(text) {
        *text = composed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_and_its_mark_become_one() {
        assert_eq!(composed("A\u{30a}mot og Va\u{30a}ler"), "Åmot og Våler");
        assert!(matches!(composed("Åmot"), Cow::Borrowed("Åmot")));
        // Each on its own: there is no composed character.
        assert_eq!(composed("x\u{30a}"), "x\u{30a}");
    }
}
