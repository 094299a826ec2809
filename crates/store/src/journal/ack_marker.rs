//! The acknowledgment marker: the number of the last acknowledged commit.
//!
//! It distinguishes an incomplete record, whose commit was never acknowledged and which is cut off, from a
//! damaged record of an acknowledged commit, which is an error. The marker is written after the journal is
//! synced and is not synced itself. After a power loss it may be behind, but never ahead.

use std::fs::File;
use std::io;
use std::path::Path;

use super::files::write_at;
use super::frame::{u32_at, u64_at};
use crate::private;

const NAME: &str = "acknowledged";
const MAGIC: &[u8; 8] = b"ELVMARK\n";
const SIZE: usize = 20;

pub(super) struct AckMarker {
    file: File,
}

impl AckMarker {
    /// Returns the number in the marker of `dir`, or `None` if it is missing or damaged.
    pub(super) fn read(dir: &Path) -> io::Result<Option<u64>> {
        match std::fs::read(dir.join(NAME)) {
            Ok(bytes) => Ok(parse(&bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Opens the marker for writing.
    pub(super) fn open(dir: &Path) -> io::Result<Self> {
        let path = dir.join(NAME);
        let file = private::file()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        Ok(Self { file })
    }

    /// Sets the number. Writes in place, so that it needs no space on a full disk.
    pub(super) fn set(&mut self, number: u64) -> io::Result<()> {
        let mut bytes = [0; SIZE];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..16].copy_from_slice(&number.to_le_bytes());
        let crc = crc32fast::hash(&bytes[..16]);
        bytes[16..].copy_from_slice(&crc.to_le_bytes());
        write_at(&mut self.file, &bytes, 0)
    }
}

fn parse(bytes: &[u8]) -> Option<u64> {
    let bytes = bytes.get(..SIZE)?;
    let whole = &bytes[..8] == MAGIC && u32_at(bytes, 16) == crc32fast::hash(&bytes[..16]);
    whole.then(|| u64_at(bytes, 8))
}
