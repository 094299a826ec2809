//! Runs a command line.

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::config::ConfigOverrides;

use super::command_line::{Cli, Command};
use super::context::{CommandContext, Ending, Failure};
use super::{backup, completions, ics, init, launch, report, serve, store};

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
        Some(Command::Completions(arguments)) => {
            completions::run(&context, &arguments, Cli::command())
        }
    }
}
