//! The form that rejects several suggestions of visitors, as it is shown in the queue.

use calendar_domain::Submission;
use calendar_language::Words;

use super::replies::{Reply, ReplyKind, replies};

/// The form as it is shown.
#[derive(Debug, Default)]
pub(super) struct RejectionForm {
    /// Values of the boxes that are ticked.
    pub(super) chosen: Vec<String>,
    pub(super) reason: String,
    /// What is wrong; may be empty.
    pub(super) error: String,
    /// Whether the reason is wrong.
    pub(super) is_reason_wrong: bool,
}

/// Returns the value of the box of a suggestion; empty if it is none of a visitor.
pub(super) fn box_of(submission: &Submission) -> String {
    if submission.organisation().is_some() {
        return String::new();
    }
    format!("{}/{}", submission.id, submission.modified.to_rfc3339())
}

impl RejectionForm {
    /// Returns the texts that editors often reply with.
    pub(super) fn replies(words: Words) -> Vec<Reply> {
        replies(words, ReplyKind::Reject)
    }
}
