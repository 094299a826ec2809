//! The container: what the build needs is copied into it.

use std::fs;

use super::root;

/// Folders from which the program takes files at build time, besides its sources.
const COMPILED_IN: [&str; 4] = ["Rocket.toml", "data", "static", "templates"];

#[test]
fn the_containerfile_copies_every_member_of_the_workspace() {
    let repository = root().parent().expect("src is in the repository");
    let read = |name: &str| fs::read_to_string(repository.join(name)).expect("the file is there");
    let container = read("docs/operating/Containerfile");
    let copied: Vec<&str> = container
        .lines()
        .filter_map(|line| line.strip_prefix("COPY "))
        .flat_map(str::split_whitespace)
        .collect();
    let manifest = read("Cargo.toml");
    let members = manifest
        .lines()
        .find_map(|line| line.strip_prefix("members = ["))
        .expect("the manifest names its members");
    let members = members
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|part| *part != ".");
    let paths = manifest
        .lines()
        .filter_map(|line| line.split_once("path = \""))
        .map(|(_, rest)| rest);
    let paths = paths.filter_map(|rest| rest.split('"').next());
    let folders = members
        .chain(paths)
        .filter_map(|path| path.split('/').next())
        .chain(COMPILED_IN);
    let mut checked = 0;
    for folder in folders {
        checked += 1;
        assert!(
            copied.contains(&folder),
            "docs/operating/Containerfile does not copy {folder}"
        );
    }
    assert!(checked > 8, "only {checked} folders are found");
    for file in ["Cargo.toml", "Cargo.lock"] {
        assert!(
            copied.contains(&file),
            "docs/operating/Containerfile does not copy {file}"
        );
    }
}
