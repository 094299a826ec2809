//! Conversion of edition rows in `series.toml`.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use toml::Spanned;

use super::data_file::DataFile;
use super::error::Mistake;
use super::files::{EditionOutcome, EditionRow, SeriesRow, SourceWords};
use calendar_domain::{Edition, EditionStanding, EventId, EventStatus, Slug, Start, Text, When};

/// An edition with its date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedEdition {
    /// Identifies it in its series: the year.
    pub label: Slug,
    /// Its time.
    pub when: When,
    /// Its status.
    pub status: EventStatus,
    /// The time before it was moved.
    pub previous: Option<When>,
    /// A note on its date.
    pub note: Text,
}

/// Returns the record id of an edition, which is also its slug: `grundsetmartn-2027`.
pub(super) fn edition_slug(series: &Slug, label: &Slug) -> Slug {
    series.with_suffix(label.as_str())
}

/// Returns the editions of a series as listed in its record, and those with a date; each oldest
/// first.
pub(super) fn editions(
    file: &mut DataFile,
    row: &SeriesRow,
    series: Option<&Slug>,
    zone: Tz,
) -> (Vec<Edition>, Vec<DatedEdition>) {
    let mut years = BTreeSet::new();
    let (mut listed, mut dated) = (Vec::new(), Vec::new());
    for row in &row.edition {
        let year = *row.year.get_ref();
        if !(1000..=9999).contains(&year) {
            let mistake = Mistake::new(format!("{year} is not a year"), "four digits");
            file.mistake("year", row.year.span(), mistake);
            continue;
        }
        if !years.insert(year) {
            let mistake = Mistake::new(format!("{year} occurs twice"), "one edition for each year");
            file.mistake("year", row.year.span(), mistake);
        }
        let label = Slug::from_text(&year.to_string());
        let found = edition(file, row, &label, zone);
        let standing = match (&found, row.status.as_ref().map(Spanned::get_ref)) {
            (Some(_), _) => match series {
                Some(series) => EditionStanding::Event(EventId::from(edition_slug(series, &label))),
                None => continue,
            },
            (None, Some(EditionOutcome::NotHeld)) => EditionStanding::NotHeld,
            (None, _) => EditionStanding::Cancelled,
        };
        let source = match &row.source {
            // A proper name is the same in every language.
            Some(SourceWords::Name(name)) => Text::in_every_lang(name),
            Some(SourceWords::Text(text)) => text.clone(),
            None => Text::default(),
        };
        dated.extend(found);
        listed.push(Edition {
            label,
            year,
            standing,
            source,
            note: row.note.clone(),
        });
    }
    listed.sort_by_key(|edition| edition.year);
    dated.sort_by(|a, b| a.label.cmp(&b.label));
    (listed, dated)
}

/// Returns the edition if it has a date, and records errors.
fn edition(file: &mut DataFile, row: &EditionRow, label: &Slug, zone: Tz) -> Option<DatedEdition> {
    let standing = row
        .status
        .as_ref()
        .map_or(EditionOutcome::Scheduled, |status| *status.get_ref());
    let place = row
        .status
        .as_ref()
        .map_or_else(|| row.year.span(), Spanned::span);
    let Some(start) = &row.start else {
        if !matches!(
            standing,
            EditionOutcome::Cancelled | EditionOutcome::NotHeld
        ) {
            let wrong = "the edition has no start";
            let allowed = "a start, or status = \"cancelled\" or \"not_held\"";
            file.mistake("start", place, Mistake::new(wrong, allowed));
        }
        let parts = [&row.end, &row.time, &row.end_time, &row.previous_start];
        if let Some(part) = parts.into_iter().flatten().next() {
            let mistake = Mistake::new("it requires a start", "start = 2027-03-04");
            file.mistake("start", part.span(), mistake);
        }
        return None;
    };
    let Some(status) = standing.status() else {
        let mistake = Mistake::new(
            "an edition that was not held must not have a start",
            "no start, or \"cancelled\"",
        );
        file.mistake("status", place, mistake);
        return None;
    };
    let first = file.read_date("start", start)?;
    if first.year() != *row.year.get_ref() {
        let wrong = format!("{first} is not in {}", row.year.get_ref());
        file.mistake(
            "start",
            start.span(),
            Mistake::new(wrong, "a date in the edition's year"),
        );
    }
    let when = when(file, row, first, zone)?;
    let previous = previous(file, row, status, &when);
    if status == EventStatus::Rescheduled && row.previous_start.is_none() {
        let mistake = Mistake::new("is missing", "the original first day, such as 2024-03-16");
        file.mistake("previous_start", place, mistake);
    }
    Some(DatedEdition {
        label: label.clone(),
        when,
        status,
        previous,
        note: row.note.clone(),
    })
}

/// Returns the time from the dates and times of a row. Without a time of day it is all-day. A start
/// alone is one day, since the real length is unknown.
fn when(file: &mut DataFile, row: &EditionRow, first: NaiveDate, zone: Tz) -> Option<When> {
    let last = match &row.end {
        Some(end) => Some((file.read_date("end", end)?, end.span())),
        None => None,
    };
    if let Some((last, span)) = &last
        && *last < first
    {
        let wrong = format!("{last} is before the start, {first}");
        file.mistake(
            "end",
            span.clone(),
            Mistake::new(wrong, "the last day, or no end"),
        );
        return None;
    }
    let last_day = last.as_ref().map_or(first, |(last, _)| *last);
    let Some(time) = &row.time else {
        if let Some(end_time) = &row.end_time {
            let mistake = Mistake::new("it requires a time", "time and end_time, or time");
            file.mistake("end_time", end_time.span(), mistake);
        }
        return Some(When::days(first, last_day));
    };
    let start = first.and_time(file.read_time("time", time)?);
    let Some(end_time) = &row.end_time else {
        if last_day != first {
            let mistake = Mistake::new(
                "it ends on a later day, without an end time",
                "end_time, or no end",
            );
            file.mistake("time", time.span(), mistake);
        }
        return Some(When::Timed {
            start,
            end: None,
            zone,
        });
    };
    let end = last_day.and_time(file.read_time("end_time", end_time)?);
    if end < start {
        let wrong = format!("{end} is before the start, {start}");
        file.mistake(
            "end_time",
            end_time.span(),
            Mistake::new(wrong, "a later time"),
        );
        return None;
    }
    Some(When::Timed {
        start,
        end: Some(end),
        zone,
    })
}

/// Returns the time before a move, with the length and the time of day of the new one.
fn previous(
    file: &mut DataFile,
    row: &EditionRow,
    status: EventStatus,
    when: &When,
) -> Option<When> {
    let before = row.previous_start.as_ref()?;
    if status != EventStatus::Rescheduled {
        let mistake = Mistake::new(
            "the edition was not rescheduled",
            "with status = \"rescheduled\"",
        );
        file.mistake("previous_start", before.span(), mistake);
    }
    let date = file.read_date("previous_start", before)?;
    when.moved_to(match when.start() {
        Start::Local(time) => Start::Local(date.and_time(time.time())),
        Start::Date(_) => Start::Date(date),
    })
}
