//! Where the data files are: a folder, or this program.

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

/// The shipped data files by name.
pub const SHIPPED_FILES: [(&str, &str); 8] = [
    ("audiences.toml", include_str!("../../data/audiences.toml")),
    (
        "categories.toml",
        include_str!("../../data/categories.toml"),
    ),
    ("holidays.toml", include_str!("../../data/holidays.toml")),
    (
        "organizers.toml",
        include_str!("../../data/organizers.toml"),
    ),
    ("partners.toml", include_str!("../../data/partners.toml")),
    ("places.toml", include_str!("../../data/places.toml")),
    ("region.toml", include_str!("../../data/region.toml")),
    ("series.toml", include_str!("../../data/series.toml")),
];

/// Returns the names of all data files.
pub(super) fn file_names() -> [&'static str; 8] {
    SHIPPED_FILES.map(|(name, _)| name)
}

/// The source of the region's data files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataSource<'a> {
    /// A folder.
    Folder(&'a Path),
    /// The files compiled into the program.
    Shipped,
}

impl<'a, P: AsRef<Path> + ?Sized> From<&'a P> for DataSource<'a> {
    fn from(folder: &'a P) -> Self {
        Self::Folder(folder.as_ref())
    }
}

impl fmt::Display for DataSource<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => folder.display().fmt(f),
            Self::Shipped => f.write_str("the program's built-in files"),
        }
    }
}

impl DataSource<'_> {
    /// Returns the path of a file for error messages.
    pub(super) fn path(self, name: impl AsRef<Path>) -> PathBuf {
        let name = name.as_ref();
        match self {
            Self::Folder(folder) => folder.join(name),
            Self::Shipped => {
                PathBuf::from(format!("{} (compiled into the program)", name.display()))
            }
        }
    }

    /// Returns the text of a file.
    pub(super) fn text(self, name: &str) -> io::Result<Cow<'static, str>> {
        match self {
            Self::Folder(folder) => fs::read_to_string(folder.join(name)).map(Cow::Owned),
            Self::Shipped => {
                let shipped = SHIPPED_FILES.iter().find(|(known, _)| *known == name);
                let (_, text) = shipped.ok_or(io::ErrorKind::NotFound)?;
                Ok(Cow::Borrowed(text))
            }
        }
    }

    /// Returns the names of the files that are there.
    pub(super) fn list(self) -> Vec<OsString> {
        match self {
            // If the folder cannot be listed, each missing file is reported anyway.
            Self::Folder(folder) => {
                let entries = fs::read_dir(folder).into_iter().flatten().flatten();
                entries.map(|entry| entry.file_name()).collect()
            }
            Self::Shipped => file_names().map(Into::into).to_vec(),
        }
    }
}
