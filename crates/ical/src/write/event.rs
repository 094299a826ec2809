//! Serializes an event as VEVENTs (RFC 5545 3.6.1): the event, and one for each changed occurrence.

use std::borrow::Cow;

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;
use icalendar::{EventStatus as Standing, Parameter, Property, ValueType};

use super::dst_transitions::unsettled;
use super::line::{emit, one_line, text_list};
use super::recurrence::{Repetition, repetition};
use super::texts::{EventTexts, WrittenOccurrence};
use super::times::{disambiguated, first_span, instant, representable, span, start, zone_of};
use super::view::{EventView, VenueView};
use super::{CalendarComponent, LeftOut, WriteOptions, Zones};
use crate::image_parameters::{IMAGE_ALT, IMAGE_CREDIT, IMAGE_LICENCE};
use calendar_domain::image::image_licence_address;
use calendar_domain::{Coordinates, Event, EventStatus, Image, Lang, Override, Start, When};

/// Maximum number of images per VEVENT.
const IMAGES: usize = 4;

/// Serializes an event. Never fails: an event that cannot be written gives an empty fragment with
/// the reason, so that one bad record never breaks a feed.
#[must_use]
pub fn event_piece(view: &EventView<'_>, choices: WriteOptions) -> CalendarComponent {
    match write(view, choices) {
        Ok(piece) => piece,
        Err(reason) => CalendarComponent {
            left_out: Some(reason),
            ..CalendarComponent::default()
        },
    }
}

fn write(view: &EventView<'_>, choices: WriteOptions) -> Result<CalendarComponent, LeftOut> {
    let event = view.event;
    if !choices.admit(event.effective_status()) {
        return Err(LeftOut::Choice);
    }
    if !tellable(&event.schedule.when) {
        return Err(LeftOut::NoSuchDate);
    }
    let set = match &event.schedule.recurrence {
        None => None,
        Some(recurrence) => {
            let omitted = |change: &Override| {
                change.status.is_some_and(|status| !choices.admit(status))
                    || change.when.as_ref().is_some_and(|when| !tellable(when))
            };
            let found = repetition(&event.schedule, recurrence, omitted);
            Some(found.ok_or(LeftOut::NeverHappens)?)
        }
    };
    let mut zones = zones_of(event);
    let mut out = String::with_capacity(2048);
    let mut master = whole(view, choices);
    match &set {
        None => vevent(&mut out, &master, None, None),
        Some(set) => {
            master.when = set.told();
            if let (Some(zone), true) = (zone_of(&set.when), set.repeats()) {
                zones.note_rule(zone);
            }
            vevent(&mut out, &master, None, Some(set));
            let usual = Override::default();
            let others = set.overrides.iter().copied();
            let nights = unsettled(set, event.modified).into_iter();
            let mut told: Vec<(Start, &Override)> =
                others.chain(nights.map(|id| (id, &usual))).collect();
            told.sort_by_key(|(id, _)| *id);
            for (id, change) in &told {
                let other = differing(&master, *id, change);
                note(&mut zones, &other.when);
                vevent(&mut out, &other, Some(*id), None);
            }
        }
    }
    Ok(CalendarComponent {
        bytes: out.into_bytes(),
        zones,
        lacks_organizer: public_address(view).is_none(),
        left_out: None,
    })
}

/// Returns the event as a whole.
fn whole<'a>(view: &'a EventView<'a>, choices: WriteOptions) -> WrittenOccurrence<'a> {
    let event = view.event;
    WrittenOccurrence {
        view,
        choices,
        status: event.effective_status(),
        availability: event.availability,
        title: &event.title,
        description: &event.description,
        when: disambiguated(&event.schedule.when),
        previous: event.previous.clone(),
        venues: &view.venues,
    }
}

/// Returns the texts of an event.
#[must_use]
pub fn told(view: &EventView<'_>, choices: WriteOptions) -> EventTexts {
    whole(view, choices).told()
}

/// Returns the texts of the occurrence that replaces the one at `id`.
#[must_use]
pub fn told_at(
    view: &EventView<'_>,
    choices: WriteOptions,
    id: Start,
    change: &Override,
) -> EventTexts {
    differing(&whole(view, choices), id, change).told()
}

fn tellable(when: &When) -> bool {
    representable(when.start().date())
}

