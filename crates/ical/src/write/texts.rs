//! Texts of a VEVENT: title, description, location.

use super::line::one_line;
use super::view::{EventView, VenueView};
use super::{Cancelled, WriteOptions};
use calendar_domain::zone::to_local;
use calendar_domain::{
    Admission, Availability, ChangeSubject, EventSetting, EventStatus, Lang, Text, When,
};
use calendar_language::{Words, Year};

/// Texts of a VEVENT, for formats with the same content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventTexts {
    /// Title with its mark, such as «AVLYST:».
    pub title: String,
    /// Language of the title.
    pub title_lang: Lang,
    /// Full description; paragraphs are separated by an empty line.
    pub description: String,
    /// Language of its main part.
    pub description_lang: Lang,
    /// Location on one line.
    pub location: Option<String>,
}

/// An event, or a changed occurrence of it.
#[derive(Debug, Clone)]
pub(super) struct WrittenOccurrence<'a> {
    pub view: &'a EventView<'a>,
    pub choices: WriteOptions,
    pub status: EventStatus,
    pub availability: Availability,
    pub title: &'a Text,
    pub description: &'a Text,
    /// Time, as written.
    pub when: When,
    /// Previous time, if it was moved.
    pub previous: Option<When>,
    pub venues: &'a [VenueView<'a>],
}

