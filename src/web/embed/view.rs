//! What an embed shows, for the component's JSON and for the templates of frames.

use serde::Serialize;

use crate::web::data_licence::DataLicence;
use crate::web::pages::PageContext;
use crate::web::pages::filter_params::borrowed;

use super::item::EmbedLink;
use super::listing::{EmbedGroup, listed};
use super::month::MonthTable;
use super::options::{EmbedLayout, EmbedOptions};

/// An embed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmbedView {
    /// The language of the texts, a BCP 47 tag.
    pub lang: &'static str,
    /// The arrangement.
    pub layout: EmbedLayout,
    /// «3 arrangementer».
    pub count: String,
    /// Events in progress, and the months with their events, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<EmbedGroup>,
    /// The month, if that is the layout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<MonthTable>,
    /// What to say if there are no events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub empty: Option<EmptyNote>,
    /// All events of the selection, in the calendar.
    pub all: EmbedLink,
    /// Address of the licence of the data, which single events may have exceptions from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
}

/// What to say if there are no events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmptyNote {
    /// «Ingen arrangementer».
    pub title: String,
    /// What the visitor can do.
    pub text: String,
}

impl EmbedView {
    /// Returns the embed of a selection.
    #[must_use]
    pub fn new(context: &PageContext, options: &EmbedOptions) -> Self {
        let words = context.words;
        let (count, groups, month) = if options.layout == EmbedLayout::Month {
            let month = MonthTable::new(context, options);
            (month.count, Vec::new(), Some(month))
        } else {
            let (count, groups) = listed(context, options);
            (count, groups, None)
        };
        let empty = || EmptyNote {
            title: words.say("embed-empty").into_owned(),
            text: words.say("embed-empty-text").into_owned(),
        };
        Self {
            lang: words.lang().tag(),
            layout: options.layout,
            count: context.count(count),
            groups,
            month,
            empty: (count == 0).then(empty),
            all: all_events(context, options),
            licence: list_licence(context, options)
                .url(&context.snapshot)
                .map(str::to_owned),
        }
    }
}

/// Returns the licence of the events of a selection.
#[must_use]
pub fn list_licence(context: &PageContext, options: &EmbedOptions) -> DataLicence {
    DataLicence::of_query(&options.filters.query, &context.snapshot)
}

/// Returns the link to the selection in the calendar.
#[must_use]
pub fn all_events(context: &PageContext, options: &EmbedOptions) -> EmbedLink {
    let params = options.filters.params();
    let path = context.paths.agenda_with(&borrowed(&params));
    let site = context.text(&context.snapshot.region().name);
    EmbedLink {
        text: context.words.say_with("embed-all", &[("site", site)]),
        url: format!("{}{path}", context.origin),
    }
}
