//! A simulated Linked Events interface, for a data source with an API key.

use chrono::{DateTime, SecondsFormat, TimeZone, Utc};
use serde_json::{Map, Value, json};

use super::linked_events_check::{
    TRANSLATED, forms, linked, moment, next_midnight, publishable, refused, stumbled,
};
use super::{Said, StandIn, object, parameters, path};
use crate::outgo::receiver::Sent;

const KEY: &str = "abcd efgh";
const SOURCE: &str = "nordkal";

#[derive(Debug, Clone, Default)]
struct Kept {
    id: String,
    fields: Map<String, Value>,
    start: Option<DateTime<Utc>>,
    end: Option<DateTime<Utc>>,
    has_end: bool,
    status: String,
    published: String,
    deleted: bool,
    modified: u32,
}

/// The service.
#[derive(Debug)]
pub struct LinkedEvents {
    events: Vec<Kept>,
    places: Vec<Map<String, Value>>,
    keywords: Vec<&'static str>,
    now: DateTime<Utc>,
    writes: u32,
}

impl LinkedEvents {
    pub fn new() -> Self {
        let place = |id: &str, name: &str| {
            object(json!({"id": id, "name": {"fi": name}, "data_source": "tprek", "used": true}))
        };
        Self {
            events: Vec::new(),
            places: vec![
                place("tprek:1", "Byens torg"),
                place("system:internet", "Internet"),
                place("tprek:9", "Storsalen"),
            ],
            keywords: vec!["yso:p1", "yso:p1808"],
            now: Utc.with_ymd_and_hms(2026, 11, 22, 11, 0, 0).unwrap(),
            writes: 0,
        }
    }

    /// Adds an event of another data source.
    pub fn write(&mut self, id: &str, name: &str, start: &str) {
        let mut kept = Kept {
            id: id.to_owned(),
            status: "EventScheduled".into(),
            published: "public".into(),
            start: moment(start, false).map(|moment| moment.0),
            ..Kept::default()
        };
        kept.fields.insert("name".into(), json!({ "fi": name }));
        self.events.push(kept);
    }

    /// Deletes an event as an editor there would.
    pub fn delete(&mut self, id: &str) {
        let kept = self.events.iter_mut().find(|event| event.id == id);
        kept.unwrap().deleted = true;
    }

    fn at(&self, id: &str) -> Result<usize, Said> {
        let addressable = !id.contains(['.', '/', ' ']);
        let at = self
            .events
            .iter()
            .position(|event| event.id == id && addressable);
        let at = at.ok_or((404, json!({"detail": "Ei löytynyt."})))?;
        match self.events[at].deleted {
            true => Err((410, json!({"detail": "The resource has been deleted."}))),
            false => Ok(at),
        }
    }

