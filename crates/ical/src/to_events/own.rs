//! What the feeds of this program say in words, read back into the fields that it came from.
//!
//! A calendar of ours tells readers in its descriptions much that iCalendar has no property for: that
//! an event is postponed, further places, tickets, when it changed last (`write/texts.rs`). Another
//! installation that subscribes to it must not take those lines for the organizer's words, or they
//! would grow with each turn. Only calendars whose PRODID is ours are read so.

use std::sync::LazyLock;

use url::Url;

use super::super::read::{ReadEvent, ReadStatus};
use super::web_address;
use calendar_domain::{Admission, EventDraft, EventStatus, Lang, Offer, OrganizerRef, Text};
use calendar_language::Words;

/// What stands in a description of ours.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Own {
    /// What happens to the event, where STATUS cannot say it.
    pub status: Option<EventStatus>,
    /// Why, and the line with the time before it was moved.
    pub note: String,
    /// The places after the first, each on a line.
    pub places: Vec<String>,
    /// Who holds it.
    pub organizer: Option<String>,
    /// For whom it is.
    pub audiences: Vec<String>,
    /// Whether it is said to be free.
    pub free: bool,
    /// Tickets.
    pub offers: Vec<Offer>,
    /// The event's own page, where URL is ours.
    pub website: Option<Url>,
    /// The organizer's own words, and a credit.
    pub body: String,
}

/// What a line of ours says.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Said {
    Status(EventStatus),
    Moved,
    HoursToCome,
    Places,
    /// Said by CONFERENCE too.
    Online,
    Organizer,
    Audiences,
    Free,
    Tickets,
    Page,
    Website,
    Credit,
    /// Said by LAST-MODIFIED too.
    Changed,
}

/// The paragraphs of ours, by where they stand.
const STANDING: [(&str, &str, Said); 6] = [
    (
        "calendar-cancelled",
        "",
        Said::Status(EventStatus::Cancelled),
    ),
    (
        "calendar-postponed",
        "",
        Said::Status(EventStatus::Postponed),
    ),
    (
        "calendar-tentative",
        "",
        Said::Status(EventStatus::Tentative),
    ),
    (
        "calendar-moved-online",
        "",
        Said::Status(EventStatus::MovedOnline),
    ),
    ("calendar-moved", "when", Said::Moved),
    ("calendar-hours-to-come", "", Said::HoursToCome),
];
const FACTS: [(&str, &str, Said); 6] = [
    ("calendar-also-at", "places", Said::Places),
    ("calendar-online-at", "url", Said::Online),
    ("calendar-organizer", "name", Said::Organizer),
    ("calendar-audience", "names", Said::Audiences),
    ("calendar-free", "", Said::Free),
    ("calendar-tickets", "offer", Said::Tickets),
];
const ORIGIN: [(&str, &str, Said); 3] = [
    ("calendar-page", "url", Said::Page),
    ("calendar-website", "url", Said::Website),
    ("calendar-credit", "credit", Said::Credit),
];
const CHANGED: [(&str, &str, Said); 8] = [
    ("calendar-added", "date", Said::Changed),
    ("calendar-changed-cancelled", "date", Said::Changed),
    ("calendar-changed-postponed", "date", Said::Changed),
    ("calendar-changed-online", "date", Said::Changed),
    ("calendar-changed-confirmed", "date", Said::Changed),
    ("calendar-changed-time", "date", Said::Changed),
    ("calendar-changed-place", "date", Said::Changed),
    ("calendar-changed-details", "date", Said::Changed),
];

/// What stands before and after the value of a line, in one language.
struct Form {
    before: String,
    after: String,
    said: Said,
}

/// The forms of a kind of paragraph, in all languages.
struct Forms(Vec<Form>);

