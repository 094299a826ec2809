//! Into a Linked Events calendar (`/v1/event/`), with an API key.
//!
//! One event there for each here, a recurring one with its next date: super events are not made. Its
//! place is a link to the calendar's own place of the same name where there is one, and described
//! otherwise; its subjects are the keywords that the connection's `mapping.categories` names: an
//! address, or an id such as `yso:p1808`. Pictures are not sent, since they would have to be uploaded.
//! An event that was cancelled or postponed there cannot become a scheduled one again by the rules
//! of Linked Events; the calendar's refusal is told.

use chrono::{DateTime, SecondsFormat, Utc};
use reqwest::Method;
use serde_json::{Map, Value, json};
use url::Url;

use super::said::in_each;
use super::{Call, Push, Said, id_in, within};
use crate::domain::zone::to_utc;
use crate::domain::{EventStatus, Lang, When};
use crate::sync::connector::SecretUse;

/// Linked Events, as Helsinki and other cities run it.
pub struct LinkedEvents;

impl Push for LinkedEvents {
    fn id(&self) -> &'static str {
        "linked_events"
    }

    fn about(&self) -> &'static str {
        "Linked Events, with an API key"
    }

    fn secret(&self) -> SecretUse {
        SecretUse::Header("apikey")
    }

    /// Day, title and our own address: the first two narrow the search, the last one decides.
    fn reference(&self, said: &Said) -> String {
        let day = said.when.days_touched(said.zone).start;
        let title = said.event.title.get(said.lang).replace('\n', " ");
        format!("{day}\n{title}\n{}", said.url())
    }

    fn look_up(&self, to: &Url, reference: &str) -> Call {
        let mut url = within(to, &["v1"], &["event", ""]);
        let mut parts = reference.splitn(3, '\n');
        let (day, title) = (parts.next(), parts.next());
        let day = day.unwrap_or_default();
        url.query_pairs_mut()
            .append_pair("text", title.unwrap_or_default())
            .append_pair("start", day)
            .append_pair("end", day)
            .append_pair("page_size", "100");
        Call::get(url)
    }

    fn found(&self, answer: &Value, reference: &str) -> Option<String> {
        let ours = reference.splitn(3, '\n').nth(2)?;
        let is_ours = |event: &&Value| {
            let links = event["info_url"].as_object().into_iter();
            links.flat_map(Map::values).any(|it| it == ours)
        };
        let event = answer["data"].as_array()?.iter().find(is_ours)?;
        id_in(&event["id"])
    }

    fn place(&self, to: &Url, said: &Said) -> Option<Call> {
        let name = said.event.place.as_ref()?.name.as_deref()?;
        let mut url = within(to, &["v1"], &["place", ""]);
        url.query_pairs_mut()
            .append_pair("text", name)
            .append_pair("show_all_places", "true");
        Some(Call::get(url))
    }

    fn place_link(&self, answer: &Value, said: &Said) -> Option<String> {
        let name = said.event.place.as_ref()?.name.as_deref()?.to_lowercase();
        let same = |place: &&Value| {
            let names = place["name"].as_object().into_iter().flat_map(Map::values);
            let mut names = names.filter_map(Value::as_str);
            names.any(|it| it.to_lowercase() == name)
        };
        let place = answer["data"].as_array()?.iter().find(same)?;
        place["@id"].as_str().map(str::to_owned)
    }

    fn create(&self, to: &Url, said: &Said) -> Call {
        let url = within(to, &["v1"], &["event", ""]);
        Call::carrying(Method::POST, url, body(to, said))
    }

    fn update(&self, to: &Url, remote_id: &str, said: &Said) -> Call {
        let url = within(to, &["v1"], &["event", remote_id, ""]);
        Call::carrying(Method::PUT, url, body(to, said))
    }

    fn withdraw(&self, to: &Url, remote_id: &str) -> Call {
        Call {
            method: Method::DELETE,
            url: within(to, &["v1"], &["event", remote_id, ""]),
            body: None,
        }
    }

    fn remote_id(&self, answer: &Value) -> Option<String> {
        id_in(&answer["id"])
    }
}