    /// Refuses links to objects that do not exist or that we may not use.
    fn links(&self, body: &Map<String, Value>) -> Result<(), Said> {
        if let Some(place) = body.get("location").filter(|body| !body.is_null()) {
            let id = linked(place, "place").map_err(|why| refused("location", json!([why])))?;
            if !self.places.iter().any(|place| place["id"] == id.as_str()) {
                return Err(refused(
                    "location",
                    json!(["Invalid hyperlink - Object does not exist."]),
                ));
            }
        }
        for word in body
            .get("keywords")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let id = linked(word, "keyword").map_err(|why| refused("keywords", json!([why])))?;
            if !self.keywords.contains(&id.as_str()) {
                return Err(refused(
                    "keywords",
                    json!(["Invalid hyperlink - Object does not exist."]),
                ));
            }
        }
        if let Some(above) = body.get("super_event").filter(|body| !body.is_null()) {
            let id = linked(above, "event").map_err(|why| refused("super_event", json!([why])))?;
            let above = self.at(&id).ok().map(|at| &self.events[at]);
            let kind = above.and_then(|above| above.fields.get("super_event_type"));
            if kind.is_none_or(Value::is_null) {
                return Err(refused(
                    "super_event",
                    json!(["must be recurring or umbrella"]),
                ));
            }
        }
        Ok(())
    }

    /// Checks a body, and returns its times.
    fn checked(&self, body: &mut Map<String, Value>, changes: bool) -> Result<(), Said> {
        forms(body)?;
        self.links(body)?;
        let named = |value: &Value| {
            value
                .as_object()
                .is_some_and(|value| value.values().any(|value| !value.is_null()))
        };
        if !body.get("name").is_some_and(named) {
            return Err(refused("name", "The name must be specified."));
        }
        for field in ["start_time", "end_time"] {
            if let Some(text) = body.get(field).and_then(Value::as_str)
                && moment(text, field == "end_time").is_none()
            {
                return Err(refused(field, "wrong format"));
            }
        }
        let status = body
            .entry("publication_status")
            .or_insert(json!("public"))
            .clone();
        let postponed = changes && body.get("start_time") == Some(&Value::Null);
        let cancelled = body.get("event_status") == Some(&json!("EventCancelled"));
        if status == "draft" || cancelled || postponed {
            return Ok(());
        }
        publishable(body)?;
        let start = body["start_time"]
            .as_str()
            .and_then(|body| moment(body, false));
        let (start, _) = start.ok_or_else(|| refused("start_time", "wrong format"))?;
        let end = body.get("end_time").and_then(Value::as_str);
        let end = end.and_then(|end| moment(end, true)).map(|moment| moment.0);
        if end.is_none() {
            body.insert("end_time".into(), Value::Null);
        }
        if end.unwrap_or(next_midnight(start)) < self.now {
            return Err(refused(
                "end_time",
                "End time cannot be in the past. Please set a future end time.",
            ));
        }
        Ok(())
    }

    fn create(&mut self, mut body: Map<String, Value>) -> Said {
        let given = body.get("id").and_then(Value::as_str).map(str::to_owned);
        let id = given.unwrap_or_else(|| format!("{SOURCE}:made{}", self.writes));
        if id.len() > 100 {
            return stumbled();
        }
        if !id.starts_with(&format!("{SOURCE}:")) {
            return refused("id", "Id has to begin with the data source");
        }
        if body.get("data_source").is_some_and(|body| *body != SOURCE) {
            return (403, json!({"detail": "Object data source does not match"}));
        }
        if self.events.iter().any(|event| event.id == id) {
            return refused("id", "An object with given id already exists.");
        }
        if let Err(refused) = self.checked(&mut body, false) {
            return refused;
        }
        let mut kept = Kept {
            id,
            ..Kept::default()
        };
        if let Err(refused) = fill(&mut kept, body) {
            return refused;
        }
        // Whatever was sent.
        kept.status = "EventScheduled".into();
        kept.modified = self.writes;
        self.events.push(kept.clone());
        (201, self.view(&kept, true))
    }

    fn update(&mut self, id: &str, mut body: Map<String, Value>) -> Said {
        let at = match self.at(id) {
            Ok(at) => at,
            Err(refused) => return refused,
        };
        let before = self.events[at].clone();
        if !before.id.starts_with(&format!("{SOURCE}:")) {
            return (403, json!({"detail": "Object data source does not match"}));
        }
        if body
            .get("id")
            .is_some_and(|body| *body != before.id.as_str())
        {
            return refused("id", "cannot be changed");
        }
        if let Err(refused) = self.checked(&mut body, true) {
            return refused;
        }
        if before.end.is_some_and(|end| end < self.now) {
            return (403, json!({"detail": "Cannot edit a past event."}));
        }
        let mut kept = before.clone();
        match status(&before, &body) {
            Ok(status) => kept.status = status,
            Err(refused) => return refused,
        }
        if let Err(refused) = fill(&mut kept, body) {
            return refused;
        }
        kept.modified = self.writes;
        self.events[at] = kept.clone();
        (200, self.view(&kept, true))
    }

    fn view(&self, kept: &Kept, with_key: bool) -> Value {
        let at = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let mut fields = kept.fields.clone();
        // Accepted and never returned.
        fields.remove("origin_id");
        let mut view = Value::Object(fields);
        view["id"] = kept.id.as_str().into();
        view["@id"] = format!("https://le.example/v1/event/{}/", kept.id).into();
        view["data_source"] = kept.id.split(':').next().into();
        view["event_status"] = kept.status.as_str().into();
        view["start_time"] = kept.start.map(at).into();
        view["end_time"] = kept.end.filter(|_| kept.has_end).map(at).into();
        view["last_modified_time"] = format!("2026-11-22T11:00:{:02}Z", kept.modified % 60).into();
        view["deleted"] = kept.deleted.into();
        if with_key {
            view["publication_status"] = kept.published.as_str().into();
        }
        view
    }

    fn list(&self, sent: &Sent, with_key: bool) -> Said {
        let asked = parameters(sent);
        let each: usize = asked
            .get("page_size")
            .map_or(20, |parameter| parameter.parse().unwrap())
            .min(100);
        let page: usize = asked
            .get("page")
            .map_or(1, |parameter| parameter.parse().unwrap());
        let all: Vec<_> = self
            .events
            .iter()
            .filter(|event| {
                !event.deleted
                    && (event.published == "public" || (with_key && asked.contains_key("show_all")))
            })
            .collect();
        let first = (page - 1) * each;
        if page > 1 && first >= all.len() {
            return (404, json!({"detail": "Virheellinen sivu."}));
        }
        let shown = all.iter().skip(first).take(each);
        let shown: Vec<_> = shown.map(|view| self.view(view, with_key)).collect();
        let next = (first + each < all.len()).then(|| {
            format!(
                "http://{}/v1/event/?page={}&page_size={each}",
                sent.header("host"),
                page + 1
            )
        });
        (
            200,
            json!({"meta": {"count": all.len(), "next": next}, "data": shown}),
        )
    }

    fn find_places(&self, sent: &Sent) -> Said {
        let asked = parameters(sent);
        let text = asked
            .get("text")
            .map_or(String::new(), |parameter| parameter.to_lowercase());
        let found = self.places.iter().filter(|place| {
            let names = place["name"].to_string().to_lowercase();
            names.contains(&text)
                && (place.contains_key("used") || asked.contains_key("show_all_places"))
        });
        let found: Vec<_> = found
            .cloned()
            .map(|found| {
                let mut found = Value::Object(found);
                found["@id"] = format!(
                    "https://le.example/v1/place/{}/",
                    found["id"].as_str().unwrap()
                )
                .into();
                found
            })
            .collect();
        (
            200,
            json!({"meta": {"count": found.len(), "next": null}, "data": found}),
        )
    }

    fn create_place(&mut self, body: Map<String, Value>) -> Said {
        for field in ["data_source", "origin_id", "name"] {
            if body.get(field).is_none_or(Value::is_null) {
                return refused(field, json!(["Tämä kenttä vaaditaan."]));
            }
        }
        let Some(position) = body.get("position") else {
            return stumbled();
        };
        let floats = |value: &Value| {
            value
                .as_array()
                .is_some_and(|all| all.iter().all(Value::is_f64))
        };
        if !position.is_null() && !floats(&position["coordinates"]) {
            return refused("position", "not floats");
        }
        for field in ["name", "street_address", "address_locality"] {
            if body.get(field).is_some_and(|body| !body.is_object()) {
                return refused(field, "This field is a translated field");
            }
        }
        let id = body
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        if !id.starts_with(&format!("{SOURCE}:")) {
            return refused("id", "prefix");
        }
        if self.places.iter().any(|place| place["id"] == id.as_str()) {
            return refused("id", "An object with given id already exists.");
        }
        let mut view = Value::Object(body.clone());
        self.places.push(body);
        view["@id"] = format!("https://le.example/v1/place/{id}/").into();
        (201, view)
    }
}

