//! Conversion of an ActivityStreams `Event` into a draft, as published by Mobilizon and Gancio and as defined
//! in FEP-8a8e.

use chrono::{DateTime, Utc};
use serde_json::Value;
use url::Url;

use crate::connector::FetchContext;
use crate::diagnostic::Diagnostic;
use crate::json_ld::whole_seconds;
use crate::linked_data::extras::{images, ticket};
use crate::linked_data::place::places;
use crate::linked_data::{self, add_words, each, field, name_of, plain, plain_of, types};
use crate::parse::{self, ParsedTime};
use calendar_domain::{
    EventDraft, EventStatus, Image, Lang, Offer, OrganizerRef, Schedule, Text, When,
};
use calendar_ical::to_events::unmarked;

/// Maximum number of images of an event.
const IMAGES: usize = 20;

/// The context for reading an event.
pub struct ActivityReader<'a> {
    /// The base of relative addresses.
    pub base: &'a Url,
    /// The context of the run.
    pub asking: &'a FetchContext<'a>,
    /// The time at which the activity with the event was published (UTC).
    pub published: Option<DateTime<Utc>>,
}

impl ActivityReader<'_> {
    /// Returns the draft of an event. Returns `None` with a remark if its id, name or start is missing or
    /// unreadable, or if it is not public.
    pub fn draft(
        &self,
        object: &Value,
        number: usize,
        remarks: &mut Vec<Diagnostic>,
    ) -> Option<EventDraft> {
        let language = plain_of(object, &["inLanguage"]).and_then(|plain| plain.parse().ok());
        let language = language.unwrap_or(self.asking.language);
        let told = both(object, "name", language, parse::title);
        let (title, marked) = without_marks(told);
        let name = title.get(language).to_owned();
        let at = |what: &str| format!("event {number} ({name}): {what}");
        let Some(id) = plain_of(object, &["id"]) else {
            remarks.push(Diagnostic::error(at("id"), "missing"));
            return None;
        };
        if title.is_empty() {
            remarks.push(Diagnostic::error(
                at("name"),
                format!("{} has none", parse::title(&id)),
            ));
            return None;
        }
        if !is_public(object) {
            remarks.push(Diagnostic::error(at("to"), "it is not public; left out"));
            return None;
        }
        let status = self.status(object, marked, &at, remarks);
        let previous = self.time(object, "previousStartTime", &at, remarks);
        let when = self.when(object, previous, status, &at, remarks)?;
        let mut draft = EventDraft::new(id, title, Schedule::once(when));
        draft.status = status;
        draft.previous = previous.map(|previous| parse::span(previous, None, self.zone(object)));
        draft.description = both(object, "content", language, parse::description);
        draft.summary = both(object, "summary", language, parse::summary);
        if same(&draft.summary, &draft.description, language) {
            draft.summary = Text::default();
        }
        self.add_place(&mut draft, object);
        add_words(&mut draft.categories, field(object, "category"));
        for tag in each(field(object, "tag")) {
            if types(tag).any(|kind| kind == "Hashtag") {
                add_words(&mut draft.categories, tag);
            }
        }
        draft.offers = self.registration(object);
        draft.images = self.images(object, language);
        draft.organizer = self.organizer(object);
        draft.website = self
            .page(object)
            .or_else(|| parse::web(&draft.origin_id, self.base));
        let updated = plain_of(object, &["updated"]).and_then(|plain| instant(&plain));
        draft.modified = updated.or(self.published);
        Some(draft)
    }

    fn zone(&self, object: &Value) -> chrono_tz::Tz {
        let told = plain_of(object, &["timezone"]).and_then(|plain| parse::zone(&plain));
        told.unwrap_or(self.asking.zone)
    }

    fn time(
        &self,
        object: &Value,
        name: &str,
        at: &dyn Fn(&str) -> String,
        remarks: &mut Vec<Diagnostic>,
    ) -> Option<ParsedTime> {
        let told = plain_of(object, &[name])?;
        let read = parse::time(&told).map(whole_seconds);
        if read.is_none() {
            let detail = format!("«{}» is not a readable time", parse::title(&told));
            remarks.push(Diagnostic::warning(at(name), detail));
        }
        read
    }

    /// Returns the time of the event. An end that is marked as hidden is ignored. A postponed event without a
    /// start gets its previous one.
    fn when(
        &self,
        object: &Value,
        previous: Option<ParsedTime>,
        status: EventStatus,
        at: &dyn Fn(&str) -> String,
        remarks: &mut Vec<Diagnostic>,
    ) -> Option<When> {
        let start = self.time(object, "startTime", at, remarks);
        let postponed = previous.filter(|_| status == EventStatus::Postponed);
        let Some(start) = start.or(postponed) else {
            remarks.push(Diagnostic::error(at("startTime"), "none is readable"));
            return None;
        };
        let shown = field(object, "displayEndTime") != &Value::Bool(false);
        let end = self.time(object, "endTime", at, remarks).filter(|_| shown);
        Some(parse::span(start, end, self.zone(object)))
    }

    /// Returns `eventStatus`, else Mobilizon's older `ical:status`, else the status in the title.
    fn status(
        &self,
        object: &Value,
        marked: Option<EventStatus>,
        at: &dyn Fn(&str) -> String,
        remarks: &mut Vec<Diagnostic>,
    ) -> EventStatus {
        let said = ["eventStatus", "ical:status", "status"];
        let said = said.iter().find_map(|name| plain(field(object, name)));
        let status = said.as_deref().and_then(linked_data::status);
        if let (Some(said), None) = (&said, status) {
            let detail = format!("«{}» is not a status", parse::title(said));
            remarks.push(Diagnostic::warning(at("eventStatus"), detail));
        }
        match status.unwrap_or_default() {
            EventStatus::Scheduled => marked.unwrap_or_default(),
            status => status,
        }
    }

    /// Sets the places and the online address, which is a `VirtualLocation` or Mobilizon's attachment named
    /// «Website». If the event says that it is not online, the attachment is only its web page.
    fn add_place(&self, draft: &mut EventDraft, object: &Value) {
        let found = places(field(object, "location"), self.base);
        draft.venues = found.venues;
        let offline = field(object, "isOnline") == &Value::Bool(false);
        let attached = || self.attached_page(object).filter(|_| !offline);
        draft.online_url = found.online.or_else(attached);
    }

    fn attached_page(&self, object: &Value) -> Option<Url> {
        let links = each(field(object, "attachment")).iter();
        let mut websites = links.filter(|link| {
            types(link).any(|kind| matches!(kind, "Link" | "Page"))
                && plain_of(link, &["name"])
                    .is_some_and(|name| name.eq_ignore_ascii_case("website"))
        });
        websites.find_map(|website| parse::web(&plain_of(website, &["href", "url"])?, self.base))
    }

    fn page(&self, object: &Value) -> Option<Url> {
        let links = each(field(object, "url")).iter();
        let mut told = links.filter_map(|link| plain(link).or_else(|| plain_of(link, &["href"])));
        told.find_map(|plain| parse::web(&plain, self.base))
    }

    /// Returns an offer with the registration page, if it is external.
    fn registration(&self, object: &Value) -> Vec<Offer> {
        let told = plain_of(object, &["externalParticipationUrl"]);
        let url = told.and_then(|plain| parse::web(&plain, self.base));
        url.map(ticket).into_iter().collect()
    }

    /// Returns `image` and the attached images. The alternative text «Banner» is dropped, since Mobilizon
    /// gives it to all of them.
    fn images(&self, object: &Value, language: Lang) -> Vec<Image> {
        let attached = each(field(object, "attachment")).iter().filter(|item| {
            let kind = plain_of(item, &["mediaType"]).unwrap_or_default();
            kind.starts_with("image/") || types(item).any(|item| item == "Image")
        });
        let mut found: Vec<Image> = Vec::new();
        for one in each(field(object, "image"))
            .iter()
            .chain(attached)
            .take(IMAGES)
        {
            for mut image in images(one, self.base, language) {
                if image.alt.get(language) == "Banner" {
                    image.alt = Text::default();
                }
                if found.iter().all(|other| other.source != image.source) {
                    found.push(image);
                }
            }
        }
        found
    }

    /// Returns the first of `organizers` or `attributedTo` with a name. An actor that is only an address gets
    /// its handle as the name.
    fn organizer(&self, object: &Value) -> Option<OrganizerRef> {
        let listed = field(object, "organizers");
        let inner = field(field(listed, "first"), "items");
        let all = [
            listed,
            inner,
            field(object, "organizer"),
            field(object, "attributedTo"),
        ];
        let all = all.into_iter().flat_map(each);
        all.filter(|value| !types(value).any(|kind| kind.ends_with("Collection")))
            .find_map(|one| {
                let url = plain(one).or_else(|| plain_of(one, &["url", "id"]));
                let url = url.and_then(|url| parse::web(&url, self.base));
                let name = name_of(field(one, "name")).map(|name| parse::title(&name));
                let name = name.or_else(|| handle(url.as_ref()?))?;
                Some(OrganizerRef::Described { name, url })
            })
    }
}

