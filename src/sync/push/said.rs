//! What is said of an event in somebody else's calendar.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::catalog::{Entry, Snapshot};
use crate::domain::recurrence::Limits;
use crate::domain::zone::to_local;
use crate::domain::{Connection, EventStatus, Lang, Text, When, Window};
use crate::language::Words;
use crate::wire::{self, WireEvent};

/// How far ahead the next date of a recurring event is looked for, in days.
const AHEAD: u64 = 400;
/// The longest text, in characters.
const LONGEST: usize = 20_000;

/// An event, as it is said to one partner.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The event as our own interface has it: only the pictures that may be shown.
    pub event: WireEvent,
    /// When it is; of one that recurs, its next date.
    pub when: When,
    /// The zone of days.
    pub zone: Tz,
    /// What happens to it.
    pub status: EventStatus,
    /// Whether it recurs.
    pub recurs: bool,
    /// Whether it is today or later.
    pub coming: bool,
    /// The language, where a calendar has one alone.
    pub lang: Lang,
    /// The partner's words for its subjects.
    pub keywords: Vec<String>,
    /// The partner's link to its place, once that is known.
    pub place_link: Option<String>,
}

impl Said {
    /// What is said of an event, with `base` (no `/` at its end) before its own address.
    #[must_use]
    pub fn of(
        entry: &Entry,
        snapshot: &Snapshot,
        base: &str,
        connection: &Connection,
        now: DateTime<Utc>,
    ) -> Self {
        let event = entry.event();
        let zone = connection.time_zone.unwrap_or(snapshot.region().time_zone);
        let today = to_local(now, zone).date();
        let next = next(&event.schedule, today, zone);
        let words = connection.mapping.categories.iter();
        Self {
            event: wire::write(entry, snapshot, base),
            recurs: event.schedule.recurrence.is_some(),
            coming: next.is_some(),
            when: next.unwrap_or_else(|| event.schedule.when.clone()),
            zone,
            status: event.status,
            lang: connection.language.unwrap_or(Lang::Nb),
            keywords: words
                .filter(|(_, ours)| !ours.is_disjoint(&event.categories))
                .map(|(word, _)| word.clone())
                .collect(),
            place_link: None,
        }
    }

    /// The address of its page here.
    #[must_use]
    pub fn url(&self) -> &str {
        self.event.url.as_deref().unwrap_or_default()
    }

    /// The languages that its title is in.
    #[must_use]
    pub fn languages(&self) -> Vec<Lang> {
        let has = |lang: &Lang| self.event.title.exact(*lang).is_some();
        Lang::ALL.into_iter().filter(has).collect()
    }

    /// One or two sentences in a language; the title where there are none.
    #[must_use]
    pub fn summary(&self, lang: Lang) -> &str {
        let summary = self.event.summary.get(lang);
        if summary.is_empty() {
            self.event.title.get(lang)
        } else {
            summary
        }
    }

