//! From the wire to a draft.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;
use url::Url;

use crate::domain::{
    Address, Admission, Coordinates, EventDraft, EventStatus, Image, Offer, OrganizerRef, Override,
    Recurrence, Schedule, Slug, Start, Venue, When,
};

use super::shape::{WireEvent, WirePlace, WireRecurrence};

/// A field that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {detail}")]
pub struct WireError {
    /// The field, with its path: `recurrence.rrule`.
    pub field: String,
    /// What is wrong and what is allowed.
    pub detail: String,
}

impl WireError {
    fn new(field: &str, detail: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            detail: detail.into(),
        }
    }
}

/// An event from the wire as a draft. Times without a zone of their own are read in `zone`.
///
/// # Errors
/// One entry per wrong field.
pub fn read(wire: WireEvent, zone: Tz) -> Result<EventDraft, Vec<WireError>> {
    let mut reader = Reader {
        errors: Vec::new(),
        zone,
    };
    let draft = reader.event(wire);
    if reader.errors.is_empty() {
        Ok(draft)
    } else {
        Err(reader.errors)
    }
}

struct Reader {
    errors: Vec<WireError>,
    zone: Tz,
}

impl Reader {
    fn event(&mut self, wire: WireEvent) -> EventDraft {
        self.zone = self.read_zone(wire.time_zone.as_deref());
        if wire.title.is_empty() {
            self.wrong("title", "is required, at least title.nb");
        }
        let when = self.when(&wire);
        if when.is_none()
            && self
                .errors
                .iter()
                .all(|it| it.field != "start" && it.field != "end")
        {
            self.wrong(
                "start",
                "is required: a date, or a time such as 2027-06-01T18:00:00+02:00",
            );
        }
        // Without a time the draft is refused; going on finds the other mistakes too.
        let when = when.unwrap_or_else(|| When::day(NaiveDate::default()));
        let recurrence = wire
            .recurrence
            .as_ref()
            .and_then(|it| self.recurrence(it, &when));
        let origin_id = wire.uid.clone().or(wire.id).unwrap_or_default();
        let schedule = Schedule { when, recurrence };
        let mut draft = EventDraft::new(origin_id, wire.title, schedule);
        draft.uid = wire.uid.and_then(|uid| self.parsed("uid", &uid));
        draft.summary = wire.summary;
        draft.description = wire.description;
        draft.status = wire
            .status
            .map_or(EventStatus::Scheduled, |it| self.status("status", &it));
        let previous = wire.previous_start.as_deref();
        draft.previous = previous
            .and_then(|it| self.point("previous_start", it))
            .map(at_point(self.zone));
        draft.status_note = wire.status_note;
        let places = wire.place.into_iter().chain(wire.other_places);
        draft.venues = places.filter_map(|place| self.place(place)).collect();
        draft.online_url = self.url("online_url", wire.online_url);
        draft.organizer = wire.organizer.and_then(|it| self.organizer(it));
        draft.categories = wire.categories;
        draft.audiences = wire.audiences;
        draft.accessibility = wire
            .accessibility
            .iter()
            .filter_map(|it| self.parsed::<Slug>("accessibility", &it.replace('_', "-")))
            .collect();
        draft.admission = match wire.free {
            None => Admission::Unknown,
            Some(true) => Admission::Free,
            Some(false) => Admission::Paid,
        };
        draft.offers = wire.offers.into_iter().map(|it| self.offer(it)).collect();
        draft.images = wire
            .images
            .into_iter()
            .filter_map(|it| self.image(it))
            .collect();
        draft.website = self.url("website", wire.website);
        draft.super_event = wire.super_event;
        draft.sequence = wire.sequence;
        draft.modified = wire.modified.and_then(|it| self.instant("modified", &it));
        draft
    }

    fn wrong(&mut self, field: &str, detail: impl Into<String>) {
        self.errors.push(WireError::new(field, detail));
    }

    fn read_zone(&mut self, name: Option<&str>) -> Tz {
        let Some(name) = name else { return self.zone };
        name.parse().unwrap_or_else(|_| {
            self.wrong(
                "time_zone",
                format!("«{name}» is no IANA zone such as Europe/Oslo"),
            );
            self.zone
        })
    }

    fn when(&mut self, wire: &WireEvent) -> Option<When> {
        let start = self.point("start", wire.start.as_deref()?)?;
        let end = match wire.end.as_deref() {
            Some(end) => Some(self.point("end", end)?),
            None => None,
        };
        self.between(start, end, wire.all_day, ["start", "end"])
    }

