//! `import`: imports events from a file or URL.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::sync::Arc;

use clap::Args;
use rocket::tokio::runtime;

use crate::ingest::import::{Diagnostic, Importer, Rehearsal, Report};
use crate::ingest::input::Input;
use crate::ingest::reconcile::StepOutcome;
use calendar_domain::PartnerId;
use calendar_ical::finding::Severity;

use super::open::{self, OpenCalendar};
use super::session::Session;
use super::source::InputSource;
use super::{Ending, Failure, Output, records};

#[derive(Debug, Args)]
pub struct ImportArguments {
    /// An iCalendar, JSON, CSV or Excel (.xlsx) file, «-» for standard input, or an address (http, https or
    /// webcal)
    source: OsString,

    /// The partner whose events they are, as in partners.toml
    #[arg(long, value_name = "ID", default_value = "import")]
    partner: PartnerId,

    /// Show what would change, and write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Create a new store even if the previous one is missing
    #[arg(long)]
    pub new: bool,
}

impl ImportArguments {
    fn input(&self) -> Input {
        Input::from(self.source.as_os_str())
    }

    /// Returns the source as typed.
    pub fn source(&self) -> &OsStr {
        &self.source
    }

    /// Returns the file, unless the source is a URL.
    pub fn file(&self) -> Option<&OsStr> {
        matches!(self.input(), Input::File(_)).then_some(self.source.as_os_str())
    }
}

pub fn run(
    opened: &OpenCalendar,
    arguments: &ImportArguments,
    session: &mut Session<'_>,
) -> Result<Ending, Failure> {
    let limit = opened.config.limits.import_bytes;
    let fetcher = open::fetcher(&opened.config)?;
    let importer = Importer::new(Arc::clone(&opened.calendar), fetcher, limit);
    let partner = &arguments.partner;
    let rehearsal = if arguments.dry_run {
        Rehearsal::Yes
    } else {
        Rehearsal::No
    };
    let report = match arguments.input() {
        Input::File(_) => {
            let source = InputSource::open(session, &arguments.source)?;
            if records::are_records(source.start()) {
                let (named, dry_run) = (arguments.source.to_string_lossy(), arguments.dry_run);
                return records::import(opened, source, &named, dry_run, session);
            }
            importer.check(partner)?;
            let name = source.name.clone();
            importer.take(name, source.bytes(limit)?, partner, rehearsal)?
        }
        address @ Input::Address(_) => {
            let runtime = runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(importer.run(&address, partner, rehearsal))?
        }
    };
    opened.calendar.keep_image();
    match session.output {
        Output::Json => session.print(&format!("{}\n", serde_json::to_string(&report)?))?,
        Output::Text => session.print(&report_text(&report, rehearsal))?,
    }
    Ok(if report.has_findings() {
        Ending::Findings
    } else {
        Ending::Done
    })
}

/// Formats the report for people: diagnostics, events, totals.
fn report_text(report: &Report, rehearsal: Rehearsal) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    for Diagnostic {
        at,
        severity,
        detail,
    } in &report.remarks
    {
        let word = if *severity == Severity::Error {
            "left out: "
        } else {
            ""
        };
        let _ = writeln!(out, "{}: {at}: {word}{detail}", report.source);
    }
    for item in &report.items {
        let word = match item.outcome {
            StepOutcome::Created => "new",
            StepOutcome::Updated => "changed",
            StepOutcome::Joined => "merged",
            StepOutcome::Unchanged => "same",
            StepOutcome::Left => "kept",
            StepOutcome::Refused => "refused",
        };
        let title: String = item.title.chars().take(70).collect();
        let _ = write!(out, "{word:8} {title}");
        if let Some(path) = &item.path {
            let _ = write!(out, "  {path}");
        }
        if let Some(note) = &item.note {
            let _ = write!(out, "  ({note})");
        }
        out.push('\n');
    }
    let count = |outcome| report.count(outcome);
    let _ = writeln!(
        out,
        "{}: {} new, {} changed, {} unchanged, {}{} refused; {} remarks; {}",
        report.source,
        count(StepOutcome::Created),
        count(StepOutcome::Updated) + count(StepOutcome::Joined),
        count(StepOutcome::Unchanged),
        match count(StepOutcome::Left) {
            0 => String::new(),
            left => format!("{left} kept, "),
        },
        count(StepOutcome::Refused),
        report.remarks.len(),
        match rehearsal {
            Rehearsal::Yes => "nothing was written (dry run)".to_owned(),
            Rehearsal::No => format!("commit {}", report.commit),
        }
    );
    out
}
