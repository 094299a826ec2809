//! HTML pages, parsed within bounds.
//!
//! Parsers of HTML never fail, but a page can be made so that its tree is far larger than its text: open
//! formatting elements are opened again in every paragraph, and each tag looks at all that are open.

use scraper::{Html, Selector};
use url::Url;

use crate::sync::connector::Unreadable;

use super::telling;

/// The most bytes of a page.
const LENGTH: usize = 6 << 20;
/// The most elements within each other.
const DEPTH: usize = 2_000;
/// The most elements that formatting may multiply to.
const OPENED_AGAIN: usize = 4_000_000;

/// Elements without an end tag, or whose end is mostly left out: they do not nest.
const FLAT: [&str; 34] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr", "p", "li", "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "colgroup",
    "option", "optgroup", "rp", "rt", "html", "head", "body", "path", "use",
];
/// What HTML opens again.
const FORMATTING: [&str; 14] = [
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

/// A page's tree.
///
/// # Errors
/// Where it is longer or deeper than pages are.
pub fn parse(text: &str) -> Result<Html, Unreadable> {
    if text.len() > LENGTH {
        return Err(Unreadable(format!("the page has more than {LENGTH} bytes")));
    }
    if !is_bounded(text) {
        let why = "its elements stand deeper within each other than a page's do";
        return Err(Unreadable(why.into()));
    }
    Ok(Html::parse_document(text))
}

/// Whether the tree of a text is about as large as the text, by a rough count of its tags.
#[must_use]
pub fn is_bounded(text: &str) -> bool {
    let (mut tags, mut depth, mut open, mut most_open) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let (closes, after) = match rest.strip_prefix('/') {
            Some(after) => (true, after),
            None => (false, rest),
        };
        let end = after
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(after.len());
        if end == 0 {
            continue;
        }
        let name = after[..end.min(16)].to_ascii_lowercase();
        tags += 1;
        let formatting = FORMATTING.contains(&&*name);
        if FLAT.contains(&&*name) {
            continue;
        }
        if closes {
            depth = depth.saturating_sub(1);
            open = open.saturating_sub(usize::from(formatting));
        } else {
            depth += 1;
            open += usize::from(formatting);
            most_open = most_open.max(open);
        }
        if depth > DEPTH {
            return false;
        }
    }
    tags.saturating_mul(most_open) <= OPENED_AGAIN
}

/// What relative addresses of a page are relative to: its `base`, where it has one of the web.
#[must_use]
pub fn base(page: &Html, url: &Url) -> Url {
    let told = select("base[href]").and_then(|it| page.select(&it).next());
    let told = told.and_then(|it| it.value().attr("href"));
    told.and_then(|href| telling::web(href, url))
        .unwrap_or_else(|| url.clone())
}

/// A selector of our own.
#[must_use]
pub fn select(text: &str) -> Option<Selector> {
    Selector::parse(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_pages_are_bounded_and_bombs_are_not() {
        let list = "<ul>".to_owned() + &"<li>en <b>to</b> <br>".repeat(20_000) + "</ul>";
        assert!(is_bounded(&list));
        assert!(!is_bounded(&"<div>".repeat(3_000)));
        let again = "<b>".repeat(1_900) + &"<p>x".repeat(100_000);
        assert!(!is_bounded(&again));
        assert!(parse(&again).is_err());
    }

    #[test]
    fn a_base_moves_relative_addresses() {
        let url: Url = "https://eksempel.example/a/b".parse().unwrap();
        let page = parse("<base href='/c/'><p>").unwrap();
        assert_eq!(base(&page, &url).as_str(), "https://eksempel.example/c/");
        let odd = parse("<base href='javascript:x'>").unwrap();
        assert_eq!(base(&odd, &url), url);
    }
}
