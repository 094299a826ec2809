//! `ics`: inspects iCalendar files without a store.

use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use rocket::tokio::runtime;

use crate::config;
use crate::ingest::input::Input;
use calendar_domain::bounds::parse_day;
use calendar_ical::check::{CheckFinding, RULES, Rule, check};
use calendar_ical::finding::Severity;
use calendar_ical::occurrences::for_each_occurrence;
use calendar_ical::read::read;

use super::open;
use super::report::{JsonLines, print};
use super::{CommandContext, Ending, Failure, Output, examples};

#[derive(Debug, Subcommand)]
pub enum IcsCommand {
    /// Check a file against RFC 5545, with line, rule and message of each finding
    ///
    /// Exits with 1 if there are errors; warnings do not count.
    #[command(after_help = examples::ICS_CHECK)]
    Check(CheckArguments),
    /// List the occurrences in a window, one JSON object per line
    ///
    /// Exits with 1 if an event has more occurrences than the limit.
    #[command(after_help = examples::ICS_OCCURRENCES)]
    Occurrences(OccurrencesArguments),
    /// List the rules of `ics check`
    #[command(after_help = examples::ICS_RULES)]
    Rules,
}

#[derive(Debug, Args)]
pub struct CheckArguments {
    /// A file or address; - reads standard input
    source: OsString,
}

#[derive(Debug, Args)]
pub struct OccurrencesArguments {
    /// A file; - reads standard input
    file: PathBuf,
    /// The first day
    #[arg(long, value_name = "D", value_parser = parse_day)]
    from: NaiveDate,
    /// The day after the last one
    #[arg(long, value_name = "D", value_parser = parse_day)]
    to: NaiveDate,
}

pub fn run(context: &CommandContext, command: &IcsCommand) -> Result<Ending, Failure> {
    match command {
        IcsCommand::Check(arguments) => run_check(context, arguments),
        IcsCommand::Occurrences(arguments) => run_occurrences(arguments),
        IcsCommand::Rules if context.output == Output::Json => {
            let json = |rule: &Rule| {
                serde_json::json!({
                    "rule": rule.id, "severity": word(rule.severity), "rfc": rule.rfc, "text": rule.text,
                })
            };
            let rules: Vec<_> = RULES.iter().map(json).collect();
            print(&format!("{}\n", serde_json::json!({"rules": rules})))?;
            Ok(Ending::Done)
        }
        IcsCommand::Rules => {
            let line = |rule: &Rule| {
                format!(
                    "{:30} {:8} RFC {:16} {}\n",
                    rule.id,
                    word(rule.severity),
                    rule.rfc,
                    rule.text
                )
            };
            print(&RULES.iter().map(line).collect::<String>())?;
            Ok(Ending::Done)
        }
    }
}

fn run_check(context: &CommandContext, arguments: &CheckArguments) -> Result<Ending, Failure> {
    let bytes = bytes(context, &arguments.source)?;
    let findings = check(&bytes);
    let source = arguments.source.to_string_lossy();
    let mut out = String::new();
    for finding in &findings {
        out += &match context.output {
            Output::Json => serde_json::to_string(finding)? + "\n",
            Output::Text => told(&source, finding),
        };
    }
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .count();
    if context.output == Output::Text {
        let warnings = findings.len() - errors;
        out += &format!("{source}: {errors} errors, {warnings} warnings\n");
    }
    print(&out)?;
    Ok(if errors > 0 {
        Ending::Findings
    } else {
        Ending::Done
    })
}

/// Formats a finding in the form that editors parse: file, line, message.
fn told(source: &str, finding: &CheckFinding) -> String {
    let CheckFinding {
        line,
        rule,
        severity,
        message,
    } = finding;
    format!("{source}:{line}: {}: {rule}: {message}\n", word(*severity))
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn run_occurrences(arguments: &OccurrencesArguments) -> Result<Ending, Failure> {
    if arguments.to < arguments.from {
        return Err(format!("--to {} is before --from {}", arguments.to, arguments.from).into());
    }
    let calendar = read(&file_bytes(&arguments.file)?);
    let mut lines = JsonLines::new();
    let (from, to) = (arguments.from, arguments.to);
    let findings = for_each_occurrence(&calendar, from, to, |occurrence| lines.print(&occurrence));
    lines.finish()?;
    for finding in calendar.findings.iter().chain(&findings) {
        eprintln!("{}: {finding}", arguments.file.display());
    }
    // Findings of the expansion mean that the list is incomplete.
    Ok(if findings.is_empty() {
        Ending::Done
    } else {
        Ending::Findings
    })
}

fn bytes(context: &CommandContext, source: &OsStr) -> Result<Vec<u8>, Failure> {
    match Input::from(source) {
        Input::File(path) => file_bytes(&path),
        Input::Address(url) => {
            let (_, config) = config::read(&context.overrides)?;
            let fetcher = open::fetcher(&config)?;
            let runtime = runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            Ok(runtime.block_on(fetcher.get(&url))?.bytes)
        }
    }
}

fn file_bytes(path: &std::path::Path) -> Result<Vec<u8>, Failure> {
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(path)
        .map_err(|error| format!("{} cannot be read: {error}", path.display()).into())
}
