//! `seed`: the region's files into the store.

use super::open;
use super::report::print;
use super::{Context, Ending, Failure, Output};

pub fn run(context: &Context) -> Result<Ending, Failure> {
    let opened = open::calendar(context)?;
    let (created, updated) = (opened.seeded.created, opened.seeded.updated);
    let commit = opened.calendar.snapshot().version().commit;
    print(&match context.output {
        Output::Json => {
            let report = serde_json::json!({
                "created": created, "updated": updated, "commit": commit,
            });
            format!("{report}\n")
        }
        Output::Text => {
            let data = opened.config.data.display();
            format!("{data}: {created} records new, {updated} changed; commit {commit}\n")
        }
    })?;
    Ok(Ending::Done)
}
