//! Filters of the agenda, and addresses with a filter added or removed.

use chrono::NaiveDate;

use super::PageContext;
use crate::catalog::AgendaCursor;
use crate::web::filters::Filters;
use calendar_domain::Query;
use calendar_language::Year;

/// Filters from the query string.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilterParams {
    /// The search query.
    pub query: Query,
    /// The search words as typed.
    pub typed: String,
    /// Start of this page of a long list.
    pub page_from: Option<AgendaCursor>,
    /// End of this page, if it precedes another page.
    pub page_to: Option<AgendaCursor>,
}

impl From<Filters> for FilterParams {
    fn from(filters: Filters) -> Self {
        Self {
            query: filters.query,
            typed: filters.typed,
            page_from: filters.page_from,
            page_to: filters.page_to,
        }
    }
}

/// Name and value of a parameter.
pub type Param = (&'static str, String);

/// An active filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// The label: «Musikk».
    pub label: String,
    /// Address of the page without the filter.
    pub without: String,
}

impl FilterParams {
    /// Returns the filters as parameters, without the position in the list.
    #[must_use]
    pub fn params(&self) -> Vec<Param> {
        let mut out = self.query.params();
        // The words as typed replace the query's normalized ones.
        out.retain(|(name, _)| *name != "q");
        if !self.typed.trim().is_empty() {
            out.insert(0, ("q", self.typed.trim().to_owned()));
        }
        out
    }

    /// Returns true if there are no filters.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.params().is_empty()
    }

    /// Returns the active filters, each with the address of the agenda without it.
    #[must_use]
    pub fn chips(&self, context: &PageContext) -> Vec<Chip> {
        let all = self.params();
        let chip = |(at, param): (usize, &Param)| Chip {
            label: label(context, param),
            without: {
                let others = all.iter().enumerate().filter(|(other, _)| *other != at);
                let others: Vec<(&str, &str)> = others
                    .map(|(_, (name, value))| (*name, value.as_str()))
                    .collect();
                context.paths.agenda_with(&others)
            },
        };
        all.iter().enumerate().map(chip).collect()
    }
}

/// Borrows parameters in the form that [`Paths`](super::Paths) takes.
#[must_use]
pub fn borrowed(params: &[Param]) -> Vec<(&str, &str)> {
    params
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

/// Returns the label of a filter: «Musikk», «fra 1. august 2027».
fn label(context: &PageContext, (name, value): &Param) -> String {
    let (words, snapshot) = (context.words, &context.snapshot);
    let date = || {
        let day = value.parse::<NaiveDate>();
        day.map_or_else(|_| value.clone(), |day| words.date(day, Year::Said))
    };
    let slug = value.parse().ok();
    let slug = slug.as_ref();
    let named = match *name {
        "q" => Some(words.say_with("chip-words", &[("words", value.as_str())])),
        "from" => Some(words.say_with("chip-from", &[("date", date())])),
        "to" => Some(words.say_with("chip-to", &[("date", date())])),
        "free" => Some(words.say("tag-free").into_owned()),
        "category" => slug
            .and_then(|s| snapshot.category(s))
            .map(|category| context.text(&category.name)),
        "audience" => slug
            .and_then(|s| snapshot.audience(s))
            .map(|audience| context.text(&audience.name)),
        "place" => slug
            .and_then(|s| snapshot.place(s))
            .map(|place| place.name.clone()),
        "organizer" => slug
            .and_then(|s| snapshot.organizer(s))
            .map(|organizer| organizer.name.clone()),
        "series" => slug
            .and_then(|s| snapshot.series(s))
            .map(|series| context.text(&series.title)),
        "municipality" => snapshot
            .region()
            .municipality(value)
            .map(|municipality| municipality.name.clone()),
        "accessible" => Some(words.feature(value)),
        _ => {
            let id = value.parse().ok();
            id.as_ref()
                .and_then(|id| snapshot.partner(id))
                .map(|partner| partner.name.clone())
        }
    };
    named.unwrap_or_else(|| value.clone())
}
