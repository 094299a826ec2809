//! Into The Events Calendar of a WordPress site (REST v1), with an application password.
//!
//! One event there for each here, a recurring one with its next date. The calendar has no field for what
//! happens to an event, so the title says it: «AVLYST: …». Its own link (`website`) leads to the event's
//! page here. It is found again by its slug, which has a part made of our `UID` so that no other has it.

use chrono::{NaiveDateTime, NaiveTime};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use super::{Call, Push, Said, id_in, within};
use crate::domain::{EventStatus, When};
use crate::language::Words;
use crate::sync::connector::SecretUse;

/// The Events Calendar for WordPress.
pub struct Tribe;

const ROOT: [&str; 4] = ["wp-json", "tribe", "events", "v1"];

impl Push for Tribe {
    fn id(&self) -> &'static str {
        "tribe"
    }

    fn about(&self) -> &'static str {
        "The Events Calendar (WordPress), with a user's application password"
    }

    fn secret(&self) -> SecretUse {
        SecretUse::Password
    }

    fn reference(&self, said: &Said) -> String {
        let slug = said.event.slug.as_deref().unwrap_or("event");
        let digest = Sha256::digest(said.event.uid.as_deref().unwrap_or(slug));
        // WordPress cuts slugs at 200 characters.
        let slug: String = slug.chars().take(150).collect();
        format!("{slug}-{}", hex::encode(&digest[..4]))
    }

    fn look_up(&self, to: &Url, reference: &str) -> Call {
        Call::get(within(to, &ROOT, &["events", "by-slug", reference]))
    }

    fn found(&self, answer: &Value, reference: &str) -> Option<String> {
        let is_it = answer["slug"] == reference;
        is_it.then(|| id_in(&answer["id"])).flatten()
    }

    fn create(&self, to: &Url, said: &Said) -> Call {
        let mut body = body(said);
        body["slug"] = self.reference(said).into();
        Call::carrying(Method::POST, within(to, &ROOT, &["events"]), body)
    }

    fn update(&self, to: &Url, remote_id: &str, said: &Said) -> Call {
        let url = within(to, &ROOT, &["events", remote_id]);
        Call::carrying(Method::POST, url, body(said))
    }

    fn withdraw(&self, to: &Url, remote_id: &str) -> Call {
        Call {
            method: Method::DELETE,
            url: within(to, &ROOT, &["events", remote_id]),
            body: None,
        }
    }

    fn remote_id(&self, answer: &Value) -> Option<String> {
        id_in(&answer["id"])
    }
}

fn body(said: &Said) -> Value {
    let event = &said.event;
    let (start, end, zone, all_day) = times(said);
    let local = |at: NaiveDateTime| at.format("%Y-%m-%d %H:%M:%S").to_string();
    let picture = event.images.first().map(|it| &it.url);
    let mut body = json!({
        "status": "publish",
        "title": title(said),
        "description": said.html(said.lang),
        "excerpt": event.summary.get(said.lang),
        "start_date": local(start),
        "end_date": local(end),
        "timezone": zone,
        "all_day": all_day,
        "website": said.url(),
        "cost": cost(said),
    });
    if let Some(picture) = picture {
        body["image"] = json!(picture);
    }
    if let Some(place) = &event.place
        && let Some(name) = &place.name
    {
        body["venue"] = json!({ "venue": name });
        if let Some(address) = &place.address {
            body["venue"]["address"] = json!(address);
        }
        if let Some(code) = &place.postal_code {
            body["venue"]["zip"] = json!(code);
        }
    }
    if let Some(organizer) = &event.organizer
        && let Some(name) = &organizer.name
    {
        body["organizer"] = json!([{ "organizer": name }]);
        if let Some(url) = &organizer.url {
            body["organizer"][0]["website"] = json!(url);
        }
    }
    body
}

/// Local start and end, their zone, whether it is whole days. What has no known end ends when it begins;
/// a day whose time is to come is a whole one.
fn times(said: &Said) -> (NaiveDateTime, NaiveDateTime, &'static str, bool) {
    let last = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or(NaiveTime::MIN);
    match &said.when {
        When::Timed { start, end, zone } => (*start, end.unwrap_or(*start), zone.name(), false),
        When::AllDay { first, until } => (
            first.and_time(NaiveTime::MIN),
            until.pred_opt().unwrap_or(*until).and_time(last),
            said.zone.name(),
            true,
        ),
        When::TimeToCome { date } => (
            date.and_time(NaiveTime::MIN),
            date.and_time(last),
            said.zone.name(),
            true,
        ),
    }
}

