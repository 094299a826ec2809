//! The page about this calendar and the terms of its use.

use askama::Template;

use super::links::{OutLink, out_link};
use super::{PageContext, Section, Shell};

/// The about page.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/about.html")]
pub struct AboutPage {
    /// The layout.
    pub shell: Shell,
    /// «Elverum, Åmot og Våler».
    pub region: String,
    /// The partners with events in the calendar.
    pub partners: Vec<PartnerLine>,
}

/// A partner on the about page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerLine {
    /// The partner's name.
    pub name: String,
    /// The partner's website.
    pub website: Option<OutLink>,
}

impl AboutPage {
    /// Returns the about page.
    #[must_use]
    pub fn new(visit: &PageContext) -> Self {
        let title = visit.words.say("about-heading").into_owned();
        let mut shell = visit.shell(Section::Other, title, visit.paths.about());
        let region = visit.region_names();
        shell.description = visit
            .words
            .say_with("about-lead", &[("region", region.as_str())]);
        let partners = visit
            .snapshot
            .partners()
            .filter(|partner| visit.snapshot.gives(&partner.id));
        let line = |name: &String, website: Option<&url::Url>| PartnerLine {
            name: name.clone(),
            website: website.map(out_link),
        };
        Self {
            partners: partners
                .map(|it| line(&it.name, it.website.as_ref()))
                .collect(),
            region,
            shell,
        }
    }
}
