//! Circles between files: none of two files uses the other, by whatever number of files between them.
//!
//! A module and the modules inside it count as one unit in this respect: a parent may use what a child defines, and
//! a child may use the parent's private items. A path through a re-export leads to the file that defines the item.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::source::Source;
use super::{module, sources_below};

/// A module path within one crate: `[web, pages]`.
type Module = Vec<String>;

/// The files of one crate by their modules, and the paths in each.
struct Crate {
    /// For each module, its file and the absolute paths that the file uses.
    modules: BTreeMap<Module, (PathBuf, Vec<Module>)>,
    /// Re-exports: the path of a name, and the path that it stands for.
    reexports: BTreeMap<Module, Module>,
}

impl Crate {
    fn new(sources: Vec<(PathBuf, String)>) -> Self {
        let mut modules = BTreeMap::new();
        let mut reexports = BTreeMap::new();
        for (path, text) in sources {
            let is_test = path
                .iter()
                .any(|part| part == "tests" || part == "tests.rs");
            if is_test {
                continue;
            }
            let mut own = module(&path);
            if own == ["lib"] || own == ["main"] {
                own.clear();
            }
            let source = Source::new(&text);
            let mut used = Vec::new();
            for found in source.all_paths() {
                let relative = found
                    .is_reexport
                    .then(|| [own.as_slice(), &found.parts].concat());
                let Some(absolute) = absolute(&own, &found.parts).or(relative) else {
                    continue;
                };
                if found.is_reexport {
                    let name = found.parts.last().cloned().unwrap_or_default();
                    let mut as_seen = own.clone();
                    as_seen.push(name);
                    reexports.insert(as_seen, absolute);
                } else {
                    used.push(absolute);
                }
            }
            modules.insert(own, (path, used));
        }
        Self { modules, reexports }
    }

    /// Returns the module whose file defines what a path names.
    fn home(&self, path: &[String]) -> Option<Module> {
        let mut path = path.to_vec();
        // A re-export may lead to another one.
        for _ in 0..5 {
            let reexport = (1..=path.len()).find_map(|length| {
                let target = self.reexports.get(&path[..length])?;
                Some([target.as_slice(), &path[length..]].concat())
            });
            match reexport {
                Some(target) if target != path => path = target,
                _ => break,
            }
        }
        let lengths = (0..=path.len()).rev();
        lengths
            .map(|length| path[..length].to_vec())
            .find(|item| self.modules.contains_key(item))
    }

    /// Returns the files that each file uses, without its parents and children.
    fn arrows(&self) -> BTreeMap<Module, BTreeSet<Module>> {
        let mut arrows: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
        for (own, (_, used)) in &self.modules {
            let homes = used.iter().filter_map(|path| self.home(path));
            let others = homes.filter(|home| !home.starts_with(own) && !own.starts_with(home));
            arrows.insert(own.clone(), others.collect());
        }
        arrows
    }

    /// Returns the files of each circle.
    fn circles(&self) -> Vec<BTreeSet<Module>> {
        let arrows = self.arrows();
        let reached: BTreeMap<&Module, BTreeSet<&Module>> = arrows
            .keys()
            .map(|start| {
                let mut seen = BTreeSet::new();
                let mut next: Vec<&Module> = arrows[start].iter().collect();
                while let Some(module) = next.pop() {
                    if seen.insert(module) {
                        next.extend(&arrows[module]);
                    }
                }
                (start, seen)
            })
            .collect();
        let mut circles: Vec<BTreeSet<Module>> = Vec::new();
        for (start, seen) in &reached {
            if !seen.contains(start) || circles.iter().any(|circle| circle.contains(*start)) {
                continue;
            }
            let circle = seen.iter().filter(|other| reached[*other].contains(start));
            circles.push(circle.map(|circle| (*circle).clone()).collect());
        }
        circles
    }
}

/// Returns a path from the crate's root; `None` if it leads to another crate or is no path of a module.
fn absolute(own: &[String], parts: &[String]) -> Option<Module> {
    match parts.first()?.as_str() {
        "crate" => Some(parts[1..].to_vec()),
        "self" => Some([own, &parts[1..]].concat()),
        "super" => {
            let climbed = parts.iter().take_while(|part| *part == "super").count();
            let left = own.len().checked_sub(climbed)?;
            Some([&own[..left], &parts[climbed..]].concat())
        }
        _ => None,
    }
}

#[test]
fn files_form_no_circles() {
    let repository = super::root().parent().expect("src is in the repository");
    let mut wrong = Vec::new();
    let mut arrows = 0;
    let crates = ["domain", "language", "ical", "store", "connectors"]
        .map(|name| format!("crates/{name}/src"));
    for folder in crates.into_iter().chain(["src".to_owned()]) {
        let whole = Crate::new(sources_below(&repository.join(&folder)));
        arrows += whole.arrows().values().map(BTreeSet::len).sum::<usize>();
        for circle in whole.circles() {
            let files: Vec<String> = circle.iter().map(|circle| circle.join("/")).collect();
            wrong.push(format!("{folder}: {}", files.join(", ")));
        }
    }
    assert!(arrows > 500, "only {arrows} uses are found");
    assert!(
        wrong.is_empty(),
        "circles between files:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn a_circle_is_found_also_through_a_re_export() {
    let file = |path: &str, text: &str| (PathBuf::from(path), text.to_owned());
    let whole = Crate::new(vec![
        file("lib.rs", "pub mod low; pub mod high; pub use low::Low;"),
        file("low.rs", "use crate::high::{self, other}; pub struct Low;"),
        file("high.rs", "pub fn other(low: crate::Low) {}"),
    ]);
    let found = whole.circles();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].len(), 2);
    let apart = Crate::new(vec![
        file("lib.rs", "pub mod low; pub mod high;"),
        file("low.rs", "pub struct Low;"),
        file("high.rs", "use super::low::Low;"),
    ]);
    assert!(apart.circles().is_empty());
}