    fn between(
        &mut self,
        start: Point,
        end: Option<Point>,
        all_day: Option<bool>,
        names: [&str; 2],
    ) -> Option<When> {
        match (start, end) {
            (Point::Date(date), None) if all_day == Some(false) => Some(When::TimeToCome { date }),
            (Point::Date(first), None) => Some(When::day(first)),
            (Point::Date(first), Some(Point::Date(last))) if last >= first => {
                Some(When::days(first, last))
            }
            (Point::Local(start), None) => Some(When::Timed {
                start,
                end: None,
                zone: self.zone,
            }),
            (Point::Local(start), Some(Point::Local(end))) if end >= start => Some(When::Timed {
                start,
                end: Some(end),
                zone: self.zone,
            }),
            (Point::Date(_), Some(Point::Local(_))) | (Point::Local(_), Some(Point::Date(_))) => {
                self.wrong(names[1], format!("is of another kind than {}", names[0]));
                None
            }
            _ => {
                self.wrong(names[1], format!("lies before {}", names[0]));
                None
            }
        }
    }

    /// A date, a local time, or an instant, which becomes the local time that it is in the zone.
    fn point(&mut self, field: &str, text: &str) -> Option<Point> {
        if let Ok(date) = text.parse::<NaiveDate>() {
            return Some(Point::Date(date));
        }
        if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
            return Some(Point::Local(
                instant.with_timezone(&self.zone).naive_local(),
            ));
        }
        let local = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"];
        let local = local
            .iter()
            .find_map(|f| NaiveDateTime::parse_from_str(text, f).ok());
        if local.is_none() {
            let allowed = "is no date (2027-06-01) and no time (2027-06-01T18:00:00+02:00)";
            self.wrong(field, format!("«{}» {allowed}", short(text)));
        }
        local.map(Point::Local)
    }

    fn recurrence(&mut self, wire: &WireRecurrence, when: &When) -> Option<Recurrence> {
        let mut made = Recurrence::default();
        if let Some(rule) = &wire.rrule {
            made.rule = self.parsed("recurrence.rrule", rule);
        }
        for text in &wire.rdates {
            made.rdates
                .extend(self.start("recurrence.rdates", text, when));
        }
        for text in &wire.exdates {
            made.exdates
                .extend(self.start("recurrence.exdates", text, when));
        }
        for it in &wire.overrides {
            let Some(id) = self.start("recurrence.overrides", &it.recurrence_id, when) else {
                continue;
            };
            let start = it
                .start
                .as_deref()
                .and_then(|it| self.point("recurrence.overrides", it));
            let end = it
                .end
                .as_deref()
                .and_then(|it| self.point("recurrence.overrides", it));
            let names = ["recurrence.overrides.start", "recurrence.overrides.end"];
            let change = Override {
                when: start.and_then(|start| self.between(start, end, None, names)),
                status: it
                    .status
                    .as_deref()
                    .map(|it| self.status("recurrence.overrides", it)),
                title: it.title.clone(),
                description: it.description.clone(),
                venues: it
                    .place
                    .clone()
                    .and_then(|place| self.place(place))
                    .map(|it| vec![it]),
            };
            made.overrides.insert(id, change);
        }
        (made != Recurrence::default()).then_some(made)
    }

    fn start(&mut self, field: &str, text: &str, when: &When) -> Option<Start> {
        match (self.point(field, text)?, when) {
            (Point::Local(local), When::Timed { .. }) => Some(Start::Local(local)),
            (Point::Date(date), When::AllDay { .. } | When::TimeToCome { .. }) => {
                Some(Start::Date(date))
            }
            _ => {
                self.wrong(
                    field,
                    format!("«{}» is of another kind than start", short(text)),
                );
                None
            }
        }
    }

    fn status(&mut self, field: &str, text: &str) -> EventStatus {
        let known = EventStatus::ALL
            .into_iter()
            .find(|status| status.as_str() == text);
        known.unwrap_or_else(|| {
            let all = EventStatus::ALL.map(EventStatus::as_str).join(", ");
            self.wrong(field, format!("«{}» is none of {all}", short(text)));
            EventStatus::Scheduled
        })
    }

    fn place(&mut self, wire: WirePlace) -> Option<Venue> {
        if let Some(slug) = wire.slug {
            return self.parsed("place.slug", &slug).map(Venue::Place);
        }
        let Some(name) = wire.name else {
            self.wrong("place", "needs a slug or a name");
            return None;
        };
        let coordinates = match (wire.latitude, wire.longitude) {
            (Some(latitude), Some(longitude)) => match Coordinates::new(latitude, longitude) {
                Ok(coordinates) => Some(coordinates),
                Err(error) => {
                    self.wrong("place.latitude", error.to_string());
                    None
                }
            },
            _ => None,
        };
        // The address line that we write has the postal code in it.
        let line = wire.address.as_deref().unwrap_or_default();
        let postal_code = wire
            .postal_code
            .filter(|code| !line.contains(code.as_str()));
        let address = (wire.address.is_some() || postal_code.is_some()).then_some(Address {
            street: wire.address,
            postal_code,
            locality: None,
        });
        let number = wire.municipality;
        let municipality = number.and_then(|it| self.parsed("place.municipality", &it));
        Some(Venue::Described {
            name,
            address,
            municipality,
            coordinates,
        })
    }

    fn organizer(&mut self, wire: super::shape::WireOrganizer) -> Option<OrganizerRef> {
        if let Some(slug) = wire.slug {
            return self
                .parsed("organizer.slug", &slug)
                .map(OrganizerRef::Organizer);
        }
        let url = self.url("organizer.url", wire.url);
        wire.name.map(|name| OrganizerRef::Described { name, url })
    }

    fn offer(&mut self, wire: super::shape::WireOffer) -> Offer {
        if let Some(price) = &wire.price
            && price
                .parse::<f64>()
                .is_ok_and(|number| number >= 0.0 && number.is_finite())
                .eq(&false)
        {
            self.wrong(
                "offers.price",
                format!("«{}» is no price such as 250.00", short(price)),
            );
        }
        let currency = wire.currency.unwrap_or_else(|| "NOK".into());
        if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
            self.wrong("offers.currency", "is no ISO 4217 code such as NOK");
        }
        Offer {
            name: wire.name,
            price: wire.price,
            currency,
            url: self.url("offers.url", wire.url),
        }
    }

    fn image(&mut self, wire: super::shape::WireImage) -> Option<Image> {
        let url = self.url("images.url", Some(wire.url))?;
        Some(Image {
            url,
            alt: wire.alt,
            credit: wire.credit,
            licence: wire.licence,
        })
    }

    fn url(&mut self, field: &str, text: Option<String>) -> Option<Url> {
        let text = text?;
        match Url::parse(&text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Some(url),
            _ => {
                self.wrong(
                    field,
                    format!("«{}» is no http or https address", short(&text)),
                );
                None
            }
        }
    }

    fn instant(&mut self, field: &str, text: &str) -> Option<DateTime<Utc>> {
        let instant = DateTime::parse_from_rfc3339(text).ok();
        if instant.is_none() {
            self.wrong(field, format!("«{}» is no RFC 3339 time", short(text)));
        }
        instant.map(|instant| instant.to_utc())
    }

    fn parsed<T: std::str::FromStr>(&mut self, field: &str, text: &str) -> Option<T>
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

