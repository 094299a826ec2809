//! Converts a VEVENT (RFC 5545 section 3.6.1) to a [`ReadEvent`].
//!
//! ATTENDEE is ignored because it is private, alarms because they belong to the subscriber. X-
//! properties not listed here are ignored too.

use chrono::{NaiveDateTime, NaiveTime};

use super::super::component::Component;
use super::super::finding::{Reason, Severity};
use super::super::property::Property;
use super::super::value::{CalDuration, Geo, parse_geo, split_list, unescape_text};
use super::model::{
    AttachedLink, CalTime, LocalText, ReadEnd, ReadEvent, ReadOrganizer, ReadStatus, RecurrenceId,
    Relation,
};
use super::times::ReadContext;
use crate::image_parameters::{IMAGE_ALT, IMAGE_CREDIT, IMAGE_LICENCE};
use calendar_domain::recurrence::RecurrenceRule;

/// Reads a VEVENT. Returns `None`, after reporting a bad value, if it has no usable DTSTART.
pub(super) fn read_event(
    component: &Component<'_>,
    calendar: usize,
    context: &mut ReadContext<'_, '_>,
) -> Option<ReadEvent> {
    let start = component
        .property("DTSTART")
        .and_then(|property| context.time(property))?;
    let mut event = ReadEvent::new(component.line, calendar, start);
    let mut seen = Seen::default();
    for property in &component.properties {
        if seen.again(property.name()) {
            let detail = "occurs more than once; the first applies";
            context.report(property, Reason::Duplicate, Severity::Note, detail);
            continue;
        }
        if !time_property(&mut event, property, context) {
            other_property(&mut event, property, context);
        }
    }
    check_end(&mut event, component, context);
    Some(event)
}

/// Bit set of the properties seen that may occur only once.
#[derive(Default)]
struct Seen(u32);

const ONCE: [&str; 15] = [
    "DTSTART",
    "DTEND",
    "DURATION",
    "UID",
    "RECURRENCE-ID",
    "STATUS",
    "SEQUENCE",
    "GEO",
    "URL",
    "ORGANIZER",
    "CREATED",
    "LAST-MODIFIED",
    "DTSTAMP",
    "CLASS",
    "X-ALT-DESC",
];

impl Seen {
    fn again(&mut self, name: &str) -> bool {
        let Some(index) = ONCE.iter().position(|once| *once == name) else {
            return false;
        };
        let bit = 1 << index;
        let before = self.0;
        self.0 |= bit;
        before & bit != 0
    }
}

/// Handles a property of a time type; returns false for any other property.
fn time_property(
    event: &mut ReadEvent,
    property: &Property<'_>,
    context: &mut ReadContext<'_, '_>,
) -> bool {
    match property.name() {
        "DTEND" => {
            if let Some(end) = context.time(property) {
                event.end = ReadEnd::At(end);
            }
        }
        "DURATION" => match CalDuration::parse(property.value()) {
            // DTEND and DURATION exclude each other; DTEND takes precedence.
            Some(_) if matches!(event.end, ReadEnd::At(_)) => {}
            Some(duration) => event.end = ReadEnd::After(duration),
            None => context.bad_value(property, property.value(), "duration"),
        },
        "RECURRENCE-ID" => {
            let this_and_future = property.parameter_is("RANGE", "THISANDFUTURE");
            event.recurrence_id = context.time(property).map(|time| RecurrenceId {
                time,
                this_and_future,
            });
        }
        "RRULE" => event.rules.extend(rule(property, context)),
        "EXRULE" => event.exrules.extend(rule(property, context)),
        "RDATE" => context.rdates(property, &mut event.rdates),
        "EXDATE" => context.times(property, &mut event.exdates),
        "CREATED" => event.created = stamp(property, context),
        "LAST-MODIFIED" => event.last_modified = stamp(property, context),
        "DTSTAMP" => event.stamp = stamp(property, context),
        _ => return false,
    }
    true
}

