//! `store`: checks a store, and salvages a damaged one.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap::Subcommand;

use crate::{catalog, config};
use calendar_domain::Record;
use calendar_store::{Checked, Salvaged, check_backup_records, check_records, salvage};

use super::backup_encryption::{self, DecryptionArguments};
use super::progress::ProgressLine;
use super::report::print;
use super::{CommandContext, Ending, Failure, Output, examples, temporary};

#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Check a store or backup and report problems; changes nothing
    ///
    /// Also reports events that the calendar leaves out. Exits with 1 if there are problems. Notes are not problems,
    /// such as commits that the database has not applied yet. Fails if a program has the store open.
    #[command(after_help = examples::STORE_CHECK)]
    Check {
        /// The store, such as sled:var/store, or the file of a backup
        url: OsString,

        #[command(flatten)]
        decryption: DecryptionArguments,
    },
    /// Repair a store that does not open, at the loss of damaged commits
    ///
    /// Keeps everything up to the first damaged commit. The damaged files are moved aside.
    #[command(after_help = examples::STORE_SALVAGE)]
    Salvage {
        /// The store, such as sled:var/store
        url: OsString,
    },
}

pub fn run(context: &CommandContext, command: &StoreCommand) -> Result<Ending, Failure> {
    match command {
        StoreCommand::Check { url, decryption } => tell_check(context, url, decryption),
        StoreCommand::Salvage { url } => tell_salvage(context, url),
    }
}

fn tell_check(
    context: &CommandContext,
    url: &OsStr,
    decryption: &DecryptionArguments,
) -> Result<Ending, Failure> {
    temporary::remove_abandoned();
    let progress = ProgressLine::begin(format!("Checking {}", url.display()));
    let Checked {
        head,
        records,
        versions,
        findings,
        notes,
    } = if Path::new(url).is_file() {
        let (_, config) = config::read(&context.overrides)?;
        let keys = decryption.keys(&config.backup, Path::new(url))?;
        let checked = check_backup_records(Path::new(url), &keys, &mut why_skipped);
        checked.map_err(backup_encryption::explain)?
    } else {
        check_records(url, &mut why_skipped)?
    };
    progress.end();
    let url = url.display();
    print(&match context.output {
        Output::Json => {
            let report = serde_json::json!({
                "commit": head.0, "records": records, "versions": versions, "findings": findings,
                "notes": notes,
            });
            format!("{report}\n")
        }
        Output::Text => {
            let notes = notes.iter().map(|note| format!("{url}: note: {note}\n"));
            let listed = findings.iter().map(|finding| format!("{url}: {finding}\n"));
            let listed: String = listed.chain(notes).collect();
            let reach = match head.0 {
                // A damaged backup has no commit that is known to be its last.
                0 if !findings.is_empty() => "damaged".to_owned(),
                _ => format!("intact up to commit {head}"),
            };
            let sums = format!("{records} records, {versions} versions, {reach}");
            format!("{listed}{url}: {sums}; {} findings\n", findings.len())
        }
    })?;
    Ok(if findings.is_empty() {
        Ending::Done
    } else {
        Ending::Findings
    })
}

/// Returns why the calendar leaves a record out, if it does.
fn why_skipped(record: &Record) -> Option<String> {
    match record {
        Record::Event(event) if event.is_public() => {
            let why = catalog::why_skipped(event)?;
            Some(format!("{why}; the calendar leaves it out"))
        }
        _ => None,
    }
}

fn tell_salvage(context: &CommandContext, url: &OsStr) -> Result<Ending, Failure> {
    let progress = ProgressLine::begin(format!("Salvaging {}", url.display()));
    let Salvaged { kept, known } = salvage(url)?;
    progress.end();
    let url = url.display();
    let lost = known.0.saturating_sub(kept.0);
    print(&match context.output {
        Output::Json => {
            let report = serde_json::json!({ "kept": kept.0, "known": known.0, "lost": lost });
            format!("{report}\n")
        }
        Output::Text => {
            format!("{url}: kept everything up to commit {kept}; lost {lost} commits\n")
        }
    })?;
    Ok(if lost == 0 {
        Ending::Done
    } else {
        Ending::Findings
    })
}
