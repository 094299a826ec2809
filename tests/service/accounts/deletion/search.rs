//! The planted texts that are left in files.

use std::collections::BTreeSet;
use std::path::Path;

use super::planted::{CANARIES, CANARY};
use crate::support::Program;

/// Returns the planted texts that are in a file below a folder, whose gzip content counts too.
fn found_in(path: &Path, found: &mut BTreeSet<&'static str>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            found_in(&entry.unwrap().path(), found);
        }
        return;
    }
    // A file may be removed meanwhile.
    let bytes = std::fs::read(path).unwrap_or_default();
    let mut contents = vec![bytes.clone()];
    let gzip = bytes.windows(3).enumerate();
    for (at, _) in gzip.filter(|(_, start)| *start == [0x1F, 0x8B, 8]) {
        let mut unpacked = Vec::new();
        let mut decoder = flate2::read::GzDecoder::new(&bytes[at..]);
        // What comes before an error counts.
        let _ = std::io::Read::read_to_end(&mut decoder, &mut unpacked);
        contents.push(unpacked);
    }
    for bytes in contents {
        let text = String::from_utf8_lossy(&bytes);
        if text.contains(CANARY) {
            found.extend(CANARIES.into_iter().filter(|canary| text.contains(canary)));
        }
    }
}

#[track_caller]
pub fn found(program: &Program, names: &[&str]) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    for name in names {
        found_in(&program.path(name), &mut found);
    }
    found
}
