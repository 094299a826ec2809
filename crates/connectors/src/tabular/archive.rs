//! Inspection of ZIP archives before they are unpacked, since a small archive can expand to gigabytes.

use std::io::{Cursor, Read};

use zip::ZipArchive;

/// Maximum number of files in an archive.
const ENTRIES: usize = 1_000;
/// Maximum unpacked size of all files in bytes.
const UNPACKED: u64 = 64 << 20;
/// Maximum ratio of unpacked to packed size.
const RATIO: u64 = 150;
/// Unpacked size in bytes up to which the ratio is not checked.
const SMALL: u64 = 4 << 20;
/// Maximum number of shared strings that a workbook may declare.
const TEXTS: u64 = 1_000_000;

/// Description of a text document.
pub(crate) const TEXT: &str =
    "text documents cannot be read; put the events into a table (.xlsx or CSV)";
/// Description of an archive without a known document.
pub(crate) const ARCHIVE: &str = "archives cannot be read; unpack it, and use the calendar (.ics) or table \
                                  (.xlsx or CSV) in it";

/// Why an archive is not unpacked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// It can't be opened.
    #[error("the archive is damaged: {0}")]
    Broken(String),
    /// It has too many files.
    #[error("the archive has {0} files; the maximum is {ENTRIES}")]
    Entries(usize),
    /// Its files are too large.
    #[error(
        "the archive unpacks to more than {UNPACKED} bytes, or to more than {RATIO} times its size"
    )]
    TooLarge,
    /// A file declares more strings than it can contain, for which a reader would allocate memory.
    #[error("{0} declares more texts than it can contain")]
    Announces(String),
}

/// Returns true if the bytes begin like a ZIP archive.
#[must_use]
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Says what an archive without a workbook is, and what to do; none of one with a workbook.
#[must_use]
pub fn describe(bytes: &[u8]) -> Option<&'static str> {
    let Ok(archive) = ZipArchive::new(Cursor::new(bytes)) else {
        return Some("the archive or workbook is damaged, possibly cut off; fetch it again");
    };
    let has = |end: &str| {
        let mut names = archive.file_names().filter_map(Result::ok);
        names.any(|name| name.ends_with(end))
    };
    if has("xl/workbook.xml") || has("workbook.xml") {
        None
    } else if has("word/document.xml") {
        Some(TEXT)
    } else if has("content.xml") && has("mimetype") {
        Some("it is a document of LibreOffice or OpenOffice; save it as .xlsx or CSV")
    } else {
        Some(ARCHIVE)
    }
}

/// Returns true if the archive contains a workbook.
///
/// # Errors
/// Errors if the archive is damaged or exceeds the limits, by the sizes that it declares or by those that it
/// really unpacks to.
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

/// Returns true if a `uniqueCount` is too large. calamine allocates memory for it at once.
fn announces_too_much(content: &[u8]) -> bool {
    let word = b"uniqueCount";
    let mut rest = content;
    while let Some(at) = rest.windows(word.len()).position(|pair| pair == word) {
        rest = &rest[at + word.len()..];
        let digits = rest.iter().skip_while(|content| {
            matches!(content, b' ' | b'\t' | b'\r' | b'\n' | b'=' | b'"' | b'\'')
        });
        let number = digits
            .take_while(|digit| digit.is_ascii_digit())
            .fold(0_u64, |sum, digit| {
                sum.saturating_mul(10)
                    .saturating_add(u64::from(digit - b'0'))
            });
        if number > TEXTS {
            return true;
        }
    }
    false
}
