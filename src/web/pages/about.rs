//! The page about this calendar and the terms of its use.

use askama::Template;

use super::links::{OutLink, out_link};
use super::{Layout, PageContext, Section};

/// The about page.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/about.html")]
pub struct AboutPage {
    /// The layout.
    pub layout: Layout,
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
    pub fn new(context: &PageContext) -> Self {
        let title = context.words.say("about-heading").into_owned();
        let mut layout = context.layout(Section::Other, title, context.paths.about());
        let region = context.region_names();
        layout.description = context
            .words
            .say_with("about-lead", &[("region", region.as_str())]);
        let partners = context
            .snapshot
            .partners()
            .filter(|partner| context.snapshot.gives(&partner.id));
        let line = |name: &String, website: Option<&url::Url>| PartnerLine {
            name: name.clone(),
            website: website.map(out_link),
        };
        Self {
            partners: partners
                .map(|partner| line(&partner.name, partner.website.as_ref()))
                .collect(),
            region,
            layout,
        }
    }
}
