//! `import`: events from a file or an address.

use std::fmt::Write as _;
use std::sync::Arc;

use clap::Args;
use rocket::tokio::runtime;

use crate::domain::PartnerId;
use crate::ical::finding::Severity;
use crate::sync::import::{Importer, Rehearsal, Remark, Report};
use crate::sync::input::Input;
use crate::sync::reconcile::Outcome;

use super::open::{self, Opened};
use super::work::Talk;
use super::{Ending, Failure, Output, records};

#[derive(Debug, Args)]
pub struct Arguments {
    /// An iCalendar, JSON, CSV or Excel (.xlsx) file, or its address (http, https or webcal)
    source: String,

    /// Whose events they are, as in partners.toml
    #[arg(long, value_name = "ID", default_value = "import")]
    partner: PartnerId,

    /// Show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

impl Arguments {
    fn input(&self) -> Input {
        match self.source.parse() {
            Ok(input) => input,
            Err(never) => match never {},
        }
    }

    /// What is taken in, as whoever typed it calls it.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The file, where it is none at an address.
    pub fn file(&self) -> Option<&str> {
        matches!(self.input(), Input::File(_)).then_some(&self.source)
    }
}

pub fn act(opened: &Opened, arguments: &Arguments, talk: &mut Talk<'_>) -> Result<Ending, Failure> {
    let source = talk.file(&arguments.source);
    if records::is_records(&source) {
        return records::import(opened, &arguments.source, arguments.dry_run, talk);
    }
    let fetcher = open::fetcher(&opened.config)?;
    let importer = Importer::new(
        Arc::clone(&opened.calendar),
        fetcher,
        opened.config.limits.import_bytes,
    );
    let input = match arguments.input() {
        Input::File(_) => Input::File(source),
        address @ Input::Address(_) => address,
    };
    let rehearsal = if arguments.dry_run {
        Rehearsal::Yes
    } else {
        Rehearsal::No
    };
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let report = runtime.block_on(importer.run(&input, &arguments.partner, rehearsal))?;
    opened.calendar.keep_image();
    match talk.output {
        Output::Json => talk.print(&format!("{}\n", serde_json::to_string(&report)?))?,
        Output::Text => talk.print(&told(&report, rehearsal))?,
    }
    Ok(if report.has_findings() {
        Ending::Findings
    } else {
        Ending::Done
    })
}

/// The report for people: what was noticed, then each event, then the sums.
fn told(report: &Report, rehearsal: Rehearsal) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    for Remark {
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
            Outcome::Created => "new",
            Outcome::Updated => "changed",
            Outcome::Joined => "joined",
            Outcome::Unchanged => "same",
            Outcome::Left => "left",
            Outcome::Refused => "refused",
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
        "{}: {} new, {} changed, {} the same, {} refused; {} remarks; {}",
        report.source,
        count(Outcome::Created),
        count(Outcome::Updated) + count(Outcome::Joined),
        count(Outcome::Unchanged),
        count(Outcome::Refused),
        report.remarks.len(),
        match rehearsal {
            Rehearsal::Yes => "nothing was written (dry run)".to_owned(),
            Rehearsal::No => format!("commit {}", report.commit),
        }
    );
    out
}