/// Returns `metacartes@mobilizon.fr` for `https://mobilizon.fr/@metacartes`.
fn handle(url: &Url) -> Option<String> {
    let last = url.path_segments()?.rfind(|segment| !segment.is_empty());
    let name = last.unwrap_or_default().trim_start_matches('@');
    let host = url.host_str()?;
    Some(match name {
        "" => host.to_owned(),
        name => parse::title(&format!("{name}@{host}")),
    })
}

/// Returns a text with its translations: `name` and `nameMap`.
fn both(object: &Value, name: &str, language: Lang, clean: fn(&str) -> String) -> Text {
    let map = field(object, &format!("{name}Map"));
    let mut told = linked_data::text(map, language, clean);
    let own = linked_data::text(field(object, name), language, clean);
    for text in own.iter() {
        if told.is_empty() {
            told.set(text.lang, text.text);
        }
    }
    told
}

fn without_marks(mut title: Text) -> (Text, Option<EventStatus>) {
    let mut found = None;
    for lang in Lang::ALL {
        if let Some(told) = title.exact(lang).map(str::to_owned) {
            let (bare, marked) = unmarked(&told);
            found = found.or(marked);
            title.set(lang, bare.to_owned());
        }
    }
    (title, found)
}

fn same(summary: &Text, description: &Text, language: Lang) -> bool {
    let words = |text: &Text| {
        text.get(language)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    words(description).contains(&words(summary))
}

/// Returns true if the event is addressed to the public or has no addressees.
fn is_public(object: &Value) -> bool {
    let to = each(field(object, "to"))
        .iter()
        .chain(each(field(object, "cc")));
    let mut said = to.filter_map(Value::as_str).peekable();
    said.peek().is_none()
        || said.any(|item| item.ends_with("#Public") || item == "as:Public" || item == "Public")
}

/// Parses an ISO 8601 time with an offset.
pub fn instant(text: &str) -> Option<DateTime<Utc>> {
    match parse::time(text)? {
        ParsedTime::Instant(instant) => Some(instant),
        _ => None,
    }
}
