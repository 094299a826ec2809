//! The grammar of the command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

use super::context::Output;
use super::serve::ServeArguments;
use super::{backup, calendar_command, completions, examples, ics, init, store};

const AFTER_HELP: &str = "\
Examples:
  elverum-calendar                          serve on the configured address, http://127.0.0.1:8000
  elverum-calendar --port 0                 serve use a free port; the first line names it
  elverum-calendar import spring.ics        import the events of a file
  elverum-calendar import https://example.org/calendar.ics --dry-run
                                            show what an import would change
  elverum-calendar export --format ics > all.ics
  elverum-calendar backup calendar.backup   write a backup, also while the server runs
  elverum-calendar ics check all.ics        check any iCalendar file against RFC 5545
  elverum-calendar ics occurrences all.ics --from 2027-03-01 --to 2027-04-01

Exit codes: 0 success, 1 success with findings, 2 usage error, 3 failure.

Settings are read from Rocket.toml if there is one, then from ROCKET_* in the environment, then from the options
here; see [default.calendar] in Rocket.toml for all of them.";

/// Returns the output of `--version`. `-V` omits the time zones.
fn long_version() -> String {
    let zones = calendar_domain::zone_database::VERSION;
    format!("{}\ntime zones: IANA {zones}", env!("CARGO_PKG_VERSION"))
}

/// Heading of the global options in the help.
const GLOBAL: &str = "Global options";

/// An event calendar for a region: pages for visitors, feeds for calendar apps, and an embedded store.
#[derive(Debug, Parser)]
#[command(version, long_version = long_version(), after_help = AFTER_HELP, disable_help_subcommand = true)]
pub struct Cli {
    /// The store of the records, as sled:PATH [default: sled:var/store]
    #[arg(long, global = true, value_name = "URL", help_heading = GLOBAL)]
    pub(super) store: Option<OsString>,

    /// The folder with the region's files [default: data, or the files compiled into the program]
    #[arg(long, global = true, value_name = "DIR", help_heading = GLOBAL)]
    pub(super) data: Option<PathBuf>,

    /// A configuration file that overrides Rocket.toml, in the same format
    #[arg(long, global = true, value_name = "FILE", help_heading = GLOBAL)]
    pub(super) config: Option<PathBuf>,

    /// Write JSON for programs instead of text for people
    #[arg(long, global = true, help_heading = GLOBAL)]
    json: bool,

    #[command(flatten)]
    pub(super) serve: ServeArguments,

    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// A command with its arguments.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Serve pages and feeds (the default command)
    #[command(after_help = examples::SERVE)]
    Serve(ServeArguments),
    /// Commands that need an open calendar.
    #[command(flatten)]
    Work(calendar_command::Work),
    /// Inspect iCalendar files, without a store
    #[command(subcommand)]
    Ics(ics::IcsCommand),
    /// Write a backup of the store to one file, also while the server runs
    ///
    /// The file contains every record with its history, as of one commit. It is compressed and has checksums. The
    /// command reads it back before it returns.
    #[command(after_help = examples::BACKUP)]
    Backup(backup::BackupArguments),
    /// Create a store from a backup
    ///
    /// The backup is verified first. An existing store is replaced only with --replace, and kept beside the new one.
    /// Stop the server first.
    #[command(after_help = examples::RESTORE)]
    Restore(backup::RestoreArguments),
    /// Check a store, or salvage a damaged one
    #[command(subcommand)]
    Store(store::StoreCommand),
    /// Write settings and data files as a start for another region
    ///
    /// Writes the files compiled into the program, which apply if there is no Rocket.toml and no folder data.
    #[command(after_help = examples::INIT)]
    Init(init::InitArguments),
    /// Print a completion script for a shell
    #[command(after_help = examples::COMPLETIONS)]
    Completions(completions::CompletionsArguments),
}

impl Cli {
    /// Returns the form of the output.
    pub(super) fn output(&self) -> Output {
        if self.json {
            Output::Json
        } else {
            Output::Text
        }
    }
}
