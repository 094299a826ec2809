//! How long personal data is kept.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::ConfigError;

/// How long personal data is kept, in days. There is no setting for keeping it for ever.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RetentionConfig {
    /// Accounts, counted from the last sign-in.
    pub account_days: u32,
    /// Drafts that wait for their author, counted from the last change.
    pub draft_days: u32,
    /// Decided submissions of organizers, counted from the decision or the end of the published event.
    pub submission_days: u32,
    /// Decided suggestions of visitors, and reports, counted from their closing. The default is
    /// `suggestions.address_days`.
    pub visitor_days: Option<u32>,
    /// Mails that were refused.
    pub mail_days: u32,
    /// Invitations that nobody accepted, and requests to join that nobody answered.
    pub invitation_days: u32,
    /// Sessions, counted from the sign-in.
    pub session_days: u32,
    /// Entries of the audit.
    pub audit_days: u32,
}

impl Default for RetentionConfig {
    fn default() -> Self {
        Self {
            account_days: 730,
            draft_days: 730,
            submission_days: 730,
            visitor_days: None,
            mail_days: 30,
            invitation_days: 90,
            session_days: 90,
            audit_days: 365,
        }
    }
}

/// A setting with its key, its bounds, and the bounds in words.
type Bounded = (&'static str, u32, (u32, u32), &'static str);

impl RetentionConfig {
    /// Checks the bounds and returns the first error.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let years = "30 to 3650 days; personal data is not kept for ever";
        let year = "1 to 365 days; personal data is not kept for ever";
        let all: [Bounded; 8] = [
            (
                "retention.account_days",
                self.account_days,
                (180, 3_650),
                "180 to 3650 days; accounts are not kept for ever, and people need time to sign in",
            ),
            ("retention.draft_days", self.draft_days, (30, 3_650), years),
            (
                "retention.submission_days",
                self.submission_days,
                (30, 3_650),
                years,
            ),
            (
                "retention.visitor_days",
                self.visitor_days.unwrap_or(1),
                (1, 365),
                year,
            ),
            ("retention.mail_days", self.mail_days, (1, 365), year),
            (
                "retention.invitation_days",
                self.invitation_days,
                (7, 365),
                "7 to 365 days; personal data is not kept for ever",
            ),
            (
                "retention.session_days",
                self.session_days,
                (1, 90),
                "1 to 90 days; a session ends in any case",
            ),
            ("retention.audit_days", self.audit_days, (30, 3_650), years),
        ];
        let wrong = all
            .into_iter()
            .find(|(_, value, (least, most), _)| !(least..=most).contains(&value));
        match wrong {
            None => Ok(()),
            Some((key, value, _, allowed)) => Err(ConfigError::Range {
                key,
                value: value.to_string(),
                allowed,
            }),
        }
    }
}

/// How long each kind of personal data is kept, in days, with the defaults filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionPeriods {
    /// Accounts, counted from the last sign-in.
    pub account: u32,
    /// Drafts that wait for their author.
    pub draft: u32,
    /// Decided submissions of organizers.
    pub submission: u32,
    /// Decided suggestions of visitors, and closed reports.
    pub visitor: u32,
    /// Addresses of visitors.
    pub visitor_address: u32,
    /// Mails that were refused.
    pub mail: u32,
    /// Unanswered invitations and requests to join.
    pub invitation: u32,
    /// Sessions, counted from the sign-in.
    pub session: u32,
    /// Entries of the audit.
    pub audit: u32,
}

impl RetentionPeriods {
    /// Returns the periods of settings.
    #[must_use]
    pub(super) fn new(config: &RetentionConfig, address_days: u32) -> Self {
        Self {
            account: config.account_days,
            draft: config.draft_days,
            submission: config.submission_days,
            visitor: config.visitor_days.unwrap_or(address_days),
            visitor_address: address_days,
            mail: config.mail_days,
            invitation: config.invitation_days,
            session: config.session_days,
            audit: config.audit_days,
        }
    }

    /// Returns a period as a length of time.
    #[must_use]
    pub fn time(days: u32) -> TimeDelta {
        TimeDelta::days(days.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sets a value to a number of days.
    type Set = fn(&mut RetentionConfig, u32);

    #[test]
    fn no_period_is_endless_or_absurd_and_the_defaults_are_right() {
        RetentionConfig::default().check().unwrap();
        let all: [(&str, u32, Set); 8] = [
            ("account_days", 180, |c, days| c.account_days = days),
            ("draft_days", 30, |c, days| c.draft_days = days),
            ("submission_days", 30, |c, days| c.submission_days = days),
            ("visitor_days", 1, |c, days| c.visitor_days = Some(days)),
            ("mail_days", 1, |c, days| c.mail_days = days),
            ("invitation_days", 7, |c, days| c.invitation_days = days),
            ("session_days", 1, |c, days| c.session_days = days),
            ("audit_days", 30, |c, days| c.audit_days = days),
        ];
        for (key, least, set) in all {
            for (days, is_right) in [
                (0, false),
                (least - 1, false),
                (least, true),
                (99_999, false),
            ] {
                let mut config = RetentionConfig::default();
                set(&mut config, days);
                match config.check() {
                    Ok(()) => assert!(is_right, "{key} = {days}"),
                    Err(error) => {
                        let text = error.to_string();
                        assert!(!is_right && text.contains(key), "{key} = {days}: {text}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_visitors_write_is_kept_as_long_as_their_addresses_unless_set() {
        let mut config = RetentionConfig::default();
        assert_eq!(RetentionPeriods::new(&config, 45).visitor, 45);
        config.visitor_days = Some(10);
        let periods = RetentionPeriods::new(&config, 45);
        assert_eq!((periods.visitor, periods.visitor_address), (10, 45));
    }
}
