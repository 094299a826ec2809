//! The content of an event in a partner's calendar.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::catalog::{Entry, Snapshot};
use crate::wire;
use calendar_domain::recurrence::ExpansionLimits;
use calendar_domain::wire::WireEvent;
use calendar_domain::zone::{to_local, to_utc};
use calendar_domain::{
    Address, Connection, Coordinates, EventStatus, Lang, Schedule, Start, Venue, When, Window,
};
use calendar_language::Words;

/// Number of days ahead in which dates of a recurring event are sent.
const AHEAD: u64 = 400;
/// Maximum number of dates of a recurring event that are sent.
const MOST_DATES: usize = 60;
/// Maximum length of the description in characters.
const LONGEST: usize = 20_000;

/// An event as sent to one partner.
#[derive(Debug, Clone, PartialEq)]
pub struct EventPayload {
    /// The event as in the program's own API, with only the images that may be published.
    pub event: WireEvent,
    /// The time; of a recurring event, its next date.
    pub when: When,
    /// The recorded time; of a recurring event, its first date.
    pub first: When,
    /// The zone of all-day dates.
    pub zone: Tz,
    /// The status.
    pub status: EventStatus,
    /// Whether the event recurs.
    pub recurs: bool,
    /// Whether it is today or later.
    pub coming: bool,
    /// Whether it has ended.
    pub over: bool,
    /// The language for calendars with only one.
    pub lang: Lang,
    /// The partner's keywords for its categories.
    pub keywords: Vec<String>,
    /// Whether the connection maps any keywords.
    pub names_subjects: bool,
    /// The place.
    pub place: Option<Spot>,
    /// The coming dates of a recurring event.
    pub dates: Vec<PayloadDate>,
    /// The partner's id of the recurring event, if this is one of its dates.
    pub series: Option<String>,
}

/// A place with its address.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// The slug, if it is a place of this calendar.
    pub slug: Option<String>,
    /// The name.
    pub name: String,
    /// The address.
    pub address: Address,
    /// The coordinates.
    pub coordinates: Option<Coordinates>,
}

/// A date of a recurring event.
#[derive(Debug, Clone, PartialEq)]
pub struct PayloadDate {
    /// Its name: the start by the recurrence rule, which never changes.
    pub name: String,
    /// The time.
    pub when: When,
    /// The status.
    pub status: EventStatus,
}

impl PayloadDate {
    fn takes_place(&self) -> bool {
        self.status != EventStatus::Cancelled
    }
}

impl EventPayload {
    /// Returns the content of an event. `base` is the site's address without a trailing `/`.
    #[must_use]
    pub fn new(
        entry: &Entry,
        snapshot: &Snapshot,
        base: &str,
        connection: &Connection,
        now: DateTime<Utc>,
    ) -> Self {
        let event = entry.event();
        let zone = connection.time_zone.unwrap_or(snapshot.region().time_zone);
        let today = to_local(now, zone).date();
        let status = event.effective_status();
        let dates = dates(&event.schedule, event.status, today, zone);
        let once = event.schedule.recurrence.is_none();
        let coming = match once {
            true => event.schedule.when.days_touched(zone).end > today,
            false => dates.iter().any(PayloadDate::takes_place),
        };
        let next = dates.iter().find(|date| date.takes_place());
        // A cancelled recurring event is shown at its next date too.
        let next = next.or(dates.first());
        let when = next.map_or(&event.schedule.when, |next| &next.when).clone();
        let words = connection.mapping.categories.iter();
        Self {
            event: wire::write(entry, snapshot, base),
            recurs: !once,
            coming: coming || (!once && status == EventStatus::Cancelled && next.is_some()),
            over: match once {
                true => is_over(&when, zone, now),
                false => (dates.last()).is_none_or(|date| is_over(&date.when, zone, now)),
            },
            first: event.schedule.when.clone(),
            when,
            zone,
            status,
            lang: connection.language.unwrap_or(Lang::Nb),
            keywords: words
                .filter(|(_, ours)| !ours.is_disjoint(&event.categories))
                .map(|(word, _)| word.clone())
                .collect(),
            names_subjects: !connection.mapping.categories.is_empty(),
            place: event.venues.first().map(|venue| spot(venue, snapshot)),
            dates,
            series: None,
        }
    }

    /// Returns the content of one date as an event of its own. `series` is the partner's id of the recurring
    /// event.
    #[must_use]
    pub fn on(&self, date: &PayloadDate, series: &str, now: DateTime<Utc>) -> Self {
        Self {
            when: date.when.clone(),
            status: date.status,
            over: is_over(&date.when, self.zone, now),
            recurs: false,
            dates: Vec::new(),
            series: Some(series.to_owned()),
            ..self.clone()
        }
    }

