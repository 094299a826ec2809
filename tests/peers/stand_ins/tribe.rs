//! A simulated WordPress site with The Events Calendar, through its REST interface.

use chrono::{DateTime, TimeZone, Utc};
use serde_json::{Map, Value, json};

use super::tribe_check::{check, time};
use super::{Said, StandIn, number, object, parameters, path, wordpress};
use crate::outgo::receiver::Sent;

/// `kalender:abcd efgh`, as in RFC 7617.
const BASIC: &str = "Basic a2FsZW5kZXI6YWJjZCBlZmdo";
const ROOT: &str = "/wp-json/tribe/events/v1";
const META: [&str; 3] = [
    "_tribe_events_status",
    "_tribe_events_status_reason",
    "_EventVenueID",
];

/// The role of the user.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Role {
    Author,
    /// Events need approval, and images are not permitted.
    Contributor,
    Subscriber,
}

#[derive(Debug, Clone)]
struct Post {
    id: u64,
    slug: String,
    status: String,
    fields: Map<String, Value>,
    meta: Map<String, Value>,
    venue: Option<u64>,
    organizers: Vec<u64>,
    categories: Vec<u64>,
    modified: u64,
}

/// The site.
#[derive(Debug)]
pub struct Tribe {
    posts: Vec<Post>,
    /// Fields of venues and organizers.
    venues: Vec<Map<String, Value>>,
    organizers: Vec<Map<String, Value>>,
    categories: Vec<(u64, String)>,
    pub role: Role,
    /// Whether events are also in WordPress's own interface.
    pub in_wp_v2: bool,
    /// URLs that return an image.
    pub pictures: Vec<String>,
    /// URL of the site.
    pub home: String,
    now: DateTime<Utc>,
    last: u64,
}

impl Tribe {
    pub fn new() -> Self {
        Self {
            posts: Vec::new(),
            venues: Vec::new(),
            organizers: Vec::new(),
            categories: Vec::new(),
            role: Role::Author,
            in_wp_v2: true,
            pictures: Vec::new(),
            home: "https://kino.example".into(),
            now: Utc.with_ymd_and_hms(2026, 11, 22, 11, 0, 0).unwrap(),
            last: 0,
        }
    }

