//! Conversion of `series.toml`.

use std::collections::BTreeSet;

use chrono_tz::Tz;

use super::data_file::DataFile;
use super::edition_rows::{DatedEdition, editions};
use super::error::Mistake;
use super::files::{RuleRow, SeriesFile, SeriesRow};
use super::names::texts;
use calendar_domain::recurrence::{Frequency, RecurrenceRule};
use calendar_domain::{Owner, RuleHint, Series, Slug};

/// A series from the data files.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesData {
    /// The record.
    pub series: Series,
    /// The place of its editions in words, if no place of the catalog is given: `Rena`.
    pub locality: Option<String>,
    /// The editions with a date, oldest first.
    pub dated: Vec<DatedEdition>,
}

/// Identifiers that series may refer to; `None` if their file has errors.
pub(super) struct SeriesReferences {
    pub categories: Option<BTreeSet<Slug>>,
    pub audiences: Option<BTreeSet<Slug>>,
    pub places: Option<BTreeSet<Slug>>,
    pub municipalities: Option<BTreeSet<Slug>>,
    pub organizers: Option<BTreeSet<Slug>>,
    pub zone: Tz,
}

pub(super) fn all(
    file: &mut DataFile,
    rows: &SeriesFile,
    known: &SeriesReferences,
) -> Vec<SeriesData> {
    let wholes = rows.series.iter().filter(|row| row.super_series.is_none());
    let wholes: BTreeSet<Slug> = wholes
        .filter_map(|row| row.slug.get_ref().parse().ok())
        .collect();
    let mut seen = BTreeSet::new();
    let mut made = Vec::new();
    for (rank, row) in (0..).zip(&rows.series) {
        let slug = file.read_unique("slug", &row.slug, &mut seen);
        let super_series = super_series(file, row, rows, &wholes);
        let (editions, dated) = editions(file, row, slug.as_ref(), known.zone);
        let series = one(file, row, slug, known);
        let locality = row
            .locality
            .as_ref()
            .and_then(|name| file.read_name("locality", name));
        if let Some(series) = series {
            let series = Series {
                super_series,
                editions,
                rank,
                ..series
            };
            made.push(SeriesData {
                series,
                locality,
                dated,
            });
        }
    }
    made
}

/// Returns the series that this one is a part of. Nested parts are not supported, which also
/// excludes cycles.
fn super_series(
    file: &mut DataFile,
    row: &SeriesRow,
    rows: &SeriesFile,
    wholes: &BTreeSet<Slug>,
) -> Option<Slug> {
    let name = row.super_series.as_ref()?;
    let of_the_name = |row: &&SeriesRow| row.slug.get_ref() == name.get_ref();
    if rows
        .series
        .iter()
        .find(of_the_name)
        .is_some_and(|row| row.super_series.is_some())
    {
        let wrong = format!("«{}» is itself part of a series", name.get_ref());
        let mistake = Mistake::new(wrong, "a series that is not part of another");
        file.mistake("super_series", name.span(), mistake);
        return None;
    }
    file.read_known("super_series", name, Some(wholes))
}

/// Returns a series without the fields that depend on other series or on its editions.
fn one(
    file: &mut DataFile,
    row: &SeriesRow,
    slug: Option<Slug>,
    known: &SeriesReferences,
) -> Option<Series> {
    let title = file.read_text("title", &row.title);
    let categories = file.read_all_known("categories", &row.categories, known.categories.as_ref());
    let audiences = file.read_all_known("audiences", &row.audiences, known.audiences.as_ref());
    let places = file.read_all_known("places", &row.places, known.places.as_ref());
    let municipality = row
        .municipality
        .as_ref()
        .and_then(|slug| file.read_known("municipality", slug, known.municipalities.as_ref()));
    let organizer = row
        .organizer
        .as_ref()
        .and_then(|slug| file.read_known("organizer", slug, known.organizers.as_ref()));
    let website = row
        .website
        .as_ref()
        .and_then(|url| file.read_url("website", url));
    let rule = row.rule.as_ref().and_then(|rule| rule_hint(file, rule));
    Some(Series {
        slug: slug?,
        title: title?,
        aliases: aliases(file, row),
        summary: row.summary.clone(),
        description: row.description.clone(),
        categories,
        audiences,
        places,
        municipality,
        organizer,
        website,
        super_series: None,
        rule,
        usual_time: row.usual_time.clone(),
        editions: Vec::new(),
        rank: 0,
        owner: Owner::DataFile,
    })
}

/// Returns the other names of a series without duplicates. Two series may share a name, which then
/// finds both. Names are shown as written, so `MoW` and `MOW` are distinct.
fn aliases(file: &mut DataFile, row: &SeriesRow) -> Vec<String> {
    let mut seen = BTreeSet::new();
    for alias in &row.aliases {
        let Some(name) = file.read_name("aliases", alias) else {
            continue;
        };
        if !seen.insert(name) {
            let wrong = format!("«{}» occurs twice", alias.get_ref());
            file.mistake(
                "aliases",
                alias.span(),
                Mistake::new(wrong, "each value once"),
            );
        }
    }
    texts(&row.aliases)
}

fn rule_hint(file: &mut DataFile, row: &RuleRow) -> Option<RuleHint> {
    let rrule: Option<RecurrenceRule> = file.read("rrule", &row.rrule);
    let yearly = rrule.as_ref().is_none_or(|rule| {
        rule.freq == Frequency::Yearly && rule.interval == 1 && rule.is_endless()
    });
    if !yearly {
        let wrong = "the rule does not give one date in every year";
        let allowed = "FREQ=YEARLY without INTERVAL, COUNT and UNTIL";
        file.mistake("rrule", row.rrule.span(), Mistake::new(wrong, allowed));
    }
    let days = *row.days.get_ref();
    if !(1..=366).contains(&days) {
        let mistake = Mistake::new(format!("{days} days is not a valid duration"), "1 to 366");
        file.mistake("days", row.days.span(), mistake);
    }
    let text = file.read_text("text", &row.text);
    let confidence = file.read_text("confidence", &row.confidence);
    Some(RuleHint {
        rrule: rrule?,
        days,
        text: text?,
        confidence: confidence?,
        certain: row.certain,
    })
}
