//! `completions`: completion scripts for shells.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, CommandContext, Ending, Failure, Output, report};

const PROGRAM: &str = "elverum-calendar";

#[derive(Debug, Args)]
pub struct CompletionsArguments {
    /// The shell
    shell: Shell,
}

pub fn run(context: &CommandContext, arguments: &CompletionsArguments) -> Result<Ending, Failure> {
    let script = script(arguments.shell)?;
    report::print(&match context.output {
        Output::Json => {
            let shell = arguments.shell.to_string();
            format!(
                "{}\n",
                serde_json::json!({"shell": shell, "script": script})
            )
        }
        Output::Text => script,
    })?;
    Ok(Ending::Done)
}

fn script(shell: Shell) -> Result<String, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), PROGRAM, &mut script);
    let script = String::from_utf8(script)?;
    Ok(match shell {
        Shell::Bash => mended(&script),
        _ => script,
    })
}

/// Fixes the script for bash. clap_complete 4.6 writes the hyphen of the program's name in two ways, so its script
/// finds no subcommands.
fn mended(script: &str) -> String {
    let wrong = PROGRAM.replace('-', "__subcmd__");
    script.replace(&wrong, &PROGRAM.replace('-', "__"))
}
