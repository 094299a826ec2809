//! `completions`: completion scripts for shells.

use clap::{Args, Command};
use clap_complete::Shell;

use super::{CommandContext, Ending, Failure, Output, report};

const PROGRAM: &str = "elverum-calendar";

#[derive(Debug, Args)]
pub struct CompletionsArguments {
    /// The shell
    shell: Shell,
}

/// Prints the script for a command line.
pub fn run(
    context: &CommandContext,
    arguments: &CompletionsArguments,
    command_line: Command,
) -> Result<Ending, Failure> {
    let script = script(arguments.shell, command_line)?;
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

fn script(shell: Shell, mut command_line: Command) -> Result<String, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command_line, PROGRAM, &mut script);
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