/// Returns the zones of the schedule, for all years from its first occurrence to its last.
fn zones_of(event: &Event) -> Zones {
    let mut zones = Zones::default();
    if let Some(zone) = zone_of(&event.schedule.when) {
        let (first, last) = event.schedule.span(zone);
        // A rule without an end is extended to the window of the calendar.
        let last = last.unwrap_or(first).year().max(first.year());
        zones.note(zone, first.year()..=last);
    }
    zones
}

fn note(zones: &mut Zones, when: &When) {
    if let When::Timed { start, end, zone } = when {
        let last = end.unwrap_or(*start).year().max(start.year());
        zones.note(*zone, start.year()..=last);
    }
}

/// Returns the occurrence whose original start is `id`.
fn differing<'a>(
    master: &WrittenOccurrence<'a>,
    id: Start,
    change: &'a Override,
) -> WrittenOccurrence<'a> {
    let view = master.view;
    let usual = view.event.schedule.when.moved_to(id);
    let usual = usual.unwrap_or_else(|| master.when.clone());
    let moved = change
        .when
        .as_ref()
        .is_some_and(|when| when.start() != usual.start());
    let when = match &change.when {
        Some(when) => disambiguated(when),
        None => as_usual(&view.event.schedule.when, &usual, id),
    };
    let other_venues = view.other_venues.get(&id).map(Vec::as_slice);
    let either = |own: &'a calendar_domain::Text, usual| if own.is_empty() { usual } else { own };
    WrittenOccurrence {
        status: change.status.unwrap_or(master.status),
        availability: change.availability.unwrap_or(master.availability),
        title: either(&change.title, master.title),
        description: either(&change.description, master.description),
        when,
        previous: moved.then_some(usual),
        venues: other_venues.unwrap_or(master.venues),
        ..master.clone()
    }
}

/// Returns the time of a regular occurrence: in UTC if the wall time of its end is ambiguous.
fn as_usual(first: &When, usual: &When, id: Start) -> When {
    let told = disambiguated(usual);
    match first.moved_in_utc(id) {
        Some(exact) if told.seen_in(Tz::UTC) != exact => exact,
        _ => told,
    }
}

/// Appends a VEVENT.
fn vevent(
    out: &mut String,
    one: &WrittenOccurrence<'_>,
    id: Option<Start>,
    set: Option<&Repetition<'_>>,
) {
    let (view, event) = (one.view, one.view.event);
    let mut properties = vec![Property::new("UID", event.uid.as_str())];
    let zone = zone_of(&event.schedule.when);
    properties.extend(id.map(|id| start("RECURRENCE-ID", id, zone)));
    properties.push(instant("DTSTAMP", on_record(event.modified)));
    properties.push(instant("CREATED", on_record(event.created)));
    properties.push(instant("LAST-MODIFIED", on_record(event.modified)));
    properties.push(Property::new("SEQUENCE", event.sequence.to_string()));
    properties.extend(match set {
        None => span(&one.when),
        Some(_) => first_span(&one.when),
    });
    if let Some(set) = set {
        properties.extend(
            set.rule
                .iter()
                .map(|rule| Property::new("RRULE", rule.to_string())),
        );
        properties.extend(set.rdates.iter().map(|at| start("RDATE", *at, zone)));
        properties.extend(set.exdates.iter().map(|at| start("EXDATE", *at, zone)));
    }
    let (title, lang) = one.title();
    properties.push(with(
        Property::new("SUMMARY", title),
        [("LANGUAGE", lang.tag())],
    ));
    let (description, lang) = one.description();
    properties.push(with(
        Property::new("DESCRIPTION", description),
        [("LANGUAGE", lang.tag())],
    ));
    properties.extend(where_it_is(one));
    properties.extend(connections(view, one.choices.lang));
    properties.push(standing(one.status).into());
    properties.push(Property::new("TRANSP", transparency(one)));

    emit(out, &Property::new("BEGIN", "VEVENT"));
    for property in &properties {
        emit(out, property);
    }
    emit(out, &Property::new("END", "VEVENT"));
}

/// Returns the instant, or the Unix epoch if RFC 5545 cannot represent it.
fn on_record(at: DateTime<Utc>) -> DateTime<Utc> {
    if representable(at.date_naive()) {
        at
    } else {
        DateTime::UNIX_EPOCH
    }
}

fn with<'p>(
    mut property: Property,
    parameters: impl IntoIterator<Item = (&'p str, &'p str)>,
) -> Property {
    for parameter in parameters {
        property.append_parameter(parameter);
    }
    property
}

