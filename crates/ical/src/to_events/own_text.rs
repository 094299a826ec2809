//! Parses the descriptions of feeds written by this program back into fields.
//!
//! Generated descriptions contain what iCalendar has no property for: postponement, further
//! places, tickets, time of the last change (`write/texts.rs`). An installation that subscribes to
//! such a calendar must not treat those lines as the organizer's text, or they would accumulate
//! with every hop. Only calendars with this program's PRODID are parsed this way.

use std::sync::LazyLock;

use url::Url;

use super::super::read::{ReadEvent, ReadStatus};
use super::own_facts::{OwnFact, OwnFacts};
use super::web_address;
use calendar_domain::{
    Admission, Availability, EventDraft, EventStatus, Lang, Offer, OrganizerRef, Text,
};
use calendar_language::Words;

/// Fields parsed from a description.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Own {
    /// Status that STATUS cannot express.
    pub status: Option<EventStatus>,
    /// Reason for the status, and the line with the previous time.
    pub note: String,
    /// Places after the first.
    pub places: Vec<String>,
    /// Name of the organizer.
    pub organizer: Option<String>,
    /// Audiences.
    pub audiences: Vec<String>,
    /// Whether admission is free.
    pub free: bool,
    /// Tickets.
    pub offers: Vec<Offer>,
    /// The availability of places.
    pub availability: Availability,
    /// Setting, languages, sustainability and the way there.
    facts: OwnFacts,
    /// Web page of the event; URL is its page in this service.
    pub website: Option<Url>,
    /// The organizer's text, and a credit.
    pub body: String,
}

/// Meaning of a generated line.
#[derive(Debug, Clone, Copy, PartialEq)]
enum OwnTextPart {
    Status(EventStatus),
    Moved,
    HoursToCome,
    PlacesLeft(Availability),
    Fact(OwnFact),
    Places,
    /// Duplicates CONFERENCE.
    Online,
    Organizer,
    Audiences,
    Free,
    Tickets,
    Page,
    Website,
    Credit,
    /// Duplicates LAST-MODIFIED.
    Changed,
}

/// Generated lines, by paragraph.
const STANDING: [(&str, &str, OwnTextPart); 9] = [
    (
        "calendar-cancelled",
        "",
        OwnTextPart::Status(EventStatus::Cancelled),
    ),
    (
        "calendar-postponed",
        "",
        OwnTextPart::Status(EventStatus::Postponed),
    ),
    (
        "calendar-tentative",
        "",
        OwnTextPart::Status(EventStatus::Tentative),
    ),
    (
        "calendar-moved-online",
        "",
        OwnTextPart::Status(EventStatus::MovedOnline),
    ),
    ("calendar-moved", "when", OwnTextPart::Moved),
    ("calendar-hours-to-come", "", OwnTextPart::HoursToCome),
    (
        "calendar-few-left",
        "",
        OwnTextPart::PlacesLeft(Availability::FewLeft),
    ),
    (
        "calendar-sold-out",
        "",
        OwnTextPart::PlacesLeft(Availability::SoldOut),
    ),
    (
        "calendar-full",
        "",
        OwnTextPart::PlacesLeft(Availability::SoldOut),
    ),
];
const FACTS: [(&str, &str, OwnTextPart); 13] = [
    ("calendar-also-at", "places", OwnTextPart::Places),
    ("calendar-online-at", "url", OwnTextPart::Online),
    ("calendar-organizer", "name", OwnTextPart::Organizer),
    ("calendar-audience", "names", OwnTextPart::Audiences),
    ("calendar-free", "", OwnTextPart::Free),
    ("calendar-tickets", "offer", OwnTextPart::Tickets),
    ("calendar-indoor", "", OwnTextPart::Fact(OwnFact::INDOOR)),
    ("calendar-outdoor", "", OwnTextPart::Fact(OwnFact::OUTDOOR)),
    (
        "calendar-public-transport",
        "",
        OwnTextPart::Fact(OwnFact::TRANSPORT),
    ),
    (
        "calendar-certified",
        "",
        OwnTextPart::Fact(OwnFact::CERTIFIED),
    ),
    (
        "calendar-certified-by",
        "issuer",
        OwnTextPart::Fact(OwnFact::Issuer),
    ),
    (
        "calendar-languages",
        "names",
        OwnTextPart::Fact(OwnFact::Languages),
    ),
    (
        "calendar-getting-there",
        "text",
        OwnTextPart::Fact(OwnFact::GettingThere),
    ),
];
const ORIGIN: [(&str, &str, OwnTextPart); 3] = [
    ("calendar-page", "url", OwnTextPart::Page),
    ("calendar-website", "url", OwnTextPart::Website),
    ("calendar-credit", "credit", OwnTextPart::Credit),
];
const CHANGED: [(&str, &str, OwnTextPart); 8] = [
    ("calendar-added", "date", OwnTextPart::Changed),
    ("calendar-changed-cancelled", "date", OwnTextPart::Changed),
    ("calendar-changed-postponed", "date", OwnTextPart::Changed),
    ("calendar-changed-online", "date", OwnTextPart::Changed),
    ("calendar-changed-confirmed", "date", OwnTextPart::Changed),
    ("calendar-changed-time", "date", OwnTextPart::Changed),
    ("calendar-changed-place", "date", OwnTextPart::Changed),
    ("calendar-changed-details", "date", OwnTextPart::Changed),
];

