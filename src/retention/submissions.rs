//! When submissions, reports and mails are due.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::catalog::Snapshot;
use crate::config::RetentionPeriods;
use calendar_domain::zone::to_local;
use calendar_domain::{
    Event, EventReport, MailState, OutgoingMail, Proposer, Submission, SubmissionState,
};

/// The time and the public events that decide what is due.
#[derive(Clone, Copy)]
pub(super) struct DueContext<'a> {
    pub(super) now: DateTime<Utc>,
    pub(super) periods: &'a RetentionPeriods,
    pub(super) snapshot: &'a Snapshot,
}

impl DueContext<'_> {
    fn zone(&self) -> Tz {
        self.snapshot.region().time_zone
    }

    fn today(&self) -> NaiveDate {
        to_local(self.now, self.zone()).date()
    }

    fn is_past(&self, since: DateTime<Utc>, days: u32) -> bool {
        since + TimeDelta::days(days.into()) <= self.now
    }

    /// Returns true if a submission waited for its author for too long.
    pub(super) fn is_old_draft(&self, submission: &Submission) -> bool {
        let waits = matches!(
            submission.state,
            SubmissionState::Draft | SubmissionState::ChangesWanted
        );
        waits && self.is_past(submission.modified, self.periods.draft)
    }

    /// Returns true if a submission was decided long ago, and its public event is over as long.
    pub(super) fn is_old_decision(&self, submission: &Submission) -> bool {
        let days = match submission.proposer {
            Proposer::Member { .. } => self.periods.submission,
            Proposer::Visitor { .. } => self.periods.visitor,
        };
        match submission.state {
            SubmissionState::Draft
            | SubmissionState::ChangesWanted
            | SubmissionState::Submitted => false,
            SubmissionState::Rejected | SubmissionState::Withdrawn => {
                self.is_past(submission.modified, days)
            }
            SubmissionState::Approved => {
                let public = self.snapshot.event(&submission.event);
                let public = public.map(|entry| entry.event());
                let event = public.as_deref().or(submission.next.as_deref());
                self.is_past(submission.modified, days)
                    && event.is_none_or(|event| self.is_long_over(event, days))
            }
        }
    }

    /// Returns true if the last day of an event was so many days ago.
    fn is_long_over(&self, event: &Event, days: u32) -> bool {
        // The end is the day after the last one.
        let (_, end) = event.schedule.span(self.zone());
        end.is_some_and(|end| (self.today() - end).num_days() >= i64::from(days))
    }

    /// Returns true if a report was closed long ago.
    pub(super) fn is_old_report(&self, report: &EventReport) -> bool {
        let closing = report.closing.as_ref();
        closing.is_some_and(|closing| self.is_past(closing.at, self.periods.visitor))
    }

    /// Returns true if a mail was given up long ago.
    pub(super) fn is_old_mail(&self, mail: &OutgoingMail) -> bool {
        match mail.state {
            MailState::Bounced { at, .. } => self.is_past(at, self.periods.mail),
            MailState::Waiting { .. } => false,
        }
    }
}