    fn number(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// Adds an event as an editor of the site.
    pub fn write(&mut self, body: Value) -> u64 {
        let (status, said) = self.create(&object(body));
        assert_eq!(status, 201, "{said}");
        said["id"].as_u64().unwrap()
    }

    /// Sets the website of an event as its editor.
    pub fn link(&mut self, id: u64, website: &str) {
        let post = self.posts.iter_mut().find(|post| post.id == id).unwrap();
        post.fields.insert("website".into(), website.into());
    }

    /// Adds a venue with a city.
    pub fn has_venue(&mut self, name: &str, city: &str) -> u64 {
        let id = self.number();
        let venue = json!({"id": id, "venue": name, "city": city, "address": "Husets egen"});
        self.venues.push(object(venue));
        id
    }

    pub fn venues(&self) -> Vec<Value> {
        self.venues.iter().cloned().map(Value::Object).collect()
    }

    pub fn meta(&self, id: &str) -> Map<String, Value> {
        let post = self.posts.iter().find(|post| post.id.to_string() == id);
        post.unwrap().meta.clone()
    }

    /// Returns the status of the only event.
    pub fn status(&self) -> Option<&str> {
        self.posts.first().map(|post| post.status.as_str())
    }

    /// Empties the trash, as an editor would.
    pub fn purge(&mut self) {
        self.posts.clear();
    }

    fn events(&mut self, sent: &Sent, rest: &str) -> Said {
        let unknown = || wordpress(400, "rest_invalid_param", json!({"id": "is invalid"}));
        match (sent.method.as_str(), rest) {
            ("GET", "") => self.list(sent),
            ("GET", rest) if rest.starts_with("by-slug/") => {
                let slug = rest.trim_start_matches("by-slug/");
                let found = self.posts.iter();
                let mut found =
                    found.filter(|found| found.slug == slug && found.status == "publish");
                let wrong = || wordpress(400, "rest_invalid_param", json!({"slug": "is invalid"}));
                found
                    .next()
                    .map_or_else(wrong, |found| (200, self.view(found)))
            }
            ("GET", id) => {
                let post = self.posts.iter().find(|post| post.id.to_string() == id);
                post.map_or_else(unknown, |post| (200, self.view(post)))
            }
            ("POST", "") => self.create(&object(sent.json())),
            ("POST" | "PUT" | "PATCH", id) if !id.is_empty() => {
                let at = self.posts.iter().position(|post| post.id.to_string() == id);
                at.map_or_else(unknown, |at| self.update(at, &object(sent.json())))
            }
            ("DELETE", id) => {
                let Some(at) = self.posts.iter().position(|post| post.id.to_string() == id) else {
                    return unknown();
                };
                let modified = self.number();
                let post = &mut self.posts[at];
                if post.status == "trash" {
                    return wordpress(410, "event-is-in-trash", json!({}));
                }
                post.status = "trash".into();
                post.slug.push_str("__trashed");
                post.modified = modified;
                (200, self.view(&self.posts[at]))
            }
            _ => wordpress(404, "rest_no_route", json!({})),
        }
    }

    fn may_upload(&self) -> bool {
        self.role == Role::Author
    }

    fn create(&mut self, body: &Map<String, Value>) -> Said {
        if let Err(refused) = check(body, true, self.may_upload(), &self.pictures) {
            return refused;
        }
        let mut body = body.clone();
        if body.get("cost") == Some(&json!("0")) {
            body.remove("cost");
        }
        let id = self.number();
        let mut post = Post {
            id,
            slug: String::new(),
            status: String::new(),
            fields: Map::new(),
            meta: Map::new(),
            venue: None,
            organizers: Vec::new(),
            categories: Vec::new(),
            modified: id,
        };
        if body.get("website").is_none_or(|body| *body == "") {
            let own = format!("{}/event/{id}/", self.home);
            body.insert("website".into(), own.into());
        }
        if let Err(refused) = self.fill(&mut post, &body) {
            return refused;
        }
        let asked = body.get("slug").or(body.get("title"));
        post.slug = self.free_slug(asked.and_then(Value::as_str).unwrap_or("event"), id);
        self.posts.push(post.clone());
        (201, self.view(&post))
    }

    fn update(&mut self, at: usize, body: &Map<String, Value>) -> Said {
        if let Err(refused) = check(body, false, self.may_upload(), &self.pictures) {
            return refused;
        }
        let mut body = body.clone();
        if body.get("cost") == Some(&json!("Free")) {
            body.remove("cost");
        }
        if body.contains_key("start_date") != body.contains_key("end_date") {
            // A single one is ignored.
            body.remove("start_date");
            body.remove("end_date");
        }
        let mut post = self.posts[at].clone();
        for field in [
            "image",
            "website",
            "cost",
            "featured",
            "sticky",
            "show_map",
            "hide_from_listings",
        ] {
            post.fields.remove(field);
        }
        post.fields.insert("timezone".into(), "Europe/Oslo".into());
        post.fields.insert("all_day".into(), false.into());
        post.fields.insert("website".into(), "".into());
        post.organizers.clear();
        post.slug = post.slug.trim_end_matches("__trashed").to_owned();
        if let Err(refused) = self.fill(&mut post, &body) {
            return refused;
        }
        if let Some(slug) = body.get("slug").and_then(Value::as_str) {
            post.slug = self.free_slug(slug, post.id);
        }
        post.modified = self.number();
        self.posts[at] = post.clone();
        (200, self.view(&post))
    }

    /// Stores the fields of an accepted body.
    fn fill(&mut self, post: &mut Post, body: &Map<String, Value>) -> Result<(), Said> {
        let known = [
            "title",
            "description",
            "excerpt",
            "timezone",
            "all_day",
            "website",
            "cost",
            "image",
            "featured",
            "sticky",
            "show_map",
            "show_map_link",
            "hide_from_listings",
        ];
        for field in known {
            if let Some(value) = body.get(field) {
                let cleared = *value == " " || value.is_null();
                let value = if cleared { json!("") } else { value.clone() };
                post.fields.insert(field.to_owned(), value);
            }
        }
        if let (Some(start), Some(end)) = (body.get("start_date"), body.get("end_date")) {
            let (start, end) = (time(start.as_str().unwrap()), time(end.as_str().unwrap()));
            let end = end.max(start);
            for (field, at) in [("start_date", start), ("end_date", end)] {
                post.fields
                    .insert(field.into(), at.unwrap().to_string().into());
            }
        }
        let status = body
            .get("status")
            .and_then(Value::as_str)
            .unwrap_or("publish");
        post.status = match (self.role, status) {
            (Role::Contributor, "publish") => "pending".into(),
            (_, status) => status.to_owned(),
        };
        let wrong =
            |field: &str| wordpress(400, "rest_invalid_param", json!({ field: "is invalid" }));
        if let Some(venue) = body
            .get("venue")
            .filter(|body| !body.is_null() && **body != "")
        {
            let id = shared(&mut self.venues, "venue", venue, &mut self.last);
            post.venue = Some(id.ok_or_else(|| wrong("venue"))?);
        }
        let holders = body
            .get("organizer")
            .filter(|body| !body.is_null() && **body != "");
        let holders =
            holders.map(|holders| holders.as_array().cloned().unwrap_or(vec![holders.clone()]));
        for holder in holders.into_iter().flatten() {
            let id = shared(&mut self.organizers, "organizer", &holder, &mut self.last);
            post.organizers.push(id.ok_or_else(|| wrong("organizer"))?);
        }
        if let Some(words) = body.get("categories").and_then(Value::as_array) {
            post.categories = words
                .iter()
                .filter_map(|word| self.category(word))
                .collect();
        }
        Ok(())
    }

    /// Ignores an unknown id; finds or creates a name.
    fn category(&mut self, word: &Value) -> Option<u64> {
        if let Some(id) = number(word) {
            return self
                .categories
                .iter()
                .any(|category| category.0 == id)
                .then_some(id);
        }
        let name = word.as_str()?;
        let known = self.categories.iter().find(|category| category.1 == name);
        if let Some((id, _)) = known {
            return Some(*id);
        }
        let id = self.number();
        self.categories.push((id, name.to_owned()));
        Some(id)
    }

    fn free_slug(&self, asked: &str, id: u64) -> String {
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        };
        let slug: String = asked.chars().map(plain).collect();
        let taken = |slug: &str| {
            self.posts
                .iter()
                .any(|post| post.slug == slug && post.id != id)
        };
        let mut numbered = (2..).map(|number| format!("{slug}-{number}"));
        if taken(&slug) {
            return numbered.find(|numbered| !taken(numbered)).unwrap();
        }
        slug
    }

