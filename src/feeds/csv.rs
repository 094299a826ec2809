//! CSV, RFC 4180: a table with one row per event.

use std::sync::Arc;

use chrono::SecondsFormat;

use crate::catalog::{ComingOccurrences, Entry, EventOccurrence};
use calendar_domain::{Admission, EventStatus, PlainField as _, When};
use calendar_ical::write::told;

use super::iso8601::span;
use super::occurrences::{LISTED, ListedOccurrence, coming, words_of};
use super::{Feed, FeedFrame, FeedRequest, Fragment, Freshness, ResolvedEvent, Summary};

/// Feed format `.csv`.
pub struct Csv;

/// The names of the columns. New columns are appended, since clients may address columns by position.
const COLUMNS: [&str; 31] = [
    "uid",
    "title",
    "start",
    "end",
    "all_day",
    "time_zone",
    "recurrence",
    "status",
    "place",
    "address",
    "latitude",
    "longitude",
    "organizer",
    "categories",
    "audiences",
    "free",
    "summary",
    "description",
    "url",
    "website",
    "modified",
    "occurrences",
    "more_occurrences",
    "availability",
    "setting",
    "languages",
    "sustainability",
    "sustainability_certificate",
    "getting_there",
    "credit",
    "licence",
];

impl Feed for Csv {
    fn extension(&self) -> &'static str {
        "csv"
    }

    fn name(&self) -> &'static str {
        "CSV"
    }

    fn media_type(&self) -> &'static str {
        "text/csv; charset=utf-8; header=present"
    }

    fn ages(&self) -> Freshness {
        Freshness::WithTheDay
    }

    fn piece(&self, entry: &Arc<Entry>, request: &FeedRequest<'_>) -> Option<Fragment> {
        let resolved = ResolvedEvent::new(entry, request);
        let wanted = request.choices.admit(entry.status()) && resolved.may_be_passed_on();
        let coming = || coming(entry, request);
        let line = || line(entry, &resolved, &coming(), request).map(|value| harmless(&value));
        wanted.then(|| written(&line()).into())
    }

    fn frame(&self, _: &FeedRequest<'_>, _: &Summary) -> FeedFrame {
        FeedFrame {
            head: written(&COLUMNS.map(str::to_owned)),
            tail: Vec::new(),
        }
    }
}

/// Formats a row with its line end. Writing to memory never fails.
fn written(line: &[String]) -> Vec<u8> {
    let mut table = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    drop(table.write_record(line));
    table.into_inner().unwrap_or_default()
}

fn line(
    entry: &Arc<Entry>,
    resolved: &ResolvedEvent<'_>,
    coming: &ComingOccurrences,
    request: &FeedRequest<'_>,
) -> [String; COLUMNS.len()] {
    let view = resolved.view();
    let (event, lang) = (view.event, request.choices.lang);
    let shown = entry.leading(&resolved.event());
    let said = shown.as_ref().map_or_else(
        || told(&view, request.choices),
        |leading| words_of(leading, &view, request.choices),
    );
    let title = told(&view, request.choices).title;
    let status = shown
        .as_ref()
        .map_or_else(|| entry.status(), |leading| leading.standing().0);
    let places = shown
        .as_ref()
        .map_or(event.availability, EventOccurrence::availability);
    let id = shown.as_ref().and_then(|leading| leading.recurrence_id);
    let elsewhere = id.and_then(|id| view.other_venues.get(&id));
    let (start, end) = shown
        .as_ref()
        .map(|leading| span(&leading.when))
        .unwrap_or_default();
    let rule = event
        .schedule
        .recurrence
        .as_ref()
        .and_then(|recurrence| recurrence.rule.as_ref());
    let more = coming.more || coming.listed.len() > LISTED;
    let more = if entry.recurs() {
        more.to_string()
    } else {
        String::new()
    };
    let online = status == EventStatus::MovedOnline;
    let venue = elsewhere
        .unwrap_or(&view.venues)
        .first()
        .filter(|_| !online);
    let name = venue.map(|venue| venue.name.to_owned());
    let place = if online {
        said.location.unwrap_or_default()
    } else {
        name.unwrap_or_default()
    };
    let position = venue.and_then(|venue| venue.coordinates);
    let zone = match event.schedule.when {
        When::Timed { zone, .. } => zone.name(),
        _ => "",
    };
    let shown = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
    [
        event.uid.to_string(),
        title,
        start,
        end.unwrap_or_default(),
        matches!(event.schedule.when, When::AllDay { .. }).to_string(),
        zone.to_owned(),
        rule.map(ToString::to_string).unwrap_or_default(),
        status.as_str().to_owned(),
        place,
        venue.map(|venue| venue.address.clone()).unwrap_or_default(),
        shown(position.map(|at| at.latitude)),
        shown(position.map(|at| at.longitude)),
        view.organizer
            .map(|organizer| organizer.name.to_owned())
            .unwrap_or_default(),
        view.categories.join("; "),
        view.audiences.join("; "),
        match event.admission {
            Admission::Unknown => String::new(),
            Admission::Free => "true".to_owned(),
            Admission::Paid => "false".to_owned(),
        },
        event.summary.get(lang).to_owned(),
        event.description.get(lang).to_owned(),
        view.page.to_string(),
        event
            .website
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        event.modified.to_rfc3339_opts(SecondsFormat::Secs, true),
        occurrences(&coming.listed, resolved, request),
        more,
        places.as_str().to_owned(),
        event.setting.to_wire().join("; "),
        event.languages.to_wire().join("; "),
        event.sustainability.to_wire().join("; "),
        event
            .certificate()
            .map(|certificate| certificate.issuer.clone())
            .unwrap_or_default(),
        event.getting_there.get(lang).to_owned(),
        view.credit.unwrap_or_default().to_owned(),
        request.snapshot.licence_of(event).unwrap_or_default(),
    ]
}

/// Returns the occurrences to come, one a line: start and end as an interval of ISO 8601, status, availability if it
/// differs from the event's, place.
fn occurrences(
    happenings: &[EventOccurrence],
    resolved: &ResolvedEvent<'_>,
    request: &FeedRequest<'_>,
) -> String {
    let view = resolved.view();
    let line = |occurrence: &EventOccurrence| {
        let one = ListedOccurrence::new(occurrence, &view, request.choices);
        let span = one
            .end
            .map_or(one.start.clone(), |end| format!("{}/{end}", one.start));
        let place = one.location.unwrap_or_default().replace('\n', " ");
        let left = one.availability.map(|occurrence| format!(" {occurrence}"));
        let left = left.unwrap_or_default();
        format!("{span} {}{left} {place}", one.status)
            .trim_end()
            .to_owned()
    };
    let lines: Vec<String> = happenings.iter().take(LISTED).map(line).collect();
    lines.join("\n")
}

/// Prefixes the value with an apostrophe if a spreadsheet would evaluate it as a formula. Plain
/// negative numbers are not changed.
fn harmless(value: &str) -> String {
    // Some programs ignore blanks before the sign.
    let formula = value.starts_with(['\t', '\r', '\n'])
        || value
            .trim_start()
            .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if formula && value.parse::<f64>().is_err() {
        format!("'{value}")
    } else {
        value.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn a_formula_is_made_text_and_a_number_stays_one() {
        for value in [
            "=1+1",
            "+cmd",
            "-cmd|' /C calc'!A1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\nto linjer",
            " =1+1",
        ] {
            assert_eq!(harmless(value), format!("'{value}"));
        }
        for value in ["Kor", "-12.5", "a=b", ""] {
            assert_eq!(harmless(value), value);
        }
    }
}