/// Returns LOCATION, GEO and CONFERENCE.
fn where_it_is(one: &WrittenOccurrence<'_>) -> Vec<Property> {
    let mut properties = Vec::new();
    if let Some(location) = one.location() {
        properties.push(Property::new("LOCATION", one_line(&location)));
    }
    let here = one
        .venues
        .first()
        .filter(|_| one.status != EventStatus::MovedOnline);
    if let Some(position) = here.and_then(position) {
        let value = format!("{};{}", position.latitude, position.longitude);
        properties.push(Property::new("GEO", value));
    }
    if let Some(url) = &one.view.event.online_url {
        let label = calendar_language::Words::new(one.choices.lang).say("calendar-online");
        let conference = Property::new("CONFERENCE", url.as_str());
        properties.push(uri(with(conference, [("LABEL", label.as_ref())])));
    }
    properties
}

/// Returns the position of a place. It is validated again, since the fields are public.
fn position(venue: &VenueView<'_>) -> Option<Coordinates> {
    let at = venue.coordinates?;
    Coordinates::new(at.latitude, at.longitude).ok()
}

/// Returns CATEGORIES, URL, ORGANIZER, RELATED-TO and IMAGE.
fn connections(view: &EventView<'_>, lang: Lang) -> Vec<Property> {
    let mut properties = Vec::new();
    if !view.categories.is_empty() {
        let names = text_list(view.categories.iter().copied());
        properties.push(Property::new("CATEGORIES", names));
    }
    properties.push(Property::new("URL", view.page.as_str()));
    if let Some((name, email)) = public_address(view) {
        let name = one_line(name);
        let property = Property::new("ORGANIZER", format!("mailto:{email}"));
        properties.push(with(property, [("CN", name.as_ref())]));
    }
    if let Some(parent) = view.super_event {
        let related = Property::new("RELATED-TO", parent.as_str());
        properties.push(with(related, [("RELTYPE", "PARENT")]));
    }
    for image in view.images.iter().take(IMAGES) {
        let property = Property::new("IMAGE", image.address.as_str());
        let mut property = with(property, [("DISPLAY", "GRAPHIC")]);
        if image.file.is_some() {
            property = with(property, [("FMTTYPE", "image/jpeg")]);
        }
        for (name, value) in about(image.image, lang) {
            property = with(property, [(name, value.as_ref())]);
        }
        properties.push(uri(property));
    }
    properties
}

/// Returns the parameters of an IMAGE that name what it shows, its creator and its licence. RFC 7986 6.1 has none for
/// these, and allows others.
fn about(image: &Image, lang: Lang) -> impl Iterator<Item = (&'static str, Cow<'_, str>)> {
    let licence = image.licence.as_deref();
    let licence = licence.map(|name| image_licence_address(name).unwrap_or(name));
    let facts = [
        (IMAGE_ALT, Some(image.alt.get(lang))),
        (IMAGE_CREDIT, image.credit.as_deref()),
        (IMAGE_LICENCE, licence),
    ];
    let said = facts
        .into_iter()
        .map(|(name, text)| (name, one_line(text.unwrap_or_default())));
    said.filter(|(_, text)| !text.is_empty())
}

/// Returns the organizer's name and public mail address. ORGANIZER requires an address.
fn public_address<'a>(view: &EventView<'a>) -> Option<(&'a str, &'a str)> {
    let organizer = view.organizer.as_ref()?;
    let email = organizer.email.filter(|email| is_mail_address(email))?;
    Some((organizer.name, email))
}

fn uri(mut property: Property) -> Property {
    property.append_parameter(Parameter::from(ValueType::Uri));
    property
}

/// Returns true if the text is valid in a `mailto:` URI without escapes.
fn is_mail_address(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b".!#$&'*+-/=_~@".contains(&b);
    text.bytes().all(allowed)
        && text
            .split_once('@')
            .is_some_and(|(who, host)| !who.is_empty() && host.contains('.') && !host.contains('@'))
}

fn standing(status: EventStatus) -> Standing {
    match status {
        EventStatus::Scheduled | EventStatus::Rescheduled | EventStatus::MovedOnline => {
            Standing::Confirmed
        }
        EventStatus::Tentative | EventStatus::Postponed => Standing::Tentative,
        EventStatus::Cancelled => Standing::Cancelled,
    }
}

/// Returns TRANSP: all-day, cancelled and postponed events do not make a user busy.
fn transparency(one: &WrittenOccurrence<'_>) -> &'static str {
    let off = matches!(one.status, EventStatus::Cancelled | EventStatus::Postponed);
    match one.when {
        When::Timed { .. } if !off => "OPAQUE",
        _ => "TRANSPARENT",
    }
}
