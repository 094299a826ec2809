//! Checks the directories of the store and of backups. Creates nothing.

use std::path::{Path, PathBuf};

use crate::config::CalendarConfig;

use super::super::backup_encryption;
use super::super::scheduled_backup::BackupTarget;
use super::findings::PreflightFindings;

/// Whether a directory exists.
enum Folder {
    There,
    /// It can be created in this one.
    Missing(PathBuf),
}

/// Checks the store's directory and returns it.
pub fn check_store(config: &CalendarConfig, found: &mut PreflightFindings) -> Option<PathBuf> {
    let folder = match calendar_store::check_address(&config.store) {
        Ok(folder) => folder?,
        Err(error) => {
            found.problems.push(error.to_string());
            return None;
        }
    };
    match look(&folder) {
        Ok(_) => {}
        // A store that is not writable can still be served.
        Err(why) if folder.is_dir() => found.warn("calendar.store", &why),
        Err(why) => found.problem("calendar.store", &why),
    }
    Some(folder)
}

/// Checks the encryption of backups and the destination of scheduled ones.
pub fn check_backups(config: &CalendarConfig, store: Option<&Path>, found: &mut PreflightFindings) {
    if let Err(error) = backup_encryption::configured(&config.backup) {
        found.problem("calendar.backup", &error.to_string());
    }
    let key = "calendar.backup.to";
    let Some(setting) = &config.backup.to else {
        return;
    };
    let folder = match BackupTarget::new(setting, &config.sync.allow_private) {
        Ok(BackupTarget::Folder(folder)) => folder,
        Ok(BackupTarget::Bucket { .. }) => return,
        Err(error) => return found.problem(key, &error.to_string()),
    };
    match look(&folder) {
        Ok(Folder::There) => {}
        Ok(Folder::Missing(above)) => {
            let (folder, above) = (folder.display(), above.display());
            found.warn(
                key,
                &format!(
                    "{folder} does not exist and will be created in {above}; check that its disk is mounted"
                ),
            );
        }
        Err(why) => return found.problem(key, &why),
    }
    let Some(store) = store.map(real) else {
        return;
    };
    let real = real(&folder);
    if real == store {
        let why = "is the store's own folder, where backups would mix with its files; name another";
        found.problem(key, &format!("{} {why}", folder.display()));
    } else if real.starts_with(store) {
        let folder = folder.display();
        found.warn(
            key,
            &format!("{folder} is inside the store's folder and would be lost with it"),
        );
    }
}

/// Returns the path without links, as far as it exists.
fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for above in path.ancestors() {
        if let (Ok(real), Ok(rest)) = (above.canonicalize(), path.strip_prefix(above)) {
            return real.components().chain(rest.components()).collect();
        }
    }
    path
}

/// Errors if `folder`, or its nearest existing ancestor, is not a writable directory.
fn look(folder: &Path) -> Result<Folder, String> {
    let here = Path::new(".");
    let named = |path: &Path| path.display().to_string();
    for above in folder.ancestors() {
        let above = if above.as_os_str().is_empty() {
            here
        } else {
            above
        };
        match std::fs::metadata(above) {
            Ok(found) if !found.is_dir() => {
                return Err(format!("{} is not a folder", named(above)));
            }
            Ok(_) => {
                return match writable(above) {
                    Err(error) => Err(format!("cannot write to {}: {error}", named(above))),
                    Ok(()) if above == folder => Ok(Folder::There),
                    Ok(()) => Ok(Folder::Missing(above.to_owned())),
                };
            }
            // An ancestor that is a file is reported when the loop reaches it.
            Err(error) if is_missing(&error) => {}
            Err(error) => return Err(format!("{}: {error}", named(above))),
        }
    }
    Err(format!("{} does not exist", named(folder)))
}

fn is_missing(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory)
}

#[cfg(unix)]
fn writable(folder: &Path) -> std::io::Result<()> {
    use rustix::fs::{Access, access};
    Ok(access(folder, Access::WRITE_OK | Access::EXEC_OK)?)
}

#[cfg(not(unix))]
fn writable(_: &Path) -> std::io::Result<()> {
    // Only a write could tell.
    Ok(())
}
