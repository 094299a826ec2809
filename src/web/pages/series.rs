//! One series with all its editions.

use askama::Template;

use super::event::{Link, OutLink};
use super::leaf::Span;
use super::listing::Mark;
use super::{Said, Shell};

/// The page of a series.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/series.html")]
pub struct SeriesPage {
    /// What stands around it.
    pub shell: Shell,
    /// What it is called.
    pub title: Said,
    /// Other names: «Mart'n».
    pub aliases: Vec<String>,
    /// One or two sentences; may be empty.
    pub summary: Said,
    /// The long text; may be empty.
    pub description: Said,
    /// The next edition that has a date.
    pub next: Option<NextEdition>,
    /// When it usually is, in words; may be empty.
    pub usual: Said,
    /// What that rests on; may be empty.
    pub confidence: Said,
    /// Every year that something is known of, newest first.
    pub editions: Vec<EditionRow>,
    /// Where it is held.
    pub places: Vec<Link>,
    /// Who holds it.
    pub organizer: Option<Link>,
    /// Its own page.
    pub website: Option<OutLink>,
    /// What it is about.
    pub categories: Vec<Link>,
    /// Whom it speaks to.
    pub audiences: Vec<Link>,
    /// The series it is a part of.
    pub part_of: Option<Link>,
    /// The series that are parts of it.
    pub parts: Vec<Link>,
    /// Its feed, as a file.
    pub feed: String,
    /// Every way to subscribe to it.
    pub subscribe: String,
}

/// The next edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextEdition {
    /// Its days.
    pub span: Span,
    /// «Fredag 6. til søndag 15. august 2027».
    pub when: String,
    /// Its page.
    pub url: String,
    /// What has changed, or that it is tentative.
    pub mark: Option<Mark>,
    /// A word on how sure it is; may be empty.
    pub note: Said,
}

/// One year in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionRow {
    /// «2027».
    pub label: String,
    /// Its page, where it has a date.
    pub url: Option<String>,
    /// «6.–15. august», «Ingen dato kjent».
    pub when: String,
    /// Cancelled, moved, tentative, not held.
    pub mark: Option<Mark>,
    /// A remark; may be empty.
    pub note: Said,
    /// Where this is known from; may be empty.
    pub source: String,
}
