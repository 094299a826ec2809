//! The query string of a list.

use std::sync::LazyLock;

use calendar_domain::{EventFilter, Lang, Query, Window};

use crate::catalog::{ListKey, ListOrder, ListingRequest, Ongoing, Snapshot};
use crate::web::field_error::{FieldError, FieldProblem};
use crate::web::filters::{Filters, KNOWN as OF_PAGES, QueryFields};
use crate::web::problem::Problem;
use crate::wire::{JsonShape, MemberSet};

use super::cursor::{ListCursor, fingerprint};
use super::filter_parameters::{NAMES, read_filter};
use super::resource::Resource;
use super::single_values::SingleValues;
use super::text_language::TextLanguage;
use super::window_parameters::read_window;

/// Default number of items on a page.
const PAGE: usize = 50;
/// Maximum number of items on a page.
const MOST: usize = 500;
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
        fields: &QueryFields,
        snapshot: &Snapshot,
        preferred: Lang,
    ) -> Result<Self, Problem> {
        let (filters, mut errors) = read_filters(fields, resource, snapshot);
        let mut values = SingleValues::new(fields);
        let kept = fields.iter().map(|(name, value)| (&**name, &**value));
        let kept = kept.filter(|(name, _)| !FREE_TO_CHANGE.contains(name));
        let fingerprint = fingerprint(resource.path(), kept);
        let order = read_order(&mut values, resource);
        let (cursor, refused) = read_cursor(&mut values, &fingerprint, order);
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
            limit: read_limit(&mut values),
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
        errors.append(&mut values.errors);
        match refused {
            _ if !errors.is_empty() => Err(Problem::invalid(errors)),
            Some(refused) => Err(Problem::unusable_cursor(refused)),
            None => Ok(made),
        }
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
            after: self.cursor.as_ref().map(|it| &it.after),
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
fn read_filters(
    fields: &QueryFields,
    resource: Resource,
    snapshot: &Snapshot,
) -> (Filters, Vec<FieldProblem>) {
    let known = known(resource);
    let is_of_pages = |name: &str| OF_PAGES.contains(&name) && !READ_HERE.contains(&name);
    let is_other = |name: &str| is_of_pages(name) || !known.contains(&name);
    let read: QueryFields = fields
        .iter()
        .filter(|(name, _)| is_other(name))
        .cloned()
        .collect();
    match Filters::parse(&read, &known, snapshot) {
        Ok(filters) => (filters, Vec::new()),
        Err(errors) => (Filters::default(), errors),
    }
}

fn read_order(values: &mut SingleValues<'_>, resource: Resource) -> ListOrder {
    match values.one_of("sort", resource.orders()) {
        Some(1) => ListOrder::StartDescending,
        Some(2) => ListOrder::Change,
        Some(3) => ListOrder::ChangeDescending,
        _ => ListOrder::Start,
    }
}

/// Reads the cursor. It is refused if this list did not give it.
fn read_cursor(
    values: &mut SingleValues<'_>,
    fingerprint: &str,
    order: ListOrder,
) -> (Option<ListCursor>, Option<FieldProblem>) {
    let Some(text) = values.get("cursor") else {
        return (None, None);
    };
    let said = match ListCursor::parse(text) {
        None => "is no cursor: take what `next` said, as it is",
        Some(cursor) if cursor.filters == fingerprint && order.has_key(&cursor.after) => {
            return (Some(cursor), None);
        }
        Some(_) => "is of a list with other filters or another order; begin again without it",
    };
    let refused = FieldProblem::new("cursor", FieldError::Said(said.to_owned()));
    (None, Some(refused))
}

fn read_limit(values: &mut SingleValues<'_>) -> usize {
    let read = values.read("limit", |text| {
        let limit = text.parse().ok().filter(|it| (1..=MOST).contains(it));
        limit.ok_or_else(|| format!("must be a number from 1 to {MOST}"))
    });
    read.unwrap_or(PAGE)
}

/// Reads `include`.
pub(super) fn read_has_parts(values: &mut SingleValues<'_>, resource: Resource) -> bool {
    let allowed = resource.inclusions();
    let read = |text: &str| allowed.iter().find(|it| **it == text);
    !allowed.is_empty() && !values.each_of(INCLUDE, allowed, read).is_empty()
}

/// Reads `fields`.
pub(super) fn read_members(values: &mut SingleValues<'_>, resource: Resource) -> Option<MemberSet> {
    let known = resource.members();
    let read = |text: &str| known.iter().find(|it| **it == text);
    let chosen = values.each_of("fields", known, read);
    let mut members = MemberSet::new(known, resource.key());
    for name in &chosen {
        members.insert(name);
    }
    (!chosen.is_empty()).then_some(members)
}