    /// Returns an event as the interface shows it, which differs from what was sent.
    fn view(&self, post: &Post) -> Value {
        let field = |name: &str| post.fields.get(name).cloned().unwrap_or_default();
        let text = |name: &str| field(name).as_str().unwrap_or_default().to_owned();
        let entities = |text: String| text.replace('&', "&#038;").replace('’', "&#8217;");
        let paragraph = |text: String| match text.is_empty() || text.starts_with("<p>") {
            true => text,
            false => format!("<p>{text}</p>"),
        };
        let utc = |name: &str| {
            let zone: chrono_tz::Tz = text("timezone").parse().unwrap_or(chrono_tz::Europe::Oslo);
            let local = time(&text(name)).unwrap();
            let at = zone.from_local_datetime(&local).latest().unwrap();
            at.naive_utc().to_string()
        };
        let of = |all: &[Map<String, Value>], id: &u64| {
            all.iter()
                .find(|text| text["id"] == *id)
                .cloned()
                .map(Value::Object)
        };
        let picture = field("image").as_str().map(|url| json!({ "url": url }));
        json!({
            "id": post.id,
            "global_id": format!("kino.example?id={}", post.id),
            "status": post.status,
            "slug": post.slug,
            "url": format!("{}/event/{}/", self.home, post.slug),
            "title": entities(text("title")),
            "description": paragraph(text("description")),
            "excerpt": paragraph(text("excerpt")),
            "start_date": text("start_date"),
            "end_date": text("end_date"),
            "utc_start_date": utc("start_date"),
            "utc_end_date": utc("end_date"),
            "timezone": text("timezone"),
            "all_day": field("all_day"),
            "cost": text("cost"),
            "website": text("website").replace('&', "&amp;"),
            "image": picture.unwrap_or(json!(false)),
            "venue": post.venue.and_then(|id| of(&self.venues, &id)).unwrap_or(json!([])),
            "organizer": post.organizers.iter().filter_map(|id| of(&self.organizers, id)).collect::<Vec<_>>(),
            "categories": post.categories.iter().map(|id| {
                let name = self.categories.iter().find(|category| category.0 == *id).map(|category| category.1.clone());
                json!({"id": id, "name": name})
            }).collect::<Vec<_>>(),
            "hide_from_listings": field("hide_from_listings"),
            "show_map": field("show_map"),
            "modified_utc": format!("2026-11-22 12:{:02}:{:02}", post.modified / 60 % 60, post.modified % 60),
        })
    }