fn other_property(
    event: &mut ReadEvent,
    property: &Property<'_>,
    context: &mut ReadContext<'_, '_>,
) {
    match property.name() {
        "UID" => event.uid = uid(property),
        "STATUS" => event.status = status(property, context),
        "SEQUENCE" => match property.value().trim().parse() {
            Ok(number) => event.sequence = number,
            Err(_) => context.bad_value(property, property.value(), "sequence number"),
        },
        "SUMMARY" => event.summary.push(local_text(property)),
        "DESCRIPTION" => event.description.push(local_text(property)),
        "LOCATION" => event.location.push(local_text(property)),
        "X-ALT-DESC" | "STYLED-DESCRIPTION" => event.html = Some(text(property)),
        "GEO" => match parse_geo(property.value()) {
            Some(geo) => event.geo = Some(geo),
            None => context.bad_value(property, property.value(), "position"),
        },
        "X-APPLE-STRUCTURED-LOCATION" => event.geo = event.geo.or_else(|| apple_geo(property)),
        "URL" => event.url = non_empty(property.value().trim()),
        "CATEGORIES" => {
            let values = split_list(property.value()).map(|value| unescape_text(value));
            let kept = values
                .map(|value| value.trim().to_owned())
                .filter(|value| !value.is_empty());
            event
                .categories
                .extend(kept.take(context.limits.list_values));
        }
        "ORGANIZER" => event.organizer = Some(organizer(property)),
        "RELATED-TO" => event.related.push(relation(property)),
        "IMAGE" | "X-WP-IMAGES-URL" => event.images.extend(link(property)),
        "ATTACH" => attachment(event, property, context),
        "CONFERENCE" | "X-GOOGLE-CONFERENCE" | "X-MICROSOFT-SKYPETEAMSMEETINGURL" => {
            event.conferences.extend(link(property));
        }
        "CLASS" => event.private = is_private(property.value()),
        "X-MICROSOFT-CDO-ALLDAYEVENT" | "X-FUNAMBOL-ALLDAY" => {
            let value = property.value().trim();
            event.marked_all_day = value == "1" || value.eq_ignore_ascii_case("TRUE");
        }
        "X-COST" => event.cost = non_empty(text(property).trim()),
        _ => {}
    }
}

fn rule(property: &Property<'_>, context: &mut ReadContext<'_, '_>) -> Option<RecurrenceRule> {
    match property.value().trim().parse() {
        Ok(rule) => Some(rule),
        Err(error) => {
            let detail = format!("cannot read the rule: {error}");
            context.report(property, Reason::BadRule, Severity::Warning, detail);
            None
        }
    }
}

/// Reads a timestamp as an instant in UTC; dates and floating times are taken as UTC.
fn stamp(property: &Property<'_>, context: &mut ReadContext<'_, '_>) -> Option<NaiveDateTime> {
    let time = context.time(property)?;
    Some(time.utc().unwrap_or_else(|| time.local()))
}

fn status(property: &Property<'_>, context: &mut ReadContext<'_, '_>) -> Option<ReadStatus> {
    match property.value().trim().to_ascii_uppercase().as_str() {
        "CONFIRMED" => Some(ReadStatus::Confirmed),
        "TENTATIVE" => Some(ReadStatus::Tentative),
        "CANCELLED" | "CANCELED" => Some(ReadStatus::Cancelled),
        _ => {
            context.bad_value(property, property.value(), "status of an event");
            None
        }
    }
}

fn text(property: &Property<'_>) -> String {
    unescape_text(&property.decoded_value()).into_owned()
}

/// Returns the UID with its surrounding blanks, which are part of it. A blank UID counts as
/// missing.
fn uid(property: &Property<'_>) -> String {
    let uid = text(property);
    if uid.trim().is_empty() {
        return String::new();
    }
    uid
}

