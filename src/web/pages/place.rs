//! One place.

use askama::Template;

use super::event::OutLink;
use super::listing::Month;
use super::{Said, Shell};

/// The page of a place.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/place.html")]
pub struct PlacePage {
    /// What stands around it.
    pub shell: Shell,
    /// What it is called.
    pub name: String,
    /// The municipality; may be empty.
    pub municipality: String,
    /// The address in one line; empty where it is not verified.
    pub address: String,
    /// `geo:` address of its position, where it is verified.
    pub geo: Option<String>,
    /// The position as people read it.
    pub position: String,
    /// A text about it; may be empty.
    pub description: Said,
    /// Its own page.
    pub website: Option<OutLink>,
    /// What comes there.
    pub months: Vec<Month>,
    /// «3 arrangementer».
    pub count: String,
    /// Its feed, as a file.
    pub feed: String,
    /// Every way to subscribe to it.
    pub subscribe: String,
}
