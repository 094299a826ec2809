//! The caps on what a calendar file may demand of the reader.

use calendar_domain::recurrence::Limits as RuleLimits;

/// How much of a file is read. Each cap that is hit gives a finding that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole file; what stands after them is not read.
    pub bytes: usize,
    /// Physical lines of the whole file.
    pub lines: u32,
    /// Bytes of one unfolded content line. Inline attachments make lines of megabytes, so this is
    /// generous; a longer line is skipped, the rest goes on.
    pub line_bytes: usize,
    /// Components inside components. RFC 5545 itself needs three levels.
    pub depth: usize,
    /// Components of the whole file.
    pub components: usize,
    /// Parameter values of one content line.
    pub parameters: usize,
    /// Values of one comma-separated list, such as EXDATE's.
    pub list_values: usize,
    /// VTIMEZONEs that are evaluated because no zone of ours fits their name.
    pub custom_zones: usize,
    /// Observances (STANDARD, DAYLIGHT) of one VTIMEZONE.
    pub observances: usize,
    /// Recurring events of a file that are expanded or checked against their own rules.
    pub recurring_events: usize,
    /// Steps in the expansion of one rule of a file; see
    /// [`recurrence::Limits`](calendar_domain::recurrence::Limits::max_iterations).
    pub rule_steps: u64,
    /// Findings kept one by one; further ones are counted.
    pub findings: usize,
}

impl Limits {
    /// The caps on the expansion of one rule that somebody else wrote.
    pub fn of_rule(&self) -> RuleLimits {
        RuleLimits {
            max_iterations: self.rule_steps,
            ..RuleLimits::default()
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            bytes: 256 << 20,
            lines: 10_000_000,
            line_bytes: 16 << 20,
            depth: 16,
            components: 1_000_000,
            parameters: 100,
            list_values: 10_000,
            custom_zones: 50,
            observances: 200,
            recurring_events: 50_000,
            rule_steps: 100_000,
            findings: 10_000,
        }
    }
}
