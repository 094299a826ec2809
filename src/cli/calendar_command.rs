//! Commands that need an open calendar, alone or through the running server.
//!
//! Each command is an `act` that gets an open calendar, its arguments and a [`Session`] for its output. Alone, the program
//! opens the store and runs it. If a server has the store open, the command line is sent to that server ([`control`]),
//! which runs it on its own calendar and returns the output.
//!
//! To add a command: a file with its arguments and an `act`, a variant in [`Work`], and an arm in each `match` of its
//! methods.

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use clap::Subcommand;
use tempfile::TempDir;

use crate::config::ConfigOverrides;
use calendar_store::{IfMissing, StoreError};

use super::open::{self, OpenCalendar};
use super::progress::ProgressLine;
use super::report::{JsonLines, unless_gone};
use super::{CommandContext, Ending, Failure, Output};
use super::{control, examples, export, import, partner, seed, source, sync, webhook};

#[derive(Debug, Subcommand)]
pub(crate) enum Work {
    /// Take events in from an iCalendar, JSON, CSV or Excel file or address, or records from NDJSON
    ///
    /// Each event keeps where it came from. Doing it again takes what has changed since and leaves
    /// the rest alone; what a person has set here stays as it is. What cannot be read is listed
    /// with its line and the reason, and the rest goes through.
    #[command(after_help = examples::IMPORT)]
    Import(import::ImportArguments),
    /// Write all published events, or every record, to standard output
    #[command(after_help = examples::EXPORT)]
    Export(export::ExportArguments),
    /// Exchange with partners, and decide what it leaves open
    #[command(after_help = examples::SYNC)]
    Sync(sync::SyncArguments),
    /// Partners: how they are reached, and their keys
    #[command(subcommand)]
    Partner(partner::PartnerCommand),
    /// Programs that are told of each change of an event
    #[command(subcommand)]
    Webhook(webhook::WebhookCommand),
    /// Load the region's files into the store, as serve does when it starts
    #[command(after_help = examples::SEED)]
    Seed(seed::SeedArguments),
}

impl Work {
    /// Runs the command.
    pub(super) fn act(
        &self,
        opened: &OpenCalendar,
        talk: &mut Session<'_>,
    ) -> Result<Ending, Failure> {
        match self {
            Self::Import(arguments) => import::act(opened, arguments, talk),
            Self::Export(arguments) => export::act(opened, arguments, talk),
            Self::Sync(arguments) => sync::act(opened, arguments, talk),
            Self::Partner(command) => partner::act(opened, command, talk),
            Self::Webhook(command) => webhook::act(opened, command, talk),
            Self::Seed(_) => seed::act(opened, talk),
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
            Self::Seed(_) => "seed",
        }
    }

    /// Shows a progress line, unless the output follows at once or goes to the terminal while it is written.
    pub(super) fn progress(&self) -> ProgressLine {
        match self {
            Self::Import(arguments) => {
                ProgressLine::begin(format!("Importing {}", arguments.source().display()))
            }
            Self::Sync(_) => ProgressLine::begin("Asking partners"),
            Self::Export(_) if !io::stdout().is_terminal() => ProgressLine::begin("Exporting"),
            Self::Seed(_) => ProgressLine::begin("Loading the region's files"),
            Self::Export(_) | Self::Partner(_) | Self::Webhook(_) => ProgressLine::none(),
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
            | Self::Seed(_) => None,
        }
    }

    /// Whether it only shows what it would do.
    fn is_rehearsal(&self) -> bool {
        matches!(self, Self::Import(arguments) if arguments.dry_run)
    }

