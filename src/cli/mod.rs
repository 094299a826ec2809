//! The command line: grammar and exit codes.
//!
//! **May import:** every layer.
//!
//! To add a command: a file with its arguments and a `run`, a variant in [`Command`], a line in [`dispatch`], and its
//! examples in [`examples`]. A command that needs an open calendar has a `run` with a session and is listed in [`calendar_command`], so
//! that it works both alone and through the running server.

mod account;
mod backup;
mod calendar_command;
mod completions;
mod context;
mod control;
mod days;
mod examples;
mod export;
mod ics;
mod import;
mod init;
mod launch;
mod log;
mod open;
mod partner;
mod progress;
mod records;
mod report;
mod restored;
mod scheduled_backup;
mod seed;
mod serve;
mod session;
mod source;
mod store;
mod sync;
mod tls;
mod webhook;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::ConfigOverrides;
pub(crate) use context::{CommandContext, Ending, Failure, Output};

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
    store: Option<OsString>,

    /// The folder with the region's files [default: data, or the files compiled into the program]
    #[arg(long, global = true, value_name = "DIR", help_heading = GLOBAL)]
    data: Option<PathBuf>,

    /// A configuration file that overrides Rocket.toml, in the same format
    #[arg(long, global = true, value_name = "FILE", help_heading = GLOBAL)]
    config: Option<PathBuf>,

    /// Write JSON for programs instead of text for people
    #[arg(long, global = true, help_heading = GLOBAL)]
    json: bool,

    #[command(flatten)]
    serve: serve::ServeArguments,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve pages and feeds (the default command)
    #[command(after_help = examples::SERVE)]
    Serve(serve::ServeArguments),
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

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    close_files_to_others();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version arrive as errors too; clap knows the stream of each. A closed stream is no failure.
            let _ = error.print();
            return ExitCode::from(u8::from(error.use_stderr()) * 2);
        }
    };
    match dispatch(cli) {
        Ok(Ending::Done) => ExitCode::SUCCESS,
        Ok(Ending::Findings) => ExitCode::from(1),
        // The server's log already has it.
        Err(failure) if failure.is::<serve::Logged>() => ExitCode::from(3),
        Err(failure) => {
            eprintln!("elverum-calendar: {}", report::with_causes(&*failure));
            ExitCode::from(3)
        }
    }
}

/// Makes new files, including sled's, private to the owner, whatever the shell's umask.
fn close_files_to_others() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

impl Cli {
    fn output(&self) -> Output {
        if self.json {
            Output::Json
        } else {
            Output::Text
        }
    }
}

fn dispatch(cli: Cli) -> Result<Ending, Failure> {
    let output = cli.output();
    let mut context = CommandContext {
        overrides: ConfigOverrides {
            file: cli.config,
            store: cli.store,
            data: cli.data,
            ..ConfigOverrides::default()
        },
        output,
    };
    match cli.command {
        None => serve::run(&mut context, &cli.serve),
        Some(Command::Serve(arguments)) => serve::run(&mut context, &arguments.or(cli.serve)),
        Some(Command::Work(work)) => launch::run(&context, &work),
        Some(Command::Ics(command)) => ics::run(&context, &command),
        Some(Command::Backup(arguments)) => backup::backup(&context, &arguments),
        Some(Command::Restore(arguments)) => backup::restore(&context, &arguments),
        Some(Command::Store(command)) => store::run(&context, &command),
        Some(Command::Init(arguments)) => init::run(&context, &arguments),
        Some(Command::Completions(arguments)) => completions::run(&context, &arguments),
    }
}
