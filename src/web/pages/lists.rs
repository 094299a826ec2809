//! Lists of all series, all places and all organizers.

use askama::Template;

use super::cards::{self, SeriesCard};
use super::search_form::alphabetical;
use super::{PageContext, Section, Shell};
use calendar_domain::{Place, Query};

/// The list of all series.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/all_series.html")]
pub struct AllSeriesPage {
    /// The layout.
    pub shell: Shell,
    /// Series with an upcoming date, in its order.
    pub dated: Vec<SeriesCard>,
    /// Series without an upcoming date.
    pub undated: Vec<SeriesCard>,
}

/// A list of names in groups: places by municipality, organizers in a single group.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/names.html")]
pub struct NamesPage {
    /// The layout.
    pub shell: Shell,
    /// The heading.
    pub heading: String,
    /// One line below it.
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
    pub names: Vec<NameRow>,
}

/// One name in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameRow {
    /// The name.
    pub label: String,
    /// Address of its page.
    pub url: String,
    /// A line below it, such as an address; may be empty.
    pub detail: String,
    /// «3 arrangementer», or empty.
    pub count: String,
}

impl AllSeriesPage {
    /// Returns the list of all series.
    #[must_use]
    pub fn new(visit: &PageContext) -> Self {
        let title = visit.words.say("series-heading").into_owned();
        let mut shell = visit.shell(Section::Series, title, visit.paths.series(None));
        shell.description = visit.words.say("series-lead").into_owned();
        let (dated, undated) = cards::all(visit);
        Self {
            shell,
            dated,
            undated,
        }
    }
}

impl NamesPage {
    /// Returns the list of all places, by municipality.
    #[must_use]
    pub fn places(visit: &PageContext) -> Self {
        let region = visit.snapshot.region();
        let name = |place: &Place| {
            let query = Query {
                places: [place.slug.clone()].into(),
                ..Query::default()
            };
            let address = place
                .address
                .as_ref()
                .map_or_else(String::new, |it| it.line());
            name(
                visit,
                &place.name,
                visit.paths.places(Some(place.slug.as_str())),
                address,
                &query,
            )
        };
        let lies_in = |place: &Place| {
            let number = place.municipality.as_ref()?;
            region
                .municipality(number.as_str())
                .map(|found| &found.slug)
        };
        let mut groups: Vec<NameGroup> = Vec::new();
        let known = region
            .municipalities
            .iter()
            .map(|it| (Some(&it.slug), it.name.clone()));
        let elsewhere = visit.words.say("places-elsewhere").into_owned();
        for (slug, title) in known.chain([(None, elsewhere)]) {
            let here = visit
                .snapshot
                .places()
                .filter(|place| lies_in(place) == slug);
            groups.push(NameGroup {
                title,
                names: sorted(here.map(|place| name(place))),
            });
        }
        groups.retain(|group| !group.names.is_empty());
        let path = visit.paths.places(None);
        Self::made(
            visit,
            Section::Places,
            path,
            "places-heading",
            "places-lead",
            groups,
        )
    }

    /// Returns the list of all organizers, by name.
    #[must_use]
    pub fn organizers(visit: &PageContext) -> Self {
        let names = visit.snapshot.organizers().map(|it| {
            let query = Query {
                organizers: [it.slug.clone()].into(),
                ..Query::default()
            };
            let url = visit.paths.organizers(Some(it.slug.as_str()));
            name(visit, &it.name, url, String::new(), &query)
        });
        let groups = vec![NameGroup {
            title: String::new(),
            names: sorted(names),
        }];
        let path = visit.paths.organizers(None);
        Self::made(
            visit,
            Section::Other,
            path,
            "organizers-heading",
            "organizers-lead",
            groups,
        )
    }

    fn made(
        visit: &PageContext,
        section: Section,
        path: String,
        heading: &str,
        lead: &str,
        groups: Vec<NameGroup>,
    ) -> Self {
        let heading = visit.words.say(heading).into_owned();
        let lead = visit.words.say(lead).into_owned();
        let mut shell = visit.shell(section, heading.clone(), path);
        shell.description.clone_from(&lead);
        Self {
            shell,
            heading,
            lead,
            groups,
        }
    }
}

fn name(visit: &PageContext, label: &str, url: String, detail: String, coming: &Query) -> NameRow {
    let count = visit.snapshot.happenings(coming, visit.ahead()).len();
    let count = if count == 0 {
        String::new()
    } else {
        visit.count(count)
    };
    NameRow {
        label: label.to_owned(),
        url,
        detail,
        count,
    }
}

fn sorted(names: impl Iterator<Item = NameRow>) -> Vec<NameRow> {
    let mut names: Vec<NameRow> = names.collect();
    names.sort_by_key(|name| alphabetical(&name.label));
    names
}
