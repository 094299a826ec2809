//! Events of the series: editions with a date, and tentative editions of the years ahead.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use uuid::Uuid;

use super::edition_rows::{DatedEdition, edition_slug};
use super::{DataSet, SeriesData};
use calendar_domain::recurrence::{ExpansionLimits, expand};
use calendar_domain::{
    EditionRef, Event, EventId, EventStatus, Field, Lang, OrganizerRef, Owner, Region, RuleHint,
    Schedule, Slug, Text, Uid, Venue, When,
};

/// An event according to the files or a rule.
#[derive(Debug)]
pub(super) struct PlannedEvent {
    /// The event as it would be created. Its `owners` contain the fields set by the files or the
    /// rule.
    pub event: Event,
    /// The edition that it is a part of, if that edition is an event.
    pub whole: Option<EventId>,
}

/// Returns the first day from a rule in a year, or `None` if it has none in that year.
#[must_use]
pub fn first_day(rule: &RuleHint, year: i32) -> Option<NaiveDate> {
    let new_year = |year| Some(NaiveDate::from_ymd_opt(year, 1, 1)?.and_time(NaiveTime::MIN));
    let (from, until) = (new_year(year)?, new_year(year.checked_add(1)?)?);
    let days = expand(
        &rule.rrule,
        from,
        None,
        from..until,
        &ExpansionLimits::default(),
    )
    .ok()?;
    days.first().map(|day| day.date())
}

/// Returns every event of the data set, with `now` as the time of creation.
pub(super) fn wanted(
    data: &DataSet,
    years: &RangeInclusive<i32>,
    now: DateTime<Utc>,
) -> Vec<PlannedEvent> {
    let mut all = Vec::new();
    for series in &data.series {
        let make = |edition: &DatedEdition, dated_by| PlannedEvent {
            event: event(&data.region, series, edition, dated_by, now),
            whole: whole(series, &edition.label),
        };
        all.extend(
            series
                .dated
                .iter()
                .map(|edition| make(edition, Owner::DataFile)),
        );
        let tentative = years.clone().filter_map(|year| tentative(series, year));
        all.extend(tentative.map(|edition| make(&edition, Owner::Rule)));
    }
    all
}

/// Returns the editions without a date, which were cancelled or not held, by the ids of their
/// events, which exist if a rule had given them a date earlier.
pub(super) fn called_off(data: &DataSet) -> BTreeMap<EventId, &Text> {
    let mut all = BTreeMap::new();
    for SeriesData { series, dated, .. } in &data.series {
        let have_date: BTreeSet<&Slug> = dated.iter().map(|edition| &edition.label).collect();
        for edition in series
            .editions
            .iter()
            .filter(|edition| !have_date.contains(&edition.label))
        {
            let id = EventId::from(edition_slug(&series.slug, &edition.label));
            all.insert(id, &edition.note);
        }
    }
    all
}

/// Returns the edition from the rule for a year without a known edition.
fn tentative(data: &SeriesData, year: i32) -> Option<DatedEdition> {
    let rule = data.series.rule.as_ref()?;
    if data
        .series
        .editions
        .iter()
        .any(|edition| edition.year == year)
    {
        return None;
    }
    let first = first_day(rule, year)?;
    let last = first.checked_add_days(Days::new(u64::from(rule.days.saturating_sub(1))))?;
    Some(DatedEdition {
        label: Slug::from_text(&year.to_string()),
        when: When::days(first, last),
        status: if rule.certain {
            EventStatus::Scheduled
        } else {
            EventStatus::Tentative
        },
        previous: None,
        note: both(&rule.text, &rule.confidence),
    })
}

/// Joins two sentences in each language; the first may lack its full stop.
fn both(first: &Text, second: &Text) -> Text {
    let mut joined = Text::default();
    for lang in Lang::ALL {
        if let (Some(first), Some(second)) = (first.exact(lang), second.exact(lang)) {
            joined.set(lang, format!("{}. {second}", first.trim_end_matches('.')));
        }
    }
    joined
}

/// Returns the edition of the same year in the series that this one is a part of.
fn whole(data: &SeriesData, label: &Slug) -> Option<EventId> {
    let series = data.series.super_series.as_ref()?;
    Some(EventId::from(edition_slug(series, label)))
}

fn event(
    region: &Region,
    data: &SeriesData,
    edition: &DatedEdition,
    dated_by: Owner,
    now: DateTime<Utc>,
) -> Event {
    let series = &data.series;
    let slug = edition_slug(&series.slug, &edition.label);
    let uid = uid(region, &series.slug, &edition.label);
    let schedule = Schedule::once(edition.when.clone());
    Event {
        summary: series.summary.clone(),
        description: series.description.clone(),
        status: edition.status,
        previous: edition.previous.clone(),
        status_note: edition.note.clone(),
        venues: venues(region, data),
        organizer: series.organizer.clone().map(OrganizerRef::Organizer),
        categories: series.categories.iter().cloned().collect(),
        audiences: series.audiences.iter().cloned().collect(),
        website: series.website.clone(),
        series: Some(EditionRef {
            series: series.slug.clone(),
            edition: edition.label.clone(),
        }),
        owners: owners(dated_by),
        ..Event::new(slug, uid, series.title.clone(), schedule, now)
    }
}

/// Returns the permanent UID of an edition, independent of its date, title and file.
fn uid(region: &Region, series: &Slug, label: &Slug) -> Uid {
    let name = format!("series/{series}/{label}");
    Uid::from(Uuid::new_v5(&region.uid_namespace, name.as_bytes()))
}

fn venues(region: &Region, data: &SeriesData) -> Vec<Venue> {
    let named = data.series.places.iter().cloned().map(Venue::Place);
    let described = data.locality.iter().map(|name| {
        let slug = data.series.municipality.as_ref();
        let municipality = slug.and_then(|slug| region.municipality(slug.as_str()));
        Venue::Described {
            name: name.clone(),
            address: None,
            municipality: municipality.map(|municipality| municipality.number.clone()),
            coordinates: None,
        }
    });
    named.chain(described).collect()
}

/// Returns the owners of the fields: the files, except that date and status are owned by the rule
/// if no source gives them.
fn owners(dated_by: Owner) -> BTreeMap<Field, Owner> {
    let by_file = [
        Field::Title,
        Field::Summary,
        Field::Description,
        Field::Venues,
        Field::Organizer,
        Field::Categories,
        Field::Audiences,
        Field::Website,
        Field::SuperEvent,
        Field::Publication,
    ];
    let mut owners: BTreeMap<_, _> = by_file
        .into_iter()
        .map(|field| (field, Owner::DataFile))
        .collect();
    owners.insert(Field::Schedule, dated_by.clone());
    owners.insert(Field::Status, dated_by);
    owners
}
