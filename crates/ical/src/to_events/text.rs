//! Titles and descriptions: languages, status marks, HTML, lengths.

use std::sync::LazyLock;

use super::super::finding::{Reason, Severity};
use super::super::read::{LocalText, ReadEvent};
use super::html::{looks_like_html, plain_text};
use super::own_text::Own;
use super::whitespace::tidy;
use super::{Converter, status_of};
use calendar_domain::{EventStatus, Lang, Text};
use calendar_language::Words;

/// Maximum length of a title and of a description, in characters.
const TITLE: usize = 300;
const DESCRIPTION: usize = 20_000;

/// StatusMarkers that calendars add to a title to show a status: those of this program, and words common elsewhere.
pub(super) struct StatusMarkers {
    around: Vec<(String, String, EventStatus)>,
    /// Generated line for an unknown time of day, in every language.
    pub hours_to_come: Vec<String>,
}

/// Words, in lower case, that other programs put before a colon or dash, after a dash, or in
/// parentheses at the end of a title.
const OTHERS: [(&str, EventStatus); 13] = [
    ("avlyst", EventStatus::Cancelled),
    ("avlyses", EventStatus::Cancelled),
    ("cancelled", EventStatus::Cancelled),
    ("canceled", EventStatus::Cancelled),
    ("utsatt", EventStatus::Postponed),
    ("utsett", EventStatus::Postponed),
    ("postponed", EventStatus::Postponed),
    ("flyttet", EventStatus::Rescheduled),
    ("flytta", EventStatus::Rescheduled),
    ("ny dato", EventStatus::Rescheduled),
    ("rescheduled", EventStatus::Rescheduled),
    ("foreløpig", EventStatus::Tentative),
    ("tentative", EventStatus::Tentative),
];

impl StatusMarkers {
    /// Returns the marks of this program in all languages.
    pub fn new() -> Self {
        let ours = [
            ("calendar-title-cancelled", EventStatus::Cancelled),
            ("calendar-title-postponed", EventStatus::Postponed),
            ("calendar-title-tentative", EventStatus::Tentative),
        ];
        let mut around = Vec::new();
        for lang in Lang::ALL {
            for (key, status) in ours {
                let marked = Words::new(lang).say_with(key, &[("title", "\u{1}")]);
                if let Some((before, after)) = marked.split_once('\u{1}') {
                    around.push((before.to_owned(), after.to_owned(), status));
                }
            }
        }
        let says = |lang| Words::new(lang).say("calendar-hours-to-come").into_owned();
        StatusMarkers {
            around,
            hours_to_come: Lang::ALL.map(says).to_vec(),
        }
    }

    /// Removes this program's mark for the status `said` from a title.
    fn strip_own<'t>(&self, title: &'t str, said: EventStatus) -> (&'t str, Option<EventStatus>) {
        for (before, after, status) in self.around.iter().filter(|mark| mark.2 == said) {
            let inner = title
                .strip_prefix(&**before)
                .and_then(|rest| rest.strip_suffix(&**after));
            if let Some(inner) = inner.filter(|inner| !inner.trim().is_empty()) {
                return (inner.trim(), Some(*status));
            }
        }
        (title, None)
    }

    /// Removes a mark from a title and returns its status.
    fn strip<'t>(&self, title: &'t str) -> (&'t str, Option<EventStatus>) {
        let stati = self.around.iter().map(|mark| mark.2);
        let ours = stati.map(|said| self.strip_own(title, said));
        if let Some(found) = ours.into_iter().find(|(_, marked)| marked.is_some()) {
            return found;
        }
        strip_others(title.split_once([':', '–', '-']))
            .or_else(|| strip_others(swapped(title.rsplit_once(['–', '-']))))
            .or_else(|| strip_others(swapped(title.rsplit_once('('))))
            .unwrap_or((title, None))
    }
}

fn swapped<'t>(parts: Option<(&'t str, &'t str)>) -> Option<(&'t str, &'t str)> {
    parts.map(|(rest, word)| (word, rest))
}

/// Returns the rest of a title if its other part is one of the common words.
fn strip_others<'t>(parts: Option<(&'t str, &'t str)>) -> Option<(&'t str, Option<EventStatus>)> {
    let (word, rest) = parts.filter(|(_, rest)| !rest.trim().is_empty())?;
    let word = word.trim().trim_matches(['(', ')', '[', ']', '*', '!']);
    let (_, status) = OTHERS
        .iter()
        .find(|(mark, _)| *mark == word.to_lowercase())?;
    Some((rest.trim(), Some(*status)))
}

