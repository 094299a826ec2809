//! HTML parsing with limits.
//!
//! HTML parsers never fail, but a page can be crafted so that its tree is far larger than its text.
//! Formatting elements are therefore removed before parsing ([`without_formatting`]).

use scraper::{Html, Selector};
use url::Url;

use crate::connector::Unreadable;
use calendar_ical::to_events::{is_bounded, without_formatting};

use super::parse;

/// Maximum length of a page in bytes.
const LENGTH: usize = 4 << 20;
/// Parses a page.
///
/// # Errors
/// Errors if the page is longer than 4 MiB or its elements are nested too deeply.
pub fn parse(text: &str) -> Result<Html, Unreadable> {
    if text.len() > LENGTH {
        return Err(Unreadable(format!("the page has more than {LENGTH} bytes")));
    }
    if !is_bounded(text) {
        let why = "its elements are nested too deep";
        return Err(Unreadable(why.into()));
    }
    Ok(Html::parse_document(&without_formatting(text)))
}

/// Returns the base of the page's relative addresses: its `base` element if that is an http or https address,
/// else `url`.
#[must_use]
pub fn base(page: &Html, url: &Url) -> Url {
    let told = select("base[href]").and_then(|select| page.select(&select).next());
    let told = told.and_then(|told| told.value().attr("href"));
    told.and_then(|href| parse::web(href, url))
        .unwrap_or_else(|| url.clone())
}

/// Parses a constant selector.
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
