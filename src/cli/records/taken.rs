//! The outcome of an import of records.

use std::fmt::Write as _;

use serde::Serialize;

use crate::cli::session::Session;
use crate::cli::{Ending, Failure, Output};

/// Outcome of an import.
#[derive(Debug, Default, Serialize)]
pub(super) struct Taken {
    pub(super) created: usize,
    pub(super) updated: usize,
    pub(super) unchanged: usize,
    /// Lines that could not be imported, with the reason.
    pub(super) refused: Vec<String>,
    /// Lines whose name is held by another record, with the name given instead.
    pub(super) renamed: Vec<String>,
    /// Lines of records that were imported without images that are not there.
    pub(super) without_images: Vec<String>,
    pub(super) commit: u64,
}

impl Taken {
    /// Prints the outcome of importing `source`.
    pub(super) fn tell(
        &self,
        session: &mut Session<'_>,
        source: &str,
        dry_run: bool,
    ) -> Result<Ending, Failure> {
        session.print(&match session.output {
            Output::Json => format!("{}\n", serde_json::to_string(self)?),
            Output::Text => self.text(source, dry_run),
        })?;
        let is_clean = self.refused.is_empty() && self.renamed.is_empty();
        Ok(if is_clean && self.without_images.is_empty() {
            Ending::Done
        } else {
            Ending::Findings
        })
    }

    fn text(&self, source: &str, dry_run: bool) -> String {
        let mut listed = String::new();
        for (what, lines) in [
            ("skipped", &self.refused),
            ("renamed", &self.renamed),
            ("without images", &self.without_images),
        ] {
            for line in lines {
                let _ = writeln!(listed, "{source}: {what}: {line}");
            }
        }
        let end = if dry_run {
            "nothing was written (dry run)".to_owned()
        } else {
            format!("commit {}", self.commit)
        };
        format!(
            "{listed}{source}: {} records new, {} changed, {} unchanged, {} refused; {end}\n",
            self.created,
            self.updated,
            self.unchanged,
            self.refused.len()
        )
    }
}
