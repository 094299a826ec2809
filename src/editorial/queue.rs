//! The queue of editors: what waits for a decision.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::catalog::Snapshot;
use calendar_domain::{
    EventReport, Organisation, OrganisationStanding, Record, RecordKind, Submission,
    SubmissionState,
};
use calendar_store::{Store, StoreError};

use super::actor::{Actor, may_decide_on};
use super::organisations::is_overdue;
use super::reports::open_reports;

/// Number of the latest decisions whose waiting times count.
const DECISIONS_COUNTED: usize = 50;

/// What waits for an editor.
#[derive(Debug, Clone, Default)]
pub struct EditorQueue {
    /// Submissions, by the date of the event, then by waiting time.
    pub submissions: Vec<Submission>,
    /// Mistakes that visitors report, the oldest first.
    pub reports: Vec<EventReport>,
    /// Organisations that an editor has not decided on, the oldest first.
    pub organisations: Vec<Organisation>,
    /// Organisations whose administrators have left a request to join unanswered, by name.
    pub requests: Vec<Organisation>,
}

/// Returns what waits for an editor: the submissions and reports of their municipalities, and all organisations and
/// overdue requests to join.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn queue(
    store: &dyn Store,
    snapshot: &Snapshot,
    actor: &Actor,
) -> Result<EditorQueue, StoreError> {
    let mut queue = EditorQueue {
        reports: open_reports(store, snapshot, actor)?,
        ..EditorQueue::default()
    };
    let kinds = [RecordKind::Submission, RecordKind::Organisation];
    store.scan(&kinds, &mut |batch| {
        for stored in batch {
            match stored.record {
                Record::Submission(submission) if is_waiting(snapshot, actor, &submission) => {
                    queue.submissions.push(Submission::clone(&submission));
                }
                Record::Organisation(organisation) => {
                    let mut asked = organisation.requests.values();
                    if asked.any(|at| is_overdue(&organisation, *at, actor.now)) {
                        queue.requests.push(Organisation::clone(&organisation));
                    }
                    if organisation.standing == OrganisationStanding::Pending {
                        queue.organisations.push(Organisation::clone(&organisation));
                    }
                }
                _ => {}
            }
        }
    })?;
    queue.submissions.sort_by_cached_key(|submission| {
        (
            next_day(submission),
            submission.waits_since(),
            submission.id.clone(),
        )
    });
    queue
        .organisations
        .sort_by(|a, b| (a.registered, &a.id).cmp(&(b.registered, &b.id)));
    queue
        .requests
        .sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    Ok(queue)
}

fn is_waiting(snapshot: &Snapshot, actor: &Actor, submission: &Submission) -> bool {
    submission.state == SubmissionState::Submitted && may_decide_on(snapshot, actor, submission)
}

fn next_day(submission: &Submission) -> Option<NaiveDate> {
    submission.next.as_ref()?.schedule.leading_day()
}

/// Returns the median time from sending to the decision, over the latest decisions of editors. Returns `None` if there
/// are none.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn median_wait(store: &dyn Store) -> Result<Option<TimeDelta>, StoreError> {
    let mut waits: Vec<(DateTime<Utc>, TimeDelta)> = Vec::new();
    store.scan(&[RecordKind::Submission], &mut |batch| {
        for stored in batch {
            if let Record::Submission(submission) = stored.record {
                waits.extend(waits_of(&submission));
            }
        }
    })?;
    waits.sort_by_key(|(decided, _)| std::cmp::Reverse(*decided));
    waits.truncate(DECISIONS_COUNTED);
    Ok(median(waits.into_iter().map(|(_, wait)| wait).collect()))
}

fn waits_of(submission: &Submission) -> impl Iterator<Item = (DateTime<Utc>, TimeDelta)> + '_ {
    let pairs = submission.history.windows(2);
    pairs.filter_map(|pair| {
        let is_decision = matches!(
            pair[1].state,
            SubmissionState::Approved | SubmissionState::ChangesWanted | SubmissionState::Rejected
        );
        let waited = pair[0].state == SubmissionState::Submitted && is_decision;
        waited.then(|| (pair[1].at, pair[1].at - pair[0].at))
    })
}

/// Returns the middle value; of an even number, the mean of the two.
fn median(mut waits: Vec<TimeDelta>) -> Option<TimeDelta> {
    waits.sort_unstable();
    let middle = waits.len() / 2;
    let upper = *waits.get(middle)?;
    if waits.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *waits.get(middle.checked_sub(1)?)?;
    Some(lower + (upper - lower) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_of_the_waiting_times() {
        let hours =
            |all: &[i64]| median(all.iter().map(|number| TimeDelta::hours(*number)).collect());
        assert_eq!(hours(&[]), None);
        assert_eq!(hours(&[5]), Some(TimeDelta::hours(5)));
        assert_eq!(hours(&[90, 1, 3]), Some(TimeDelta::hours(3)));
        assert_eq!(hours(&[1, 5]), Some(TimeDelta::hours(3)));
    }
}
