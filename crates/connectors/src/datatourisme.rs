//! DATAtourisme, the French national tourism catalog: points of interest as JSON-LD, from its API or from a
//! flux.
//!
//! A value is a scalar, a list or a language map, and keys may have prefixes.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use serde_json::Value;

use crate::connector::{
    Certainty, Connector, Detection, FetchContext, ParsedItem, ParsedPage, PartnerResponse,
    Request, Unreadable,
};
use crate::diagnostic::Diagnostic;
use calendar_domain::{Address, EventDraft, Image, ImageSource, Lang, OrganizerRef, Venue, When};

use super::linked_data::extras::{AdmissionPrice, price, ticket};
use super::linked_data::{each, field, plain, plain_of, text, types};
use super::parse::{self, ParsedTime};

/// Types that all events have.
const KINDS: [&str; 3] = ["Event", "EntertainmentAndEvent", "PointOfInterest"];
/// Maximum number of periods of an event.
const HAPPENINGS: usize = 500;
/// Maximum number of images of an event.
const IMAGES: usize = 20;

/// The connector of DATAtourisme. It reads points of interest that have `takesPlaceAt`.
pub struct Datatourisme;

impl Connector for Datatourisme {
    fn id(&self) -> &'static str {
        "datatourisme"
    }

    fn about(&self) -> &'static str {
        "events of DATAtourisme, the French national catalogue (API or JSON-LD)"
    }

    fn read(
        &self,
        answer: &PartnerResponse<'_>,
        asking: &FetchContext<'_>,
    ) -> Result<ParsedPage, Unreadable> {
        let root = json(answer)?;
        let all = objects(&root);
        if all.is_empty() && field(&root, "objects").is_null() && field(&root, "graph").is_null() {
            let why = "it contains no list of objects and is not an event";
            return Err(Unreadable(why.into()));
        }
        let mut page = ParsedPage::default();
        let (events, others): (Vec<&Value>, Vec<&Value>) =
            all.into_iter().partition(|object| is_event(object));
        if !others.is_empty() {
            let detail = format!(
                "skipped {} points of interest that are not events",
                others.len()
            );
            page.remarks.push(Diagnostic::warning("objects", detail));
        }
        for (index, object) in events.into_iter().enumerate() {
            let draft = draft(object, index + 1, answer, asking, &mut page.remarks);
            page.items
                .extend(draft.map(|draft| ParsedItem::Event(Box::new(draft))));
        }
        page.next = next(&root, answer);
        Ok(page)
    }

    fn recognise(&self, answer: &PartnerResponse<'_>) -> Option<Detection> {
        let root = json(answer).ok()?;
        let events = objects(&root)
            .into_iter()
            .filter(|object| is_event(object))
            .count();
        (events > 0).then(|| Detection {
            certainty: Certainty::Certain,
            why: format!("it has objects with takesPlaceAt, as in DATAtourisme: {events}"),
            url: None,
        })
    }
}

fn json(answer: &PartnerResponse<'_>) -> Result<Value, Unreadable> {
    if !matches!(answer.first_byte(), Some(b'{' | b'[')) {
        return Err(Unreadable("it is not JSON".into()));
    }
    let bytes = answer
        .bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(answer.bytes);
    serde_json::from_slice(bytes).map_err(|error| Unreadable(format!("it is not JSON: {error}")))
}

/// Returns the objects of a response: `objects` of the API, `@graph` of a flux, a list, or a single object.
fn objects(root: &Value) -> Vec<&Value> {
    let list = match root {
        Value::Array(_) => root,
        _ if is_event(root) => root,
        _ => match field(root, "objects") {
            Value::Null => field(root, "graph"),
            objects => objects,
        },
    };
    each(list).iter().filter(|item| item.is_object()).collect()
}

fn is_event(object: &Value) -> bool {
    !field(object, "takesPlaceAt").is_null()
}

/// Returns the request for the next page of the API, if it has the same origin.
fn next(root: &Value, answer: &PartnerResponse<'_>) -> Vec<Request> {
    let told = [field(root, "meta"), field(root, "links"), root];
    let told = told.iter().find_map(|plain| plain_of(plain, &["next"]));
    let url = told.and_then(|plain| parse::web(&plain, answer.url));
    url.filter(|url| url.origin() == answer.url.origin() && url != answer.url)
        .map(Request::to)
        .into_iter()
        .collect()
}