    fn list(&self, sent: &Sent) -> Said {
        let asked = parameters(sent);
        if asked
            .get("status")
            .is_some_and(|parameter| parameter == "any")
        {
            return wordpress(400, "rest_invalid_param", json!({"status": "is invalid"}));
        }
        let day = |name: &str, days: i64| {
            let given = asked.get(name).and_then(|parameter| parameter.get(..10));
            let usual = (self.now + chrono::TimeDelta::days(days)).date_naive();
            given.and_then(|text| text.parse().ok()).unwrap_or(usual)
        };
        let (from, until) = (day("start_date", 0), day("end_date", 730));
        let each: usize = asked
            .get("per_page")
            .map_or(10, |parameter| parameter.parse().unwrap())
            .min(50);
        let page: usize = asked
            .get("page")
            .map_or(1, |parameter| parameter.parse().unwrap());
        let listed = self.posts.iter().filter(|post| {
            let on = |field: &str| time(post.fields[field].as_str().unwrap()).unwrap().date();
            let hidden = post.fields.get("hide_from_listings") == Some(&json!(true));
            post.status == "publish"
                && !hidden
                && on("end_date") >= from
                && on("start_date") <= until
        });
        let all: Vec<Value> = listed.map(|listed| self.view(listed)).collect();
        let (first, pages) = ((page - 1) * each, all.len().div_ceil(each));
        if page > 1 && first >= all.len() {
            return wordpress(404, "event-archive-page-not-found", json!({}));
        }
        // Authenticated users get the link and are refused there.
        let any = if sent.header("authorization").is_empty() {
            ""
        } else {
            "&status=any"
        };
        let address = |page: usize| {
            format!(
                "{}{ROOT}/events/?page={page}&per_page={each}&start_date={from}%2000%3A00%3A00&end_date={until}%2023%3A59%3A59{any}",
                self.home
            )
        };
        let mut answer = json!({
            "events": all.iter().skip(first).take(each).collect::<Vec<_>>(),
            "rest_url": address(page), "total": all.len(), "total_pages": pages,
        });
        if page < pages {
            answer["next_rest_url"] = address(page + 1).into();
        }
        (200, answer)
    }

