//! `sync`: exchange with partners, and decisions on its results.

mod decision;
mod detect;
mod review;

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use rocket::tokio::runtime;
use serde::Serialize;
use url::Url;

use crate::editorial::{self, Later};
use crate::ingest::import::Rehearsal;
use crate::ingest::run::{Ended, RunError, RunReport};
use calendar_domain::{PartnerId, Run, RunOutcome};

use super::open::OpenCalendar;
use super::session::Session;
use super::{Ending, Failure, Output, examples};
use decision::{done, operator};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct SyncArguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// The partners to sync [default: all with an address]
    partners: Vec<PartnerId>,

    /// Show what would change, and write nothing
    #[arg(long)]
    dry_run: bool,

    /// Detect the kind of calendar at an address, and show its events
    #[arg(long, value_name = "URL", conflicts_with_all = ["partners", "dry_run"])]
    detect: Option<Url>,
}

impl SyncArguments {
    /// Returns true with `--detect`.
    pub(super) fn detects(&self) -> bool {
        self.detect.is_some()
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List open matters and decide them: suggestions, possible duplicates, new events of partners that need
    /// approval, and quarantined runs
    #[command(after_help = examples::REVIEW)]
    Review(review::ReviewArguments),
    /// List runs that changed something or were refused, newest first
    #[command(after_help = examples::RUNS)]
    Runs {
        /// Only runs of this partner
        partner: Option<PartnerId>,
    },
    /// Roll back a run; the partner's runs write nothing until `sync release`
    #[command(after_help = examples::ROLLBACK)]
    Rollback {
        /// The id of the run, from `sync runs`
        run: String,
        /// Keep events that have changed since
        #[arg(long)]
        keep_changed: bool,
    },
    /// Accept a partner's next response after a quarantine or a rollback
    #[command(after_help = examples::RELEASE)]
    Release {
        /// The partner
        partner: PartnerId,
    },
}

pub fn run(
    opened: &OpenCalendar,
    arguments: &SyncArguments,
    session: &mut Session<'_>,
) -> Result<Ending, Failure> {
    match &arguments.command {
        None => {}
        Some(Command::Review(arguments)) => return review::run(opened, arguments, session),
        Some(Command::Runs { partner }) => return runs(opened, partner.as_ref(), session),
        Some(Command::Rollback { run, keep_changed }) => {
            return rollback(opened, run, *keep_changed, session);
        }
        Some(Command::Release { partner }) => {
            let commit = editorial::release(&*opened.calendar, &operator(opened), partner)?;
            return done(session, &format!("released {partner}"), commit.0);
        }
    }
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    if let Some(url) = &arguments.detect {
        return runtime.block_on(detect::run(opened, url, session));
    }
    runtime.block_on(exchange(opened, arguments, session))
}

/// The run of one partner, as JSON.
#[derive(Serialize)]
#[serde(untagged)]
enum SyncReport<'a> {
    Report(&'a RunReport),
    Failed {
        partner: &'a PartnerId,
        error: String,
    },
}

async fn exchange(
    opened: &OpenCalendar,
    arguments: &SyncArguments,
    session: &mut Session<'_>,
) -> Result<Ending, Failure> {
    let runner = &opened.runner;
    let partners = if arguments.partners.is_empty() {
        runner.askable()
    } else {
        arguments.partners.clone()
    };
    let rehearsal = if arguments.dry_run {
        Rehearsal::Yes
    } else {
        Rehearsal::No
    };
    let mut results = Vec::new();
    for partner in partners {
        let result = runner.run(&partner, rehearsal).await;
        results.push((partner, result));
    }
    opened.calendar.keep_image();
    session.print(&match session.output {
        Output::Json => {
            let reports: Vec<SyncReport<'_>> = results
                .iter()
                .map(|result| for_programs(&result.0, &result.1))
                .collect();
            format!(
                "{}\n",
                serde_json::to_string(&serde_json::json!({"runs": reports}))?
            )
        }
        Output::Text => results
            .iter()
            .map(|result| for_people(&result.0, &result.1))
            .collect(),
    })?;
    let failed: Vec<&PartnerId> = results
        .iter()
        .filter(|(_, result)| result.is_err())
        .map(|(partner, _)| partner)
        .collect();
    if !failed.is_empty() {
        let names: Vec<&str> = failed.iter().map(|failed| failed.as_str()).collect();
        return Err(format!("cannot sync {}", names.join(", ")).into());
    }
    let findings = results
        .iter()
        .any(|(_, value)| value.as_ref().is_ok_and(RunReport::has_findings));
    Ok(if findings {
        Ending::Findings
    } else {
        Ending::Done
    })
}

fn for_programs<'a>(
    partner: &'a PartnerId,
    result: &'a Result<RunReport, RunError>,
) -> SyncReport<'a> {
    match result {
        Ok(report) => SyncReport::Report(report),
        Err(error) => SyncReport::Failed {
            partner,
            error: super::report::with_causes(error),
        },
    }
}