/// Returns the new status, by the service's table of transitions.
fn status(before: &Kept, body: &Map<String, Value>) -> Result<String, Said> {
    let sent = body.get("event_status").and_then(Value::as_str);
    let unset = ["EventPostponed", "EventRescheduled"];
    if sent.is_some_and(|sent| unset.contains(&sent) && sent != before.status) {
        return Err(refused(
            "event_status",
            "POSTPONED and RESCHEDULED statuses cannot be set directly.",
        ));
    }
    if before.published != "public" || sent == Some("EventCancelled") {
        return Ok(sent.unwrap_or(&before.status).to_owned());
    }
    if before.status != "EventScheduled" && sent == Some("EventScheduled") {
        return Err(refused(
            "event_status",
            "Public events cannot be set back to SCHEDULED",
        ));
    }
    let start = body.get("start_time").map(|body| {
        body.as_str()
            .and_then(|body| moment(body, false))
            .map(|body| body.0)
    });
    Ok(match start {
        Some(None) => "EventPostponed".into(),
        Some(start) if start != before.start => "EventRescheduled".into(),
        _ => before.status.clone(),
    })
}

/// Stores the fields of a checked body: texts per language, whole lists, times.
fn fill(kept: &mut Kept, mut body: Map<String, Value>) -> Result<(), Said> {
    let start = body.remove("start_time");
    let end = body.remove("end_time");
    if let Some(start) = &start {
        kept.start = start
            .as_str()
            .and_then(|start| moment(start, false))
            .map(|moment| moment.0);
    }
    match end.as_ref().map(Value::as_str) {
        Some(Some(text)) => {
            kept.end = moment(text, true).map(|moment| moment.0);
            kept.has_end = true;
        }
        Some(None) => {
            kept.end = kept.start.map(next_midnight);
            kept.has_end = false;
        }
        None => {}
    }
    if kept
        .start
        .zip(kept.end)
        .is_some_and(|(start, end)| end < start)
    {
        return Err(refused(
            "end_time",
            "The event end time cannot be earlier than the start time.",
        ));
    }
    kept.published = body
        .remove("publication_status")
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned();
    body.remove("event_status");
    for (field, value) in body {
        if !TRANSLATED.contains(&field.as_str()) {
            kept.fields.insert(field, value);
            continue;
        }
        let known = kept.fields.entry(field).or_insert(json!({}));
        for (key, text) in object(value) {
            match text.is_null() {
                true => drop(known.as_object_mut().unwrap().remove(&key)),
                false => known[key] = text,
            }
        }
    }
    Ok(())
}

