//! `backup` and `restore`: writes a store to one file, and makes a store of one.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset, Utc};
use clap::Args;
use rocket::tokio::runtime;
use tempfile::NamedTempFile;

use crate::config::{self, CalendarConfig};
use crate::personal_data::restored::erase_again;
use calendar_domain::clock::{Clock, SystemClock};
use calendar_store::{
    BackedUp, BackupEncryption, BroughtBack, CommitNumber, RestoreEnd, Restored, Restoring,
};

use super::backup_encryption::{
    self, DecryptionArguments, EncryptionArguments, in_words, is_encrypted,
};
use super::progress::ProgressLine;
use super::report::{self, print};
use super::scheduled_backup::{self, BackupTarget, no_backup_in};
use super::temporary::TemporaryFolder;
use super::{CommandContext, Ending, Failure, Output};

#[derive(Debug, Args)]
pub struct BackupArguments {
    /// The file to write, replacing an existing backup; - writes to standard output
    file: PathBuf,

    /// Replace an existing file, whatever it is: an encrypted backup, for example, cannot be told from other encrypted files
    #[arg(long)]
    replace: bool,

    #[command(flatten)]
    encryption: EncryptionArguments,
}

#[derive(Debug, Args)]
pub struct RestoreArguments {
    /// The backup: a file, s3://bucket/prefix/name, or - for standard input; a folder or s3://bucket/prefix means its
    /// newest scheduled backup
    backup: PathBuf,

    /// Stop after this commit
    #[arg(long, value_name = "N", conflicts_with = "until")]
    until_commit: Option<u64>,

    /// Stop before the first commit after this time, such as 2027-03-01T12:00:00+01:00
    #[arg(long, value_name = "TIME")]
    until: Option<DateTime<FixedOffset>>,

    /// Replace an existing store, which is kept beside the new one
    #[arg(long)]
    replace: bool,

    /// A later backup: what was erased before it was made is erased again; may be given several times
    #[arg(long, value_name = "BACKUP")]
    erasures: Vec<PathBuf>,

    /// Bring back what was erased since the backup was made
    #[arg(long)]
    keep_erased: bool,

    /// Only report what would be restored and brought back
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    decryption: DecryptionArguments,
}

impl RestoreArguments {
    fn how(&self, config: &CalendarConfig, file: &Path) -> Result<Restoring, Failure> {
        let until = match (self.until_commit, self.until) {
            (Some(number), _) => RestoreEnd::Commit(CommitNumber(number)),
            (None, Some(time)) => RestoreEnd::Time(time.with_timezone(&Utc)),
            (None, None) => RestoreEnd::End,
        };
        let files = std::iter::once(file).chain(self.erasures.iter().map(PathBuf::as_path));
        let all: Vec<&Path> = files.collect();
        let keys = |of: &Path| self.decryption.keys_among(&config.backup, of, &all);
        let mut known = Vec::new();
        for later in &self.erasures {
            let keys = keys(later)?;
            let found = calendar_store::erasures_in_backup(later, &keys);
            known.extend(found.map_err(backup_encryption::explain)?);
        }
        Ok(Restoring {
            until,
            replace: self.replace,
            keys: keys(file)?,
            known,
            erase_again: Some(erase_again),
            keep_erased: self.keep_erased,
            dry_run: self.dry_run,
        })
    }
}

pub fn backup(context: &CommandContext, arguments: &BackupArguments) -> Result<Ending, Failure> {
    let (_, config) = config::read(&context.overrides)?;
    super::log::start(config.log);
    let encryption = arguments.encryption.encryption(&config.backup)?;
    let made = if is_dash(&arguments.file) {
        let made = to_standard_output(&config.store, &encryption)?;
        let named = "standard output";
        eprint!("{}", report(context.output, named, &made, &encryption));
        made
    } else {
        let progress = ProgressLine::begin(format!("Backing up {}", config.store.display()));
        let made = write(&config.store, arguments, &encryption)?;
        progress.end();
        let file = arguments.file.display().to_string();
        print(&report(context.output, &file, &made, &encryption))?;
        made
    };
    Ok(if made.findings.is_empty() {
        Ending::Done
    } else {
        Ending::Findings
    })
}