    /// The long text in a language, paragraphs parted by an empty line: what happened to it, what the
    /// calendar cannot say otherwise, the text itself, whose it is.
    #[must_use]
    pub fn description(&self, lang: Lang) -> String {
        let words = Words::of(lang);
        let mut parts = vec![self.event.status_note.get(lang).to_owned()];
        if self.recurs {
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
        parts.retain(|it| !it.is_empty());
        parts.join("\n\n")
    }

    /// The same as HTML.
    #[must_use]
    pub fn html(&self, lang: Lang) -> String {
        let text = self.description(lang);
        let paragraphs = text.split("\n\n").map(str::trim);
        let paragraphs = paragraphs.filter(|it| !it.is_empty());
        paragraphs
            .map(|it| format!("<p>{}</p>", escaped(it).replace('\n', "<br>")))
            .collect()
    }
}

/// A text in each language that it is in.
#[must_use]
pub fn in_each(text: &Text) -> serde_json::Map<String, serde_json::Value> {
    let languages = Lang::ALL.into_iter();
    languages
        .filter_map(|lang| Some((lang.tag().to_owned(), text.exact(lang)?.into())))
        .collect()
}

/// The time of an event from a day on: the next of many that is not cancelled.
fn next(schedule: &crate::domain::Schedule, today: NaiveDate, zone: Tz) -> Option<When> {
    if schedule.recurrence.is_none() {
        let coming = schedule.when.days_touched(zone).end > today;
        return coming.then(|| schedule.when.clone());
    }
    let window = Window {
        from: today,
        until: today.checked_add_days(Days::new(AHEAD))?,
        zone,
    };
    let found = schedule.occurrences(window, &Limits::default()).ok()?;
    let cancelled = |status| status == Some(EventStatus::Cancelled);
    let mut held = found
        .into_iter()
        .filter(|it| !cancelled(it.change.and_then(|change| change.status)));
    held.next().map(|it| it.when)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::Schedule;

    /// A concert with all that can be said of it.
    pub fn concert() -> Said {
        let event = serde_json::from_value(serde_json::json!({
            "uid": "konsert@kalender.example", "slug": "konsert-2027",
            "url": "https://kalender.example/events/konsert-2027",
            "title": {"nb": "Vårkonsert", "en": "Spring concert"},
            "summary": {"nb": "Med kor."},
            "description": {"nb": "Første <avsnitt>.\n\nAndre & siste."},
            "place": {"name": "Storsalen", "address": "Storgata 1, 2406 Elverum", "postal_code": "2406",
                "latitude": 60.88, "longitude": 11.56},
            "organizer": {"name": "Koret", "url": "https://koret.example/"},
            "images": [{"url": "https://kalender.example/kor.jpg"}],
            "offers": [{"name": {"nb": "Voksen"}, "price": "250.00", "currency": "NOK",
                "url": "https://billett.example/1"}],
            "credit": "Koret",
        }));
        let at = |text: &str| text.parse().unwrap();
        Said {
            event: event.unwrap(),
            when: When::Timed {
                start: at("2027-04-10T19:00:00"),
                end: Some(at("2027-04-10T21:00:00")),
                zone: chrono_tz::Europe::Oslo,
            },
            zone: chrono_tz::Europe::Oslo,
            status: EventStatus::Scheduled,
            recurs: false,
            coming: true,
            lang: Lang::Nb,
            keywords: vec!["yso:p1808".into()],
            place_link: None,
        }
    }

    #[test]
    fn the_text_says_whose_it_is_and_what_a_calendar_cannot_say() {
        let mut said = concert();
        assert_eq!(
            said.description(Lang::Nb),
            "Første <avsnitt>.\n\nAndre & siste.\n\nKilde: Koret"
        );
        assert_eq!(
            said.html(Lang::Nb),
            "<p>Første &lt;avsnitt&gt;.</p><p>Andre &amp; siste.</p><p>Kilde: Koret</p>"
        );
        said.recurs = true;
        said.event.status_note = Text::nb("Flyttet fra fredag.");
        assert!(said.description(Lang::Nb).starts_with(
            "Flyttet fra fredag.\n\nArrangementet har flere datoer. Her står den neste; alle datoer: https://kalender.example/events/konsert-2027\n\nFørste"
        ));
    }

    #[test]
    fn the_next_date_of_many_is_the_first_that_is_held() {
        let zone = chrono_tz::Europe::Oslo;
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let mut schedule = Schedule::once(When::day(day("2027-01-04")));
        assert_eq!(next(&schedule, day("2027-01-05"), zone), None);
        let mut recurrence = crate::domain::Recurrence {
            rule: Some("FREQ=WEEKLY;COUNT=4".parse().unwrap()),
            ..Default::default()
        };
        let cancelled = crate::domain::Override {
            status: Some(EventStatus::Cancelled),
            ..Default::default()
        };
        let second = crate::domain::Start::Date(day("2027-01-11"));
        recurrence.overrides.insert(second, cancelled);
        schedule.recurrence = Some(recurrence);
        let found = next(&schedule, day("2027-01-05"), zone);
        assert_eq!(found, Some(When::day(day("2027-01-18"))));
        assert_eq!(next(&schedule, day("2027-01-26"), zone), None);
    }
}
