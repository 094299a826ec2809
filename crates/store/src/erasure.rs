//! Parameters and results of erasing earlier versions.

use std::path::PathBuf;

/// The result of [`Store::erase_versions`](crate::Store::erase_versions).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct ErasedVersions {
    /// Number of versions whose content is gone.
    pub versions: u64,
    /// Folders of earlier stores that a restore set aside. They still hold everything that they held.
    pub set_aside: Vec<PathBuf>,
}