impl Forms {
    fn of(lines: &[(&str, &str, Said)]) -> Self {
        let form = |lang, (key, name, said): &(&str, &str, Said)| {
            // No value holds this letter: control characters are not written.
            let line = Words::of(lang).say_with(key, &[(*name, "\u{1}")]);
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

    /// What a line says, and its value.
    fn read<'t>(&self, line: &'t str) -> Option<(Said, &'t str)> {
        self.0.iter().find_map(|form| {
            let value = line
                .strip_prefix(&*form.before)?
                .strip_suffix(&*form.after)?;
            let whole = matches!(form.said, Said::Status(_) | Said::HoursToCome | Said::Free);
            (value.is_empty() == whole).then_some((form.said, value))
        })
    }

    /// The same, and the line itself, for each line of a paragraph that holds nothing else.
    fn read_all<'t>(&self, paragraph: &'t str) -> Option<Vec<(Said, &'t str, &'t str)>> {
        let lines = paragraph.lines();
        lines
            .map(|line| self.read(line).map(|(said, value)| (said, value, line)))
            .collect()
    }
}

static STANDING_FORMS: LazyLock<Forms> = LazyLock::new(|| Forms::of(&STANDING));
static FACT_FORMS: LazyLock<Forms> = LazyLock::new(|| Forms::of(&FACTS));
static ORIGIN_FORMS: LazyLock<Forms> = LazyLock::new(|| Forms::of(&ORIGIN));
static CHANGED_FORMS: LazyLock<Forms> = LazyLock::new(|| Forms::of(&CHANGED));

impl Own {
    /// Takes a description of ours apart. What is no line of ours stays in the body.
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
                Said::Website => own.website = web_address(value),
                Said::Credit => credits.push(line),
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
        // There is no field for it, and it must not be lost.
        paragraphs.extend(credits);
        own.body = paragraphs.join("\n\n");
        own
    }

    /// Puts what it says into a draft that has been read from the properties.
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
    }

    /// The first paragraph, if it is one of ours: what is the matter, then why.
    fn standing(&mut self, paragraph: &str, event: &ReadEvent) -> bool {
        let mut note = Vec::new();
        for (index, line) in paragraph.lines().enumerate() {
            match STANDING_FORMS.read(line) {
                Some((Said::Status(status), _)) if fits(status, event) => {
                    self.status = Some(status)
                }
                Some((Said::HoursToCome, _)) if event.start.is_date() => {}
                Some((Said::Moved, _)) => {
                    // Only the words tell when that was.
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

    fn fact(&mut self, said: Said, value: &str, lang: Lang) {
        let items = |by| value.split(by).map(str::to_owned).collect();
        match said {
            Said::Places => self.places = items("; "),
            Said::Audiences => self.audiences = items(", "),
            Said::Organizer => self.organizer = Some(value.to_owned()),
            Said::Free => self.free = true,
            Said::Tickets => self.offers.push(offer(value, lang)),
            _ => {}
        }
    }
}

/// Takes the last paragraph off if all its lines are of these forms.
fn pop<'t>(paragraphs: &mut Vec<&'t str>, forms: &Forms) -> Vec<(Said, &'t str, &'t str)> {
    let read = paragraphs.last().and_then(|last| forms.read_all(last));
    if read.is_some() {
        paragraphs.pop();
    }
    read.unwrap_or_default()
}

/// Whether the properties say the same as far as they can: a line that they contradict is somebody's
/// own words.
fn fits(status: EventStatus, event: &ReadEvent) -> bool {
    match (status, event.status) {
        (EventStatus::Cancelled, Some(ReadStatus::Cancelled)) => true,
        (EventStatus::Postponed | EventStatus::Tentative, Some(ReadStatus::Tentative)) => true,
        (EventStatus::MovedOnline, None | Some(ReadStatus::Confirmed)) => is_online(event),
        _ => false,
    }
}

/// Whether the place of an event of ours is the net.
pub(super) fn is_online(event: &ReadEvent) -> bool {
    let told = event.location.first().map_or("", |place| &place.text);
    Lang::ALL
        .into_iter()
        .any(|lang| Words::of(lang).say("calendar-online") == told)
}

/// A ticket out of «Voksen, 250.00 NOK, https://…», of which any part may be missing.
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