/// Writes the backup, in the place of any file if told so.
fn write(
    store: &OsStr,
    arguments: &BackupArguments,
    encryption: &BackupEncryption,
) -> Result<BackedUp, Failure> {
    let file = &arguments.file;
    let is_replaced = arguments.replace && std::fs::symlink_metadata(file).is_ok();
    if !is_replaced {
        return Ok(calendar_store::backup_encrypted(store, file, encryption)?);
    }
    if !std::fs::symlink_metadata(file)?.is_file() {
        return Err(format!("{} is no file; it is not replaced", file.display()).into());
    }
    // The old file stays until the new one is complete.
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = file.with_file_name(name);
    let made = calendar_store::backup_encrypted(store, &new, encryption)?;
    std::fs::rename(&new, file)
        .map_err(|error| format!("cannot replace {}: {error}", file.display()))?;
    Ok(made)
}

fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn report(output: Output, file: &str, made: &BackedUp, encryption: &BackupEncryption) -> String {
    match output {
        Output::Json => {
            let report = serde_json::json!({
                "file": file, "commit": made.commit, "at": made.at, "bytes": made.bytes,
                "encrypted": is_encrypted(encryption), "findings": made.findings,
            });
            format!("{report}\n")
        }
        Output::Text => {
            let listed = made.findings.iter();
            let listed: String = listed
                .map(|finding| format!("{file}: {finding}\n"))
                .collect();
            let encrypted = in_words(encryption);
            let sums = format!("commit {}, {} bytes{encrypted}", made.commit, made.bytes);
            match made.findings.len() {
                0 => format!("{file}: {sums}\n"),
                count => format!("{listed}{file}: {sums}; {count} findings\n"),
            }
        }
    }
}

/// Makes and verifies a backup in a temporary directory, then copies it to standard output.
fn to_standard_output(store: &OsStr, encryption: &BackupEncryption) -> Result<BackedUp, Failure> {
    let mut out = io::stdout().lock();
    if out.is_terminal() {
        return Err(
            "refusing to write a backup to a terminal; name a file, or redirect standard output, as in \
             'elverum-calendar backup - > calendar.backup'"
                .into(),
        );
    }
    let folder = TemporaryFolder::new()?;
    let file = folder.file();
    let made = calendar_store::backup_encrypted(store, &file, encryption)?;
    let copied = File::open(&file).and_then(|mut file| io::copy(&mut file, &mut out));
    copied
        .and_then(|_| out.flush())
        .map_err(|error| format!("cannot write the backup to standard output: {error}"))?;
    Ok(made)
}

pub fn restore(context: &CommandContext, arguments: &RestoreArguments) -> Result<Ending, Failure> {
    let (_, config) = config::read(&context.overrides)?;
    super::log::start(config.log);
    let source = Source::find(&arguments.backup, &config.sync.allow_private)?;
    let how = arguments.how(&config, &source.path)?;
    let progress = ProgressLine::begin(format!("Restoring {}", source.named));
    let restored = calendar_store::restore(&config.store, &source.path, &how)
        .map_err(|error| source.explain(backup_encryption::explain(error)))?;
    progress.end();
    let store = config.store.display().to_string();
    print(&restored_report(
        context.output,
        &store,
        &source.named,
        &restored,
        &how,
    ))?;
    Ok(if restored.findings.is_empty() {
        Ending::Done
    } else {
        Ending::Findings
    })
}

