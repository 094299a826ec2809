//! Typed text without invisible and reordering characters.

use std::borrow::Cow;

use crate::nfc::composed;

/// Returns the text in Normalization Form C, with `\n` as line end, and without control characters, characters that
/// turn the direction of text around (UAX #9, explicit formatting), and noncharacters (Unicode 23.7).
#[must_use]
pub fn cleaned(text: &str) -> Cow<'_, str> {
    let text = composed(text);
    if !text.chars().any(|c| c == '\r' || is_dropped(c)) {
        return text;
    }
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    lines
        .chars()
        .filter(|c| !is_dropped(*c))
        .collect::<String>()
        .into()
}

fn is_dropped(c: char) -> bool {
    let is_control = c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let code = u32::from(c);
    let is_noncharacter = code & 0xfffe == 0xfffe || matches!(c, '\u{fdd0}'..='\u{fdef}');
    is_control || turns || is_noncharacter || c == '\u{feff}'
}

/// Returns true if nothing of the text can be seen: it is empty, or white space and characters without width.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    let is_invisible = |c: char| {
        let has_no_width =
            matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}');
        let is_filler = matches!(c, '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}');
        c.is_whitespace() || has_no_width || is_filler || is_dropped(c)
    };
    text.chars().all(is_invisible)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_dropped_and_what_can_is_kept() {
        assert_eq!(
            cleaned("Kon\u{0}sert\u{202e}\u{fffe}\r\nii\tkirken\u{feff}"),
            "Konsert\nii\tkirken"
        );
        assert_eq!(cleaned("A\u{30a}mot"), "Åmot");
        // Joiners make one picture of several characters, and shape letters of some scripts.
        let family = "\u{1f469}\u{200d}\u{1f467}";
        assert!(matches!(cleaned(family), Cow::Borrowed(borrowed) if borrowed == family));
    }

    #[test]
    fn characters_without_width_are_blank() {
        for blank in ["", " \n", "\u{200b}\u{2060}", "\u{3164}", "\u{ad}\u{202e}"] {
            assert!(is_blank(blank), "{blank:?}");
        }
        assert!(!is_blank("\u{200b}a"));
    }
}
