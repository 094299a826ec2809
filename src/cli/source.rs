//! The input of `import`: a file, a named pipe or standard input, opened and read once.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::PathBuf;

use crate::ingest::import::ImportError;

use super::session::Session;

/// The name of standard input.
pub const STANDARD_INPUT: &str = "-";

/// Number of bytes that identify a format.
const START: usize = 64;

/// Checks that the input exists without opening it, since a pipe can be opened only once.
///
/// # Errors
/// Errors if there is no such file, or if it is a directory.
pub fn look(named: &OsStr) -> Result<(), ImportError> {
    if named == STANDARD_INPUT {
        return Ok(());
    }
    let found = std::fs::metadata(named).and_then(|found| {
        if found.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Ok(())
    });
    found.map_err(|cause| ImportError::File {
        path: named.into(),
        cause,
    })
}

/// An input being read.
pub struct InputSource {
    /// Name in reports: the file name without its directory.
    pub name: String,
    path: PathBuf,
    /// Size in bytes of a regular file.
    size: Option<u64>,
    start: Vec<u8>,
    rest: Box<dyn Read>,
}

impl InputSource {
    /// Opens the input and reads its first bytes.
    ///
    /// # Errors
    /// Errors if it cannot be opened or read.
    pub fn open(session: &Session<'_>, named: &OsStr) -> Result<Self, ImportError> {
        let path = session.file(named);
        let is_input = named == STANDARD_INPUT;
        let name = match path.file_name() {
            Some(name) if !is_input => name.to_string_lossy().into_owned(),
            _ => "standard input".to_owned(),
        };
        if is_input && !session.has_file(named) {
            let path = PathBuf::from(&name);
            return Self::begin(name, path, None, Box::new(io::stdin()));
        }
        let opened = File::open(&path).and_then(|file| Ok((file.metadata()?, file)));
        let (about, file) = opened.map_err(|cause| ImportError::File {
            path: path.clone(),
            cause,
        })?;
        let size = about.is_file().then_some(about.len());
        Self::begin(name, path, size, Box::new(file))
    }

    fn begin(
        name: String,
        path: PathBuf,
        size: Option<u64>,
        mut rest: Box<dyn Read>,
    ) -> Result<Self, ImportError> {
        let mut start = Vec::with_capacity(START);
        // A pipe may return fewer bytes per read.
        let read = rest.by_ref().take(START as u64).read_to_end(&mut start);
        match read {
            Ok(_) => Ok(Self {
                name,
                path,
                size,
                start,
                rest,
            }),
            Err(cause) => Err(ImportError::File { path, cause }),
        }
    }

    /// Returns the first bytes.
    pub fn start(&self) -> &[u8] {
        &self.start
    }

    /// Returns a reader of the whole input.
    pub fn lines(self) -> impl BufRead {
        BufReader::new(Cursor::new(self.start).chain(self.rest))
    }

    /// Reads the whole input.
    ///
    /// # Errors
    /// Errors if it exceeds `limit` bytes or cannot be read.
    pub fn bytes(self, limit: u64) -> Result<Vec<u8>, ImportError> {
        let Self {
            path,
            size,
            start,
            rest,
            ..
        } = self;
        if let Some(size) = size.filter(|size| *size > limit) {
            return Err(ImportError::TooLarge { path, size, limit });
        }
        let mut bytes = Vec::new();
        let whole = Cursor::new(start).chain(rest);
        match whole.take(limit.saturating_add(1)).read_to_end(&mut bytes) {
            Ok(count) if count as u64 > limit => Err(ImportError::TooLong { path, limit }),
            Ok(_) => Ok(bytes),
            Err(cause) => Err(ImportError::File { path, cause }),
        }
    }
}
