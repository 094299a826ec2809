//! TEXT (RFC 5545 section 3.3.11) and comma-separated lists of it.

use std::borrow::Cow;

/// Decodes backslash escapes and removes control characters other than newline and tab.
///
/// Of the escapes that the RFC does not define, `\"` and `\:` lose their backslash, since some
/// programs write them. Any other backslash is literal.
pub fn unescape_text(raw: &str) -> Cow<'_, str> {
    if !raw.bytes().any(|b| b == b'\\' || b < b' ' || b == 0x7F) {
        return Cow::Borrowed(raw);
    }
    let mut plain = String::with_capacity(raw.len());
    let mut letters = raw.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            if !letter.is_control() || letter == '\t' || letter == '\n' {
                plain.push(letter);
            }
            continue;
        }
        let unescaped = match letters.peek() {
            Some('n' | 'N') => '\n',
            Some(&escaped @ ('\\' | ';' | ',' | '"' | ':')) => escaped,
            _ => {
                plain.push('\\');
                continue;
            }
        };
        letters.next();
        plain.push(unescaped);
    }
    Cow::Owned(plain)
}

/// Splits a comma-separated list at unescaped commas. The values are still escaped.
pub fn split_list(raw: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(raw);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut escaped = false;
        let comma = text.bytes().position(|b| {
            let separates = b == b',' && !escaped;
            escaped = b == b'\\' && !escaped;
            separates
        });
        let (value, after) = match comma {
            Some(at) => (&text[..at], Some(&text[at + 1..])),
            None => (text, None),
        };
        rest = after;
        Some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone() {
        assert_eq!(
            unescape_text(r"Øl\, vin\; mat\nog\Ndans \\o/"),
            "Øl, vin; mat\nog\ndans \\o/"
        );
        assert_eq!(unescape_text(r#"\"så\" \: C:\dir \"#), r#""så" : C:\dir \"#);
        assert!(matches!(unescape_text("plain"), Cow::Borrowed("plain")));
    }

    #[test]
    fn control_characters_are_taken_out() {
        assert_eq!(unescape_text("a\u{0}b\u{1b}c\td\u{85}"), "abc\td");
    }

    #[test]
    fn escaped_commas_do_not_separate() {
        let values: Vec<_> = split_list(r"konsert,mat\, drikke,x\\,y").collect();
        assert_eq!(values, ["konsert", r"mat\, drikke", r"x\\", "y"]);
        assert_eq!(split_list("").collect::<Vec<_>>(), [""]);
    }
}