/// A start or an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Point {
    Date(NaiveDate),
    Local(NaiveDateTime),
}

fn at_point(zone: Tz) -> impl Fn(Point) -> When {
    move |point| match point {
        Point::Date(date) => When::day(date),
        Point::Local(start) => When::Timed {
            start,
            end: None,
            zone,
        },
    }
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_json(json: &str) -> Result<EventDraft, Vec<WireError>> {
        read(serde_json::from_str(json).unwrap(), chrono_tz::Europe::Oslo)
    }

    #[test]
    fn a_title_and_a_start_are_enough() {
        let draft = read_json(r#"{"title":{"nb":"Dugnad"},"start":"2027-06-01T18:00:00+02:00"}"#);
        let when = draft.unwrap().schedule.when;
        assert_eq!(when.start().local().to_string(), "2027-06-01 18:00:00");
    }

    #[test]
    fn a_date_that_is_not_all_day_has_its_time_to_come() {
        let draft = read_json(r#"{"title":{"nb":"x"},"start":"2027-06-01","all_day":false}"#);
        assert!(matches!(
            draft.unwrap().schedule.when,
            When::TimeToCome { .. }
        ));
    }

    #[test]
    fn each_wrong_field_is_told() {
        let json = r#"{"start":"tomorrow","status":"maybe","website":"javascript:x","free":true,
            "place":{},"time_zone":"Elverum"}"#;
        let errors = read_json(json).unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(
            fields,
            ["time_zone", "title", "start", "status", "place", "website"]
        );
    }

    #[test]
    fn an_end_before_the_start_is_wrong() {
        let json = r#"{"title":{"nb":"x"},"start":"2027-06-02","end":"2027-06-01"}"#;
        assert_eq!(read_json(json).unwrap_err()[0].field, "end");
    }
}
