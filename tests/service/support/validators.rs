//! Independent validators of feeds, installed by `tests/run`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::readers::{project, tool};

/// Returns the faults found in a feed; empty if it is valid.
#[track_caller]
pub fn complaints(extension: &str, feed: &[u8]) -> Vec<String> {
    complaints_of_each(extension, &[feed.to_vec()]).remove(0)
}

/// Returns the faults of each of several feeds in one format.
#[track_caller]
pub fn complaints_of_each(extension: &str, feeds: &[Vec<u8>]) -> Vec<Vec<String>> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    match extension {
        "jsonld" => by_types(folder.path(), feeds),
        _ => by_script(extension, folder.path(), feeds),
    }
}

fn files(folder: &Path, extension: &str, contents: &[Vec<u8>]) -> Vec<PathBuf> {
    let save = |(number, content): (usize, &Vec<u8>)| {
        let path = folder.join(format!("{number}.{extension}"));
        std::fs::write(&path, content).expect("a file");
        path
    };
    contents.iter().enumerate().map(save).collect()
}

fn run(command: &mut Command) -> Output {
    let output = command.output();
    output.unwrap_or_else(|error| panic!("{command:?} does not start: {error}"))
}

#[track_caller]
fn by_script(extension: &str, folder: &Path, feeds: &[Vec<u8>]) -> Vec<Vec<String>> {
    let output = run(Command::new(tool("python/bin/python"))
        .arg(project().join("tests/parsers/validate.py"))
        .arg(extension)
        .args(files(folder, extension, feeds)));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{extension}: {said}");
    let text = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    let found: Vec<Vec<String>> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("a list of complaints"))
        .collect();
    assert_eq!(found.len(), feeds.len(), "{extension}: every feed is read");
    found
}

/// Checks JSON-LD against the schema.org vocabulary as TypeScript types: an object literal may only have
/// properties of its type, with values of permitted types.
#[track_caller]
fn by_types(folder: &Path, feeds: &[Vec<u8>]) -> Vec<Vec<String>> {
    let modules = tool("node/node_modules");
    let typed = |feed: &Vec<u8>| {
        let json = std::str::from_utf8(feed).expect("JSON is UTF-8");
        format!(
            "import type {{ Graph, Thing, WithContext }} from \"schema-dts\";\n\
             export const feed: Graph | WithContext<Thing> = {json};\n"
        )
        .into_bytes()
    };
    files(folder, "ts", &feeds.iter().map(typed).collect::<Vec<_>>());
    let project = serde_json::json!({
        "compilerOptions": {
            "strict": true,
            "noEmit": true,
            "skipLibCheck": true,
            "types": [],
            "target": "es2022",
            "module": "esnext",
            "moduleResolution": "bundler",
            "paths": {"schema-dts": [modules.join("schema-dts/dist/schema.d.ts")]},
        },
        "include": ["*.ts"],
    });
    std::fs::write(folder.join("tsconfig.json"), project.to_string()).expect("a file");
    let output = run(Command::new("node")
        .arg(modules.join("typescript/bin/tsc"))
        .args(["--pretty", "false", "--project", "tsconfig.json"])
        .current_dir(folder));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = String::from_utf8_lossy(&output.stderr);
    let mut found = vec![Vec::new(); feeds.len()];
    let mut last = None;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        // `3.ts(2,14): error TS2353: …`, followed by indented details.
        let number = line
            .split_once(".ts(")
            .and_then(|(value, _)| value.parse().ok());
        last = number.or(last);
        let at: usize = last.unwrap_or_else(|| panic!("the compiler: {text}{said}"));
        found[at].push(line.chars().take(600).collect());
    }
    let clean = found.iter().all(Vec::is_empty);
    assert_eq!(output.status.success(), clean, "the compiler: {text}{said}");
    found
}
