//! A `mod.rs` holds documentation, `mod` and `use` only, so that its code is in a file with a name.

use std::path::Path;

use super::source::Source;
use super::sources_of_all_crates;

/// Returns true for a `mod.rs` that is not one of tests, which may hold what its tests share.
fn is_module_file(path: &Path) -> bool {
    path.ends_with("mod.rs") && path.iter().all(|part| part != "tests")
}

#[test]
fn a_mod_rs_holds_no_code() {
    let sources = sources_of_all_crates();
    let files: Vec<_> = sources
        .iter()
        .filter(|(path, _)| is_module_file(path))
        .collect();
    assert!(files.len() > 50, "only {} are found", files.len());
    let with_code = files.iter().filter_map(|(path, text)| {
        let line = Source::new(text).first_code()?;
        Some(format!("{}:{line}", path.display()))
    });
    let with_code: Vec<String> = with_code.collect();
    assert!(
        with_code.is_empty(),
        "move the code into a file with a name:\n{}",
        with_code.join("\n")
    );
}

#[test]
fn code_is_found_and_modules_and_imports_are_none() {
    let first = |text: &str| Source::new(text).first_code();
    let without = "//! fn in a comment\n#[cfg(test)]\nmod tests;\n#[path = \"fn.rs\"]\npub(super) mod a;\n\
                   pub use a::{b, c as d};\npub(in crate::x) use self::a::*;\nuse e::f;\n#![allow(x)]\n";
    assert_eq!(first(without), None);
    for (code, line) in [
        ("mod a;\nfn run() {}", 2),
        ("pub const A: u8 = 1;", 1),
        ("mod a {\n use b; }", 1),
        ("use a;\n\npub struct A;", 3),
        ("#[derive(Debug)]\npub(crate) enum A { B }", 2),
        ("impl A for B {}", 1),
        ("macro!();", 1),
    ] {
        assert_eq!(first(code), Some(line), "{code}");
    }
}
