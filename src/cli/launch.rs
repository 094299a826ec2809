//! Runs a command that needs an open calendar here, or on the server that has the store open.

use std::ffi::OsString;
use std::io;

use tempfile::TempDir;

use crate::config::ConfigOverrides;
use calendar_store::{IfMissing, StoreError};

use super::calendar_command::Work;
use super::open::{self, OpenCalendar};
use super::progress::ProgressLine;
use super::session::Session;
use super::{CommandContext, Ending, Failure};
use super::{control, partner, source};

/// Returns a calendar in a temporary folder if `failure` is that there is no store; else the failure.
fn temporary(
    context: &CommandContext,
    work: &Work,
    failure: Failure,
) -> (Result<OpenCalendar, Failure>, Option<TempDir>) {
    let path = match (failure.downcast_ref(), work) {
        // Detection shows what an address gives; nobody would miss a store.
        (Some(StoreError::NoStore { path, .. }), Work::Sync(_)) => path,
        (Some(StoreError::NoStore { path, sign: None }), _) => path,
        _ => return (Err(failure), None),
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
    if let Work::Import(_) = work {
        eprintln!(
            "there is no store at {}: the report shows an import into a new store, which is not created",
            path.display()
        );
    }
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
        Err(failure) if work.is_rehearsal() => temporary(context, work, failure),
        opened => (opened, None),
    };
    match opened {
        Ok(opened) => {
            opened.calendar.forgo_words();
            let progress = work.progress();
            let mut out = progress.before(io::stdout().lock());
            work.run(&opened, &mut Session::new(context.output, &mut out, None))
        }
        Err(failure) => control::ask(context, work, failure),
    }
}