impl StandIn for LinkedEvents {
    fn answer(&mut self, sent: &Sent) -> Said {
        let path = path(sent);
        let writes = sent.method != "GET";
        self.writes += u32::from(writes);
        if !path.ends_with('/') {
            return (301, json!({}));
        }
        let key = sent.header("apikey");
        // Tokens are for persons.
        let token = !sent.header("authorization").is_empty();
        if token || (writes && key.is_empty()) || (!key.is_empty() && key != KEY) {
            let why = "Provided API key does not match any organization on record.";
            return (401, json!({"detail": why}));
        }
        let with_key = key == KEY;
        let rest = path.trim_start_matches("/v1/").trim_end_matches('/');
        let (kind, id) = rest.split_once('/').unwrap_or((rest, ""));
        match (sent.method.as_str(), kind, id) {
            ("GET", "event", "") => self.list(sent, with_key),
            ("GET", "event", id) => match self.at(id) {
                Ok(at) => (200, self.view(&self.events[at], with_key)),
                Err(refused) => refused,
            },
            ("POST", "event", "") => self.create(object(sent.json())),
            ("PUT", "event", id) => self.update(id, object(sent.json())),
            ("DELETE", "event", id) => match self.at(id) {
                Ok(at) => {
                    self.events[at].deleted = true;
                    (204, json!({}))
                }
                Err(refused) => refused,
            },
            ("GET", "place", "") => self.find_places(sent),
            ("POST", "place", "") => self.create_place(object(sent.json())),
            _ => (404, json!({"detail": "Ei löytynyt."})),
        }
    }

    fn shown(&self) -> Vec<(String, Value)> {
        let shown = self
            .events
            .iter()
            .filter(|event| !event.deleted && event.published == "public");
        shown
            .map(|event| (event.id.clone(), self.view(event, true)))
            .collect()
    }

    fn turn_to(&mut self, now: DateTime<Utc>) {
        self.now = now;
    }
}
