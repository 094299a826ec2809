//! The mark: the number of the last commit that was acknowledged.
//!
//! It tells a torn record (a crash came before the commit was acknowledged: cut it) from a damaged
//! one (the commit was acknowledged: say so). It is written after the journal is on the disk and is
//! itself not waited for, so it may lag behind after a power loss and never runs ahead.

use std::fs::File;
use std::io;
use std::path::Path;

use super::frame::{u32_at, u64_at};
use crate::private;

const NAME: &str = "acknowledged";
const MAGIC: &[u8; 8] = b"ELVMARK\n";
const SIZE: usize = 20;

pub(super) struct Mark {
    file: File,
}

impl Mark {
    /// The number in the mark of this folder; `None` when it is missing or broken.
    pub(super) fn read(dir: &Path) -> io::Result<Option<u64>> {
        match std::fs::read(dir.join(NAME)) {
            Ok(bytes) => Ok(parse(&bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Opens the mark for writing.
    pub(super) fn open(dir: &Path) -> io::Result<Self> {
        let path = dir.join(NAME);
        let file = private::file()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        Ok(Self { file })
    }

    /// Sets the mark; in the file's place, so that it takes no more room on a full disk.
    pub(super) fn set(&mut self, number: u64) -> io::Result<()> {
        let mut bytes = [0; SIZE];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..16].copy_from_slice(&number.to_le_bytes());
        let crc = crc32fast::hash(&bytes[..16]);
        bytes[16..].copy_from_slice(&crc.to_le_bytes());
        super::write_at(&mut self.file, &bytes, 0)
    }
}

fn parse(bytes: &[u8]) -> Option<u64> {
    let bytes = bytes.get(..SIZE)?;
    let whole = &bytes[..8] == MAGIC && u32_at(bytes, 16) == crc32fast::hash(&bytes[..16]);
    whole.then(|| u64_at(bytes, 8))
}
