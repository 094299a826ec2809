//! Descriptions, in which code stands between backticks.

/// A description in pieces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MarkedText(pub Vec<TextPiece>);

/// A piece of a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextPiece {
    /// The text.
    pub text: String,
    /// Whether it is code.
    pub is_code: bool,
}

impl MarkedText {
    /// Parses a description. A backtick without a second one is a text.
    pub fn new(text: &str) -> Self {
        let whole = text.matches('`').count().is_multiple_of(2);
        let parts: Vec<&str> = if whole {
            text.split('`').collect()
        } else {
            vec![text]
        };
        let piece = |(at, text): (usize, &str)| TextPiece {
            text: text.to_owned(),
            is_code: at % 2 == 1,
        };
        let pieces = parts.into_iter().enumerate().map(piece);
        Self(pieces.filter(|piece| !piece.text.is_empty()).collect())
    }

    /// Parses the description of a part of the document; empty if it has none.
    pub fn from_description(part: &serde_json::Value) -> Self {
        Self::new(part["description"].as_str().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stands_between_backticks() {
        let pieces = |text: &str| {
            let found = MarkedText::new(text).0.into_iter();
            found
                .map(|value| (value.text, value.is_code))
                .collect::<Vec<_>>()
        };
        let text = |text: &str, is_code| (text.to_owned(), is_code);
        assert_eq!(
            pieces("set `a` to 1"),
            [text("set ", false), text("a", true), text(" to 1", false)]
        );
        assert_eq!(pieces("`a`"), [text("a", true)]);
        assert_eq!(pieces("a ` b"), [text("a ` b", false)]);
        assert_eq!(pieces(""), []);
    }
}