fn draft(
    object: &Value,
    number: usize,
    answer: &PartnerResponse<'_>,
    asking: &FetchContext<'_>,
    remarks: &mut Vec<Diagnostic>,
) -> Option<EventDraft> {
    let (language, base) = (asking.language, answer.url);
    let title = text(field(object, "label"), language, parse::title);
    let at = |what: &str| format!("event {number} ({}): {what}", title.get(language));
    let ids = ["identifier", "uuid", "id", "uri"];
    let Some(id) = plain_of(object, &ids) else {
        remarks.push(Diagnostic::error(at("uuid"), "missing"));
        return None;
    };
    if title.is_empty() {
        remarks.push(Diagnostic::error(at("label"), "missing"));
        return None;
    }
    let mut happenings = Vec::new();
    for period in each(field(object, "takesPlaceAt")).iter().take(HAPPENINGS) {
        happenings.extend(happening(period, asking, &at, remarks));
    }
    let dates = happenings.into_iter().map(Into::into).collect();
    let Some((schedule, lost)) = parse::dates::schedule(dates) else {
        remarks.push(Diagnostic::error(
            at("takesPlaceAt"),
            "it has no readable date",
        ));
        return None;
    };
    if lost > 0 {
        let detail = format!("skipped {lost} dates that begin at the same time as another");
        remarks.push(Diagnostic::warning(at("takesPlaceAt"), detail));
    }
    let mut draft = EventDraft::new(id, title.clone(), schedule);
    let described = each(field(object, "hasDescription")).first();
    let described = described.unwrap_or(&Value::Null);
    draft.description = text(
        field(described, "description"),
        language,
        parse::description,
    );
    draft.summary = text(
        field(described, "shortDescription"),
        language,
        parse::summary,
    );
    if draft.summary.is_empty() {
        draft.summary = text(field(object, "comment"), language, parse::summary);
    }
    draft.venues = each(field(object, "isLocatedAt"))
        .iter()
        .filter_map(venue)
        .collect();
    draft.categories = types(object)
        .filter(|types| !KINDS.contains(types))
        .map(str::to_owned)
        .collect();
    for theme in each(field(object, "hasTheme")) {
        let label = text(field(theme, "label"), language, parse::title);
        super::linked_data::add_words(&mut draft.categories, &label.get(language).into());
    }
    let page = |name: &str| {
        let contacts = each(field(object, name)).iter();
        contacts
            .filter_map(|contact| plain_of(contact, &["homepage"]))
            .find_map(|plain| parse::web(&plain, base))
    };
    draft.website = page("hasContact");
    let AdmissionPrice {
        offers, admission, ..
    } = price(&priced(object), base, language);
    (draft.offers, draft.admission) = (offers, admission);
    if draft.offers.is_empty() {
        draft.offers = page("hasBookingContact").map(ticket).into_iter().collect();
    }
    draft.organizer = organizer(object);
    draft.images = images(object, answer, asking);
    draft.modified = plain_of(object, &["lastUpdateDatatourisme", "lastUpdate"])
        .and_then(|plain| instant(&plain));
    Some(draft)
}

/// Returns the price specifications of all offers as schema.org offers.
fn priced(object: &Value) -> Value {
    let offers = each(field(object, "offers")).iter();
    let all = offers
        .flat_map(|offer| each(field(offer, "priceSpecification")))
        .cloned()
        .map(|mut item| {
            // Prices without a currency are in euros, since the catalog is French.
            if let Some(map) = item.as_object_mut() {
                map.entry("priceCurrency").or_insert_with(|| "EUR".into());
            }
            item
        });
    serde_json::json!({ "offers": all.collect::<Vec<_>>() })
}

/// Returns the time of a period. Hours apply to a single day or one night. A longer period becomes whole
/// days, since its hours are daily opening hours.
fn happening(
    period: &Value,
    asking: &FetchContext<'_>,
    at: &dyn Fn(&str) -> String,
    remarks: &mut Vec<Diagnostic>,
) -> Option<When> {
    let mut day = |name: &str| {
        let told = plain_of(period, &[name])?;
        let read = parse::time(&told).map(|time| time.local(asking.zone).date());
        if read.is_none() {
            let detail = format!("«{}» is not a day", parse::title(&told));
            remarks.push(Diagnostic::warning(at(name), detail));
        }
        read
    };
    let first = day("startDate")?;
    let last = day("endDate").unwrap_or(first).max(first);
    let clock = |name: &str| clock(&plain_of(period, &[name])?);
    let (start, end) = (clock("startTime"), clock("endTime"));
    let Some(start) = start else {
        return Some(When::days(first, last));
    };
    let night = end.is_some_and(|end| end < start) && last - first == TimeDelta::days(1);
    if last == first || night {
        let end = end.map(|end| ParsedTime::Local(last.and_time(end)));
        return Some(parse::span(
            ParsedTime::Local(first.and_time(start)),
            end,
            asking.zone,
        ));
    }
    let detail = format!("the hours of the days from {first} to {last} are left out");
    remarks.push(Diagnostic::warning(at("takesPlaceAt"), detail));
    Some(When::days(first, last))
}

