//! One event.

use askama::Template;

use super::agenda::SeriesCard;
use super::leaf::{Bar, Span};
use super::listing::Mark;
use super::{Said, Shell};

/// The page of an event.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/event.html")]
pub struct EventPage {
    /// What stands around it.
    pub shell: Shell,
    /// What it is called.
    pub title: Said,
    /// What it is about: «Musikk».
    pub categories: Vec<Link>,
    /// Its days, as the hero.
    pub span: Span,
    /// Whether the date is only pencilled in.
    pub tentative: bool,
    /// «Lørdag 6. mars 2027 kl. 10.00–18.00».
    pub when: String,
    /// «hver torsdag …»; empty where it happens once.
    pub repeats: String,
    /// The days of a longer event.
    pub bar: Option<Bar>,
    /// What has changed.
    pub banner: Option<Banner>,
    /// One or two sentences; may be empty.
    pub summary: Said,
    /// The long text; may be empty.
    pub description: Said,
    /// Where it is, the main place first.
    pub venues: Vec<VenueLines>,
    /// Where it is followed online.
    pub online: Option<String>,
    /// Who holds it.
    pub organizer: Option<Link>,
    /// «Gratis», «250 kr», or nothing where nobody has said.
    pub prices: Vec<Price>,
    /// Whom it speaks to.
    pub audiences: Vec<Link>,
    /// What makes it accessible.
    pub accessibility: Vec<String>,
    /// The event's own page.
    pub website: Option<OutLink>,
    /// The series it is an edition of.
    pub series: Option<Link>,
    /// What it is a part of.
    pub part_of: Option<Link>,
    /// Its own parts.
    pub parts: Vec<Part>,
    /// The next happenings of one that repeats.
    pub dates: Vec<NextDate>,
    /// Its calendar file.
    pub file: String,
    /// Where it came from, and the credit that has to stand with it.
    pub credits: Vec<Credit>,
    /// «Sist endret 3. januar 2027».
    pub changed: String,
    /// Further editions or neighbours; may be empty.
    pub more: Vec<SeriesCard>,
}

/// A link with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The text.
    pub label: Said,
    /// Where it leads; `None` is text alone.
    pub url: Option<String>,
}

/// A link that leaves this service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutLink {
    /// What it shows, such as the host: `fie.no`.
    pub label: String,
    /// Its address.
    pub url: String,
}

/// What is said where something changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banner {
    /// The class and label of the change.
    pub mark: Mark,
    /// What it means for those who come.
    pub meaning: String,
    /// The time it had before; empty where that is not known.
    pub before: String,
    /// The organizer's own words on it; may be empty.
    pub note: Said,
}

/// A place in the list of facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VenueLines {
    /// Its name, with a link to its page where it has one.
    pub place: Link,
    /// The address in one line; may be empty.
    pub address: String,
    /// The municipality; may be empty.
    pub municipality: String,
    /// `geo:` address of its position, opened by the visitor's own map program.
    pub geo: Option<String>,
}

/// A ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// For whom; may be empty.
    pub name: Said,
    /// «Gratis», «250 kr»; empty where only the shop knows.
    pub amount: String,
    /// Where it is bought.
    pub url: Option<String>,
}

/// A part of a larger event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name and page.
    pub link: Link,
    /// When it is.
    pub when: String,
}

/// One of the next happenings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextDate {
    /// When.
    pub when: String,
    /// What differs in it, if anything does.
    pub mark: Option<Mark>,
}

/// Where an event came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// «Kilde: …» or the credit the partner asks for.
    pub text: String,
    /// Where it leads.
    pub url: Option<String>,
}
