//! Names: one public type name has one meaning in the workspace, and no name is a metaphor of this code's own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::sources_of_all_crates;

/// Names that no module, type, function or constant has; `docs/decisions.md` and the field's standards have better ones.
const BANNED: [&str; 34] = [
    "Ages",
    "Asked",
    "Bell",
    "Bookmark",
    "Chronicle",
    "Desk",
    "Doorman",
    "Doubt",
    "Gist",
    "GoingOut",
    "Happening",
    "Heard",
    "Leaf",
    "Outgo",
    "Parcel",
    "Parted",
    "Remark",
    "Said",
    "Talk",
    "Told",
    "Wanted",
    "Whose",
    "chronicle",
    "doorman",
    "hand_over",
    "household",
    "leaf",
    "on_duty",
    "outgo",
    "sayable",
    "says_the_same",
    "stitched",
    "strangers",
    "telling",
];

/// Files of which only one is compiled, depending on the operating system: both define the same names.
const ALTERNATIVES: [(&str, &str); 2] = [
    ("src/cli/serve/signals.rs", "src/cli/serve/no_signals.rs"),
    (
        "src/web/connection_limits/system.rs",
        "src/web/connection_limits/no_system.rs",
    ),
];

/// The words that define a name, with what they define.
const KEYWORDS: [&str; 9] = [
    "mod", "fn", "struct", "enum", "trait", "type", "union", "const", "static",
];

fn is_test(path: &Path) -> bool {
    path.iter()
        .any(|part| part == "tests" || part == "tests.rs")
}

/// Returns keyword and name if the line defines something, and whether it is visible outside its module.
fn definition(line: &str) -> Option<(&str, &str, bool)> {
    let line = line.trim_start();
    let (line, is_public) = match line.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => (rest.split_once(") ")?.1, true),
        Some(rest) => (rest.strip_prefix(' ')?, true),
        None => (line, false),
    };
    let line = ["async ", "const fn "]
        .iter()
        .find_map(|prefix| {
            line.strip_prefix(prefix).map(|rest| {
                if *prefix == "async " {
                    rest
                } else {
                    &line[6..]
                }
            })
        })
        .unwrap_or(line);
    let (keyword, rest) = line.split_once(' ')?;
    let end = rest
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(rest.len());
    KEYWORDS
        .contains(&keyword)
        .then_some((keyword, &rest[..end], is_public))
}

#[test]
fn a_definition_is_found_with_its_name() {
    assert_eq!(
        definition("    pub(super) fn name<T>(x: T) {"),
        Some(("fn", "name", true))
    );
    assert_eq!(
        definition("pub const fn name() {"),
        Some(("fn", "name", true))
    );
    assert_eq!(definition("enum Name {"), Some(("enum", "Name", false)));
    assert_eq!(
        definition("pub struct Name;"),
        Some(("struct", "Name", true))
    );
    assert_eq!(definition("let name = 1;"), None);
    assert_eq!(definition("// pub struct Name"), None);
}

#[test]
fn each_public_type_name_has_one_meaning() {
    let mut defined: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for (path, text) in sources_of_all_crates()
        .into_iter()
        .filter(|(path, _)| !is_test(path))
    {
        for (keyword, name, is_public) in text.lines().filter_map(definition) {
            let is_type = ["struct", "enum", "trait", "type", "union"].contains(&keyword);
            if is_type && is_public {
                defined
                    .entry(name.to_owned())
                    .or_default()
                    .push(path.clone());
            }
        }
    }
    assert!(
        defined.len() > 400,
        "only {} public types are found",
        defined.len()
    );
    let is_alternative = |files: &[PathBuf]| {
        ALTERNATIVES.iter().any(|(one, other)| {
            files
                .iter()
                .all(|file| file == Path::new(one) || file == Path::new(other))
        })
    };
    let twice: Vec<String> = defined
        .iter()
        .filter(|(_, files)| files.len() > 1 && !is_alternative(files))
        .map(|(name, files)| format!("{name}: {files:?}"))
        .collect();
    assert!(twice.is_empty(), "{}", twice.join("\n"));
}

#[test]
fn no_name_is_a_metaphor_of_this_code() {
    let mut found = Vec::new();
    for (path, text) in sources_of_all_crates()
        .into_iter()
        .filter(|(path, _)| !is_test(path))
    {
        for (_, name, _) in text.lines().filter_map(definition) {
            if BANNED.contains(&name) {
                found.push(format!("{}: {name}", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn constructors_are_new_or_say_of_what() {
    let mut found = Vec::new();
    for (path, text) in sources_of_all_crates()
        .into_iter()
        .filter(|(path, _)| !is_test(path))
    {
        let lines: Vec<&str> = text.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            let is_of = matches!(definition(line), Some(("fn", "of", _)));
            let head = lines[index..]
                .iter()
                .take(2)
                .copied()
                .collect::<Vec<_>>()
                .join(" ");
            if is_of && !head.contains("self") {
                found.push(format!("{}:{}", path.display(), index + 1));
            }
        }
    }
    assert!(found.is_empty(), "named `of`: {}", found.join(", "));
}

#[test]
fn closures_name_what_they_take() {
    let is_unnamed = |line: &&str| line.contains("|it|") || line.contains("|it:");
    let all = sources_of_all_crates();
    let unnamed: Vec<String> = (all.iter())
        .flat_map(|(path, text)| {
            let lines = text.lines().filter(is_unnamed);
            lines.map(move |line| format!("{}: {}", path.display(), line.trim()))
        })
        .collect();
    assert!(unnamed.is_empty(), "{}", unnamed.join("\n"));
}