fn clock(text: &str) -> Option<NaiveTime> {
    let forms = ["%H:%M:%S%.f", "%H:%M"];
    forms
        .iter()
        .find_map(|form| NaiveTime::parse_from_str(text.trim(), form).ok())
}

/// Parses an instant. A date is its midnight in UTC.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    match parse::time(text)? {
        ParsedTime::Instant(instant) => Some(instant),
        other => Some(other.local(chrono_tz::UTC).and_utc()),
    }
}

/// Returns a place from its label, address and coordinates.
fn venue(located: &Value) -> Option<Venue> {
    let address = each(field(located, "address"))
        .first()
        .unwrap_or(&Value::Null);
    let line = |value: &Value| plain(value).map(|plain| parse::title(&plain));
    let town = || {
        let city = each(field(address, "hasAddressCity")).first()?;
        name(field(city, "label"))
    };
    let street: Vec<String> = each(field(address, "streetAddress"))
        .iter()
        .filter_map(line)
        .collect();
    let address = Address {
        street: (!street.is_empty()).then(|| street.join(", ")),
        postal_code: line(field(address, "postalCode")),
        locality: line(field(address, "addressLocality")).or_else(town),
    };
    let geo = each(field(located, "geo")).first().unwrap_or(&Value::Null);
    let coordinates = plain_of(geo, &["latitude"]).zip(plain_of(geo, &["longitude"]));
    let coordinates =
        coordinates.and_then(|(latitude, longitude)| parse::position(&latitude, &longitude));
    let told = name(field(located, "label"));
    let told = told.unwrap_or_else(|| address.line());
    if told.is_empty() && coordinates.is_none() {
        return None;
    }
    Some(Venue::Described {
        name: told,
        address: (address != Address::default()).then_some(address),
        municipality: None,
        coordinates,
    })
}

/// Returns a name in any language.
fn name(value: &Value) -> Option<String> {
    let told = text(value, Lang::Nb, parse::title);
    let first = told.localized(Lang::Nb)?;
    Some(first.text.to_owned())
}

/// Returns the owner, else the creator, else the contact.
fn organizer(object: &Value) -> Option<OrganizerRef> {
    ["isOwnedBy", "hasBeenCreatedBy", "hasContact"]
        .iter()
        .find_map(|field_name| {
            each(field(object, field_name)).iter().find_map(|agent| {
                let told = ["legalName", "name", "label"];
                let told = told.iter().find_map(|item| name(field(agent, item)))?;
                Some(OrganizerRef::Described {
                    name: told,
                    url: None,
                })
            })
        })
}

/// Returns the images with their credits, the main one first.
fn images(object: &Value, answer: &PartnerResponse<'_>, asking: &FetchContext<'_>) -> Vec<Image> {
    let all = ["hasMainRepresentation", "hasRepresentation"];
    let all = all.iter().flat_map(|item| each(field(object, item)));
    let mut found: Vec<Image> = Vec::new();
    for picture in all.take(IMAGES) {
        let resource = each(field(picture, "hasRelatedResource"))
            .first()
            .unwrap_or(picture);
        let Some(url) =
            plain_of(resource, &["locator"]).and_then(|plain| parse::web(&plain, answer.url))
        else {
            continue;
        };
        let note = each(field(picture, "hasAnnotation"))
            .first()
            .unwrap_or(&Value::Null);
        let line = |text: String| parse::summary(&text);
        if found
            .iter()
            .all(|other| other.source != ImageSource::Url(url.clone()))
        {
            found.push(Image {
                alt: text(field(note, "title"), asking.language, parse::summary),
                credit: plain_of(note, &["credits"]).map(line),
                licence: plain_of(note, &["isCoveredBy", "license"]).map(line),
                ..Image::at(url)
            });
        }
    }
    found
}