fn body(to: &Url, said: &Said) -> Value {
    let languages = said.languages();
    let each = |text: &dyn Fn(Lang) -> String| -> Map<String, Value> {
        let texts = languages.iter();
        texts
            .map(|lang| (lang.tag().to_owned(), text(*lang).into()))
            .collect()
    };
    let (start, end) = times(said);
    let event = &said.event;
    let mut body = json!({
        "type_id": "General",
        "publication_status": "public",
        "event_status": status(said.status),
        "origin_id": event.uid,
        "name": in_each(&event.title),
        "short_description": each(&|lang| said.summary(lang).to_owned()),
        "description": each(&|lang| said.html(lang)),
        "start_time": start,
        "end_time": end,
        "info_url": each(&|_| said.url().to_owned()),
        "keywords": said.keywords.iter().map(|it| json!({"@id": keyword(to, it)})).collect::<Vec<_>>(),
        "offers": offers(said),
        "external_links": event.website.iter().map(|it| {
            json!({"name": "website", "link": it, "language": said.lang.tag()})
        }).collect::<Vec<_>>(),
    });
    if let Some(name) = event.organizer.as_ref().and_then(|it| it.name.as_ref()) {
        body["provider"] = json!({ said.lang.tag(): name });
    }
    if let Some(place) = location(said) {
        body["location"] = place;
    }
    body
}

/// Instants in UTC for a time on the clock, dates (the last one included) for whole days; none for what is
/// put off, which is how this calendar says so.
fn times(said: &Said) -> (Option<String>, Option<String>) {
    let utc = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    match &said.when {
        _ if said.status == EventStatus::Postponed => (None, None),
        When::Timed { start, end, zone } => (
            Some(utc(to_utc(*start, *zone))),
            end.map(|end| utc(to_utc(end, *zone))),
        ),
        When::AllDay { first, until } => {
            let last = until.pred_opt().unwrap_or(*until);
            (Some(first.to_string()), Some(last.to_string()))
        }
        When::TimeToCome { date } => (Some(date.to_string()), None),
    }
}

fn status(status: EventStatus) -> &'static str {
    match status {
        EventStatus::Scheduled | EventStatus::Tentative | EventStatus::MovedOnline => {
            "EventScheduled"
        }
        EventStatus::Cancelled => "EventCancelled",
        EventStatus::Postponed => "EventPostponed",
        EventStatus::Rescheduled => "EventRescheduled",
    }
}

fn keyword(to: &Url, word: &str) -> String {
    if word.contains("://") {
        word.to_owned()
    } else {
        within(to, &["v1"], &["keyword", word, ""]).to_string()
    }
}

fn location(said: &Said) -> Option<Value> {
    let place = said.event.place.as_ref()?;
    if let Some(link) = &said.place_link {
        return Some(json!({ "@id": link }));
    }
    let lang = said.lang.tag();
    let mut location = json!({ "name": { lang: place.name.as_ref()? } });
    if let Some(address) = &place.address {
        location["street_address"] = json!({ lang: address });
    }
    if let Some(code) = &place.postal_code {
        location["postal_code"] = json!(code);
    }
    if let (Some(latitude), Some(longitude)) = (place.latitude, place.longitude) {
        location["position"] = json!({"type": "Point", "coordinates": [longitude, latitude]});
    }
    Some(location)
}

fn offers(said: &Said) -> Vec<Value> {
    let lang = said.lang.tag();
    if said.event.free == Some(true) {
        return vec![json!({"is_free": true})];
    }
    let offers = said.event.offers.iter().map(|it| {
        let currency = it.currency.as_deref().unwrap_or("NOK");
        let price = it.price.as_ref();
        let mut offer = json!({ "is_free": false, "description": in_each(&it.name) });
        if let Some(price) = price {
            offer["price"] = json!({ lang: format!("{price} {currency}") });
        }
        if let Some(url) = &it.url {
            offer["info_url"] = json!({ lang: url });
        }
        offer
    });
    offers.collect()
}

#[cfg(test)]
mod tests {
    use super::super::said::tests::concert;
    use super::*;

    fn to() -> Url {
        "https://le.example/v1/".parse().unwrap()
    }