    /// Returns the address of the event's page on this site.
    #[must_use]
    pub fn url(&self) -> &str {
        self.event.url.as_deref().unwrap_or_default()
    }

    /// Returns the description in one language: the status note, what the calendar has no field for, the
    /// description itself and the credit, separated by empty lines. `next_of_many` means that the calendar
    /// shows only one date of a recurring event.
    #[must_use]
    pub fn description(&self, lang: Lang, next_of_many: bool) -> String {
        let words = Words::new(lang);
        let mut parts = vec![self.event.status_note.get(lang).to_owned()];
        if next_of_many {
            parts.push(words.say_with("push-many-dates", &[("url", self.url())]));
        }
        if matches!(self.when, When::TimeToCome { .. }) {
            parts.push(words.say("calendar-hours-to-come").into_owned());
        }
        let long = self.event.description.get(lang);
        let long = if long.is_empty() {
            self.event.summary.get(lang)
        } else {
            long
        };
        parts.push(long.chars().take(LONGEST).collect());
        if let Some(credit) = &self.event.credit {
            parts.push(words.say_with("calendar-credit", &[("credit", credit.as_str())]));
        }
        parts.retain(|part| !part.is_empty());
        parts.join("\n\n")
    }
}

/// Converts plain text to HTML paragraphs. All markup is escaped.
#[must_use]
pub fn html(text: &str) -> String {
    let paragraphs = text.split("\n\n").map(str::trim);
    let paragraphs = paragraphs.filter(|paragraph| !paragraph.is_empty());
    let element = |paragraph| format!("<p>{}</p>", escaped(paragraph).replace('\n', "<br>"));
    paragraphs.map(element).collect()
}

/// Removes control characters and truncates a text to `most` characters, with an ellipsis.
#[must_use]
pub fn cut(text: &str, most: usize) -> String {
    cut_by(text, most, |_| 1)
}

/// Truncates a text like [`cut`], but counts each character as `width` characters.
#[must_use]
pub fn cut_by(text: &str, most: usize, width: impl Fn(char) -> usize) -> String {
    let plain = |letter: &char| !letter.is_control() || matches!(letter, '\n' | '\t');
    let text: String = text.chars().filter(plain).collect();
    let text = text.trim();
    if text.chars().map(&width).sum::<usize>() <= most {
        return text.to_owned();
    }
    let (mut kept, mut used) = (String::new(), 1);
    for letter in text.chars() {
        used += width(letter);
        if used <= most {
            kept.push(letter);
        }
    }
    // Not within a word, unless too little remains.
    if let Some(at) = kept.rfind(char::is_whitespace)
        && at * 2 > kept.len()
    {
        kept.truncate(at);
    }
    format!("{}…", kept.trim_end())
}

fn spot(venue: &Venue, snapshot: &Snapshot) -> Spot {
    match venue {
        Venue::Place(slug) => {
            let known = snapshot.place(slug);
            Spot {
                slug: Some(slug.to_string()),
                name: known.map_or_else(|| slug.to_string(), |place| place.name.clone()),
                address: (known.and_then(|place| place.address.clone())).unwrap_or_default(),
                coordinates: known.and_then(|place| place.coordinates),
            }
        }
        Venue::Described {
            name,
            address,
            coordinates,
            ..
        } => Spot {
            slug: None,
            name: name.clone(),
            address: address.clone().unwrap_or_default(),
            coordinates: *coordinates,
        },
    }
}

/// Returns the dates of a recurring event from a day on.
fn dates(schedule: &Schedule, status: EventStatus, today: NaiveDate, zone: Tz) -> Vec<PayloadDate> {
    let until = today.checked_add_days(Days::new(AHEAD));
    let Some(until) = until.filter(|_| schedule.recurrence.is_some()) else {
        return Vec::new();
    };
    let window = Window {
        from: today,
        until,
        zone,
    };
    let found = schedule.occurrences(window, &ExpansionLimits::default());
    let found = found.unwrap_or_default().into_iter().take(MOST_DATES);
    found
        .map(|occurrence| PayloadDate {
            name: match (occurrence.recurrence_id).unwrap_or_else(|| occurrence.when.start()) {
                Start::Date(date) => date.format("%Y%m%d").to_string(),
                Start::Local(at) => at.format("%Y%m%dT%H%M").to_string(),
            },
            status: (occurrence.change.and_then(|change| change.status)).unwrap_or(status),
            when: occurrence.when,
        })
        .collect()
}

fn is_over(when: &When, zone: Tz, now: DateTime<Utc>) -> bool {
    match when {
        When::Timed {
            end: Some(end),
            zone,
            ..
        } => to_utc(*end, *zone) <= now,
        when => when.days_touched(zone).end <= to_local(now, zone).date(),
    }
}

