use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fluent_bundle::FluentResource;

use crate::TEXTS;

/// The Fluent file of the default language, which the others translate.
const ORIGINAL: &str = TEXTS[0].1;

fn translations() -> impl Iterator<Item = &'static str> {
    TEXTS[1..].iter().map(|(_, source, _)| *source)
}

/// Returns the keys of a Fluent file in order.
fn keys(source: &str) -> Vec<&str> {
    source
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| line.split_once(" ="))
        .map(|(key, _)| key)
        .collect()
}

/// Returns the variables of each message.
fn variables(source: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut current = "";
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if let (true, Some((key, _))) = (
            line.starts_with(|c: char| c.is_ascii_lowercase()),
            line.split_once(" ="),
        ) {
            current = key;
        }
        let names = line.split('$').skip(1).map(|rest| {
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(rest.len());
            &rest[..end]
        });
        found.entry(current).or_default().extend(names);
    }
    found
}

/// Returns every source file and template with its path.
fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(folder).expect("a folder of the crate") {
            let path = entry.expect("an entry of the folder").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path
                .extension()
                .is_some_and(|e| e == "rs" || e == "html" || e == "txt")
            {
                let text = std::fs::read_to_string(&path).expect("a text file");
                found.push((path, text));
            }
        }
    }
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let mut found = Vec::new();
    for folder in ["src", "crates", "templates"] {
        walk(&root.join(folder), &mut found);
    }
    found.retain(|(path, _)| !path.starts_with(root.join("crates/language/src/tests")));
    found
}

/// Returns the string literals directly after `call`.
fn literals_after<'a>(text: &'a str, call: &str) -> Vec<&'a str> {
    text.split(call)
        .skip(1)
        .filter_map(|rest| rest.trim_start().strip_prefix('"'))
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

#[test]
fn all_languages_parse_and_have_the_same_keys_in_the_same_order() {
    for (lang, source, _) in TEXTS {
        assert!(FluentResource::try_new((*source).to_owned()).is_ok());
        let all = keys(source);
        assert_eq!(
            all.len(),
            all.iter().collect::<BTreeSet<_>>().len(),
            "a key stands twice"
        );
        assert_eq!(all, keys(ORIGINAL), "{lang}");
    }
}

#[test]
fn a_translation_fills_only_places_that_the_original_has_or_the_clock_gives() {
    let original = variables(ORIGINAL);
    for (key, names) in translations().flat_map(variables) {
        if key != "clock" {
            assert_eq!(names, original[key], "the places of {key:?} differ");
        }
    }
}

#[test]
fn every_text_that_is_asked_for_exists() {
    let known: BTreeSet<&str> = keys(ORIGINAL).into_iter().collect();
    let mut asked = 0;
    for (path, text) in sources() {
        for call in [".say(", ".say_with("] {
            for key in literals_after(&text, call) {
                asked += 1;
                assert!(known.contains(key), "{} asks for {key:?}", path.display());
            }
        }
    }
    assert!(asked > 10, "the search for keys finds none");
}

#[test]
fn every_text_is_used_somewhere() {
    let all: String = sources().into_iter().map(|(_, text)| text).collect();
    let built = |key: &str| {
        key.match_indices('-')
            .any(|(at, _)| all.contains(&format!("\"{}{{", &key[..=at])))
    };
    let unused: Vec<&str> = keys(ORIGINAL)
        .into_iter()
        .filter(|key| !all.contains(&format!("\"{key}\"")) && !built(key))
        .collect();
    assert!(unused.is_empty(), "nobody says {unused:?}");
}
