//! The query string of a list.

use std::sync::LazyLock;

use calendar_domain::{EventFilter, Lang, Query, Window};

use crate::catalog::{ListKey, ListOrder, ListingRequest, Ongoing, Snapshot};
use crate::web::api::openapi::parameters::LISTS;
use crate::web::api::query_params::{QueryParams, Values};
use crate::web::api::text_language::TextLanguage;
use crate::web::filters::{Filters, KNOWN as OF_PAGES};
use crate::web::problem::Problem;
use crate::wire::{JsonShape, MemberSet};

use super::cursor::{ListCursor, fingerprint};
use super::filter_parameters::{NAMES, read_filter};
use super::resource::Resource;
use super::window_parameters::read_window;

/// Parameters of pages and feeds that lists read on their own.
const READ_HERE: [&str; 5] = ["from", "to", "lang", "page_from", "page_to"];
/// Parameters that change no item and no order, so that they may differ between pages.
const FREE_TO_CHANGE: [&str; 5] = ["cursor", "limit", "fields", "lang", INCLUDE];
/// What is included in events beside their members.
pub(super) const INCLUDE: &str = "include";

/// The names of the parameters that every list has.
static KNOWN: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let of_pages = OF_PAGES.iter().filter(|name| !name.starts_with("page_"));
    let own = [
        "ongoing",
        "hide_recurring_children",
        "fields",
        "sort",
        "limit",
        "cursor",
    ];
    of_pages.chain(NAMES).chain(&own).copied().collect()
});

/// Returns the names of the parameters of a list.
fn known(resource: Resource) -> Vec<&'static str> {
    let mut known = KNOWN.clone();
    if !resource.inclusions().is_empty() {
        known.push(INCLUDE);
    }
    known
}

/// A parsed query string.
#[derive(Debug)]
pub(super) struct ListParameters {
    query: Query,
    filter: EventFilter,
    window: Window,
    ongoing: Ongoing,
    without_repetition: bool,
    order: ListOrder,
    limit: usize,
    fingerprint: String,
    cursor: Option<ListCursor>,
    /// How items are written.
    pub(super) shape: JsonShape,
    /// Whether events include their parts.
    pub(super) has_parts: bool,
    /// The language of texts.
    pub(super) language: TextLanguage,
}

impl ListParameters {
    /// Parses decoded parameters. `preferred` is the language that the client prefers.
    pub(super) fn parse(
        resource: Resource,
        query: &QueryParams,
        snapshot: &Snapshot,
        preferred: Lang,
    ) -> Result<Self, Problem> {
        let mut values = query.of(&known(resource));
        let filters = read_filters(&mut values, snapshot);
        let kept = query.iter();
        let kept = kept.filter(|(name, _)| !FREE_TO_CHANGE.contains(name));
        let fingerprint = fingerprint(resource.path(), kept);
        let order = read_order(&mut values, resource);
        let cursor = read_cursor(&mut values, &fingerprint, order);
        let mut filter = read_filter(&mut values, &filters);
        let language = TextLanguage::read(&mut values, preferred);
        let (today, zone) = (snapshot.version().today, snapshot.region().time_zone);
        let days = (resource, today, zone);
        let made = Self {
            window: read_window(&mut values, &mut filter, cursor.as_ref(), days),
            ongoing: match values.one_of("ongoing", &["include", "omit", "only"]) {
                Some(1) => Ongoing::Omit,
                Some(2) => Ongoing::Only,
                _ => Ongoing::Include,
            },
            without_repetition: values
                .one_of("hide_recurring_children", &["0", "false", "1", "true"])
                .is_some_and(|at| at >= 2),
            limit: values.limit(&LISTS),
            shape: JsonShape {
                lang: language.lang,
                members: read_members(&mut values, resource),
            },
            has_parts: read_has_parts(&mut values, resource),
            query: filters.query,
            filter,
            language,
            order,
            fingerprint,
            cursor,
        };
        values.done()?;
        Ok(made)
    }

    /// Returns the filters that pages and feeds have too.
    pub(super) fn query(&self) -> &Query {
        &self.query
    }

    /// Returns the request to the catalog.
    pub(super) fn request(&self) -> ListingRequest<'_> {
        ListingRequest {
            query: &self.query,
            filter: &self.filter,
            window: self.window,
            ongoing: self.ongoing,
            without_repetition: self.without_repetition,
            order: self.order,
            after: self.cursor.as_ref().map(|cursor| &cursor.after),
            limit: self.limit,
        }
    }

    /// Returns the cursor of the page after an item.
    pub(super) fn cursor_after(&self, key: ListKey) -> ListCursor {
        ListCursor {
            from: self.window.from,
            until: self.window.until,
            filters: self.fingerprint.clone(),
            after: key,
        }
    }
}

/// Reads the parameters that pages and feeds have too. Their days and language are left to the caller.
fn read_filters(values: &mut Values<'_>, snapshot: &Snapshot) -> Filters {
    let fields = values.among(|name| OF_PAGES.contains(&name) && !READ_HERE.contains(&name));
    Filters::parse(&fields, OF_PAGES, snapshot).unwrap_or_else(|errors| {
        values.extend(errors);
        Filters::default()
    })
}

fn read_order(values: &mut Values<'_>, resource: Resource) -> ListOrder {
    match values.one_of("sort", resource.orders()) {
        Some(1) => ListOrder::StartDescending,
        Some(2) => ListOrder::Change,
        Some(3) => ListOrder::ChangeDescending,
        _ => ListOrder::Start,
    }
}

/// Reads the cursor. It is refused if this list did not give it.
fn read_cursor(values: &mut Values<'_>, fingerprint: &str, order: ListOrder) -> Option<ListCursor> {
    values.cursor("cursor", |text| match ListCursor::parse(text) {
        None => Err("is no cursor: take what `next` said, as it is"),
        Some(cursor) if cursor.filters == fingerprint && order.has_key(&cursor.after) => Ok(cursor),
        Some(_) => Err("is of a list with other filters or another order; begin again without it"),
    })
}

/// Reads `include`.
pub(super) fn read_has_parts(values: &mut Values<'_>, resource: Resource) -> bool {
    let allowed = resource.inclusions();
    let read = |text: &str| allowed.iter().find(|allowed| **allowed == text);
    !allowed.is_empty() && !values.each_of(INCLUDE, allowed, read).is_empty()
}

/// Reads `fields`. What [`INCLUDE`] adds may be named too, and comes if it is included.
pub(super) fn read_members(values: &mut Values<'_>, resource: Resource) -> Option<MemberSet> {
    let choices = resource.fields();
    let read = |text: &str| choices.iter().copied().find(|choice| *choice == text);
    let chosen = values.each_of("fields", &choices, read);
    let mut members = MemberSet::new(resource.members(), resource.key());
    for name in &chosen {
        members.insert(name);
    }
    (!chosen.is_empty()).then_some(members)
}
