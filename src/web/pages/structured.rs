//! Structured data of pages for search engines.

use std::sync::Arc;

use url::Url;

use super::PageContext;
use super::cards::held;
use crate::catalog::{Entry, EventOccurrence};
use crate::feeds::jsonld::{
    Breadcrumb, StructuredData, breadcrumbs, event_page, series as series_object,
};
use crate::feeds::{FeedRequest, Scope, ScopeKind, WriteOptions};
use calendar_domain::{Event, Series};

/// Returns the data of an event's page: the event and the way to it. `listed` are the occurrences that the page shows.
pub(super) fn of_event(
    context: &PageContext,
    entry: &Arc<Entry>,
    event: &Event,
    listed: &[EventOccurrence],
) -> Vec<StructuredData> {
    let object = with_request(context, Scope::Event(event.slug.clone()), |request| {
        event_page(entry, request, listed)
    });
    let Some(object) = object else {
        return Vec::new();
    };
    let of = event.series.as_ref();
    let series = of.and_then(|of| context.snapshot.series(&of.series));
    let mut steps = Vec::new();
    if let Some(series) = series {
        let slug = series.slug.as_str();
        steps.push(("nav-series", None, context.paths.series(None)));
        let title = context.text(&series.title);
        steps.push(("", Some(title), context.paths.series(Some(slug))));
    }
    let own = context.paths.event(event.slug.as_str());
    steps.push(("", Some(context.text(&event.title)), own));
    vec![StructuredData::new(object), way(context, steps)]
}

/// Returns the data of a series' page: the series with its editions to come, or else with the last one.
pub(super) fn of_series(context: &PageContext, series: &Series) -> Vec<StructuredData> {
    let (dated, _) = held(context, series);
    let is_left = |last| last >= context.today();
    let from = dated.iter().position(|held| is_left(held.last));
    let from = from.unwrap_or(dated.len().saturating_sub(1));
    let shown = dated.iter().skip(from);
    let shown: Vec<Arc<Entry>> = shown.map(|held| Arc::clone(&held.entry)).collect();
    let scope = Scope::Of(ScopeKind::Series, series.slug.clone());
    let object = with_request(context, scope, |request| {
        series_object(series, &shown, request)
    });
    let own = context.paths.series(Some(series.slug.as_str()));
    let steps = vec![
        ("nav-series", None, context.paths.series(None)),
        ("", Some(context.text(&series.title)), own),
    ];
    let object = object.map(StructuredData::new);
    object.into_iter().chain([way(context, steps)]).collect()
}

/// Returns the way to a page of a list: the front page, the list, and the page with this name.
pub(super) fn in_list(
    context: &PageContext,
    (list, address): (&'static str, String),
    name: &str,
    own: String,
) -> Vec<StructuredData> {
    let steps = vec![(list, None, address), ("", Some(name.to_owned()), own)];
    vec![way(context, steps)]
}

/// A step: the key of its text or the text, and its path.
type Step = (&'static str, Option<String>, String);

fn way(context: &PageContext, steps: Vec<Step>) -> StructuredData {
    let first = ("nav-agenda", None, context.paths.agenda());
    let crumb = |(key, name, path): Step| Breadcrumb {
        name: name.unwrap_or_else(|| context.words.say(key).into_owned()),
        url: format!("{}{path}", context.origin),
    };
    let steps: Vec<Breadcrumb> = std::iter::once(first).chain(steps).map(crumb).collect();
    StructuredData::new(breadcrumbs(&steps))
}

/// Calls `made` with the request that a feed in the page's language would have.
fn with_request<T>(
    context: &PageContext,
    scope: Scope,
    made: impl FnOnce(&FeedRequest<'_>) -> Option<T>,
) -> Option<T> {
    // An address with a scheme and a host always parses.
    let base = Url::parse(&context.origin).ok()?;
    made(&FeedRequest {
        snapshot: &context.snapshot,
        scope: &scope,
        choices: WriteOptions::new(context.words.lang()),
        base: &base,
    })
}