    #[test]
    fn an_event_is_said_in_the_calendars_own_words() {
        let call = LinkedEvents.create(&to(), &concert());
        assert_eq!(call.method, Method::POST);
        assert_eq!(call.url.as_str(), "https://le.example/v1/event/");
        let page = "https://kalender.example/events/konsert-2027";
        let expected = json!({
            "type_id": "General",
            "publication_status": "public",
            "event_status": "EventScheduled",
            "origin_id": "konsert@kalender.example",
            "name": {"nb": "Vårkonsert", "en": "Spring concert"},
            "short_description": {"nb": "Med kor.", "en": "Med kor."},
            "description": {
                "nb": "<p>Første &lt;avsnitt&gt;.</p><p>Andre &amp; siste.</p><p>Kilde: Koret</p>",
                "en": "<p>Første &lt;avsnitt&gt;.</p><p>Andre &amp; siste.</p><p>Source: Koret</p>",
            },
            "start_time": "2027-04-10T17:00:00Z",
            "end_time": "2027-04-10T19:00:00Z",
            "info_url": {"nb": page, "en": page},
            "keywords": [{"@id": "https://le.example/v1/keyword/yso:p1808/"}],
            "offers": [{"is_free": false, "description": {"nb": "Voksen"}, "price": {"nb": "250.00 NOK"},
                "info_url": {"nb": "https://billett.example/1"}}],
            "external_links": [],
            "provider": {"nb": "Koret"},
            "location": {"name": {"nb": "Storsalen"}, "street_address": {"nb": "Storgata 1, 2406 Elverum"},
                "postal_code": "2406", "position": {"type": "Point", "coordinates": [11.56, 60.88]}},
        });
        assert_eq!(call.body, Some(expected));
    }

    #[test]
    fn an_event_keeps_its_address_when_it_changes_and_goes() {
        let changed = LinkedEvents.update(&to(), "elverum:a1", &concert());
        assert_eq!(changed.method, Method::PUT);
        assert_eq!(
            changed.url.as_str(),
            "https://le.example/v1/event/elverum:a1/"
        );
        let gone = LinkedEvents.withdraw(&to(), "elverum:a1");
        assert_eq!(
            (gone.method, gone.url, gone.body),
            (Method::DELETE, changed.url, None)
        );
    }

    #[test]
    fn what_happens_to_an_event_has_a_status_and_what_is_put_off_has_no_time() {
        let mut said = concert();
        for (ours, theirs, timed) in [
            (EventStatus::Tentative, "EventScheduled", true),
            (EventStatus::Cancelled, "EventCancelled", true),
            (EventStatus::Rescheduled, "EventRescheduled", true),
            (EventStatus::Postponed, "EventPostponed", false),
        ] {
            said.status = ours;
            let body = LinkedEvents.create(&to(), &said).body.unwrap();
            assert_eq!(body["event_status"], theirs);
            assert_eq!(body["start_time"].is_string(), timed);
        }
    }

    #[test]
    fn whole_days_are_dates_with_the_last_one_included() {
        let mut said = concert();
        let day = |text: &str| text.parse().unwrap();
        said.when = When::days(day("2027-05-16"), day("2027-05-17"));
        let body = LinkedEvents.create(&to(), &said).body.unwrap();
        assert_eq!(body["start_time"], "2027-05-16");
        assert_eq!(body["end_time"], "2027-05-17");
    }

    #[test]
    fn a_place_of_the_same_name_is_linked() {
        let mut said = concert();
        let asked = LinkedEvents.place(&to(), &said).unwrap();
        assert_eq!(
            asked.url.as_str(),
            "https://le.example/v1/place/?text=Storsalen&show_all_places=true"
        );
        let link = "https://le.example/v1/place/e:1/";
        let answer = json!({"data": [{"name": {"nb": "Storsalen kafé"}, "@id": "x"},
            {"name": {"nb": "STORSALEN"}, "@id": link}]});
        said.place_link = LinkedEvents.place_link(&answer, &said);
        let body = LinkedEvents.create(&to(), &said).body.unwrap();
        assert_eq!(body["location"], json!({ "@id": link }));
    }

    #[test]
    fn an_event_is_found_again_by_our_address_alone() {
        let reference = LinkedEvents.reference(&concert());
        let asked = LinkedEvents.look_up(&to(), &reference);
        assert_eq!(
            asked.url.as_str(),
            "https://le.example/v1/event/?text=V%C3%A5rkonsert&start=2027-04-10&end=2027-04-10&page_size=100"
        );
        let event = |id: &str, url: &str| json!({"id": id, "info_url": {"nb": url}});
        let other = event("a", "https://other.example/");
        let ours = event("b", "https://kalender.example/events/konsert-2027");
        let found = |data: &[&Value]| LinkedEvents.found(&json!({ "data": data }), &reference);
        assert_eq!(found(&[&other, &ours]).as_deref(), Some("b"));
        assert_eq!(found(&[&other]), None);
        assert_eq!(LinkedEvents.remote_id(&ours).as_deref(), Some("b"));
    }
}