/// Text before and after the value of a line, in one language.
struct Form {
    before: String,
    after: String,
    said: OwnTextPart,
}

/// Forms of the lines of one paragraph, in all languages.
struct Forms(Vec<Form>);

impl Forms {
    fn new(lines: &[(&str, &str, OwnTextPart)]) -> Self {
        let form = |lang, (key, name, said): &(&str, &str, OwnTextPart)| {
            // No value contains this character: control characters are never written.
            let line = Words::new(lang).say_with(key, &[(*name, "\u{1}")]);
            let (before, after) = line.split_once('\u{1}').unwrap_or((&line, ""));
            let (before, after) = (before.to_owned(), after.to_owned());
            Form {
                before,
                after,
                said: *said,
            }
        };
        let forms = Lang::ALL
            .into_iter()
            .flat_map(|lang| lines.iter().map(move |line| form(lang, line)));
        Forms(forms.collect())
    }

    /// Returns the meaning of a line, and its value.
    fn read<'t>(&self, line: &'t str) -> Option<(OwnTextPart, &'t str)> {
        self.0.iter().find_map(|form| {
            let value = line
                .strip_prefix(&*form.before)?
                .strip_suffix(&*form.after)?;
            let whole = match form.said {
                OwnTextPart::Status(_)
                | OwnTextPart::HoursToCome
                | OwnTextPart::Free
                | OwnTextPart::PlacesLeft(_) => true,
                OwnTextPart::Fact(fact) => fact.is_whole(),
                _ => false,
            };
            (value.is_empty() == whole).then_some((form.said, value))
        })
    }

    /// Returns meaning, value and text of every line of a paragraph, or `None` if any line is not a
    /// generated one.
    fn read_all<'t>(&self, paragraph: &'t str) -> Option<Vec<(OwnTextPart, &'t str, &'t str)>> {
        let lines = paragraph.lines();
        lines
            .map(|line| self.read(line).map(|(said, value)| (said, value, line)))
            .collect()
    }
}

static STANDING_FORMS: LazyLock<Forms> = LazyLock::new(|| Forms::new(&STANDING));
static FACT_FORMS: LazyLock<Forms> = LazyLock::new(|| Forms::new(&FACTS));
static ORIGIN_FORMS: LazyLock<Forms> = LazyLock::new(|| Forms::new(&ORIGIN));
static CHANGED_FORMS: LazyLock<Forms> = LazyLock::new(|| Forms::new(&CHANGED));

impl Own {
    /// Parses a generated description. Lines that were not generated stay in the body.
    pub fn read(event: &ReadEvent, lang: Lang) -> Self {
        let mut own = Own::default();
        let Some(text) = event.description.first() else {
            return own;
        };
        let mut paragraphs: Vec<&str> = text.text.split("\n\n").collect();
        let mut credits = Vec::new();
        pop(&mut paragraphs, &CHANGED_FORMS);
        for (said, value, line) in pop(&mut paragraphs, &ORIGIN_FORMS) {
            match said {
                OwnTextPart::Website => own.website = web_address(value),
                OwnTextPart::Credit => credits.push(line),
                _ => {}
            }
        }
        for (said, value, _) in pop(&mut paragraphs, &FACT_FORMS) {
            own.fact(said, value, lang);
        }
        if let Some((first, rest)) = paragraphs.split_first()
            && own.standing(first, event)
        {
            paragraphs = rest.to_vec();
        }
        // A credit has no field of its own, so it stays in the body.
        paragraphs.extend(credits);
        own.body = paragraphs.join("\n\n");
        own
    }

