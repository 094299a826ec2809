//! `init`: writes the shipped settings and data files as a start for another region.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use uuid::{Builder, Uuid};

use crate::config::SHIPPED_SETTINGS;
use crate::random::random_bytes;
use crate::seed::SHIPPED_FILES;

use super::report::print;
use super::{CommandContext, Ending, Failure, Output};

/// The line of `region.toml` from which the UIDs of events are derived.
const NAMESPACE: &str = "uid_namespace = ";

#[derive(Debug, Args)]
pub struct InitArguments {
    /// The folder to write, which must be empty or not exist
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub fn run(context: &CommandContext, arguments: &InitArguments) -> Result<Ending, Failure> {
    let folder = &arguments.folder;
    let random = random_bytes().map_err(|error| {
        format!(
            "the operating system returned no random bytes: \
                                                         {error}"
        )
    })?;
    let namespace = Builder::from_random_bytes(random).into_uuid();
    let files = files(namespace);
    make_empty(folder)?;
    write(folder, &files)?;
    print(&match context.output {
        Output::Json => {
            let names: Vec<&Path> = files.iter().map(|(name, _)| name.as_path()).collect();
            let report = serde_json::json!({
                "folder": folder.to_string_lossy(), "files": names, "uid_namespace": namespace,
            });
            format!("{report}\n")
        }
        Output::Text => {
            let folder = folder.display();
            format!(
                "wrote Rocket.toml and {} files in data to {folder}\n\
                 Edit the files in {folder}/data, beginning with region.toml. Then, in {folder}:\n  \
                 elverum-calendar serve --check\n  \
                 elverum-calendar\n",
                files.len() - 1
            )
        }
    })?;
    Ok(Ending::Done)
}

/// Returns the files, with a namespace of their own for the UIDs of events.
fn files(namespace: Uuid) -> Vec<(PathBuf, String)> {
    let data = SHIPPED_FILES.iter().map(|(name, text)| {
        let lines = text.split_inclusive('\n').map(|line| {
            if line.starts_with(NAMESPACE) {
                format!("{NAMESPACE}\"{namespace}\"\n")
            } else {
                line.to_owned()
            }
        });
        (Path::new("data").join(name), lines.collect())
    });
    let settings = (PathBuf::from("Rocket.toml"), SHIPPED_SETTINGS.to_owned());
    std::iter::once(settings).chain(data).collect()
}

/// Makes the folder, or errors if it is not empty.
fn make_empty(folder: &Path) -> Result<(), Failure> {
    let failed = |error: io::Error| format!("{} cannot be written: {error}", folder.display());
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(format!(
                "{} is not empty; name a new or empty folder",
                folder.display()
            )
            .into()),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Ok(fs::create_dir_all(folder).map_err(failed)?)
        }
        Err(error) => Err(failed(error).into()),
    }
}

/// Writes new files, and never through a link. After an error, those written so far are removed.
fn write(folder: &Path, files: &[(PathBuf, String)]) -> Result<(), Failure> {
    let data = folder.join("data");
    fs::create_dir(&data).map_err(|error| format!("{}: {error}", data.display()))?;
    for (number, (name, text)) in files.iter().enumerate() {
        let path = folder.join(name);
        let mut new = OpenOptions::new();
        let opened = new.write(true).create_new(true).open(&path);
        let written = opened.and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        if let Err(error) = written {
            for (name, _) in &files[..=number] {
                // What cannot be removed is named by the next `init`, which finds the folder not empty.
                let _ = fs::remove_file(folder.join(name));
            }
            let _ = fs::remove_dir(&data);
            return Err(format!("{} cannot be written: {error}", path.display()).into());
        }
    }
    Ok(())
}
