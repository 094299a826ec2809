//! What this calendar is, and what may be done with it.

use askama::Template;

use super::event::OutLink;
use super::Shell;

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
