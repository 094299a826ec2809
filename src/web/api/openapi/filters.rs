//! The filters of the lists of events and occurrences.

use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, OneOfBuilder, Schema};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};

use super::parameters::{LISTS, cursor, lang, limit, query, text};
use calendar_domain::EventStatus;
use calendar_domain::event_filter::WEEKDAYS;
use calendar_domain::wire::{WireEvent, WireOccurrence};

/// Degrees north and east as text.
const LATITUDE: &str = r"-?(90|[0-8]?[0-9](\.[0-9]{1,6})?)";
const LONGITUDE: &str = r"-?(180|(1[0-7][0-9]|[0-9]{1,2})(\.[0-9]{1,6})?)";
/// A duration of at most ten years.
const DURATION: &str = "^([0-9]{1,5}m|[0-9]{1,4}h|[0-9]{1,3}d)$";

/// The parameters of `/api/v1/events`.
pub struct EventListParams;
/// The parameters of `/api/v1/occurrences`.
pub struct OccurrenceListParams;
/// The parameters of `/api/v1/events/{id}`.
pub struct EventParams;

impl IntoParams for EventListParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let orders = ["start", "-start", "modified", "-modified"];
        let mut all = list(&orders, &event_members());
        all.push(include());
        all
    }
}

impl IntoParams for OccurrenceListParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        list(&["start", "-start"], WireOccurrence::MEMBERS)
    }
}

impl IntoParams for EventParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![fields(&event_members()), include(), lang()]
    }
}

/// The members of events, with the one that `include` adds.
fn event_members() -> Vec<&'static str> {
    [WireEvent::MEMBERS, &["parts"]].concat()
}

fn list(orders: &[&str], members: &[&str]) -> Vec<Parameter> {
    let mut all = vec![
        moment("from", "The first day or time; today if absent."),
        moment(
            "to",
            "The last day or time; two years of dates, or ten of events, if absent.",
        ),
    ];
    all.extend(names());
    all.extend(times());
    all.extend(area());
    all.extend(states());
    all.extend([
        fields(members),
        one_of("sort", "The order; with `-`, the other way round.", orders),
        lang(),
        limit(&LISTS),
        cursor(
            "cursor",
            "`next` of the page before; the first page without it.",
        ),
    ]);
    all
}

/// Filters by the records of the calendar. Their words are added when the document is made for a calendar.
fn names() -> Vec<Parameter> {
    let word = |name: &str, description: &str| query(name, description, several(text()));
    vec![
        word("category", "Slugs of categories, any of which match."),
        word("audience", "Slugs of audiences, any of which match."),
        word("place", "Slugs of places, any of which match."),
        word(
            "municipality",
            "Slugs or numbers of municipalities, any of which match.",
        ),
        word("organizer", "Slugs of organizers, any of which match."),
        word("series", "Slugs of series, any of which match."),
        word("partner", "Ids of partners, any of which match."),
        query(
            "q",
            "Words that all occur in the event.",
            text().pattern(Some(r"[\p{L}\p{N}]")).max_length(Some(300)),
        ),
    ]
}

fn times() -> Vec<Parameter> {
    let duration = |name: &str, description: &str| {
        query(
            name,
            description,
            text().pattern(Some(DURATION)).examples(["90m", "3h", "2d"]),
        )
    };
    let days = text().enum_values(Some(WEEKDAYS));
    let range = "^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$";
    let range = text()
        .pattern(Some(range))
        .examples(["17:00-23:00", "22:00-02:00"]);
    vec![
        one_of(
            "ongoing",
            "What began before `from` and still goes on: `include`, `omit` it, or `only` that.",
            &["include", "omit", "only"],
        ),
        query(
            "weekday",
            "Days of the week on which it takes place.",
            several(days),
        ),
        query(
            "time_of_day",
            "When it begins; may go on after midnight.",
            range,
        ),
        duration(
            "min_duration",
            "The shortest duration, in minutes, hours or days.",
        ),
        duration(
            "max_duration",
            "The longest duration, in minutes, hours or days.",
        ),
    ]
}

fn area() -> Vec<Parameter> {
    let near = text().pattern(Some(format!("^{LATITUDE},{LONGITUDE}$")));
    let radius = text().pattern(Some(r"^[0-9]{1,4}(\.[0-9])?k?m$"));
    let bounds = format!("^{LONGITUDE},{LATITUDE},{LONGITUDE},{LATITUDE}$");
    let bounds = text().pattern(Some(bounds));
    vec![
        query(
            "near",
            "A point: latitude and longitude.",
            near.examples(["60.8810,11.5624"]),
        ),
        query(
            "radius",
            "The distance from `near`, in m or km; 10 km if absent.",
            radius.examples(["800m", "5km"]),
        ),
        query(
            "bbox",
            "A box: west, south, east, north.",
            bounds.examples(["11.2,60.6,12.1,61.3"]),
        ),
    ]
}

fn states() -> Vec<Parameter> {
    let time = text().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
    let statuses = text().enum_values(Some(EventStatus::ALL.map(EventStatus::as_str)));
    let flag = ["0", "1", "false", "true"];
    let yes = ["0", "1", "false", "true", "no", "yes", "off", "on"];
    let features = "^[a-z0-9]+([-_][a-z0-9]+)*(,[a-z0-9]+([-_][a-z0-9]+)*)*$";
    let features = text().pattern(Some(features)).max_length(Some(100));
    vec![
        query("status", "Statuses, any of which match.", several(statuses)),
        one_of(
            "cancelled",
            "`omit` leaves cancelled events out.",
            &["mark", "status", "omit"],
        ),
        one_of(
            "tentative",
            "`omit` leaves events with an unconfirmed date out.",
            &["include", "omit"],
        ),
        query(
            "updated_since",
            "The earliest time of the last change.",
            time,
        ),
        one_of("free", "`1`: only what is free of charge.", &yes),
        query(
            "accessible",
            "`1`: only what can be reached without steps; or names of features, all of which match.",
            features,
        ),
        one_of(
            "parts",
            "`omit` leaves parts of other events out.",
            &["include", "omit"],
        ),
        one_of(
            "hide_recurring_children",
            "`1`: only the first date of what recurs, and no parts of it.",
            &flag,
        ),
    ]
}

fn fields(members: &[&str]) -> Parameter {
    let names = text().enum_values(Some(members.iter().copied()));
    let description = "Members of the items; all if absent. The key is always there.";
    let names = ArrayBuilder::new().items(names).max_items(Some(40));
    query("fields", description, names)
}

fn include() -> Parameter {
    let description = "`parts` adds the events that are parts of an event, as its member `parts`.";
    query(
        "include",
        description,
        several(text().enum_values(Some(["parts"]))),
    )
}

fn one_of(name: &str, description: &str, values: &[&str]) -> Parameter {
    query(
        name,
        description,
        text().enum_values(Some(values.iter().copied())),
    )
}

fn several(item: ObjectBuilder) -> RefOr<Schema> {
    ArrayBuilder::new().items(item).max_items(Some(10)).into()
}

fn moment(name: &str, description: &str) -> Parameter {
    let format = |value| text().format(Some(SchemaFormat::KnownFormat(value)));
    let either = OneOfBuilder::new()
        .item(format(KnownFormat::Date))
        .item(format(KnownFormat::DateTime));
    query(name, description, either)
}