fn title(said: &Said) -> String {
    let title = said.event.title.get(said.lang);
    let key = match said.status {
        EventStatus::Scheduled => return title.to_owned(),
        EventStatus::Tentative => "calendar-title-tentative",
        EventStatus::Cancelled => "calendar-title-cancelled",
        EventStatus::Postponed => "calendar-title-postponed",
        EventStatus::Rescheduled => "push-title-rescheduled",
        EventStatus::MovedOnline => "push-title-online",
    };
    Words::of(said.lang).say_with(key, &[("title", title)])
}

fn cost(said: &Said) -> String {
    if said.event.free == Some(true) {
        return Words::of(said.lang).say("calendar-free").into_owned();
    }
    let mut prices = said.event.offers.iter().filter_map(|it| {
        let currency = it.currency.as_deref().unwrap_or("NOK");
        Some(format!("{} {currency}", it.price.as_ref()?))
    });
    prices.next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::said::tests::concert;
    use super::*;

    fn to() -> Url {
        "https://kino.example/".parse().unwrap()
    }

    fn sent(said: &Said) -> Value {
        Tribe.update(&to(), "7", said).body.unwrap()
    }

    #[test]
    fn an_event_is_said_in_the_calendars_own_words() {
        let said = concert();
        let call = Tribe.create(&to(), &said);
        assert_eq!(call.method, Method::POST);
        assert_eq!(
            call.url.as_str(),
            "https://kino.example/wp-json/tribe/events/v1/events"
        );
        let mut expected = json!({
            "status": "publish",
            "title": "Vårkonsert",
            "description": "<p>Første &lt;avsnitt&gt;.</p><p>Andre &amp; siste.</p><p>Kilde: Koret</p>",
            "excerpt": "Med kor.",
            "start_date": "2027-04-10 19:00:00",
            "end_date": "2027-04-10 21:00:00",
            "timezone": "Europe/Oslo",
            "all_day": false,
            "website": "https://kalender.example/events/konsert-2027",
            "cost": "250.00 NOK",
            "image": "https://kalender.example/kor.jpg",
            "venue": {"venue": "Storsalen", "address": "Storgata 1, 2406 Elverum", "zip": "2406"},
            "organizer": [{"organizer": "Koret", "website": "https://koret.example/"}],
        });
        assert_eq!(sent(&said), expected);
        expected["slug"] = Tribe.reference(&said).into();
        assert_eq!(call.body, Some(expected));
    }

    #[test]
    fn an_event_keeps_its_address_when_it_changes_and_goes() {
        let own = "https://kino.example/wp-json/tribe/events/v1/events/7";
        let changed = Tribe.update(&to(), "7", &concert());
        assert_eq!((changed.method, changed.url.as_str()), (Method::POST, own));
        let gone = Tribe.withdraw(&to(), "7");
        assert_eq!((gone.method, gone.url.as_str()), (Method::DELETE, own));
        assert_eq!(gone.body, None);
    }

    #[test]
    fn the_title_says_what_happened_to_the_event() {
        let mut said = concert();
        said.status = EventStatus::Cancelled;
        assert_eq!(sent(&said)["title"], "AVLYST: Vårkonsert");
        said.lang = crate::domain::Lang::En;
        assert_eq!(sent(&said)["title"], "CANCELLED: Spring concert");
    }

    #[test]
    fn whole_days_and_times_to_come_fill_their_days() {
        let mut said = concert();
        let day = |text: &str| text.parse().unwrap();
        said.when = When::days(day("2027-05-16"), day("2027-05-17"));
        let body = sent(&said);
        assert_eq!(body["all_day"], true);
        assert_eq!(body["start_date"], "2027-05-16 00:00:00");
        assert_eq!(body["end_date"], "2027-05-17 23:59:59");
        said.when = When::TimeToCome {
            date: day("2027-05-16"),
        };
        let body = sent(&said);
        assert_eq!(body["end_date"], "2027-05-16 23:59:59");
        assert!(
            body["description"]
                .as_str()
                .unwrap()
                .contains("Klokkeslett kommer.")
        );
    }

    #[test]
    fn an_event_is_found_again_by_its_slug() {
        let reference = Tribe.reference(&concert());
        assert!(reference.starts_with("konsert-2027-"), "{reference}");
        let asked = Tribe.look_up(&to(), &reference);
        assert!(
            asked
                .url
                .path()
                .ends_with(&format!("/events/by-slug/{reference}"))
        );
        let answer = json!({"id": 7, "slug": reference});
        assert_eq!(Tribe.found(&answer, &reference).as_deref(), Some("7"));
        let error = json!({"code": "event-slug-not-found", "data": {"status": 404}});
        assert_eq!(Tribe.found(&error, &reference), None);
        assert_eq!(Tribe.remote_id(&answer).as_deref(), Some("7"));
    }
}
