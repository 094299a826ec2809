//! Conversion of a schema.org `Event` into a draft.

use serde_json::Value;
use url::Url;

use super::find::FoundEvent;
use super::time;
use crate::connector::FetchContext;
use crate::diagnostic::Diagnostic;
use crate::linked_data::extras::{images, organizer, price};
use crate::linked_data::facts::{availability, languages};
use crate::linked_data::place::places;
use crate::linked_data::{self, add_words, each, field, last_word, plain, plain_of, types};
use crate::{identity, parse};
use calendar_domain::{EventDraft, EventStatus, Lang, Schedule, Text};
use calendar_ical::to_events::unmarked;

/// The context for reading an event.
pub struct JsonLdReader<'a> {
    /// The base of relative addresses.
    pub base: &'a Url,
    /// The language of texts without one.
    pub language: Lang,
    /// The context of the run, with the zone of times without an offset.
    pub asking: &'a FetchContext<'a>,
}

impl JsonLdReader<'_> {
    /// Returns the draft of an event. Returns `None` with a remark if its name is missing or its start is
    /// missing or unreadable.
    pub fn draft(
        &self,
        found: &FoundEvent,
        number: usize,
        remarks: &mut Vec<Diagnostic>,
    ) -> Option<EventDraft> {
        let object = &found.object;
        let mut title = self.text(object, &["name", "headline"], parse::title);
        let name = title.get(self.language).to_owned();
        let at = |what: &str| match name.as_str() {
            "" => format!("event {number}: {what}"),
            name => format!("event {number} ({name}): {what}"),
        };
        if title.is_empty() {
            let Some(holder) = &found.holder else {
                remarks.push(Diagnostic::error(at("name"), "missing"));
                return None;
            };
            let detail = format!("missing; «{holder}», its organizer's place, is used");
            remarks.push(Diagnostic::warning(at("name"), detail));
            title = Text::in_lang(self.language, parse::title(holder));
        }
        let schedule = self.schedule(object, &at, remarks)?;
        let mut draft = EventDraft::new("", title, schedule);
        self.add_status(&mut draft, object, &at, remarks);
        self.add_place(&mut draft, object);
        self.add_words(&mut draft, object);
        let price = price(object, self.base, self.language);
        if price.without_currency > 0 {
            remarks.push(Diagnostic::warning(
                at("offers"),
                "a price without a currency is left out",
            ));
        }
        (draft.offers, draft.admission) = (price.offers, price.admission);
        draft.availability = availability(object);
        draft.languages = languages(object);
        draft.images = images(field(object, "image"), self.base, self.language);
        draft.organizer = organizer(field(object, "organizer"), self.base);
        draft.website = self.web(plain_of(object, &["url"]));
        draft.description = self.text(object, &["description"], parse::description);
        draft.summary = self.text(
            object,
            &["abstract", "disambiguatingDescription"],
            parse::summary,
        );
        draft.modified = plain_of(object, &["dateModified"])
            .and_then(|plain| parse::time(&plain))
            .and_then(|time| match time {
                parse::ParsedTime::Instant(instant) => Some(instant),
                _ => None,
            });
        draft.super_event = self.part_of(found);
        draft.origin_id = self.id(object).unwrap_or_else(|| identity::derived(&draft));
        Some(draft)
    }

    fn text(&self, object: &Value, names: &[&str], clean: fn(&str) -> String) -> Text {
        let texts = names
            .iter()
            .map(|name| linked_data::text(field(object, name), self.language, clean));
        texts
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    }

    fn web(&self, told: Option<String>) -> Option<Url> {
        told.and_then(|text| parse::web(&text, self.base))
    }

    /// Returns the `@id`, else the address of the event's page, else the `identifier`.
    fn id(&self, object: &Value) -> Option<String> {
        if let Some(id) = plain(field(object, "id")).filter(|plain| !plain.starts_with("_:")) {
            return Some(self.absolute(&id));
        }
        let url = plain_of(object, &["url"]).and_then(|plain| parse::web(&plain, self.base));
        let identifier = field(object, "identifier");
        let identifier = || plain(identifier).or_else(|| plain_of(identifier, &["value"]));
        url.map(|url| url.to_string()).or_else(identifier)
    }

    fn absolute(&self, id: &str) -> String {
        self.base
            .join(id)
            .map_or_else(|_| id.to_owned(), |join| join.to_string())
    }

    fn part_of(&self, found: &FoundEvent) -> Option<String> {
        let told = each(field(&found.object, "superEvent")).first();
        let told = told.and_then(|told| plain(told).or_else(|| plain_of(told, &["id", "url"])));
        let told = told.or_else(|| found.part_of.clone());
        told.map(|told| self.absolute(&told))
    }

    fn schedule(
        &self,
        object: &Value,
        at: &dyn Fn(&str) -> String,
        remarks: &mut Vec<Diagnostic>,
    ) -> Option<Schedule> {
        let Some(told) = plain_of(object, &["startDate"]) else {
            remarks.push(Diagnostic::error(at("startDate"), "missing"));
            return None;
        };
        let Some((start, odd)) = time::read(&told) else {
            let detail = format!("«{}» is not a readable time", parse::title(&told));
            remarks.push(Diagnostic::error(at("startDate"), detail));
            return None;
        };
        if odd {
            let detail = format!(
                "«{told}» is not ISO 8601; read as {}",
                start.local(self.asking.zone)
            );
            remarks.push(Diagnostic::warning(at("startDate"), detail));
        }
        let end = plain_of(object, &["endDate"]).and_then(|told| {
            let end = time::read(&told).map(|read| read.0);
            if end.is_none() {
                let detail = format!("«{}» is not a readable time; left out", parse::title(&told));
                remarks.push(Diagnostic::warning(at("endDate"), detail));
            }
            end
        });
        Some(Schedule::once(time::when(start, end, self.asking.zone)))
    }

    fn add_status(
        &self,
        draft: &mut EventDraft,
        object: &Value,
        at: &dyn Fn(&str) -> String,
        remarks: &mut Vec<Diagnostic>,
    ) {
        for word in each(field(object, "eventStatus")).iter().filter_map(plain) {
            match linked_data::status(&word) {
                Some(EventStatus::Scheduled) => {}
                Some(status) => draft.status = status,
                None => {
                    let detail = format!("«{}» is not a status", parse::title(&word));
                    remarks.push(Diagnostic::warning(at("eventStatus"), detail));
                }
            }
        }
        for lang in Lang::ALL {
            let Some(title) = draft.title.exact(lang).map(str::to_owned) else {
                continue;
            };
            let (bare, marked) = unmarked(&title);
            if let Some(marked) = marked {
                draft.title.set(lang, bare.to_owned());
                if draft.status == EventStatus::Scheduled {
                    draft.status = marked;
                }
            }
        }
        let before = plain_of(object, &["previousStartDate"]).and_then(|plain| time::read(&plain));
        draft.previous = before.map(|(value, _)| time::when(value, None, self.asking.zone));
    }

    fn add_place(&self, draft: &mut EventDraft, object: &Value) {
        let found = places(field(object, "location"), self.base);
        (draft.venues, draft.online_url) = (found.venues, found.online);
        let mode = plain_of(object, &["eventAttendanceMode"]).unwrap_or_default();
        if last_word(&mode) == "OnlineEventAttendanceMode" && draft.venues.is_empty() {
            draft.online_url = draft
                .online_url
                .take()
                .or_else(|| self.web(plain_of(object, &["url"])));
        }
    }

    /// Sets the categories and audiences. The specific type of the event is a category too.
    fn add_words(&self, draft: &mut EventDraft, object: &Value) {
        let kinds =
            types(object).filter(|types| !matches!(*types, "Event" | "Thing" | "EventSeries"));
        draft.categories.extend(kinds.map(str::to_owned));
        for name in ["keywords", "genre", "about", "category"] {
            add_words(&mut draft.categories, field(object, name));
        }
        for one in each(field(object, "audience")) {
            let kind = field(one, "audienceType");
            add_words(
                &mut draft.audiences,
                if kind.is_null() { one } else { kind },
            );
        }
        add_words(&mut draft.audiences, field(object, "typicalAgeRange"));
    }
}