    /// Handles venues and organizers.
    fn shared(&mut self, sent: &Sent, kind: &str) -> Said {
        let name = kind.trim_end_matches('s');
        let all = match kind {
            "venues" => &mut self.venues,
            _ => &mut self.organizers,
        };
        if sent.method == "GET" {
            let wanted = parameters(sent)
                .remove("search")
                .unwrap_or_default()
                .to_lowercase();
            let holds = |text: &&Map<String, Value>| {
                text[name]
                    .as_str()
                    .unwrap()
                    .to_lowercase()
                    .contains(&wanted)
            };
            let found: Vec<_> = all.iter().filter(holds).collect();
            return (200, json!({ kind: found, "total": found.len() }));
        }
        let body = sent.json();
        if body[name].as_str().is_none_or(str::is_empty) {
            return wordpress(400, "rest_missing_callback_param", json!([name]));
        }
        let id = shared(all, name, &body, &mut self.last).unwrap();
        let made = all.iter().find(|item| item["id"] == id).cloned().unwrap();
        (201, Value::Object(made))
    }

    /// Handles WordPress's own interface.
    fn wp_v2(&mut self, sent: &Sent, rest: &str) -> Said {
        if !self.in_wp_v2 {
            return wordpress(404, "rest_no_route", json!({}));
        }
        if sent.method == "GET" {
            return (200, json!([]));
        }
        let id = rest.trim_matches('/');
        let Some(post) = self.posts.iter_mut().find(|post| post.id.to_string() == id) else {
            return wordpress(404, "rest_post_invalid_id", json!({}));
        };
        for (name, value) in object(sent.json()["meta"].clone()) {
            if name == "_EventVenueID" && value == json!([]) {
                post.venue = None;
            }
            if META.contains(&name.as_str()) {
                post.meta.insert(name, value);
            }
        }
        (200, json!({"id": post.id, "meta": post.meta}))
    }
}

/// Finds one by id or by name, ignoring case, and overwrites it.
fn shared(
    all: &mut Vec<Map<String, Value>>,
    name: &str,
    told: &Value,
    last: &mut u64,
) -> Option<u64> {
    let id = number(told).or_else(|| number(&told["id"]));
    if let Some(id) = id {
        return all.iter().any(|text| text["id"] == id).then_some(id);
    }
    let wanted = told[name].as_str()?.to_lowercase();
    let same =
        |text: &&mut Map<String, Value>| text[name].as_str().unwrap().to_lowercase() == wanted;
    if let Some(known) = all.iter_mut().find(same) {
        known.extend(object(told.clone()));
        return known["id"].as_u64();
    }
    *last += 1;
    let mut made = object(told.clone());
    made.insert("id".into(), (*last).into());
    all.push(made);
    Some(*last)
}

impl StandIn for Tribe {
    fn answer(&mut self, sent: &Sent) -> Said {
        let path = path(sent);
        let public = sent.method == "GET" && path.trim_end_matches('/') == format!("{ROOT}/events");
        if !public && sent.header("authorization") != BASIC {
            return wordpress(401, "incorrect_password", json!({}));
        }
        if sent.method != "GET" && self.role == Role::Subscriber {
            return wordpress(403, "rest_forbidden", json!({}));
        }
        if let Some(rest) = path.strip_prefix("/wp-json/wp/v2/tribe_events") {
            return self.wp_v2(sent, rest);
        }
        let rest = path.strip_prefix(ROOT).unwrap_or("/");
        let (kind, rest) = rest
            .trim_start_matches('/')
            .split_once('/')
            .unwrap_or((rest.trim_start_matches('/'), ""));
        match kind {
            "events" => self.events(sent, rest.trim_end_matches('/')),
            "venues" | "organizers" => self.shared(sent, kind),
            _ => wordpress(404, "rest_no_route", json!({})),
        }
    }

    fn shown(&self) -> Vec<(String, Value)> {
        let shown = self.posts.iter().filter(|post| post.status == "publish");
        shown
            .map(|post| (post.id.to_string(), self.view(post)))
            .collect()
    }

    fn turn_to(&mut self, now: DateTime<Utc>) {
        self.now = now;
    }
}