fn escaped(text: &str) -> String {
    let plain = |letter: &char| !letter.is_control() || *letter == '\n';
    let text: String = text.chars().filter(plain).collect();
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use calendar_domain::Text;

    /// Returns a concert with all fields.
    pub fn concert() -> EventPayload {
        let event = serde_json::from_value(serde_json::json!({
            "id": "0190f1c2-7b3a-7c11", "uid": "konsert@kalender.example", "slug": "konsert-2027",
            "url": "https://kalender.example/events/konsert-2027",
            "title": {"nb": "Vårkonsert", "en": "Spring concert"},
            "summary": {"nb": "Med kor."},
            "description": {"nb": "Første <avsnitt>.\n\nAndre & siste."},
            "organizer": {"name": "Koret", "url": "https://koret.example/"},
            "images": [{"url": "https://kalender.example/kor.jpg"}],
            "offers": [{"name": {"nb": "Voksen"}, "price": "250.00", "currency": "NOK",
                "url": "https://billett.example/1"}],
            "credit": "Koret",
        }));
        let at = |text: &str| text.parse().unwrap();
        let when = When::Timed {
            start: at("2027-04-10T19:00:00"),
            end: Some(at("2027-04-10T21:00:00")),
            zone: chrono_tz::Europe::Oslo,
        };
        EventPayload {
            event: event.unwrap(),
            first: when.clone(),
            when,
            zone: chrono_tz::Europe::Oslo,
            status: EventStatus::Scheduled,
            recurs: false,
            coming: true,
            over: false,
            lang: Lang::Nb,
            keywords: vec!["yso:p1808".into()],
            names_subjects: true,
            place: Some(Spot {
                slug: None,
                name: "Storsalen".into(),
                address: Address {
                    street: Some("Storgata 1".into()),
                    postal_code: Some("2406".into()),
                    locality: Some("Elverum".into()),
                },
                coordinates: Coordinates::new(60.88, 11.56).ok(),
            }),
            dates: Vec::new(),
            series: None,
        }
    }

    #[test]
    fn the_text_says_whose_it_is_and_what_a_calendar_cannot_say() {
        let mut said = concert();
        let text = said.description(Lang::Nb, false);
        assert_eq!(text, "Første <avsnitt>.\n\nAndre & siste.\n\nKilde: Koret");
        assert_eq!(
            html(&text),
            "<p>Første &lt;avsnitt&gt;.</p><p>Andre &amp; siste.</p><p>Kilde: Koret</p>"
        );
        said.event.status_note = Text::nb("Flyttet fra fredag.");
        assert!(said.description(Lang::Nb, true).starts_with(
            "Flyttet fra fredag.\n\nArrangementet har flere datoer. Her står den neste; alle datoer: https://kalender.example/events/konsert-2027\n\nFørste"
        ));
    }

    #[test]
    fn a_text_is_cut_between_words_and_counted_as_the_calendar_counts_it() {
        assert_eq!(cut("Vår\0konsert\u{7}", 20), "Vårkonsert");
        assert_eq!(cut("En to tre fire fem", 12), "En to tre…");
        let width = |c| if c == '<' { 4 } else { 1 };
        assert_eq!(cut_by("a<b<c<d", 16, width), "a<b<c<d");
        assert_eq!(cut_by("a<b<c<d", 15, width), "a<b<c…");
    }

    #[test]
    fn a_recurring_event_has_its_coming_dates_each_with_its_own_status() {
        let zone = chrono_tz::Europe::Oslo;
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let mut schedule = Schedule::once(When::day(day("2027-01-04")));
        let on = |schedule: &Schedule, today: &str| {
            let all = dates(schedule, EventStatus::Scheduled, day(today), zone);
            all.into_iter()
                .map(|date| (date.name, date.status))
                .collect::<Vec<_>>()
        };
        assert_eq!(on(&schedule, "2027-01-01"), []);
        let mut recurrence = calendar_domain::Recurrence {
            rule: Some("FREQ=WEEKLY;COUNT=4".parse().unwrap()),
            ..Default::default()
        };
        let cancelled = calendar_domain::Override {
            status: Some(EventStatus::Cancelled),
            ..Default::default()
        };
        let second = Start::Date(day("2027-01-11"));
        recurrence.overrides.insert(second, cancelled);
        schedule.recurrence = Some(recurrence);
        let expected = [
            ("20270111".to_owned(), EventStatus::Cancelled),
            ("20270118".to_owned(), EventStatus::Scheduled),
            ("20270125".to_owned(), EventStatus::Scheduled),
        ];
        assert_eq!(on(&schedule, "2027-01-05"), expected);
        assert_eq!(on(&schedule, "2027-01-26"), []);
    }
}
