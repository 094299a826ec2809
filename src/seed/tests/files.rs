//! Tests of errors in data files: each has its position and what is allowed.

use std::fs;
use std::path::Path;

use super::{partner_slips, slips};
use super::{shipped, shipped_folder};
use crate::seed::{DataSource, SHIPPED_FILES, SeedError, read};
use calendar_domain::{HolidayRule, Lang};

/// Returns a copy of the shipped folder with texts replaced: `(file, text, replacement)`.
fn folder_with(changes: &[(&str, &str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(shipped_folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let mut text = fs::read_to_string(&path).unwrap();
        for (_, old, new) in changes.iter().filter(|(file, ..)| *file == name) {
            assert!(text.contains(old), "{name} has no «{old}»");
            text = text.replacen(old, new, 1);
        }
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn mistakes(folder: &Path) -> Vec<SeedError> {
    read(folder)
        .err()
        .map(|errors| errors.0)
        .unwrap_or_default()
}

#[test]
fn each_mistake_names_its_file_line_field_and_what_is_allowed() {
    for [file, right, wrong, field, says, allowed] in
        slips::SLIPS.iter().chain(partner_slips::SLIPS)
    {
        let folder = folder_with(&[(file, right, wrong)]);
        let found = mistakes(folder.path());
        let [first, ..] = &found[..] else {
            panic!("{file}: «{wrong}» passed")
        };
        let text = fs::read_to_string(folder.path().join(file)).unwrap();
        let line = text.lines().nth(first.at.unwrap().line - 1).unwrap();
        assert!(first.file.ends_with(file), "{first}");
        assert!(first.wrong.contains(says), "{first}");
        assert!(first.allowed.contains(allowed), "{first}");
        assert_eq!(&first.field, field, "{first}");
        // The line contains the error; for a missing line, it is an adjacent one.
        let there = wrong.lines().any(|slip| line.contains(slip)) || line.contains(field);
        assert!(there, "{first} points at «{line}»");
    }
}

#[test]
fn every_mistake_in_every_file_is_told_at_once_in_order() {
    let folder = folder_with(&[
        (
            "series.toml",
            "categories = [\"film\"]",
            "categories = [\"kino\"]",
        ),
        ("series.toml", "end = 2025-08-10", "end = 2025-07-10"),
        (
            "places.toml",
            "postal_code = \"2437\"",
            "postal_code = \"37\"",
        ),
    ]);
    let errors = read(folder.path()).unwrap_err();
    let fields: Vec<_> = errors.0.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["postal_code", "end", "categories"]);
    let told = errors.to_string();
    assert!(told.starts_with("3 errors in the data files\n"), "{told}");
    let line = format!("{}:", folder.path().join("places.toml").display());
    assert!(told.contains(&line), "{told}");
}

#[test]
fn every_data_file_is_compiled_into_the_program() {
    let there = fs::read_dir(shipped_folder()).unwrap();
    let mut there: Vec<_> = there
        .map(|value| value.unwrap().file_name().into_string().unwrap())
        .collect();
    there.sort();
    assert_eq!(SHIPPED_FILES.map(|(name, _)| name).to_vec(), there);
    assert_eq!(read(DataSource::Shipped).unwrap(), shipped());
}

#[test]
fn a_missing_file_is_named() {
    let folder = folder_with(&[]);
    fs::remove_file(folder.path().join("partners.toml")).unwrap();
    let errors = read(folder.path()).unwrap_err().to_string();
    assert!(
        errors.contains("partners.toml: cannot read the file"),
        "{errors}"
    );
}

#[test]
fn an_error_reads_as_one_line_with_its_place_first() {
    let folder = folder_with(&[("holidays.toml", "date = \"05-17\"", "date = \"5.17\"")]);
    let [error] = &mistakes(folder.path())[..] else {
        panic!()
    };
    let at = error.at.unwrap();
    let expected = format!(
        "{}:{}:8: date: «5.17» is not a day of the year; allowed: month and day: 05-17",
        folder.path().join("holidays.toml").display(),
        at.line
    );
    assert_eq!(error.to_string(), expected);
}

#[test]
fn the_shipped_files_say_what_they_are_meant_to() {
    let data = shipped();
    assert_eq!(data.places.len(), 31);
    assert_eq!(
        data.places
            .iter()
            .filter(|place| place.coordinates.is_some())
            .count(),
        3
    );
    assert_eq!(data.series.len(), 16);
    assert_eq!(
        data.region.municipality("427").unwrap().slug.as_str(),
        "elverum"
    );
    assert_eq!(
        data.region
            .municipality("Våler i Solør")
            .unwrap()
            .number
            .as_str(),
        "3419"
    );
    let whit = data
        .region
        .holidays
        .iter()
        .find(|day| day.slug.as_str() == "whit-monday")
        .unwrap();
    assert_eq!(whit.rule, HolidayRule::FromEaster(50));
    for series in data.series.iter().map(|data| &data.series) {
        for text in [&series.title, &series.summary, &series.description] {
            assert!(
                text.exact(Lang::Nb).is_some() && text.exact(Lang::En).is_some(),
                "{}",
                series.slug
            );
        }
    }
    assert!(
        data.partners
            .iter()
            .any(|partner| partner.id.as_str() == "import")
    );
}

/// Returns a folder with one more partner: the example of the documentation with a replacement.
fn folder_with_a_cinema(old: &str, new: &str) -> tempfile::TempDir {
    let folder = folder_with(&[]);
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/partners.md"));
    let text = text.unwrap();
    let example = text
        .split("```toml")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    assert!(example.contains(old), "the example has no «{old}»");
    let file = folder.path().join("partners.toml");
    let partners = fs::read_to_string(&file).unwrap();
    fs::write(&file, partners + &example.replacen(old, new, 1)).unwrap();
    folder
}

#[test]
fn the_documented_partner_is_read_with_its_connection() {
    let folder = folder_with_a_cinema("", "");
    let data = read(folder.path()).unwrap();
    let cinema = data
        .partners
        .iter()
        .find(|partner| partner.id.as_str() == "kino");
    let connection = cinema.unwrap().connection.as_ref().unwrap();
    assert_eq!(connection.connector.as_str(), "tribe");
    assert_eq!(connection.every_minutes, 30);
    assert_eq!(connection.mapping.take.days_ahead, Some(365));
    assert_eq!(connection.mapping.categories.len(), 2);
}

#[test]
fn a_mistake_in_a_connection_stops_the_start_and_a_secret_is_never_repeated() {
    for (old, new, said) in [
        ("\"KINO_KEY\"", "\"hunter2\"", "environment variable"),
        ("every_minutes", "every_minute", "every_minute"),
        ("trust = \"publish\"", "trust = \"yes\"", "yes"),
        ("not_words", "no_words", "no_words"),
    ] {
        let folder = folder_with_a_cinema(old, new);
        let found = mistakes(folder.path());
        let text: String = found.iter().map(ToString::to_string).collect();
        assert!(
            text.contains("partners.toml") && text.contains(said),
            "{text}"
        );
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[test]
fn a_file_that_nobody_reads_is_named_with_those_that_are_read() {
    let folder = folder_with(&[]);
    fs::write(folder.path().join("steder.toml"), "[[place]]\n").unwrap();
    for other in [
        "README.md",
        "places.toml~",
        ".places.toml.swp",
        "old.toml.bak",
    ] {
        fs::write(folder.path().join(other), "nothing").unwrap();
    }
    let found = mistakes(folder.path());
    let [stray] = &found[..] else {
        panic!("{found:?}")
    };
    assert!(stray.file.ends_with("steder.toml"), "{stray}");
    for name in [
        "audiences.toml",
        "places.toml",
        "region.toml",
        "series.toml",
    ] {
        assert!(stray.allowed.contains(name), "{stray}");
    }
}

#[test]
fn what_a_partners_words_are_mapped_to_has_to_be_known() {
    for (old, new, field, known) in [
        ("[\"film\"]", "[\"barn\"]", "categories", "music"),
        (
            "[\"families\"]",
            "[\"familier\"]",
            "add_audiences",
            "families",
        ),
        (
            "\"terningen-arena\" }",
            "\"arena\" }",
            "place",
            "terningen-arena",
        ),
        (
            "days_ahead = 365",
            "municipalities = [\"3401\"]",
            "municipalities",
            "3420",
        ),
        (
            "days_ahead = 365",
            "days_ahead = 0",
            "days_ahead",
            "1 or more",
        ),
        (
            "every_minutes = 30",
            "every_minutes = 0",
            "every_minutes",
            "1 to 44640",
        ),
        ("/events\"", "/events#part\"\nuser = \"\"", "user", "a name"),
        (
            "https://kino.example.no/wp",
            "ftp://kino.example.no/wp",
            "url",
            "https://",
        ),
        (
            "https://kino.example.no/wp",
            "https://kari:hunter2@kino.example.no/wp",
            "url",
            "secret",
        ),
        (
            "kind = \"tribe\"\n",
            "kind = \"tribe\"\ntime_zone = \"Europe/Elverum\"\n",
            "time_zone",
            "",
        ),
    ] {
        let folder = folder_with_a_cinema(old, new);
        let found = mistakes(folder.path());
        let [first, ..] = &found[..] else {
            panic!("«{new}» passed")
        };
        assert!(first.file.ends_with("partners.toml"), "{first}");
        assert_eq!(first.field, field, "{first}");
        assert!(first.allowed.contains(known), "{first}");
        assert!(!first.to_string().contains("hunter2"), "{first}");
        let text = fs::read_to_string(folder.path().join("partners.toml")).unwrap();
        let line = text.lines().nth(first.at.unwrap().line - 1).unwrap();
        assert!(line.contains(field), "{first} points at «{line}»");
    }
}

#[test]
fn positions_of_another_country_are_held_against_each_other() {
    let other = |latitude: &str, longitude: &str| {
        folder_with(&[
            ("region.toml", "Europe/Oslo", "Europe/Helsinki"),
            (
                "places.toml",
                "latitude = 60.88097\nlongitude = 11.53675",
                &format!("latitude = {latitude}\nlongitude = {longitude}"),
            ),
        ])
    };
    assert!(
        mistakes(other("65.0", "25.5").path()).is_empty(),
        "far, and still the same region"
    );
    for (latitude, longitude, advice) in [
        ("11.53675", "60.88097", "swapped"),
        ("-33.9", "18.4", "near the other places"),
    ] {
        let found = mistakes(other(latitude, longitude).path());
        let [first] = &found[..] else {
            panic!("{latitude}, {longitude}: {found:?}")
        };
        assert!(first.allowed.contains(advice), "{first}");
    }
}

#[test]
fn a_linked_events_calendar_without_its_settings_is_told_what_is_missing() {
    let folder = folder_with(&[]);
    let file = folder.path().join("partners.toml");
    let shipped = fs::read_to_string(&file).unwrap();
    let push = "\n[[partner]]\nid = \"kommune\"\nname = \"Kommune\"\n[partner.push]\nkind = \
        \"linked_events\"\nurl = \"https://le.example/v1/\"\n";
    let settings = "[partner.push.linked_events]\ndata_source = \"nordkal\"\n";
    for (text, field) in [
        (push.to_owned(), "data_source"),
        (format!("{push}{settings}"), "languages"),
        (
            format!("{push}{settings}languages = {{ nb = \"\" }}\n"),
            "languages",
        ),
    ] {
        fs::write(&file, format!("{shipped}{text}")).unwrap();
        let [mistake] = &mistakes(folder.path())[..] else {
            panic!("{text} passed");
        };
        assert_eq!(mistake.field, field, "{mistake}");
    }
    let whole = format!("{shipped}{push}{settings}languages = {{ nb = \"fi\" }}\n");
    fs::write(&file, whole).unwrap();
    assert!(mistakes(folder.path()).is_empty());
}
