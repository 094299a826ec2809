//! What is in a ZIP archive, looked through before any other program unpacks it: an archive of some
//! kilobytes can hold gigabytes.

use std::io::{Cursor, Read};

use zip::ZipArchive;

/// The most files in a spreadsheet's archive.
const ENTRIES: usize = 1_000;
/// The most bytes of all files together, unpacked.
const UNPACKED: u64 = 64 << 20;
/// How many times as large as the archive its files may be; spreadsheets come to 20.
const RATIO: u64 = 150;
/// Archives up to so many unpacked bytes are never too large for their size.
const SMALL: u64 = 4 << 20;
/// The most texts that a workbook may announce.
const TEXTS: u64 = 1_000_000;

/// Why an archive is not unpacked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// It cannot be opened.
    #[error("the archive is broken: {0}")]
    Broken(String),
    /// It has more files than a spreadsheet has.
    #[error("the archive has {0} files; at most {ENTRIES} are taken")]
    Entries(usize),
    /// Its files are larger than a club's spreadsheet.
    #[error(
        "the archive unpacks to more than {UNPACKED} bytes, or to more than {RATIO} times its size"
    )]
    TooLarge,
    /// A file in it announces more texts than it can hold, for which a reader would make room.
    #[error("{0} announces more texts than it can hold")]
    Announces(String),
}

/// Whether the bytes begin as a ZIP archive.
#[must_use]
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Whether a workbook is in it.
///
/// # Errors
/// Where the archive is none, or is larger than it looks: first by what it says of itself, then by what
/// really comes out of it.
pub fn check(bytes: &[u8]) -> Result<bool, ArchiveError> {
    let broken = |error: zip::result::ZipError| ArchiveError::Broken(error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > ENTRIES {
        return Err(ArchiveError::Entries(archive.len()));
    }
    let size = bytes.len() as u64;
    let limit = UNPACKED.min(size.saturating_mul(RATIO).max(SMALL));
    let mut said = 0_u64;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(broken)?;
        said = said.saturating_add(entry.size());
    }
    if said > limit {
        return Err(ArchiveError::TooLarge);
    }
    let mut left = limit;
    let mut workbook = false;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(broken)?;
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        workbook |= name.ends_with("workbook.xml");
        let mut content = Vec::new();
        let read = entry.take(left + 1).read_to_end(&mut content);
        read.map_err(|error| ArchiveError::Broken(error.to_string()))?;
        left = left
            .checked_sub(content.len() as u64)
            .ok_or(ArchiveError::TooLarge)?;
        if announces_too_much(&content) {
            return Err(ArchiveError::Announces(name));
        }
    }
    Ok(workbook)
}

/// Whether a `uniqueCount`, for which calamine makes room at once, is larger than the file could hold.
fn announces_too_much(content: &[u8]) -> bool {
    let word = b"uniqueCount";
    let mut rest = content;
    while let Some(at) = rest.windows(word.len()).position(|it| it == word) {
        rest = &rest[at + word.len()..];
        let digits = rest
            .iter()
            .skip_while(|it| matches!(it, b' ' | b'\t' | b'\r' | b'\n' | b'=' | b'"' | b'\''));
        let number = digits
            .take_while(|it| it.is_ascii_digit())
            .fold(0_u64, |sum, it| {
                sum.saturating_mul(10).saturating_add(u64::from(it - b'0'))
            });
        if number > TEXTS {
            return true;
        }
    }
    false
}
