//! Reads the data files.

use std::collections::BTreeSet;

use calendar_domain::Region;
use chrono_tz::Tz;

use super::data_file::DataFile;
use super::data_set::DataSet;
use super::data_source::{DataSource, file_names};
use super::error::{SeedError, SeedErrors};
use super::{holidays, partners, records, series};

/// Reads the data files: `region`, `categories`, `audiences`, `places`, `organizers`, `partners`,
/// `holidays` and `series`, each a `.toml` file.
///
/// # Errors
/// Returns all errors of every file. For a file that is not TOML or has an unknown key, only the
/// first is returned.
pub fn read<'a>(source: impl Into<DataSource<'a>>) -> Result<DataSet, SeedErrors> {
    let source = source.into();
    let mut errors = stray_files(source);
    let region = load(source, "region.toml", &mut errors, records::region).flatten();
    let categories = load(source, "categories.toml", &mut errors, records::categories);
    let audiences = load(source, "audiences.toml", &mut errors, records::audiences);
    let numbers = region
        .as_ref()
        .map(|region| set(&region.municipalities, |one| &one.number));
    let zone = region.as_ref().map(|region| region.time_zone);
    let places = load(source, "places.toml", &mut errors, |file, rows| {
        records::places(file, rows, numbers.as_ref(), zone)
    });
    let organizers = load(source, "organizers.toml", &mut errors, records::organizers);
    let holidays = load(source, "holidays.toml", &mut errors, |file, rows| {
        holidays::all(file, rows, numbers.as_ref())
    });
    let known = series::SeriesReferences {
        categories: categories.as_ref().map(|all| set(all, |entry| &entry.slug)),
        audiences: audiences.as_ref().map(|all| set(all, |entry| &entry.slug)),
        places: places.as_ref().map(|all| set(all, |entry| &entry.slug)),
        municipalities: region
            .as_ref()
            .map(|region| set(&region.municipalities, |one| &one.slug)),
        organizers: organizers.as_ref().map(|all| set(all, |entry| &entry.slug)),
        // If the region has errors, the series are not used, so any zone will do.
        zone: region.as_ref().map_or(Tz::UTC, |region| region.time_zone),
    };
    let known_to_partners = partners::PartnerReferences {
        categories: known.categories.as_ref(),
        audiences: known.audiences.as_ref(),
        places: known.places.as_ref(),
        municipalities: numbers.as_ref(),
    };
    let partners = load(source, "partners.toml", &mut errors, |file, rows| {
        partners::partners(file, rows, &known_to_partners)
    });
    let series = load(source, "series.toml", &mut errors, |file, rows| {
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
    let (holidays, school_breaks) = holidays;
    let region = Region {
        holidays,
        school_breaks,
        ..region
    };
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
fn stray_files(source: DataSource<'_>) -> Vec<SeedError> {
    let known = file_names();
    let mut stray = source.list();
    stray.retain(|name| {
        let name = name.to_string_lossy().to_lowercase();
        name.ends_with(".toml") && !name.starts_with('.') && !known.contains(&name.as_str())
    });
    stray.sort();
    let mistake = |name: std::ffi::OsString| SeedError {
        file: source.path(&name),
        at: None,
        field: String::new(),
        wrong: "this file is not used".to_owned(),
        allowed: known.join(", "),
    };
    stray.into_iter().map(mistake).collect()
}

/// Reads one file and converts it with `make`. Returns `None` if it has errors, which are appended
/// by line.
fn load<F, T>(
    source: DataSource<'_>,
    name: &str,
    errors: &mut Vec<SeedError>,
    make: impl FnOnce(&mut DataFile, &F) -> T,
) -> Option<T>
where
    F: serde::de::DeserializeOwned,
{
    let mut file = DataFile::open(source, name);
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
