//! Checks imports between layers in `src/` against the table of layers in `src/lib.rs`, the length of files,
//! and the names of modules.

#[path = "layers/circles.rs"]
mod circles;
#[path = "layers/container.rs"]
mod container;
#[path = "layers/module_files.rs"]
mod module_files;
#[path = "layers/names.rs"]
mod names_of_types;
#[path = "layers/source.rs"]
mod source;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use source::Source;

/// Maximum number of lines per file. Most should have fewer than 300.
const MOST_LINES: usize = 400;

/// Module names without meaning.
const NAMES_THAT_SAY_NOTHING: [&str; 7] = [
    "util", "utils", "helper", "helpers", "common", "misc", "manager",
];

/// A row of the table: a layer, and what it may import.
#[derive(Debug)]
struct Layer {
    name: String,
    may_import: BTreeSet<String>,
}

/// Returns the words in backticks of a table cell.
fn names(cell: &str) -> Vec<String> {
    cell.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// Parses the table of layers, lowest first.
fn layers(lib: &str) -> Vec<Layer> {
    let mut layers: Vec<Layer> = Vec::new();
    let rows = lib.lines().filter_map(|line| line.strip_prefix("//! | `"));
    for row in rows {
        let row = format!("`{row}");
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [first, imports, _purpose, ..] = cells[..] else {
            panic!("a row of the table of layers has three cells: {row}");
        };
        let above: BTreeSet<String> = layers.iter().map(|layer| layer.name.clone()).collect();
        let may_import = match imports {
            "nothing of ours" => BTreeSet::new(),
            "all above" => above.clone(),
            named => names(named).into_iter().collect(),
        };
        let [name] = &names(first)[..] else {
            panic!("a row of the table of layers names one layer: {row}");
        };
        let up: Vec<_> = may_import.difference(&above).collect();
        assert!(
            up.is_empty(),
            "the table lets `{name}` import {up:?}, which stand above it"
        );
        assert!(
            !may_import.is_empty() || imports == "nothing of ours",
            "`{name}` may import «{imports}»: write names in backticks, «all above» or «nothing of ours»"
        );
        layers.push(Layer {
            name: name.clone(),
            may_import,
        });
    }
    assert!(!layers.is_empty(), "src/lib.rs has no table of layers");
    layers
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).expect("src can be listed");
    for entry in entries {
        let path = entry.expect("src can be listed").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}

/// Returns the source files of the main crate, by path below `src`.
fn sources() -> Vec<(PathBuf, String)> {
    sources_below(root())
}

/// Returns the source files of the workspace's crates, by path below the repository.
fn sources_of_all_crates() -> Vec<(PathBuf, String)> {
    let repository = root().parent().expect("src is in the repository");
    let mut found = Vec::new();
    for folder in ["src", "crates", "fuzz"] {
        let below = sources_below(&repository.join(folder));
        found.extend(
            below
                .into_iter()
                .map(|(path, text)| (Path::new(folder).join(path), text)),
        );
    }
    found
}

fn sources_below(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    files(folder, &mut found);
    found.sort();
    assert!(
        found.len() > 5,
        "only {} source files in {}",
        found.len(),
        folder.display()
    );
    let short = |path: &PathBuf| path.strip_prefix(folder).expect("below it").to_owned();
    found.iter().map(|path| (short(path), read(path))).collect()
}

/// Returns the module path of a file: `web/pages/mod.rs` is `[web, pages]`.
fn module(path: &Path) -> Vec<String> {
    let bare = path.with_extension("");
    let mut parts: Vec<String> = bare
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    parts
}

#[test]
fn imports_point_down() {
    let layers = layers(&read(&root().join("lib.rs")));
    let mut wrong = Vec::new();
    let mut arrows = 0;
    for (path, text) in sources() {
        let module = module(&path);
        if ["lib", "main"].contains(&module[0].as_str()) {
            continue;
        }
        let Some(own) = layers.iter().find(|layer| layer.name == module[0]) else {
            wrong.push(format!(
                "{}: `{}` is in no row of the table",
                path.display(),
                module[0]
            ));
            continue;
        };
        for import in Source::new(&text).paths(&module) {
            arrows += 1;
            let allowed = import.layer == own.name || own.may_import.contains(&import.layer);
            if !allowed {
                let place = format!("{}:{}", path.display(), import.line);
                wrong.push(format!(
                    "{place}: `{}` may not import `{}`",
                    own.name, import.layer
                ));
            }
        }
    }
    assert!(
        arrows > 200,
        "only {arrows} paths were found: the reader of sources is broken"
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_layer_of_the_table_is_there_and_the_other_way_round() {
    let lib = read(&root().join("lib.rs"));
    let of_table: BTreeSet<String> = layers(&lib).into_iter().map(|layer| layer.name).collect();
    let of_code: BTreeSet<String> = lib
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "))
        .map(|rest| rest.trim_end_matches(';').to_owned())
        .collect();
    assert_eq!(of_table, of_code);
}

#[test]
fn no_source_file_is_longer_than_a_reader_can_hold() {
    let long: Vec<String> = sources_of_all_crates()
        .iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > MOST_LINES)
        .map(|(path, lines)| {
            format!(
                "{}: {lines} lines, {MOST_LINES} are allowed",
                path.display()
            )
        })
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn every_module_is_called_by_what_it_does() {
    let vague: Vec<String> = sources_of_all_crates()
        .iter()
        .filter(|(path, _)| {
            module(path)
                .iter()
                .any(|part| NAMES_THAT_SAY_NOTHING.contains(&part.as_str()))
        })
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert!(
        vague.is_empty(),
        "these names say nothing: {}",
        vague.join(", ")
    );
}

#[test]
fn an_arrow_is_found_however_it_is_written() {
    let text = r##"
        //! `crate::web` in a comment is none.
        use crate::store::{Commit, Store};
        use crate::{catalog::{self, Calendar}, feeds as f, clock};
        /* crate::cli */
        pub(crate) fn one<'a>(x: &'a str) -> crate::config::Config { "crate::web"; 'c'; b"crate::cli"; r#"crate::cli"# }
        mod inner { use super::own; use super::super::super::seed; fn f() { super::super::super::wire::g() } }
        use super::neighbour;
    "##;
    let module = ["language".to_owned(), "dates".to_owned()];
    let found: Vec<String> = Source::new(text)
        .paths(&module)
        .into_iter()
        .map(|import| import.layer)
        .collect();
    let wanted = [
        "store", "catalog", "feeds", "clock", "config", "seed", "wire",
    ];
    assert_eq!(found, wanted);
}

#[test]
fn a_table_that_lets_a_layer_import_one_above_it_is_refused() {
    let table = "//! | `low` | `high` | wrong |\n//! | `high` | nothing of ours | right |\n";
    let refused = std::panic::catch_unwind(|| layers(table));
    assert!(refused.is_err());
    let right = layers("//! | `low` | nothing of ours | |\n//! | `high` | all above | |\n");
    assert!(right[1].may_import.contains("low"));
}

/// Returns the test name of each `module::name` in a text.
fn named_tests(text: &str) -> BTreeSet<&str> {
    let quoted = text.split('`').skip(1).step_by(2);
    let paths = quoted.filter(|quoted| !quoted.contains([' ', '/']));
    paths
        .filter_map(|path| path.rsplit_once("::"))
        .map(|(_, name)| name)
        .collect()
}

#[test]
fn every_test_that_the_threat_model_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("docs/threat-model.md")).expect("it is there");
    let mut paths = Vec::new();
    files(&root.join("tests"), &mut paths);
    files(&root.join("src"), &mut paths);
    let sources: Vec<String> = paths
        .iter()
        .filter_map(|path| fs::read_to_string(path).ok())
        .collect();
    let is_there = |name: &str| {
        let head = format!("fn {name}(");
        sources.iter().any(|source| source.contains(&head))
    };
    let named = named_tests(&text);
    assert!(named.len() > 30, "{} names are found", named.len());
    let gone: Vec<&str> = named.into_iter().filter(|name| !is_there(name)).collect();
    assert!(gone.is_empty(), "no such tests: {gone:?}");
}
