//! Names of the journal's files, and writing at an offset.

use std::fs::File;
use std::io;
#[cfg(not(unix))]
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Extension of segments.
pub(super) const SEGMENT: &str = "journal";

/// Returns the files `<number>.<extension>` of a folder, sorted by number. A missing folder has none.
pub(super) fn named(dir: &Path, extension: &str) -> io::Result<Vec<(u64, PathBuf)>> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        let number = stem.and_then(|stem| stem.parse().ok());
        if let (Some(number), true) = (number, path.extension().is_some_and(|e| e == extension)) {
            files.push((number, path));
        }
    }
    files.sort();
    Ok(files)
}

/// Writes all bytes at an offset.
#[cfg(unix)]
pub(super) fn write_at(file: &mut File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

/// Writes all bytes at an offset.
#[cfg(not(unix))]
pub(super) fn write_at(file: &mut File, bytes: &[u8], at: u64) -> io::Result<()> {
    use std::io::{Seek, SeekFrom};
    file.seek(SeekFrom::Start(at))?;
    file.write_all(bytes)
}
