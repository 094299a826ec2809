//! What the pictures of pages show.

use chrono::{Datelike, NaiveDate};

use super::PageContext;
use super::date_block::Span;
use super::event_list::StatusMark;
use crate::web::preview::{PreviewCard, PreviewDate, PreviewSubject};

impl PageContext {
    /// Returns the card of the calendar.
    #[must_use]
    pub fn site_card(&self) -> PreviewCard {
        let region = self.snapshot.region();
        let title = self.text(&region.tagline);
        let name = self.text(&region.name);
        PreviewCard {
            subject: PreviewSubject::Site,
            lang: self.words.lang(),
            title: if title.is_empty() {
                name.clone()
            } else {
                title
            },
            site: name,
            ..PreviewCard::default()
        }
        .shortened()
    }

    /// Returns the card of the page of a record.
    #[must_use]
    pub fn card(&self, kind: &'static str, slug: &str, title: &str, place: &str) -> PreviewCard {
        PreviewCard {
            subject: PreviewSubject::Record(kind, slug.to_owned()),
            title: title.to_owned(),
            place: place.to_owned(),
            ..self.site_card()
        }
        .shortened()
    }

    /// Adds the days, the time in words and the change to a card.
    #[must_use]
    pub fn dated_card(
        &self,
        card: PreviewCard,
        days: Option<(NaiveDate, NaiveDate)>,
        when: &str,
        mark: Option<&StatusMark>,
    ) -> PreviewCard {
        PreviewCard {
            when: when.to_owned(),
            change: mark.map(|mark| mark.label.clone()).unwrap_or_default(),
            date: days.map(|(first, last)| self.date(first, last)),
            ..card
        }
        .shortened()
    }

    fn date(&self, first: NaiveDate, last: NaiveDate) -> PreviewDate {
        let span = Span::new(first, last, self.words);
        let is_long = (first.year(), first.month()) != (last.year(), last.month());
        let months = if is_long {
            format!(
                "{}–{}",
                self.words.month_short(first),
                self.words.month_short(last)
            )
        } else {
            self.words.month_of_year(first)
        };
        PreviewDate {
            month: months,
            day: match &span.last {
                Some(last) => format!("{}–{}", span.first.day, last.day),
                None => span.first.day.clone(),
            },
            weekday: span.weekdays(),
        }
    }
}