fn non_empty(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn local_text(property: &Property<'_>) -> LocalText {
    let language = property
        .parameter("LANGUAGE")
        .map(|tag| tag.trim().to_owned());
    LocalText {
        language: language.filter(|tag| !tag.is_empty()),
        text: text(property),
    }
}

fn organizer(property: &Property<'_>) -> ReadOrganizer {
    let name = property
        .parameter("CN")
        .and_then(|name| non_empty(name.trim()));
    ReadOrganizer {
        name,
        address: property.value().trim().to_owned(),
    }
}

fn relation(property: &Property<'_>) -> Relation {
    let kind = property
        .parameter("RELTYPE")
        .map(|kind| kind.to_ascii_uppercase());
    let kind = kind.unwrap_or_else(|| "PARENT".to_owned());
    Relation {
        uid: uid(property),
        kind,
    }
}

fn is_private(class: &str) -> bool {
    let class = class.trim();
    class.eq_ignore_ascii_case("PRIVATE") || class.eq_ignore_ascii_case("CONFIDENTIAL")
}

/// Parses `geo:60.88,11.56` with optional parameters after a semicolon.
fn apple_geo(property: &Property<'_>) -> Option<Geo> {
    let position = property.value().trim().strip_prefix("geo:")?;
    parse_geo(position.split(';').next()?)
}

fn link(property: &Property<'_>) -> Option<AttachedLink> {
    if property.parameter_is("VALUE", "BINARY") {
        return None;
    }
    let media_type = property
        .parameter("FMTTYPE")
        .map(|kind| kind.to_ascii_lowercase());
    let text = |name| {
        let value = property.parameter(name);
        value.and_then(|value| non_empty(value.trim()))
    };
    Some(AttachedLink {
        url: non_empty(property.value().trim())?,
        media_type,
        label: text("LABEL"),
        alt: text(IMAGE_ALT),
        credit: text(IMAGE_CREDIT),
        licence: text(IMAGE_LICENCE),
    })
}

fn attachment(event: &mut ReadEvent, property: &Property<'_>, context: &mut ReadContext<'_, '_>) {
    let inline = property.parameter_is("VALUE", "BINARY")
        || property.parameter_is("ENCODING", "BASE64")
        || property.value().trim_start().starts_with("data:");
    if inline {
        let detail = "inline data is ignored";
        context.report(property, Reason::NotKept, Severity::Note, detail);
        return;
    }
    let Some(link) = link(property) else { return };
    let is_image = link
        .media_type
        .as_deref()
        .is_some_and(|kind| kind.starts_with("image/"));
    if is_image {
        &mut event.images
    } else {
        &mut event.attachments
    }
    .push(link);
}

/// Converts the end to the type of the start, and drops it if it is before the start.
fn check_end(event: &mut ReadEvent, component: &Component<'_>, context: &mut ReadContext<'_, '_>) {
    let Some(property) = component
        .property("DTEND")
        .or_else(|| component.property("DURATION"))
    else {
        return;
    };
    if let ReadEnd::At(end) = &event.end
        && end.is_date() != event.start.is_date()
    {
        let detail = "one is a date and the other a date-time; read by the start's type";
        context.report(property, Reason::MixedTypes, Severity::Warning, detail);
        event.end = ReadEnd::At(like_start(&event.start, end));
    }
    let backwards = match &event.end {
        ReadEnd::Missing => false,
        ReadEnd::At(end) => end.on_clock_of(&event.start) < event.start.local(),
        ReadEnd::After(duration) => duration.is_negative(),
    };
    if backwards {
        let detail = "ends before it starts; the end is left out";
        context.report(property, Reason::EndBeforeStart, Severity::Warning, detail);
        event.end = ReadEnd::Missing;
    }
}

/// Converts an end to the type of the start: a date-time to the day after the last one it touches,
/// a date to midnight.
fn like_start(start: &CalTime, end: &CalTime) -> CalTime {
    let local = end.local();
    match start {
        CalTime::Date(_) if local.time() == NaiveTime::MIN => CalTime::Date(local.date()),
        CalTime::Date(_) => CalTime::Date(local.date().succ_opt().unwrap_or(local.date())),
        _ => start.at(local),
    }
}
