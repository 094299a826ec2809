//! ReadLimits on the resources that a calendar file may consume.

use calendar_domain::recurrence::ExpansionLimits as RuleLimits;

/// ReadLimits of the reader. Exceeding one is reported as a finding that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadLimits {
    /// Bytes per file; the rest is not read.
    pub bytes: usize,
    /// Physical lines per file.
    pub lines: u32,
    /// Bytes per unfolded content line; longer lines are skipped. Generous, since inline
    /// attachments make lines of megabytes.
    pub line_bytes: usize,
    /// Nesting depth of components. RFC 5545 itself needs three levels.
    pub depth: usize,
    /// Components per file.
    pub components: usize,
    /// Parameter values per content line.
    pub parameters: usize,
    /// Values per comma-separated list, such as EXDATE.
    pub list_values: usize,
    /// VTIMEZONE components that are evaluated because their name matches no known zone.
    pub custom_zones: usize,
    /// Observances (STANDARD, DAYLIGHT) per VTIMEZONE.
    pub observances: usize,
    /// Recurring events per file that are expanded or checked against their own rules.
    pub recurring_events: usize,
    /// Steps in the expansion of one rule; see
    /// [`recurrence::Limits`](calendar_domain::recurrence::ExpansionLimits::max_iterations).
    pub rule_steps: u64,
    /// Findings kept in full; further ones are only counted.
    pub findings: usize,
}

impl ReadLimits {
    /// Returns the limits on the expansion of one untrusted rule.
    pub fn of_rule(&self) -> RuleLimits {
        RuleLimits {
            max_iterations: self.rule_steps,
            ..RuleLimits::default()
        }
    }
}

impl Default for ReadLimits {
    fn default() -> Self {
        ReadLimits {
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
