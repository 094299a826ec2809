//! Storing of the data files.
//!
//! **May import:** nothing of ours.
//!
//! 1. [`read`] parses the folder to a [`DataSet`], or returns all errors with file, line, field and
//!    what is allowed.
//! 2. [`plan`](plan()) compares the set with the stored records and returns the changes. It is
//!    pure: the same files, records and years give the same plan.
//! 3. [`apply()`] does both and commits; without changes there is no commit.
//!
//! Files never overwrite what anyone else set. A field of an event changes only while it is owned
//! by the files or a rule, a field of a partner only if no command set it, and any other record
//! only while it is owned by the files. Nothing is removed: a record missing from the files stays,
//! but a partner is no longer fetched from or pushed to.
//!
//! Editions confirmed by a source become events with their dates. For the years ahead, a series'
//! rule gives a *tentative* edition. It is never confirmed by the rule, and it becomes the real one
//! with the same identifiers when a file or a person sets its date. An edition without a date
//! exists in its series only.
//!
//! To add a data file: add its name to `FILES`, its structure to `files`, its conversion to
//! `records`, and a line to [`read`].

mod apply;
mod data_file;
mod edition_rows;
mod editions;
mod error;
mod files;
mod holidays;
mod names;
mod partners;
mod plan;
mod positions;
mod records;
mod series;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::Path;

use calendar_domain::{Audience, Category, Organizer, Partner, Place, Record, Region};
use chrono_tz::Tz;
use data_file::DataFile;

pub use apply::{ApplyError, SeedReport, apply};
pub use edition_rows::DatedEdition;
pub use editions::first_day;
pub use error::{FilePosition, SeedError, SeedErrors};
pub use partners::check_kinds;
pub use plan::{Current, plan};
pub use series::SeriesData;

/// The validated content of the data files.
#[derive(Debug, Clone, PartialEq)]
pub struct DataSet {
    /// The region with its holidays.
    pub region: Region,
    /// Categories in display order.
    pub categories: Vec<Category>,
    /// Audiences in display order.
    pub audiences: Vec<Audience>,
    /// Places.
    pub places: Vec<Place>,
    /// Organizers.
    pub organizers: Vec<Organizer>,
    /// Partners.
    pub partners: Vec<Partner>,
    /// Series with their editions, in display order.
    pub series: Vec<SeriesData>,
}

impl DataSet {
    /// Returns every record except events, each after those that it refers to.
    pub(crate) fn records(&self) -> impl Iterator<Item = Record> + '_ {
        std::iter::once(Record::from(self.region.clone()))
            .chain(self.categories.iter().cloned().map(Record::from))
            .chain(self.audiences.iter().cloned().map(Record::from))
            .chain(self.places.iter().cloned().map(Record::from))
            .chain(self.organizers.iter().cloned().map(Record::from))
            .chain(self.partners.iter().cloned().map(Record::from))
            .chain(
                self.series
                    .iter()
                    .map(|data| Record::from(data.series.clone())),
            )
    }
}

/// The files of the data folder.
const FILES: [&str; 8] = [
    "audiences.toml",
    "categories.toml",
    "holidays.toml",
    "organizers.toml",
    "partners.toml",
    "places.toml",
    "region.toml",
    "series.toml",
];

/// Reads the data folder: `region`, `categories`, `audiences`, `places`, `organizers`, `partners`,
/// `holidays` and `series`, each a `.toml` file.
///
/// # Errors
/// Returns all errors of every file. For a file that is not TOML or has an unknown key, only the
/// first is returned.
pub fn read(dir: &Path) -> Result<DataSet, SeedErrors> {
    let mut errors = stray_files(dir);
    let region = load(dir, "region.toml", &mut errors, records::region).flatten();
    let categories = load(dir, "categories.toml", &mut errors, records::categories);
    let audiences = load(dir, "audiences.toml", &mut errors, records::audiences);
    let numbers = region
        .as_ref()
        .map(|it| set(&it.municipalities, |one| &one.number));
    let zone = region.as_ref().map(|it| it.time_zone);
    let places = load(dir, "places.toml", &mut errors, |file, rows| {
        records::places(file, rows, numbers.as_ref(), zone)
    });
    let organizers = load(dir, "organizers.toml", &mut errors, records::organizers);
    let holidays = load(dir, "holidays.toml", &mut errors, holidays::all);
    let known = series::SeriesReferences {
        categories: categories.as_ref().map(|all| set(all, |it| &it.slug)),
        audiences: audiences.as_ref().map(|all| set(all, |it| &it.slug)),
        places: places.as_ref().map(|all| set(all, |it| &it.slug)),
        municipalities: region
            .as_ref()
            .map(|it| set(&it.municipalities, |one| &one.slug)),
        organizers: organizers.as_ref().map(|all| set(all, |it| &it.slug)),
        // If the region has errors, the series are not used, so any zone will do.
        zone: region.as_ref().map_or(Tz::UTC, |it| it.time_zone),
    };
    let known_to_partners = partners::PartnerReferences {
        categories: known.categories.as_ref(),
        audiences: known.audiences.as_ref(),
        places: known.places.as_ref(),
        municipalities: numbers.as_ref(),
    };
    let partners = load(dir, "partners.toml", &mut errors, |file, rows| {
        partners::partners(file, rows, &known_to_partners)
    });
    let series = load(dir, "series.toml", &mut errors, |file, rows| {
        series::all(file, rows, &known)
    });
    let (
        Some(region),
        Some(categories),
        Some(audiences),
        Some(places),
        Some(organizers),
        Some(partners),
        Some(holidays),
        Some(series),
    ) = (
        region, categories, audiences, places, organizers, partners, holidays, series,
    )
    else {
        return Err(SeedErrors(errors));
    };
    if !errors.is_empty() {
        return Err(SeedErrors(errors));
    }
    let region = Region { holidays, ..region };
    Ok(DataSet {
        region,
        categories,
        audiences,
        places,
        organizers,
        partners,
        series,
    })
}

/// Returns an error for each unknown data file in the folder, such as `steder.toml`. Other files
/// are ignored.
fn stray_files(dir: &Path) -> Vec<SeedError> {
    // If the folder cannot be listed, each missing file is reported anyway.
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name());
    let mut stray: Vec<_> = names
        .filter(|name| {
            let name = name.to_string_lossy().to_lowercase();
            name.ends_with(".toml") && !name.starts_with('.') && !FILES.contains(&name.as_str())
        })
        .collect();
    stray.sort();
    let mistake = |name| SeedError {
        file: dir.join(name),
        at: None,
        field: String::new(),
        wrong: "nothing reads this file".to_owned(),
        allowed: FILES.join(", "),
    };
    stray.into_iter().map(mistake).collect()
}

/// Reads one file and converts it with `make`. Returns `None` if it has errors, which are appended
/// by line.
fn load<F, T>(
    dir: &Path,
    name: &str,
    errors: &mut Vec<SeedError>,
    make: impl FnOnce(&mut DataFile, &F) -> T,
) -> Option<T>
where
    F: serde::de::DeserializeOwned,
{
    let mut file = DataFile::open(dir, name);
    let rows: Option<F> = file.parse();
    let made = rows.map(|rows| make(&mut file, &rows));
    file.errors.sort_by_key(|error| error.at);
    let made = made.filter(|_| file.errors.is_empty());
    errors.append(&mut file.errors);
    made
}

fn set<T, K: Ord + Clone>(records: &[T], key: impl Fn(&T) -> &K) -> BTreeSet<K> {
    records.iter().map(|record| key(record).clone()).collect()
}