fn restored_report(
    output: Output,
    store: &str,
    backup: &str,
    restored: &Restored,
    how: &Restoring,
) -> String {
    let back = &restored.brought_back;
    let replaced = restored
        .replaced
        .as_ref()
        .map(|replaced| replaced.display().to_string());
    match output {
        Output::Json => {
            let report = serde_json::json!({
                "store": store, "backup": backup, "commit": restored.commit, "last": restored.last,
                "replaced": replaced, "findings": restored.findings, "dry_run": how.dry_run,
                "brought_back": {"removed": back.removed, "changed": back.changed, "erased": erases(how)},
            });
            format!("{report}\n")
        }
        Output::Text => {
            let kept = replaced.map_or_else(String::new, |path| {
                format!("; the previous store is kept in {path}")
            });
            let found: String = restored
                .findings
                .iter()
                .map(|finding| format!("{store}: {finding}\n"))
                .collect();
            let count = match restored.findings.len() {
                0 => String::new(),
                count => format!("; {count} findings"),
            };
            let verb = if how.dry_run {
                "would be restored"
            } else {
                "restored"
            };
            let returned = brought_back(back, how);
            format!(
                "{found}{store}: {verb} up to commit {} of {} from {backup}{kept}{count}\n{returned}",
                restored.commit, restored.last
            )
        }
    }
}

/// Returns true if erased records are erased again.
fn erases(how: &Restoring) -> bool {
    !how.keep_erased && !how.dry_run
}

/// Says what a backup has that was erased since; empty if it has nothing of it.
fn brought_back(back: &BroughtBack, how: &Restoring) -> String {
    if back.is_empty() {
        return String::new();
    }
    let kinds = back.removed.iter();
    let mut parts: Vec<String> = kinds
        .map(|(kind, count)| format!("{kind} {count}"))
        .collect();
    if back.changed > 0 {
        parts.push(format!("parts of {} records of others", back.changed));
    }
    let then = if how.dry_run {
        "a restore erases them again, unless --keep-erased is given"
    } else if how.keep_erased {
        "they are back, since --keep-erased was given: delete these accounts again"
    } else {
        "they were erased again"
    };
    format!(
        "the backup has data that was erased since ({}): {then}\n",
        parts.join(", ")
    )
}

/// A backup to restore.
struct Source {
    /// Name in messages.
    named: String,
    /// Path of its content.
    path: PathBuf,
    /// The file of a downloaded backup or of standard input; removed on drop.
    temporary: Option<TemporaryBackup>,
}

/// A copy of a backup that is removed on drop.
#[expect(dead_code, reason = "held until it is dropped")]
enum TemporaryBackup {
    Downloaded(NamedTempFile),
    Copied(TemporaryFolder),
}

impl Source {
    fn find(backup: &Path, without_tls: &[String]) -> Result<Self, Failure> {
        if is_dash(backup) {
            let folder = TemporaryFolder::new()?;
            let path = folder.file();
            io::copy(&mut io::stdin().lock(), &mut File::create_new(&path)?)?;
            return Ok(Self {
                named: "standard input".to_owned(),
                path,
                temporary: Some(TemporaryBackup::Copied(folder)),
            });
        }
        if let Some(address) = backup.to_str().filter(|text| text.starts_with("s3://")) {
            let runtime = runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            let now = SystemClock.now();
            let fetched = scheduled_backup::fetch(address, without_tls, now);
            let (named, file) = runtime.block_on(fetched)?;
            return Ok(Self {
                named,
                path: file.path().to_owned(),
                temporary: Some(TemporaryBackup::Downloaded(file)),
            });
        }
        let mut path = backup.to_owned();
        if path.is_dir() {
            let names = BackupTarget::Folder(path.clone()).names_now()?;
            let newest = scheduled_backup::newest(&names, SystemClock.now());
            path.push(newest.ok_or_else(|| no_backup_in(&backup.display().to_string()))?);
        }
        Ok(Self {
            named: path.display().to_string(),
            path,
            temporary: None,
        })
    }

    /// Replaces the path of the temporary file in an error by the backup's name.
    fn explain(&self, failure: Failure) -> Failure {
        if self.temporary.is_none() {
            return failure;
        }
        let path = self.path.display().to_string();
        let text = report::with_causes(&*failure);
        text.replace(&path, &self.named).into()
    }
}
