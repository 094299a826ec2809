//! What this calendar is, and what may be done with it.

use askama::Template;

use super::event::OutLink;
use super::visit::out_link;
use super::{Section, Shell, Visit};

/// The about page.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/about.html")]
pub struct AboutPage {
    /// What stands around it.
    pub shell: Shell,
    /// «Elverum, Åmot og Våler».
    pub region: String,
    /// Who else's events are shown, with a link where there is one.
    pub partners: Vec<PartnerLine>,
}

/// A partner on the about page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerLine {
    /// Its name, and its page where it has one.
    pub name: String,
    /// Its own page.
    pub website: Option<OutLink>,
}

impl AboutPage {
    /// The about page; partners stand on it when events have come from them.
    #[must_use]
    pub fn of(visit: &Visit) -> Self {
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
