//! Commands that need an open calendar, alone or through the running server.
//!
//! Each command is a `run` that gets an open calendar, its arguments and a [`Session`] for its output. Alone, the program
//! opens the store and runs it ([`launch`](super::launch)). If a server has the store open, the command line is sent to
//! that server ([`control`](super::control)), which runs it on its own calendar and returns the output.
//!
//! To add a command: a file with its arguments and a `run`, a variant in [`Work`], and an arm in each `match` of its
//! methods.

use std::ffi::OsStr;
use std::io::{self, IsTerminal};

use clap::Subcommand;

use calendar_store::IfMissing;

use super::open::OpenCalendar;
use super::progress::ProgressLine;
use super::session::Session;
use super::{Ending, Failure};
use super::{account, examples, export, import, partner, seed, sync, webhook};

#[derive(Debug, Subcommand)]
pub(crate) enum Work {
    /// Import events from an iCalendar, JSON, CSV or Excel file or address, or records from NDJSON
    ///
    /// Each event keeps its source. A repeated import updates events that have changed since, and never overwrites
    /// what a person has set here. Unreadable events are listed with their line and the reason; the others are
    /// imported.
    #[command(after_help = examples::IMPORT)]
    Import(import::ImportArguments),
    /// Write all published events, or every record, to standard output
    #[command(after_help = examples::EXPORT)]
    Export(export::ExportArguments),
    /// Sync with partners, and decide open matters
    #[command(after_help = examples::SYNC)]
    Sync(sync::SyncArguments),
    /// Manage partners and their keys
    #[command(subcommand)]
    Partner(partner::PartnerCommand),
    /// Manage webhooks, which send each change of an event to a program
    #[command(subcommand)]
    Webhook(webhook::WebhookCommand),
    /// Manage accounts of organizers and editors
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Load the region's files into the store, as serve does at startup
    #[command(after_help = examples::SEED)]
    Seed(seed::SeedArguments),
}

impl Work {
    /// Runs the command.
    pub(super) fn run(
        &self,
        opened: &OpenCalendar,
        session: &mut Session<'_>,
    ) -> Result<Ending, Failure> {
        match self {
            Self::Import(arguments) => import::run(opened, arguments, session),
            Self::Export(arguments) => export::run(opened, arguments, session),
            Self::Sync(arguments) => sync::run(opened, arguments, session),
            Self::Partner(command) => partner::run(opened, command, session),
            Self::Webhook(command) => webhook::run(opened, command, session),
            Self::Account(command) => account::run(opened, command, session),
            Self::Seed(_) => seed::run(opened, session),
        }
    }

    /// Returns the name of the command.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Import(_) => "import",
            Self::Export(_) => "export",
            Self::Sync(_) => "sync",
            Self::Partner(_) => "partner",
            Self::Webhook(_) => "webhook",
            Self::Account(_) => "account",
            Self::Seed(_) => "seed",
        }
    }

    /// Shows a progress line, unless the output follows at once or goes to the terminal while it is written.
    pub(super) fn progress(&self) -> ProgressLine {
        match self {
            Self::Import(arguments) => {
                ProgressLine::begin(format!("Importing {}", arguments.source().display()))
            }
            Self::Sync(_) => ProgressLine::begin("Syncing partners"),
            Self::Export(_) if !io::stdout().is_terminal() => ProgressLine::begin("Exporting"),
            Self::Seed(_) => ProgressLine::begin("Loading the region's files"),
            Self::Export(_) | Self::Partner(_) | Self::Webhook(_) | Self::Account(_) => {
                ProgressLine::none()
            }
        }
    }

    /// Returns the client's file that the command reads, if any. A server receives its content, not its path.
    pub(super) fn file(&self) -> Option<&OsStr> {
        match self {
            Self::Import(arguments) => arguments.file(),
            Self::Export(_)
            | Self::Sync(_)
            | Self::Partner(_)
            | Self::Webhook(_)
            | Self::Account(_)
            | Self::Seed(_) => None,
        }
    }

    /// Returns true if the command needs no store, since it only shows what it would do.
    pub(super) fn is_rehearsal(&self) -> bool {
        match self {
            Self::Import(arguments) => arguments.dry_run,
            Self::Sync(arguments) => arguments.detects(),
            Self::Export(_)
            | Self::Partner(_)
            | Self::Webhook(_)
            | Self::Account(_)
            | Self::Seed(_) => false,
        }
    }

    /// Returns what to do if there is no store: only `import` and `seed` create one.
    pub(super) fn if_missing(&self) -> IfMissing {
        match self {
            // With `--new` one is created whatever was there.
            Self::Import(arguments) if arguments.dry_run && arguments.new => IfMissing::Fail,
            Self::Import(arguments) if arguments.dry_run => IfMissing::CreateNothing,
            Self::Import(arguments) => create(arguments.new),
            Self::Seed(arguments) => create(arguments.new),
            Self::Export(_)
            | Self::Sync(_)
            | Self::Partner(_)
            | Self::Webhook(_)
            | Self::Account(_) => IfMissing::Fail,
        }
    }
}

/// Returns what to do if there is no store, with or without `--new`.
pub(super) fn create(new: bool) -> IfMissing {
    if new {
        IfMissing::CreateAnyway
    } else {
        IfMissing::Create
    }
}
