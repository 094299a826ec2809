//! Reading of the events in a response, one by one, with diagnostics of each.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::json::Word;
use super::{ParsedTime, time, title, web};
use crate::connector::{FetchContext, ParsedItem, ParsedPage, PartnerResponse};
use crate::diagnostic::Diagnostic;
use calendar_domain::zone::to_utc;
use calendar_domain::{EventDraft, EventStatus, Lang, Text};
use calendar_ical::finding::Severity;
use calendar_ical::to_events::{cut, unmarked};

/// Maximum length of an origin id in characters.
const ORIGIN: usize = 500;
/// Maximum number of words per field, and maximum length of each in characters.
const WORDS: usize = 50;
const WORD: usize = 100;
/// Maximum number of places, prices or images of an event.
const PARTS: usize = 20;

/// The event being read, with its diagnostics.
pub struct ParsedFields<'a> {
    /// The context of the run.
    pub asking: &'a FetchContext<'a>,
    /// The permanent id of the event at its source.
    pub origin: String,
    base: &'a Url,
    at: String,
    remarks: Vec<Diagnostic>,
}

impl ParsedFields<'_> {
    /// Returns the language of texts without one.
    #[must_use]
    pub fn language(&self) -> Lang {
        self.asking.language
    }

    /// Adds an error: the event is left out.
    pub fn wrong(&mut self, field: &str, why: impl Into<String>) {
        let at = format!("{}: {field}", self.at);
        self.remarks.push(Diagnostic::error(at, why));
    }

    /// Adds a warning: a value of a kept event was corrected or left out.
    pub fn doubt(&mut self, field: &str, why: impl Into<String>) {
        let at = format!("{}: {field}", self.at);
        self.remarks.push(Diagnostic::warning(at, why));
    }

    /// Returns [`ParsedItem::Unread`] if there was an error.
    fn unread(&self) -> Option<ParsedItem> {
        let wrong = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
        let origin_id = self.origin.clone();
        (self.remarks.iter().any(wrong)).then_some(ParsedItem::Unread { origin_id })
    }

    /// Checks the title. Without one the event is left out.
    pub fn titled(&mut self, field: &str, text: Text) -> Option<Text> {
        if text.is_empty() {
            self.wrong(field, "there is no title; left out");
            return None;
        }
        Some(text)
    }

    /// Reads a title that may contain the status of the event, such as «Avlyst: …».
    pub fn marked(&mut self, field: &str, word: &Word) -> Option<(Text, EventStatus)> {
        let title = title(word.text());
        let (title, status) = unmarked(&title);
        let text = self.titled(field, Text::in_lang(self.language(), title))?;
        Some((text, status.unwrap_or_default()))
    }

    /// Returns a text in the default language.
    #[must_use]
    pub fn text(&self, word: &Word, make: impl Fn(&str) -> String) -> Text {
        Text::in_lang(self.language(), make(word.text()))
    }

    /// Parses the start. Without one the event is left out.
    pub fn start(&mut self, field: &str, word: &Word) -> Option<ParsedTime> {
        let Some(text) = word.get() else {
            self.wrong(field, "there is no start; left out");
            return None;
        };
        let told = time(text);
        if told.is_none() {
            self.wrong(field, format!("«{}» is not a time; left out", shown(text)));
        }
        told
    }

    /// Parses an optional time. An unreadable one is `None`, with a warning.
    pub fn time(&mut self, field: &str, word: &Word) -> Option<ParsedTime> {
        let text = word.get()?;
        let told = time(text);
        if told.is_none() {
            self.doubt(field, format!("«{}» is not a time", shown(text)));
        }
        told
    }

    /// Parses an optional instant. A local time is in `zone`.
    pub fn instant(&mut self, field: &str, word: &Word, zone: Tz) -> Option<DateTime<Utc>> {
        Some(match self.time(field, word)? {
            ParsedTime::Instant(instant) => instant,
            local => to_utc(local.local(zone), zone),
        })
    }

    /// Parses an optional address. An unreadable one is `None`, with a warning.
    pub fn web(&mut self, field: &str, word: &Word) -> Option<Url> {
        self.address(field, word.text())
    }

    /// Parses an optional address. The scheme may be missing: `www.eksempel.no`.
    pub fn address(&mut self, field: &str, text: &str) -> Option<Url> {
        if text.is_empty() {
            return None;
        }
        let url = match starts_with_host(text) {
            true => web(&format!("https://{text}"), self.base),
            false => web(text, self.base),
        };
        if url.is_none() {
            self.doubt(field, format!("«{}» is not a URL", shown(text)));
        }
        url
    }
}

/// Truncates lists that exceed [`PARTS`].
fn bound(draft: &mut EventDraft, fields: &mut ParsedFields<'_>) {
    let told = [draft.venues.len(), draft.offers.len(), draft.images.len()];
    draft.venues.truncate(PARTS);
    draft.offers.truncate(PARTS);
    draft.images.truncate(PARTS);
    if told.iter().any(|told| *told > PARTS) {
        let why = format!("only {PARTS} of its places, prices and pictures are kept");
        fields.doubt("as a whole", why);
    }
}

/// Returns true if a text begins with a host name rather than with a scheme or a path.
fn starts_with_host(text: &str) -> bool {
    let host = text.split(['/', '?', '#']).next().unwrap_or(text);
    let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    host.contains('.') && !host.starts_with('.') && host.chars().all(is_letter)
}

