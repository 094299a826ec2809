//! The dates of a repeated event in the form: the repetition in words, and the next dates with holidays and school
//! breaks.

use crate::editorial::submission_form::form_context;
use crate::web::pages::PageContext;
use crate::web::workspace::WorkspaceRequest;
use calendar_domain::event_form::{EventForm, FormField};
use calendar_domain::holidays::on;
use calendar_domain::recurrence::ExpansionLimits;
use calendar_domain::school_breaks::breaks_on;
use calendar_domain::{Region, Schedule, Start, When, Window};
use calendar_language::{Year, capitalised};
use chrono::{Months, NaiveDate};

/// Number of dates of a repetition that are listed.
const DATES_SHOWN: usize = 10;
/// Number of months in which dates are searched: the longest repetition and a date that is moved far.
const MONTHS_SEARCHED: u32 = 120;

/// The dates of a repeated event.
#[derive(Debug, Default)]
pub(super) struct RepeatedDates {
    /// «Hver onsdag til 15. juni. Første gang onsdag 9. juni 2027, siste gang …»; empty if it does not repeat.
    pub(super) said: String,
    pub(super) rows: Vec<RepeatedDate>,
    /// Struck dates that are not among them.
    pub(super) struck: Vec<String>,
}

/// A date of a repetition.
#[derive(Debug)]
pub(super) struct RepeatedDate {
    pub(super) iso: String,
    pub(super) text: String,
    /// «17. mai», «vinterferie i Åmot».
    pub(super) marks: Vec<String>,
    pub(super) struck: bool,
}

/// Returns the next dates of a repeated event, struck ones included; none if the form says no repetition or a wrong one.
pub(super) fn repeated_dates(request: &WorkspaceRequest, form: &EventForm) -> RepeatedDates {
    let context = &request.context;
    let form_context = form_context(&context.snapshot, &request.actor());
    let Some(mut schedule) = form.schedule(form_context) else {
        return RepeatedDates::default();
    };
    let said = said(context, &schedule);
    let Some(recurrence) = &mut schedule.recurrence else {
        return RepeatedDates::default();
    };
    let struck = std::mem::take(&mut recurrence.exdates);
    let all = dates(context, &schedule, context.today());
    let row = |(when, start): &(When, Start)| RepeatedDate {
        iso: start.date().to_string(),
        text: capitalised(&context.words.when_in(when, context.zone(), Year::Said)),
        marks: marks(context, when.start().date()),
        struck: struck.contains(start),
    };
    let rows: Vec<RepeatedDate> = all.iter().take(DATES_SHOWN).map(row).collect();
    let is_hidden = |typed: &&String| !rows.iter().any(|row| row.iso == **typed);
    RepeatedDates {
        said,
        struck: form
            .all(FormField::Strike)
            .iter()
            .filter(is_hidden)
            .cloned()
            .collect(),
        rows,
    }
}

/// Returns the repetition in words, with its first and last date.
fn said(context: &PageContext, schedule: &Schedule) -> String {
    if schedule.recurrence.is_none() {
        return String::new();
    }
    let all = dates(context, schedule, schedule.earliest_start().date());
    let said = capitalised(&context.words.repetition(schedule));
    let day = |value: Option<&(When, Start)>| {
        let date = value.map(|(when, _)| when.start().date());
        date.map_or_else(String::new, |value| {
            context.words.weekday_date(value, Year::Said)
        })
    };
    let count = all.len().to_string();
    let values = [
        ("said", said),
        ("first", day(all.first())),
        ("last", day(all.last())),
        ("count", count),
    ];
    context.words.say_with("form-understood", &values)
}

/// Returns the dates from a day on, each with its original start.
fn dates(context: &PageContext, schedule: &Schedule, from: NaiveDate) -> Vec<(When, Start)> {
    let from = schedule.earliest_start().date().max(from);
    let until = from.checked_add_months(Months::new(MONTHS_SEARCHED));
    let window = Window {
        from,
        until: until.unwrap_or(from),
        zone: context.zone(),
    };
    let found = schedule.occurrences(window, &ExpansionLimits::default());
    let found = found.unwrap_or_default().into_iter();
    found
        .filter_map(|occurrence| Some((occurrence.when, occurrence.recurrence_id?)))
        .collect()
}

/// Returns the names of the holidays and school breaks on a day.
pub(super) fn marks(context: &PageContext, date: NaiveDate) -> Vec<String> {
    let region: &Region = context.snapshot.region();
    let holidays = on(&region.holidays, date).map(|value| context.text(&value.name));
    let breaks = breaks_on(&region.school_breaks, date).map(|breaks| {
        let known = breaks.municipalities.iter();
        let known = known.filter_map(|number| region.municipality(number.as_str()));
        let names: Vec<&str> = known.map(|breaks| breaks.name.as_str()).collect();
        let values = [
            ("name", context.text(&breaks.name)),
            ("places", context.words.listed(&names)),
        ];
        context.words.say_with("form-school-break", &values)
    });
    holidays.chain(breaks).collect()
}
