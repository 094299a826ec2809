//! Simulation of power loss and disk failure for a second process: `disk.c`, compiled on first use.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::NamedTempFile;

/// Returns the path of the library that is preloaded into the process.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store_contract/disk.c");
        let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join("disk.so");
        let status = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-o"])
            .args([&library, &source])
            .args(["-ldl", "-lpthread"])
            .status();
        assert!(status.expect("a C compiler is there").success());
        library
    })
}

/// Settings of the simulated disk below a folder.
pub struct FailingDisk {
    root: PathBuf,
    /// Number of the change before which the power fails.
    pub cut: Option<usize>,
    /// Percentage of unsynced data that reaches the disk nevertheless.
    pub keep: usize,
    pub seed: usize,
    control: NamedTempFile,
}

impl FailingDisk {
    pub fn below(root: &Path) -> Self {
        let control = NamedTempFile::new().expect("a temporary file");
        fs::write(control.path(), "0").expect("a temporary file");
        Self {
            root: root.canonicalize().expect("the folder is there"),
            cut: None,
            keep: 0,
            seed: 1,
            control,
        }
    }

    /// Sets the behavior from now on; see `disk.c`.
    pub fn becomes(&self, how: &str) {
        // In place: the process has mapped the file.
        let file = fs::OpenOptions::new().write(true).open(self.control.path());
        let written = file.and_then(|mut file| file.write_all(how.as_bytes()));
        written.expect("a temporary file");
    }

    pub fn environment(&self) -> Vec<(&'static str, OsString)> {
        let mut variables = vec![
            ("LD_PRELOAD", library().into()),
            ("DISK_ROOT", self.root.clone().into()),
            ("DISK_KEEP", self.keep.to_string().into()),
            ("DISK_SEED", self.seed.to_string().into()),
            ("DISK_CONTROL", self.control.path().into()),
        ];
        variables.extend(self.cut.map(|cut| ("DISK_CUT", cut.to_string().into())));
        variables
    }
}