/// Shortens a text for a remark.
fn shown(text: &str) -> String {
    cut(&title(text), 80).0
}

/// Appends a text as a paragraph, language by language.
#[must_use]
pub fn followed_by(mut text: Text, more: &Text) -> Text {
    for more in more.iter() {
        let before = text.exact(more.lang).map(|exact| format!("{exact}\n\n"));
        let both = format!("{}{}", before.unwrap_or_default(), more.text);
        text.set(more.lang, both);
    }
    text
}

/// Returns words such as categories, cleaned and without duplicates.
#[must_use]
pub fn words<'t>(said: impl IntoIterator<Item = &'t str>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let tidy = said.into_iter().map(|word| cut(&title(word), WORD).0);
    let fresh = tidy.filter(|word| !word.is_empty() && seen.insert(word.clone()));
    fresh.take(WORDS).collect()
}

/// Reads the events of a response one by one. `id` is the field with the permanent id. An event without an
/// item has a remark with the reason.
pub fn read_events<'a, W: Deserialize<'a>>(
    events: &'a [Value],
    id: &str,
    answer: &PartnerResponse<'_>,
    asking: &FetchContext<'_>,
    read: impl Fn(W, &mut ParsedFields<'_>) -> Option<ParsedItem>,
) -> ParsedPage {
    let mut page = ParsedPage::default();
    for (index, value) in events.iter().enumerate() {
        let origin = value.get(id).map(Word::from).unwrap_or_default();
        let origin = cut(origin.text(), ORIGIN).0;
        let number = index + 1;
        let mut fields = ParsedFields {
            asking,
            base: answer.url,
            at: format!("event {number} ({})", shown(&origin)),
            origin,
            remarks: Vec::new(),
        };
        if fields.origin.is_empty() {
            let at = format!("event {number}: {id}");
            page.remarks
                .push(Diagnostic::error(at, "missing; left out"));
            continue;
        }
        match W::deserialize(value) {
            Ok(wire) => {
                let mut item = read(wire, &mut fields);
                if let Some(ParsedItem::Event(draft)) = &mut item {
                    bound(draft, &mut fields);
                }
                page.items.extend(item);
            }
            Err(error) => fields.wrong("as a whole", error.to_string()),
        }
        page.items.extend(fields.unread());
        page.remarks.append(&mut fields.remarks);
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use calendar_domain::{Schedule, Venue, When};
    use serde_json::json;

    #[derive(Deserialize)]
    struct Wire {
        #[serde(default)]
        start: Word,
    }

    #[test]
    fn what_cannot_be_read_is_told_and_the_rest_goes_on() {
        let events = [
            json!({"id": 1, "start": "2027-06-01"}),
            json!({"id": 2, "start": "soon"}),
            json!({"id": 3}),
            json!({"start": "2027-06-01"}),
            json!(7),
        ];
        let url = Url::parse("https://eksempel.no/").unwrap();
        let asking = FetchContext {
            url: &url,
            zone: Tz::Europe__Oslo,
            language: Lang::Nb,
            today: "2027-01-15".parse().unwrap(),
            now: "2027-01-15T12:00:00Z".parse().unwrap(),
            resume: None,
        };
        let answer = PartnerResponse {
            url: &url,
            media_type: None,
            bytes: b"",
            purpose: "",
        };
        let page = read_events(&events, "id", &answer, &asking, |wire: Wire, fields| {
            let start = fields.start("start", &wire.start)?;
            let when = When::day(start.local(fields.asking.zone).date());
            let mut draft = EventDraft::new(&*fields.origin, Text::nb("a"), Schedule::once(when));
            draft.venues = vec![Venue::named("b"); 30];
            Some(ParsedItem::Event(Box::new(draft)))
        });
        let [
            ParsedItem::Event(draft),
            ParsedItem::Unread { origin_id: two },
            ParsedItem::Unread { origin_id: three },
        ] = &page.items[..]
        else {
            panic!("{:?}", page.items)
        };
        assert_eq!([two, three], ["2", "3"]);
        assert_eq!(draft.venues.len(), PARTS);
        let told: Vec<String> = page
            .remarks
            .iter()
            .map(|remark| format!("{}: {}", remark.at, remark.detail))
            .collect();
        assert_eq!(
            told,
            [
                "event 1 (1): as a whole: only 20 of its places, prices and pictures are kept",
                "event 2 (2): start: «soon» is not a time; left out",
                "event 3 (3): start: there is no start; left out",
                "event 4: id: missing; left out",
                "event 5: id: missing; left out",
            ]
        );
        let errors = page
            .remarks
            .iter()
            .filter(|remark| remark.severity == Severity::Error);
        assert_eq!(errors.count(), 4);
    }

    #[test]
    fn a_host_is_told_from_a_scheme_and_a_path() {
        for text in ["www.eksempel.no", "eksempel.no/a?b", "kor.eksempel.no#a"] {
            assert!(starts_with_host(text), "{text}");
        }
        let others = [
            "https://eksempel.no",
            "/a.jpg",
            "../a.jpg",
            "mailto:a@eksempel.no",
            "a",
        ];
        for text in others {
            assert!(!starts_with_host(text), "{text}");
        }
    }

    #[test]
    fn words_are_tidy_and_each_there_once() {
        let said = ["Musikk &amp; dans", " ", "Musikk & dans", "Barn"];
        assert_eq!(words(said), ["Musikk & dans", "Barn"]);
    }
}
