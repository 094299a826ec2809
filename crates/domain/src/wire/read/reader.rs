//! Reads an event in its wire form.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use url::Url;

use super::times::at_point;
use crate::bounds;
use crate::event_facts::SustainabilityFact;
use crate::plain_field::PlainField;
use crate::plain_fields::plain_fields;
use crate::wire::error::{WireError, read_url, short};
use crate::wire::shape::{WireEvent, WireOffer, WireOrganizer, WirePlace};
use crate::{
    Address, Admission, Coordinates, EventDraft, EventStatus, Offer, OrganizerRef, Schedule, Slug,
    Venue, When,
};

/// Returns the draft of an event in JSON form. Times without an offset are in the event's
/// `time_zone`, which defaults to `zone`.
///
/// # Errors
/// Returns one error for each wrong field.
///
/// # Examples
/// ```
/// use calendar_domain::Lang;
/// use calendar_domain::wire::{self, WireEvent};
///
/// let zone = chrono_tz::Europe::Oslo;
/// let json = r#"{"title": {"nb": "Vårkonsert"}, "start": "2027-04-10T19:00:00+02:00"}"#;
/// let event: WireEvent = serde_json::from_str(json).unwrap();
/// let draft = wire::read(event, zone).unwrap();
/// assert_eq!(draft.title.get(Lang::Nb), "Vårkonsert");
///
/// let incomplete: WireEvent = serde_json::from_str("{}").unwrap();
/// let errors = wire::read(incomplete, zone).unwrap_err();
/// let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
/// assert_eq!(fields, ["title", "start"]);
/// ```
pub fn read(wire: WireEvent, zone: Tz) -> Result<EventDraft, Vec<WireError>> {
    let mut reader = Reader {
        errors: Vec::new(),
        zone,
    };
    let draft = reader.event(wire);
    if reader.errors.is_empty() {
        let dates = bounds::draft_errors(&draft).into_iter();
        let dates = dates.map(|dates| WireError::new(&dates.field, dates.detail));
        reader.errors.extend(dates);
    }
    if reader.errors.is_empty() {
        Ok(draft)
    } else {
        Err(reader.errors)
    }
}

pub(super) struct Reader {
    pub(super) errors: Vec<WireError>,
    pub(super) zone: Tz,
}

impl Reader {
    fn event(&mut self, mut wire: WireEvent) -> EventDraft {
        self.zone = self.read_zone("time_zone", wire.time_zone.as_deref());
        if wire.title.is_empty() {
            self.wrong("title", "is required, at least title.nb");
        }
        let when = self.when(&wire);
        if when.is_none()
            && self
                .errors
                .iter()
                .all(|error| error.field != "start" && error.field != "end")
        {
            self.wrong(
                "start",
                "is required: a date, or a time such as 2027-06-01T18:00:00+02:00",
            );
        }
        // Without a time the draft is refused, but its other errors are reported too.
        let when = when.unwrap_or_else(|| When::day(NaiveDate::default()));
        let recurrence = wire
            .recurrence
            .as_ref()
            .and_then(|recurrence| self.recurrence(recurrence, &when));
        let origin_id = wire.uid.clone().or(wire.id.take()).unwrap_or_default();
        let schedule = Schedule { when, recurrence };
        let mut draft = EventDraft::new(origin_id, std::mem::take(&mut wire.title), schedule);
        let mut plain_errors = Vec::new();
        move_plain_fields(&mut wire, &mut draft, &mut plain_errors);
        draft.uid = wire.uid.and_then(|uid| self.parsed("uid", &uid));
        draft.status = wire.status.map_or(EventStatus::Scheduled, |status| {
            self.status("status", &status)
        });
        let previous = wire.previous_start.as_deref();
        draft.previous = previous
            .and_then(|previous| self.point("previous_start", previous))
            .map(at_point(self.zone));
        draft.status_note = wire.status_note;
        let places = wire.place.into_iter().chain(wire.other_places);
        draft.venues = places.filter_map(|place| self.place(place)).collect();
        draft.online_url = self.url("online_url", wire.online_url);
        draft.organizer = wire
            .organizer
            .and_then(|organizer| self.organizer(organizer));
        draft.categories = wire.categories;
        draft.audiences = wire.audiences;
        draft.accessibility = wire
            .accessibility
            .iter()
            .filter_map(|accessibility| {
                self.parsed::<Slug>("accessibility", &accessibility.replace('_', "-"))
            })
            .collect();
        draft.admission = match wire.free {
            None => Admission::Unknown,
            Some(true) => Admission::Free,
            Some(false) => Admission::Paid,
        };
        draft.offers = wire
            .offers
            .into_iter()
            .map(|offer| self.offer(offer))
            .collect();
        self.errors.append(&mut plain_errors);
        self.certificate(&draft);
        draft.super_event = wire.super_event;
        draft.sequence = wire.sequence;
        draft.modified = wire
            .modified
            .and_then(|modified| self.instant("modified", &modified));
        draft
    }

    pub(super) fn wrong(&mut self, field: &str, detail: impl Into<String>) {
        self.errors.push(WireError::new(field, detail));
    }

    pub(super) fn read_zone(&mut self, field: &str, name: Option<&str>) -> Tz {
        let Some(name) = name else { return self.zone };
        name.parse().unwrap_or_else(|_| {
            let name = short(name);
            self.wrong(
                field,
                format!("«{name}» is not an IANA zone such as Europe/Oslo"),
            );
            self.zone
        })
    }

