//! One organizer.

use askama::Template;

use super::event::{Link, OutLink};
use super::listing::Month;
use super::{Said, Shell};

/// The page of an organizer.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/organizer.html")]
pub struct OrganizerPage {
    /// What stands around it.
    pub shell: Shell,
    /// What it is called.
    pub name: String,
    /// A text about it; may be empty.
    pub description: Said,
    /// Its own page.
    pub website: Option<OutLink>,
    /// A public mail address.
    pub email: Option<String>,
    /// A public telephone number.
    pub telephone: Option<String>,
    /// Its number in Enhetsregisteret, grouped; may be empty.
    pub number: String,
    /// The series it holds.
    pub series: Vec<Link>,
    /// What comes from it.
    pub months: Vec<Month>,
    /// «3 arrangementer».
    pub count: String,
    /// Its feed, as a file.
    pub feed: String,
    /// Every way to subscribe to it.
    pub subscribe: String,
}
