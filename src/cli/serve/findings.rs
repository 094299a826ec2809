//! Findings of the checks before a server starts.

/// Findings about the configuration, each with its key.
#[derive(Default)]
pub struct PreflightFindings {
    /// Errors that prevent the server from starting.
    pub problems: Vec<String>,
    /// Warnings about settings that may be intended.
    pub warnings: Vec<String>,
}

impl PreflightFindings {
    pub fn problem(&mut self, key: &str, what: &str) {
        self.problems.push(format!("{key}: {what}"));
    }

    pub fn warn(&mut self, key: &str, what: &str) {
        self.warnings.push(format!("{key}: {what}"));
    }
}
