//! `seed`: loads the region's files into the store.

use clap::Args;

use super::open::{self, OpenCalendar};
use super::session::Session;
use super::{Ending, Failure, Output};

#[derive(Debug, Args)]
pub struct SeedArguments {
    /// Create a new store even if the previous one is missing
    #[arg(long)]
    pub new: bool,
}

pub fn run(opened: &OpenCalendar, session: &mut Session<'_>) -> Result<Ending, Failure> {
    let now;
    let seeded = if let Some(before) = &opened.seeded {
        before
    } else {
        now = open::load_files(&opened.calendar, &opened.config)?;
        &now
    };
    let (created, updated) = (seeded.created, seeded.updated);
    let commit = opened.calendar.snapshot().version().commit;
    session.print(&match session.output {
        Output::Json => {
            let report = serde_json::json!({
                "created": created, "updated": updated, "commit": commit,
            });
            format!("{report}\n")
        }
        Output::Text => {
            let data = open::region_files(&opened.config);
            format!("{data}: {created} records new, {updated} changed; commit {commit}\n")
        }
    })?;
    Ok(Ending::Done)
}