    /// Returns what to do if there is no store: only `import` and `seed` create one.
    fn if_missing(&self) -> IfMissing {
        match self {
            // With `--new` one is created whatever was there.
            Self::Import(arguments) if arguments.dry_run && arguments.new => IfMissing::Fail,
            Self::Import(arguments) if arguments.dry_run => IfMissing::CreateNothing,
            Self::Import(arguments) => create(arguments.new),
            Self::Seed(arguments) => create(arguments.new),
            Self::Export(_) | Self::Sync(_) | Self::Partner(_) | Self::Webhook(_) => {
                IfMissing::Fail
            }
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

/// A file as named by the client, and the path of its content on the server.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub named: OsString,
    pub path: PathBuf,
}

/// Output of a command, and its client's file.
pub(crate) struct Session<'a> {
    /// The form of the output.
    pub output: Output,
    out: &'a mut dyn Write,
    sent: Option<Sent>,
}

impl<'a> Session<'a> {
    pub(super) fn new(output: Output, out: &'a mut dyn Write, sent: Option<Sent>) -> Self {
        Self { output, out, sent }
    }

    /// Writes to the client's standard output. A closed pipe, such as by `head`, is no failure.
    pub fn print(&mut self, text: &str) -> io::Result<()> {
        unless_gone(
            self.out
                .write_all(text.as_bytes())
                .and_then(|()| self.out.flush()),
        )
    }

    /// Returns a writer of JSON lines to the client's standard output.
    pub fn lines(&mut self) -> JsonLines<&mut dyn Write> {
        JsonLines::to(self.out)
    }

    /// Returns true if the client sent the content of this file.
    pub fn has_file(&self, named: &OsStr) -> bool {
        self.sent.as_ref().is_some_and(|sent| sent.named == named)
    }

    /// Returns the path of a file's content.
    pub fn file(&self, named: &OsStr) -> PathBuf {
        match &self.sent {
            Some(sent) if sent.named == named => sent.path.clone(),
            _ => PathBuf::from(named),
        }
    }
}

/// A calendar in a folder of its own, which lasts as long as this, where there is no store and one would be
/// created; else the failure.
fn rehearsed(
    context: &CommandContext,
    failure: Failure,
) -> (Result<OpenCalendar, Failure>, Option<TempDir>) {
    let Some(StoreError::NoStore { path, sign: None }) = failure.downcast_ref() else {
        return (Err(failure), None);
    };
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => return (Err(error.into()), None),
    };
    let mut store = OsString::from("sled:");
    store.push(folder.path().join("store"));
    let context = CommandContext {
        overrides: ConfigOverrides {
            store: Some(store),
            ..context.overrides.clone()
        },
        output: context.output,
    };
    eprintln!(
        "there is no store at {}, and none is created: this is what an import into a new one would do",
        path.display()
    );
    // What is logged of the store that is made for this would only confuse.
    let silence = tracing::subscriber::NoSubscriber::default();
    let opened = tracing::subscriber::with_default(silence, || {
        open::calendar(&context, IfMissing::CreateAnyway)
    });
    (opened, Some(folder))
}

/// Runs a command here, or on the server that has the store open.
pub fn run(context: &CommandContext, work: &Work) -> Result<Ending, Failure> {
    if let Work::Partner(partner::PartnerCommand::Kinds) = work {
        // The kinds are compiled in and need no store.
        let mut out = io::stdout().lock();
        return partner::kinds(&mut Session::new(context.output, &mut out, None));
    }
    // Before a store is created for an input that does not exist.
    if let Some(named) = work.file() {
        source::look(named)?;
    }
    let opening = ProgressLine::begin("Opening the store");
    let opened = open::calendar(context, work.if_missing());
    opening.end();
    let (opened, _folder) = match opened {
        Err(failure) if work.is_rehearsal() => rehearsed(context, failure),
        opened => (opened, None),
    };
    match opened {
        Ok(opened) => {
            opened.calendar.forgo_words();
            let progress = work.progress();
            let mut out = progress.before(io::stdout().lock());
            work.act(&opened, &mut Session::new(context.output, &mut out, None))
        }
        Err(failure) => control::ask(context, work, failure),
    }
}
