//! Bounds on the cost of parsing untrusted HTML.
//!
//! An HTML parser never fails, but a small text can produce a huge tree: open formatting elements
//! are reopened in every paragraph (HTML Living Standard 13.2.4.3), and each tag scans all of them.
//! Formatting is irrelevant for plain text, so it is removed first.

use std::borrow::Cow;

/// Maximum nesting depth of elements.
const DEPTH: usize = 2_000;
/// Maximum number of open elements searched for the start of an end tag.
const LOOK: usize = 50;

/// Elements without an end tag, or whose end tag is usually omitted; they do not nest.
const FLAT: [&str; 34] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr", "p", "li", "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "colgroup",
    "option", "optgroup", "rp", "rt", "html", "head", "body", "path", "use",
];
/// Elements that HTML reopens, except `a`, of which only one is ever open.
const FORMATTING: [&str; 13] = [
    "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

/// Returns the text with formatting elements replaced by `span`, which is never reopened.
#[must_use]
pub fn without_formatting(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    for (at, (_, name)) in tags(text) {
        if FORMATTING
            .iter()
            .any(|formatting| name.eq_ignore_ascii_case(formatting))
        {
            out.push_str(&text[copied..at]);
            out.push_str("span");
            copied = at + name.len();
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// Returns true if the estimated nesting depth stays within that of ordinary pages.
#[must_use]
pub fn is_bounded(text: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    for (_, (closes, name)) in tags(text) {
        if FLAT.iter().any(|flat| name.eq_ignore_ascii_case(flat)) {
            continue;
        }
        if !closes {
            open.push(name);
        } else if let Some(up) = open
            .iter()
            .rev()
            .take(LOOK)
            .position(|text| text.eq_ignore_ascii_case(name))
        {
            open.truncate(open.len() - up - 1);
        }
        if open.len() > DEPTH {
            return false;
        }
    }
    true
}

/// Returns every potential tag: position of its name, whether it is an end tag, and the name.
fn tags(text: &str) -> impl Iterator<Item = (usize, (bool, &str))> {
    text.match_indices('<').filter_map(move |(at, _)| {
        let after = &text[at + 1..];
        let closes = after.starts_with('/');
        let start = at + 1 + usize::from(closes);
        let rest = &text[start..];
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        (end > 0).then(|| (start, (closes, &rest[..end])))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_pages_are_bounded_and_deep_ones_are_not() {
        let list = "<ul>".to_owned() + &"<li>en <em>to</em> <br>".repeat(20_000) + "</ul>";
        assert!(is_bounded(&list));
        assert!(!is_bounded(&"<div>".repeat(3_000)));
        assert!(!is_bounded(&"<div></x>".repeat(3_000)));
    }

    #[test]
    fn formatting_becomes_something_that_is_not_opened_again() {
        assert_eq!(
            without_formatting("<B a=1>x</b> <br><body><strong/>1 < 2"),
            "<span a=1>x</span> <br><body><span/>1 < 2"
        );
        assert_eq!(without_formatting("<p>å</p>"), "<p>å</p>");
    }
}
