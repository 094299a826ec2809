//! Reads the data folder.

use std::collections::BTreeSet;
use std::path::Path;

use calendar_domain::Region;
use chrono_tz::Tz;

use super::data_file::DataFile;
use super::data_set::DataSet;
use super::error::{SeedError, SeedErrors};
use super::{holidays, partners, records, series};

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
