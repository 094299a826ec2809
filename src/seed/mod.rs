//! What the data files know, brought into the store.
//!
//! **May import:** `domain`, `store`.
//!
//! Three steps, the first and the last with the outside world:
//!
//! 1. [`read`] reads the folder into a [`DataSet`], or tells every mistake with file, line, field
//!    and what is allowed.
//! 2. [`plan`](plan()) compares the set with what the store holds and gives the changes. It is
//!    pure: the same files, store and years give the same plan.
//! 3. [`apply()`] does both and commits; where nothing differs there is no commit.
//!
//! Files never overwrite what anyone else set: a field of an event changes only while a file or
//! a rule set it last, of a partner what no command set, any other record only while it is the files' own.
//! Nothing is removed: what
//! no file names any more stays as it was.
//!
//! Editions that a source vouches for become events with their dates. For the years ahead a
//! series' rule gives a *tentative* edition; it never confirms itself, and it turns into the real
//! one, with the same identity, when the file or a person tells its date. An edition known without
//! a date stands in its series alone.
//!
//! A new file of data is a name in `FILES`, a shape in `files`, its making into records in `records` and a line
//! in [`read`].

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
pub use error::{Position, SeedError, SeedErrors};
pub use partners::check_kinds;
pub use plan::{Current, plan};
pub use series::SeriesData;

/// All that the data files say, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct DataSet {
    /// The region, with its holidays.
    pub region: Region,
    /// Subjects, in the order of lists.
    pub categories: Vec<Category>,
    /// Groups of people, in the order of lists.
    pub audiences: Vec<Audience>,
    /// Places.
    pub places: Vec<Place>,
    /// Organizers.
    pub organizers: Vec<Organizer>,
    /// Partners.
    pub partners: Vec<Partner>,
    /// Series with what is known of their editions, in the order of lists.
    pub series: Vec<SeriesData>,
}

impl DataSet {
    /// Every record but the events, each after those that it names.
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
/// Every mistake in every file; of a file that is no TOML at all, or has a key that is not known,
/// the first.
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
    let known = series::Known {
        categories: categories.as_ref().map(|all| set(all, |it| &it.slug)),
        audiences: audiences.as_ref().map(|all| set(all, |it| &it.slug)),
        places: places.as_ref().map(|all| set(all, |it| &it.slug)),
        municipalities: region
            .as_ref()
            .map(|it| set(&it.municipalities, |one| &one.slug)),
        organizers: organizers.as_ref().map(|all| set(all, |it| &it.slug)),
        // Where the region is not known, its mistakes keep the series from being used.
        zone: region.as_ref().map_or(Tz::UTC, |it| it.time_zone),
    };
    let known_to_partners = partners::Known {
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

/// A mistake for each file of data in the folder that nothing reads, such as `steder.toml`. Other files, a README
/// or what an editor leaves, are nobody's mistake.
fn stray_files(dir: &Path) -> Vec<SeedError> {
    // A folder that cannot be listed is told of by each file that is missed.
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

/// Reads one file and makes of it what `make` makes; `None` where it has mistakes, which join the
/// others, by line.
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
