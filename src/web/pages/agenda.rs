//! The first page: what is on, by month and day, with filters.

use askama::Template;

use super::leaf::{Bar, Leaf, Span};
use super::listing::{Mark, Month};
use super::{Said, Shell};

/// The agenda.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/agenda.html")]
pub struct AgendaPage {
    /// What stands around it.
    pub shell: Shell,
    /// Today, as the page's own calendar leaf.
    pub today: Leaf,
    /// «Det skjer i Elverum, Åmot og Våler».
    pub heading: String,
    /// One line under the heading; may be empty.
    pub lead: String,
    /// The search form as it was sent.
    pub finder: Finder,
    /// What runs today and began before; only on the page that starts today.
    pub running: Vec<Running>,
    /// What comes.
    pub months: Vec<Month>,
    /// «12 arrangementer».
    pub count: String,
    /// Where the earlier events are, if there are any.
    pub earlier: Option<String>,
    /// Where the later events are, if there are any.
    pub later: Option<String>,
    /// The series, those with the nearest date first.
    pub series: Vec<SeriesCard>,
    /// The feed of this selection, as a page that offers every way to subscribe.
    pub subscribe: String,
    /// The feed of this selection, as a file.
    pub feed: String,
}

/// Something that runs today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Its page.
    pub url: String,
    /// What it is called.
    pub title: Said,
    /// Place and municipality; may be empty.
    pub place: String,
    /// «Dag 3 av 10».
    pub progress: String,
    /// «til søndag 15. august».
    pub until: String,
    /// What has changed, if anything has.
    pub mark: Option<Mark>,
    /// Its days.
    pub bar: Option<Bar>,
}

/// A series with its next date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesCard {
    /// Its page.
    pub url: String,
    /// What it is called.
    pub title: Said,
    /// One sentence; may be empty.
    pub summary: Said,
    /// The next edition, where it has a date.
    pub next: Option<Span>,
    /// «6.–15. august 2027» or «Dato kommer».
    pub line: String,
    /// «Foreløpig dato», if it is.
    pub mark: Option<Mark>,
}

/// The search form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Finder {
    /// Where it is sent.
    pub action: String,
    /// The words.
    pub q: String,
    /// The first day, ISO 8601, or empty.
    pub from: String,
    /// The last day, ISO 8601, or empty.
    pub to: String,
    /// Only what is free.
    pub free: bool,
    /// Groups of boxes to tick: municipalities, categories, audiences.
    pub groups: Vec<Group>,
    /// The places to choose from.
    pub places: Vec<Choice>,
    /// What is set, each with the address that lets it go.
    pub chips: Vec<Chip>,
    /// Ready-made periods: today, the weekend, the next month.
    pub quick: Vec<Quick>,
    /// The agenda without filters.
    pub clear: String,
}

impl Finder {
    /// Whether the part of the form that is folded away holds a value, so that it stands open.
    #[must_use]
    pub fn open(&self) -> bool {
        let ticked = |group: &Group| group.choices.iter().any(|choice| choice.chosen);
        self.free
            || !self.from.is_empty()
            || !self.to.is_empty()
            || self.places.iter().any(|place| place.chosen)
            || self.groups.iter().any(ticked)
    }
}

/// One filter with its values, as boxes to tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The parameter's name.
    pub name: &'static str,
    /// What stands over it.
    pub legend: String,
    /// Its values.
    pub choices: Vec<Choice>,
}

/// One value of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether it is set.
    pub chosen: bool,
}

/// A filter that is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// What it keeps: «Musikk».
    pub label: String,
    /// The address of the page without it.
    pub without: String,
}

/// A ready-made period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quick {
    /// «I helgen».
    pub label: String,
    /// Its address.
    pub url: String,
    /// Whether it is what the page shows.
    pub current: bool,
}