fn for_people(partner: &PartnerId, result: &Result<RunReport, RunError>) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let report = match result {
        Ok(report) => report,
        Err(error) => {
            let why = super::report::with_causes(error);
            return format!("{partner}: {why}\n");
        }
    };
    for remark in &report.remarks {
        let _ = writeln!(out, "{partner}: {}: {}", remark.at, remark.detail);
    }
    for item in &report.items {
        let title: String = item.title.chars().take(70).collect();
        let _ = write!(out, "{:9} {title}", item.outcome);
        if let Some(path) = &item.path {
            let _ = write!(out, "  {path}");
        }
        if let Some(note) = &item.note {
            let _ = write!(out, "  ({note})");
        }
        out.push('\n');
    }
    let ended = match &report.ended {
        Ended::Written => match report.commit {
            Some(commit) => format!("commit {commit}"),
            None => "written".into(),
        },
        Ended::Unchanged => "nothing to write".into(),
        Ended::NotModified => {
            return format!("{partner}: not modified since the last run\n");
        }
        Ended::Rehearsed => "nothing was written (dry run)".into(),
        Ended::Quarantined(why) => {
            format!("QUARANTINED, nothing was written: {why}; see `sync review`")
        }
    };
    let _ = writeln!(
        out,
        "{partner}: {} received, {} new, {} changed, {} merged, {} unchanged, {} kept, {} refused, {} \
         missing, {} withdrawn, {} to review; {} requests; {ended}",
        report.told,
        report.created,
        report.updated,
        report.joined,
        report.unchanged,
        report.left,
        report.refused,
        report.missing,
        report.withdrawn,
        report.suggestions,
        report.requests,
    );
    out
}

fn runs(
    opened: &OpenCalendar,
    only: Option<&PartnerId>,
    session: &mut Session<'_>,
) -> Result<Ending, Failure> {
    let mut runs = editorial::runs(&*opened.calendar)?;
    runs.retain(|run| only.is_none_or(|only| run.partner == *only));
    session.print(&match session.output {
        Output::Json => format!(
            "{}\n",
            serde_json::to_string(&serde_json::json!({"runs": runs}))?
        ),
        Output::Text => runs.iter().map(line).collect(),
    })?;
    Ok(Ending::Done)
}

fn line(run: &Run) -> String {
    let how = match &run.outcome {
        RunOutcome::Done => "written".to_owned(),
        RunOutcome::Quarantined(why) => format!("quarantined: {why}"),
        RunOutcome::Released(why) => format!("released: {why}"),
        RunOutcome::RolledBack => "rolled back".to_owned(),
    };
    format!(
        "{}  {}  {}: {} received, {} new, {} changed, {} withdrawn, {} missing; {how}\n",
        run.at.format("%Y-%m-%d %H:%M"),
        run.id,
        run.partner,
        run.told,
        run.created,
        run.updated,
        run.withdrawn,
        run.missing,
    )
}

fn rollback(
    opened: &OpenCalendar,
    run: &str,
    keep_changed: bool,
    session: &mut Session<'_>,
) -> Result<Ending, Failure> {
    let later = if keep_changed {
        Later::Keep
    } else {
        Later::Stop
    };
    let back = editorial::roll_back(&*opened.calendar, &operator(opened), run, later)?;
    let what = format!(
        "rolled back run {run}: {} events restored, {} withdrawn, {} left unchanged; the partner's runs write \
         nothing until `sync release`",
        back.restored,
        back.withdrawn,
        back.kept.len()
    );
    done(session, &what, back.commit.0)
}
