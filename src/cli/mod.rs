//! The command line: grammar and exit codes.
//!
//! **May import:** every layer.
//!
//! To add a command: a file with its arguments and a `run`, a variant in [`command_line`], a line in [`run`](run()), and its
//! examples in [`examples`]. A command that needs an open calendar has a `run` with a session and is listed in [`calendar_command`], so
//! that it works both alone and through the running server.

mod account;
mod audit;
mod backup;
mod backup_encryption;
mod calendar_command;
mod command_line;
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
mod run;
mod scheduled_backup;
mod seed;
mod serve;
mod session;
mod source;
mod store;
mod sync;
mod temporary;
mod tls;
mod webhook;

pub use command_line::Cli;
pub(crate) use context::{CommandContext, Ending, Failure, Output};
pub use run::run;