    /// Adds the fields to a draft that was built from the properties.
    pub fn fill(self, draft: &mut EventDraft, lang: Lang) {
        draft.status_note = Text::in_lang(lang, self.note);
        draft.audiences = self.audiences;
        draft.offers = self.offers;
        if self.free {
            draft.admission = Admission::Free;
        }
        if let (None, Some(name)) = (&draft.organizer, self.organizer) {
            draft.organizer = Some(OrganizerRef::Described { name, url: None });
        }
        draft.website = self.website.or(draft.website.take());
        draft.availability = self.availability;
        self.facts.fill(draft, lang);
    }

    /// Parses the first paragraph: the status, then the reason. Returns false if it was not
    /// generated.
    fn standing(&mut self, paragraph: &str, event: &ReadEvent) -> bool {
        let mut note = Vec::new();
        for (index, line) in paragraph.lines().enumerate() {
            match STANDING_FORMS.read(line) {
                Some((OwnTextPart::Status(status), _)) if fits(status, event) => {
                    self.status = Some(status)
                }
                Some((OwnTextPart::HoursToCome, _)) if event.start.is_date() => {}
                Some((OwnTextPart::PlacesLeft(left), _)) => self.availability = left,
                Some((OwnTextPart::Moved, _)) => {
                    // Only this line holds the previous time.
                    self.status = self.status.or(Some(EventStatus::Rescheduled));
                    note.push(line);
                }
                _ if index == 0 => return false,
                _ => note.push(line),
            }
        }
        self.note = note.join("\n");
        true
    }

    fn fact(&mut self, said: OwnTextPart, value: &str, lang: Lang) {
        let items = |by| value.split(by).map(str::to_owned).collect();
        match said {
            OwnTextPart::Places => self.places = items("; "),
            OwnTextPart::Audiences => self.audiences = items(", "),
            OwnTextPart::Organizer => self.organizer = Some(value.to_owned()),
            OwnTextPart::Free => self.free = true,
            OwnTextPart::Tickets => self.offers.push(offer(value, lang)),
            OwnTextPart::Fact(fact) => self.facts.add(fact, value),
            _ => {}
        }
    }
}

/// Removes and returns the last paragraph if all its lines match these forms.
fn pop<'t>(paragraphs: &mut Vec<&'t str>, forms: &Forms) -> Vec<(OwnTextPart, &'t str, &'t str)> {
    let read = paragraphs.last().and_then(|last| forms.read_all(last));
    if read.is_some() {
        paragraphs.pop();
    }
    read.unwrap_or_default()
}

/// Returns true if the properties agree with the status. Otherwise the organizer wrote the line.
fn fits(status: EventStatus, event: &ReadEvent) -> bool {
    match (status, event.status) {
        (EventStatus::Cancelled, Some(ReadStatus::Cancelled)) => true,
        (EventStatus::Postponed | EventStatus::Tentative, Some(ReadStatus::Tentative)) => true,
        (EventStatus::MovedOnline, None | Some(ReadStatus::Confirmed)) => is_online(event),
        _ => false,
    }
}

/// Returns true if LOCATION of a generated event says that it takes place online.
pub(super) fn is_online(event: &ReadEvent) -> bool {
    let told = event.location.first().map_or("", |place| &place.text);
    Lang::ALL
        .into_iter()
        .any(|lang| Words::new(lang).say("calendar-online") == told)
}

/// Parses a ticket such as «Voksen, 250.00 NOK, https://…»; each part is optional.
fn offer(text: &str, lang: Lang) -> Offer {
    let mut parts: Vec<&str> = text.split(", ").collect();
    let url = parts.last().and_then(|last| web_address(last));
    if url.is_some() {
        parts.pop();
    }
    let price = parts
        .last()
        .and_then(|last| last.split_once(' '))
        .filter(|(amount, currency)| {
            amount.bytes().all(|b| b.is_ascii_digit() || b == b'.')
                && currency.len() == 3
                && currency.bytes().all(|b| b.is_ascii_uppercase())
        });
    if price.is_some() {
        parts.pop();
    }
    let (price, currency) = price.unzip();
    Offer {
        name: Text::in_lang(lang, parts.join(", ")),
        price: price.map(str::to_owned),
        currency: currency.unwrap_or("NOK").to_owned(),
        url,
    }
}
