//! Lists of all series, all places and all organizers.

use askama::Template;

use super::cards::{self, SeriesCard};
use super::search_form::alphabetical;
use super::{Layout, PageContext, Section};
use calendar_domain::{Place, Query};

/// The list of all series.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/all_series.html")]
pub struct AllSeriesPage {
    /// The layout.
    pub layout: Layout,
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
    pub layout: Layout,
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
    pub fn new(context: &PageContext) -> Self {
        let title = context.words.say("series-heading").into_owned();
        let mut layout = context.layout(Section::Series, title, context.paths.series(None));
        layout.description = context.words.say("series-lead").into_owned();
        let (dated, undated) = cards::all(context);
        Self {
            layout,
            dated,
            undated,
        }
    }
}

impl NamesPage {
    /// Returns the list of all places, by municipality.
    #[must_use]
    pub fn places(context: &PageContext) -> Self {
        let region = context.snapshot.region();
        let name = |place: &Place| {
            let query = Query {
                places: [place.slug.clone()].into(),
                ..Query::default()
            };
            let address = place
                .address
                .as_ref()
                .map_or_else(String::new, |address| address.line());
            name(
                context,
                &place.name,
                context.paths.places(Some(place.slug.as_str())),
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
            .map(|municipality| (Some(&municipality.slug), municipality.name.clone()));
        let elsewhere = context.words.say("places-elsewhere").into_owned();
        for (slug, title) in known.chain([(None, elsewhere)]) {
            let here = context
                .snapshot
                .places()
                .filter(|place| lies_in(place) == slug);
            groups.push(NameGroup {
                title,
                names: sorted(here.map(|place| name(place))),
            });
        }
        groups.retain(|group| !group.names.is_empty());
        let path = context.paths.places(None);
        Self::made(
            context,
            Section::Places,
            path,
            "places-heading",
            "places-lead",
            groups,
        )
    }

    /// Returns the list of all organizers, by name.
    #[must_use]
    pub fn organizers(context: &PageContext) -> Self {
        let names = context.snapshot.organizers().map(|organizers| {
            let query = Query {
                organizers: [organizers.slug.clone()].into(),
                ..Query::default()
            };
            let url = context.paths.organizers(Some(organizers.slug.as_str()));
            name(context, &organizers.name, url, String::new(), &query)
        });
        let groups = vec![NameGroup {
            title: String::new(),
            names: sorted(names),
        }];
        let path = context.paths.organizers(None);
        Self::made(
            context,
            Section::Other,
            path,
            "organizers-heading",
            "organizers-lead",
            groups,
        )
    }

    fn made(
        context: &PageContext,
        section: Section,
        path: String,
        heading: &str,
        lead: &str,
        groups: Vec<NameGroup>,
    ) -> Self {
        let heading = context.words.say(heading).into_owned();
        let lead = context.words.say(lead).into_owned();
        let mut layout = context.layout(section, heading.clone(), path);
        layout.description.clone_from(&lead);
        Self {
            layout,
            heading,
            lead,
            groups,
        }
    }
}

fn name(
    context: &PageContext,
    label: &str,
    url: String,
    detail: String,
    coming: &Query,
) -> NameRow {
    let count = context.snapshot.happenings(coming, context.ahead()).len();
    let count = if count == 0 {
        String::new()
    } else {
        context.count(count)
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
