//! HTML pages, parsed within bounds.
//!
//! Parsers of HTML never fail, but a page can be made so that its tree is far larger than its text:
//! formatting goes first ([`without_formatting`]).

use scraper::{Html, Selector};
use url::Url;

use crate::connector::Unreadable;
use calendar_ical::to_events::{is_bounded, without_formatting};

use super::telling;

/// The most bytes of a page.
const LENGTH: usize = 4 << 20;
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
    Ok(Html::parse_document(&without_formatting(text)))
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
    fn a_page_that_is_no_page_is_not_parsed() {
        assert!(parse(&"<div>".repeat(3_000)).is_err());
        assert!(parse(&" ".repeat(LENGTH + 1)).is_err());
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