    pub(super) fn status(&mut self, field: &str, text: &str) -> EventStatus {
        let known = EventStatus::ALL
            .into_iter()
            .find(|status| status.as_str() == text);
        known.unwrap_or_else(|| {
            let all = EventStatus::ALL.map(EventStatus::as_str).join(", ");
            self.wrong(field, format!("«{}» is not one of {all}", short(text)));
            EventStatus::Scheduled
        })
    }

    pub(super) fn place(&mut self, wire: WirePlace) -> Option<Venue> {
        if let Some(slug) = wire.slug {
            return self.parsed("place.slug", &slug).map(Venue::Place);
        }
        let name = wire.name.filter(|name| !name.trim().is_empty());
        if name.is_none() && wire.latitude.is_none() {
            self.wrong("place", "needs a slug, a name or coordinates");
            return None;
        }
        let name = name.unwrap_or_default();
        let coordinates = match (wire.latitude, wire.longitude) {
            (Some(latitude), Some(longitude)) => match Coordinates::new(latitude, longitude) {
                Ok(coordinates) => Some(coordinates),
                Err(error) => {
                    self.wrong("place.latitude", error.to_string());
                    None
                }
            },
            (None, None) => None,
            _ => {
                let field = match wire.latitude {
                    Some(_) => "place.longitude",
                    None => "place.latitude",
                };
                self.wrong(field, "is required with the other coordinate");
                None
            }
        };
        let address = Address::of_line(wire.address, wire.postal_code);
        let number = wire.municipality;
        let municipality = number.and_then(|number| self.parsed("place.municipality", &number));
        Some(Venue::Described {
            name,
            address,
            municipality,
            coordinates,
        })
    }

    fn organizer(&mut self, wire: WireOrganizer) -> Option<OrganizerRef> {
        if let Some(slug) = wire.slug {
            return self
                .parsed("organizer.slug", &slug)
                .map(OrganizerRef::Organizer);
        }
        let url = self.url("organizer.url", wire.url);
        let name = wire.name.filter(|name| !name.trim().is_empty());
        if name.is_none() {
            self.wrong("organizer", "needs a slug or a name");
        }
        name.map(|name| OrganizerRef::Described { name, url })
    }

    fn offer(&mut self, wire: WireOffer) -> Offer {
        if let Some(price) = wire.price.as_deref().filter(|price| !is_price(price)) {
            let allowed =
                "is not a price such as 250.00: up to 9 digits, a point and up to 2 decimals";
            self.wrong("offers.price", format!("«{}» {allowed}", short(price)));
        }
        let currency = wire.currency.unwrap_or_else(|| "NOK".into());
        if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
            self.wrong("offers.currency", "is not an ISO 4217 code such as NOK");
        }
        Offer {
            name: wire.name,
            price: wire.price,
            currency,
            url: self.url("offers.url", wire.url),
        }
    }

    fn certificate(&mut self, draft: &EventDraft) {
        let is_certified = draft
            .sustainability
            .contains(&SustainabilityFact::Certified);
        if draft.sustainability_certificate.is_some() && !is_certified {
            let detail =
                "requires certified in sustainability; add it there, or omit the certificate";
            self.wrong("sustainability_certificate", detail);
        }
    }

    fn url(&mut self, field: &str, text: Option<String>) -> Option<Url> {
        read_url(field, text, &mut self.errors)
    }

    fn instant(&mut self, field: &str, text: &str) -> Option<DateTime<Utc>> {
        let instant = DateTime::parse_from_rfc3339(text).ok();
        if instant.is_none() {
            self.wrong(field, format!("«{}» is not an RFC 3339 time", short(text)));
        }
        instant.map(|instant| instant.to_utc())
    }

    pub(super) fn parsed<T: std::str::FromStr>(&mut self, field: &str, text: &str) -> Option<T>
    where
        T::Err: std::fmt::Display,
    {
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.wrong(field, format!("{error}"));
                None
            }
        }
    }
}

macro_rules! define_move {
    (
        texts { $($(#[$text_doc:meta])* $text_field:ident $text:ident: $text_type:ty,)* }
        facts { $($(#[$fact_doc:meta])* $fact_field:ident $fact:ident: $fact_type:ty,)* }
        details { $($(#[$doc:meta])* $field:ident $name:ident: $type:ty,)* }
    ) => {
        /// Moves the plain fields into a draft.
        fn move_plain_fields(
            wire: &mut WireEvent,
            draft: &mut EventDraft,
            errors: &mut Vec<WireError>,
        ) {
            $(
                let value = std::mem::take(&mut wire.$text);
                draft.$text = PlainField::from_wire(value, stringify!($text), errors);
            )*
            $(
                let value = std::mem::take(&mut wire.$fact);
                draft.$fact = PlainField::from_wire(value, stringify!($fact), errors);
            )*
            $(
                let value = std::mem::take(&mut wire.$name);
                draft.$name = PlainField::from_wire(value, stringify!($name), errors);
            )*
        }
    };
}

plain_fields!(define_move);

/// Returns true for a decimal number of up to nine digits with at most two decimals.
fn is_price(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    digits(whole, 9) && digits(part, 2)
}
