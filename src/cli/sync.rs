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

    /// The partners to ask; all that have an address where none is named
    partners: Vec<PartnerId>,

    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,

    /// Find out what kind of calendar is at an address, and show what it would give
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
    /// What waits to be decided: suggestions, events that may be one, new events of partners that are not
    /// trusted to publish, runs whose answer looked wrong
    #[command(after_help = examples::REVIEW)]
    Review(review::ReviewArguments),
    /// The runs that changed something or were refused, the newest first
    #[command(after_help = examples::RUNS)]
    Runs {
        /// Of this partner alone
        partner: Option<PartnerId>,
    },
    /// Take a run back whole; the partner's runs write nothing more until they are released
    #[command(after_help = examples::ROLLBACK)]
    Rollback {
        /// The run's id, as in `sync runs`
        run: String,
        /// Leave events as they are that were changed since
        #[arg(long)]
        keep_changed: bool,
    },
    /// Let a partner's next answer through, after a quarantine or a rollback
    #[command(after_help = examples::RELEASE)]
    Release {
        /// The partner
        partner: PartnerId,
    },
}

pub fn act(
    opened: &OpenCalendar,
    arguments: &SyncArguments,
    talk: &mut Session<'_>,
) -> Result<Ending, Failure> {
    match &arguments.command {
        None => {}
        Some(Command::Review(arguments)) => return review::act(opened, arguments, talk),
        Some(Command::Runs { partner }) => return runs(opened, partner.as_ref(), talk),
        Some(Command::Rollback { run, keep_changed }) => {
            return rollback(opened, run, *keep_changed, talk);
        }
        Some(Command::Release { partner }) => {
            let commit = editorial::release(&*opened.calendar, &operator(opened), partner)?;
            return done(talk, &format!("{partner} is released"), commit.0);
        }
    }
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    if let Some(url) = &arguments.detect {
        return runtime.block_on(detect::act(opened, url, talk));
    }
    runtime.block_on(exchange(opened, arguments, talk))
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
    talk: &mut Session<'_>,
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
    talk.print(&match talk.output {
        Output::Json => {
            let told: Vec<SyncReport<'_>> = results
                .iter()
                .map(|it| for_programs(&it.0, &it.1))
                .collect();
            format!(
                "{}\n",
                serde_json::to_string(&serde_json::json!({"runs": told}))?
            )
        }
        Output::Text => results.iter().map(|it| for_people(&it.0, &it.1)).collect(),
    })?;
    let failed: Vec<&PartnerId> = results
        .iter()
        .filter(|(_, result)| result.is_err())
        .map(|(partner, _)| partner)
        .collect();
    if !failed.is_empty() {
        let names: Vec<&str> = failed.iter().map(|it| it.as_str()).collect();
        return Err(format!("not in step with {}", names.join(", ")).into());
    }
    let findings = results
        .iter()
        .any(|(_, it)| it.as_ref().is_ok_and(RunReport::has_findings));
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
            return format!("{partner}: nothing has changed there since it was asked last\n");
        }
        Ended::Rehearsed => "nothing was written (dry run)".into(),
        Ended::Quarantined(why) => {
            format!("QUARANTINED, nothing was written: {why}; see `sync review`")
        }
    };
    let _ = writeln!(
        out,
        "{partner}: {} told, {} new, {} changed, {} joined, {} the same, {} left, {} refused, {} missing, \
         {} withdrawn, {} to decide; {} requests; {ended}",
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
    talk: &mut Session<'_>,
) -> Result<Ending, Failure> {
    let mut runs = editorial::runs(&*opened.calendar)?;
    runs.retain(|run| only.is_none_or(|only| run.partner == *only));
    talk.print(&match talk.output {
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
        RunOutcome::RolledBack => "taken back".to_owned(),
    };
    format!(
        "{}  {}  {}: {} told, {} new, {} changed, {} withdrawn, {} missing; {how}\n",
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
    talk: &mut Session<'_>,
) -> Result<Ending, Failure> {
    let later = if keep_changed {
        Later::Keep
    } else {
        Later::Stop
    };
    let back = editorial::roll_back(&*opened.calendar, &operator(opened), run, later)?;
    let what = format!(
        "run {run} is taken back: {} events as before, {} withdrawn, {} left as they are; the partner's runs \
         write nothing until `sync release`",
        back.restored,
        back.withdrawn,
        back.kept.len()
    );
    done(talk, &what, back.commit.0)
}