impl WrittenOccurrence<'_> {
    fn words(&self) -> Words {
        Words::new(self.choices.lang)
    }

    /// All of it.
    pub fn told(&self) -> EventTexts {
        let (title, title_lang) = self.title();
        let (description, description_lang) = self.description();
        EventTexts {
            title,
            title_lang,
            description,
            description_lang,
            location: self.location(),
        }
    }

    /// Returns the title with its status mark, which no program hides, and its language.
    pub fn title(&self) -> (String, Lang) {
        let event = self.view.event;
        let (title, lang) = match self.title.localized(self.choices.lang) {
            Some(found) => (one_line(found.text).into_owned(), found.lang),
            None => (
                event.title_in(self.choices.lang).to_owned(),
                self.choices.lang,
            ),
        };
        let mark = match self.status {
            EventStatus::Cancelled if self.choices.cancelled != Cancelled::Status => {
                "calendar-title-cancelled"
            }
            EventStatus::Postponed => "calendar-title-postponed",
            EventStatus::Tentative => "calendar-title-tentative",
            _ => return (title, lang),
        };
        let marked = Words::new(lang).say_with(mark, &[("title", title)]);
        (marked, lang)
    }

    /// Returns the description as plain text, and the language of its main text.
    pub fn description(&self) -> (String, Lang) {
        let lang = self.choices.lang;
        let event = self.view.event;
        let body = [&event.summary, self.description];
        let told = body.into_iter().rev().find_map(|text| text.localized(lang));
        let body = body
            .into_iter()
            .map(|text| text.get(lang).trim().to_owned());
        let blocks: Vec<String> = std::iter::once(self.standing().join("\n"))
            .chain(body)
            .chain([self.facts().join("\n"), self.origin().join("\n")])
            .chain(self.changed())
            .filter(|block| !block.is_empty())
            .collect();
        (
            blocks.join("\n\n"),
            told.map_or(self.words().lang(), |found| found.lang),
        )
    }

    /// Returns the lines about the status.
    fn standing(&self) -> Vec<String> {
        let words = self.words();
        let said = match self.status {
            EventStatus::Cancelled => Some(words.say("calendar-cancelled")),
            EventStatus::Postponed => Some(words.say("calendar-postponed")),
            EventStatus::Tentative => Some(words.say("calendar-tentative")),
            EventStatus::MovedOnline => Some(words.say("calendar-moved-online")),
            EventStatus::Scheduled | EventStatus::Rescheduled => None,
        };
        let mut lines: Vec<String> = said.map(Into::into).into_iter().collect();
        if let Some(previous) = &self.previous {
            let before = words.when_in(previous, self.view.zone, Year::Said);
            lines.push(words.say_with("calendar-moved", &[("when", before)]));
        }
        if matches!(self.when, When::TimeToCome { .. }) {
            lines.push(words.say("calendar-hours-to-come").into_owned());
        }
        lines.extend(self.places_left().map(Into::into));
        let note = self.view.event.status_note.get(self.choices.lang).trim();
        if !note.is_empty() {
            lines.push(note.to_owned());
        }
        lines
    }

    /// Returns the line about places left.
    fn places_left(&self) -> Option<std::borrow::Cow<'static, str>> {
        let key = match (self.availability, self.view.event.admission) {
            _ if self.status == EventStatus::Cancelled => return None,
            (Availability::Available, _) => return None,
            (Availability::FewLeft, _) => "calendar-few-left",
            (Availability::SoldOut, Admission::Free) => "calendar-full",
            (Availability::SoldOut, _) => "calendar-sold-out",
        };
        Some(self.words().say(key))
    }

    /// Returns the lines about setting, languages, sustainability and the way there.
    fn plain_facts(&self) -> Vec<String> {
        let (words, event) = (self.words(), self.view.event);
        let mut lines = Vec::new();
        let mut say = |key| lines.push(words.say(key).into_owned());
        for setting in &event.setting {
            say(match setting {
                EventSetting::Indoor => "calendar-indoor",
                EventSetting::Outdoor => "calendar-outdoor",
            });
        }
        if event.has_public_transport() {
            say("calendar-public-transport");
        }
        if event.is_certified() && event.certificate().is_none() {
            say("calendar-certified");
        }
        let issuer = event
            .certificate()
            .map(|certificate| one_line(&certificate.issuer));
        let way = one_line(event.getting_there.get(self.choices.lang));
        for (key, name, value) in [
            (
                "calendar-certified-by",
                "issuer",
                issuer.unwrap_or_default().as_ref(),
            ),
            (
                "calendar-languages",
                "names",
                &words.language_names(event).join(", "),
            ),
            ("calendar-getting-there", "text", way.trim()),
        ] {
            if !value.is_empty() {
                lines.push(words.say_with(key, &[(name, value)]));
            }
        }
        lines
    }

    /// Returns the lines about places, people and prices.
    fn facts(&self) -> Vec<String> {
        let (words, event) = (self.words(), self.view.event);
        let mut lines = Vec::new();
        let mut add = |key, name, value: String| {
            if !value.is_empty() {
                lines.push(words.say_with(key, &[(name, value)]));
            }
        };
        let others: Vec<String> = self.venues.iter().skip(1).map(VenueView::line).collect();
        add("calendar-also-at", "places", others.join("; "));
        if let Some(url) = &event.online_url {
            add("calendar-online-at", "url", url.to_string());
        }
        if let Some(organizer) = &self.view.organizer {
            add(
                "calendar-organizer",
                "name",
                one_line(organizer.name).into_owned(),
            );
        }
        add("calendar-audience", "names", self.view.audiences.join(", "));
        if event.admission == Admission::Free {
            lines.push(words.say("calendar-free").into_owned());
        }
        for offer in &event.offers {
            lines.extend(offer_line(words, self.choices.lang, offer));
        }
        lines.extend(self.plain_facts());
        lines
    }

    /// Returns the lines with web pages, credit and licence.
    fn origin(&self) -> Vec<String> {
        let (words, event) = (self.words(), self.view.event);
        let mut lines = vec![words.say_with("calendar-page", &[("url", self.view.page.as_str())])];
        if let Some(website) = &event.website {
            lines.push(words.say_with("calendar-website", &[("url", website.as_str())]));
        }
        if let Some(credit) = self.view.credit {
            lines.push(words.say_with("calendar-credit", &[("credit", one_line(credit))]));
        }
        if let Some(licence) = self.view.licence {
            lines.push(words.say_with("calendar-licence", &[("licence", one_line(licence))]));
        }
        lines
    }

    /// Returns the line about the last change.
    fn changed(&self) -> Option<String> {
        let (words, event) = (self.words(), self.view.event);
        let change = event.last_change.as_ref();
        let at = change.map_or(event.created, |change| change.at);
        let date = words.date(to_local(at, self.view.zone).date(), Year::Said);
        let key = match change.map(|change| change.what) {
            None => "calendar-added",
            Some(ChangeSubject::Cancelled) => "calendar-changed-cancelled",
            Some(ChangeSubject::Postponed) => "calendar-changed-postponed",
            Some(ChangeSubject::MovedOnline) => "calendar-changed-online",
            Some(ChangeSubject::Confirmed) => "calendar-changed-confirmed",
            Some(ChangeSubject::Time) => "calendar-changed-time",
            Some(ChangeSubject::Place) => "calendar-changed-place",
            Some(ChangeSubject::Details) => "calendar-changed-details",
        };
        Some(words.say_with(key, &[("date", date)]))
    }

    /// Returns the location on one line, if any.
    pub fn location(&self) -> Option<String> {
        let event = self.view.event;
        let online = || self.words().say("calendar-online").into_owned();
        match (self.status, self.venues.first()) {
            (EventStatus::MovedOnline, _) => Some(online()),
            (_, Some(venue)) => Some(venue.line()).filter(|line| !line.is_empty()),
            (_, None) => event.online_url.is_some().then(online),
        }
    }
}

/// Formats a ticket on one line: name, price, URL.
fn offer_line(words: Words, lang: Lang, offer: &calendar_domain::Offer) -> Option<String> {
    let price = offer
        .price
        .as_ref()
        .map(|price| format!("{price} {}", offer.currency));
    let url = offer.url.as_ref().map(|url| url.as_str().to_owned());
    let name = one_line(offer.name.get(lang)).into_owned();
    let parts: Vec<String> = [Some(name), price, url]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    (!parts.is_empty()).then(|| words.say_with("calendar-tickets", &[("offer", parts.join(", "))]))
}