/// Removes a mark such as «Avlyst:» from a title and returns its status. For connectors whose
/// partners have no other field for it.
#[must_use]
pub fn unmarked(title: &str) -> (&str, Option<EventStatus>) {
    static MARKS: LazyLock<StatusMarkers> = LazyLock::new(StatusMarkers::new);
    MARKS.strip(title)
}

impl Converter<'_> {
    /// Returns the title without marks, and the status according to STATUS and the marks.
    pub(super) fn title(&mut self, event: &ReadEvent, own: Option<&Own>) -> (Text, EventStatus) {
        let mut status = own.and_then(|own| own.status).unwrap_or(status_of(event));
        let mut title = Text::default();
        for summary in &event.summary {
            let line = one_line(&summary.text);
            let (stripped, marked) = match own {
                Some(_) => self.marks.strip_own(&line, status),
                None => self.marks.strip(&line),
            };
            if status == EventStatus::Scheduled || marked == Some(EventStatus::Postponed) {
                status = marked.unwrap_or(status);
            }
            let (kept, was_cut) = cut(stripped, TITLE);
            self.put(event, &mut title, summary, kept, "SUMMARY");
            if was_cut {
                self.report_cut(event, "SUMMARY", TITLE);
            }
        }
        (title, status)
    }

    /// Returns the description as plain text.
    pub(super) fn description(&mut self, event: &ReadEvent, own: Option<&Own>) -> Text {
        let mut description = Text::default();
        for told in &event.description {
            let text = match own {
                Some(own) => own.body.clone(),
                None if looks_like_html(&told.text) => plain_text(&told.text),
                None => tidy(&told.text),
            };
            let (kept, was_cut) = cut(&text, DESCRIPTION);
            self.put(event, &mut description, told, kept, "DESCRIPTION");
            if was_cut {
                self.report_cut(event, "DESCRIPTION", DESCRIPTION);
            }
        }
        if let Some(html) = event.html.as_ref().filter(|_| description.is_empty()) {
            let (kept, was_cut) = cut(&plain_text(html), DESCRIPTION);
            description.set(self.options.language, kept);
            if was_cut {
                self.report_cut(event, "X-ALT-DESC", DESCRIPTION);
            }
        }
        description
    }

    /// Sets the text of a language; the first text per language is kept.
    fn put(
        &mut self,
        event: &ReadEvent,
        into: &mut Text,
        told: &LocalText,
        text: String,
        property: &str,
    ) {
        let named = told.language.as_deref();
        let lang = match named.map(str::parse::<Lang>) {
            None => self.options.language,
            Some(Ok(lang)) => lang,
            // A text in an unsupported language is better than none.
            Some(Err(_)) if into.is_empty() => self.options.language,
            Some(Err(_)) => {
                let named: String = named.unwrap_or_default().chars().take(20).collect();
                let detail = format!("texts in «{named}» are left out");
                self.report(event, property, Reason::NotKept, Severity::Note, detail);
                return;
            }
        };
        if into.exact(lang).is_none() {
            into.set(lang, text);
        }
    }

    fn report_cut(&mut self, event: &ReadEvent, property: &str, letters: usize) {
        let detail = format!("longer than {letters} letters; cut");
        self.report(event, property, Reason::NotKept, Severity::Warning, detail);
    }
}

/// Joins the lines of a text; line breaks and other control characters become spaces.
#[must_use]
pub fn one_line(text: &str) -> String {
    let parts = text.split(char::is_control).map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Shortens a text to at most `letters` characters, ending in an ellipsis. Also returns whether it
/// was shortened.
#[must_use]
pub fn cut(text: &str, letters: usize) -> (String, bool) {
    match text.char_indices().nth(letters) {
        None => (text.to_owned(), false),
        Some(_) => {
            let kept = text
                .char_indices()
                .nth(letters.saturating_sub(1))
                .map_or(0, |(at, _)| at);
            (format!("{}…", text[..kept].trim_end()), true)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_others_are_found_before_and_after_a_title() {
        use EventStatus::{Cancelled, Postponed, Rescheduled};
        for (title, bare, status) in [
            ("Avlyst: Konsert", "Konsert", Some(Cancelled)),
            ("AVLYST – Konsert - kor", "Konsert - kor", Some(Cancelled)),
            ("Konsert – AVLYST", "Konsert", Some(Cancelled)),
            (
                "Konsert med kor (utsatt)",
                "Konsert med kor",
                Some(Postponed),
            ),
            ("Rescheduled – Board", "Board", Some(Rescheduled)),
            ("Ny dato: Konsert", "Konsert", Some(Rescheduled)),
            ("Konsert (for barn)", "Konsert (for barn)", None),
            ("Avlyst", "Avlyst", None),
            ("– avlyst", "– avlyst", None),
        ] {
            assert_eq!(unmarked(title), (bare, status), "{title}");
        }
    }
}
