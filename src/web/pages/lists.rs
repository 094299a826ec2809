//! All series; all places; all organizers.

use askama::Template;

use super::agenda::SeriesCard;
use super::Shell;

/// All series, those with the nearest date first.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/all_series.html")]
pub struct AllSeriesPage {
    /// What stands around it.
    pub shell: Shell,
    /// Those with a date to come, in its order.
    pub dated: Vec<SeriesCard>,
    /// Those whose date is to come.
    pub undated: Vec<SeriesCard>,
}

/// A list of names in groups: places by municipality, organizers by their first letter.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/names.html")]
pub struct NamesPage {
    /// What stands around it.
    pub shell: Shell,
    /// The heading.
    pub heading: String,
    /// One line under it.
    pub lead: String,
    /// The groups, in order.
    pub groups: Vec<NameGroup>,
}

/// Names under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameGroup {
    /// The heading; may be empty.
    pub title: String,
    /// The names.
    pub names: Vec<Name>,
}

/// One name in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub label: String,
    /// Its page.
    pub url: String,
    /// A line under it, such as its address; may be empty.
    pub detail: String,
    /// «3 arrangementer», or empty.
    pub count: String,
}
