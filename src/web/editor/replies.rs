//! Texts that editors often reply with: each button puts one into its field.

use crate::web::login::FormFields;
use calendar_language::Words;

/// The part of the form that a reply belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReplyKind {
    /// Asking for changes.
    Ask,
    /// Rejecting.
    Reject,
}

/// A text for a field.
#[derive(Debug)]
pub(super) struct Reply {
    /// Value of its button.
    pub(super) action: String,
    /// The field that it is put into.
    pub(super) field: &'static str,
    /// The text.
    pub(super) text: String,
}

/// The replies: to what, the field, and the key of the text.
const REPLIES: [(ReplyKind, &str, &str); 8] = [
    (ReplyKind::Ask, "comment_date", "reply-time"),
    (ReplyKind::Ask, "comment_place", "reply-place"),
    (ReplyKind::Ask, "comment_summary", "reply-summary"),
    (ReplyKind::Ask, "comment_price", "reply-price"),
    (ReplyKind::Ask, "comment_title", "reply-title"),
    (ReplyKind::Reject, "reason", "review-template-duplicate"),
    (ReplyKind::Reject, "reason", "review-template-scope"),
    (ReplyKind::Reject, "reason", "review-template-facts"),
];

fn action(number: usize) -> String {
    format!("reply/{number}")
}

/// Returns the replies of a kind.
pub(super) fn replies(words: Words, kind: ReplyKind) -> Vec<Reply> {
    let all = REPLIES.iter().enumerate();
    let own = all.filter(|(_, (of, _, _))| *of == kind);
    own.map(|(number, (_, field, key))| Reply {
        action: action(number),
        field,
        text: words.say(key).into_owned(),
    })
    .collect()
}

/// Puts the text of a reply's button into its field, after what is typed there. Returns the reply; `None` if the
/// action is none of a reply.
pub(super) fn fill(words: Words, fields: &mut FormFields) -> Option<(ReplyKind, &'static str)> {
    let asked = fields.get("action").to_owned();
    let mut all = REPLIES.iter().enumerate();
    let (_, (kind, field, key)) = all.find(|(number, _)| action(*number) == asked)?;
    let text = words.say(key);
    let typed = fields.get(field).trim_end().to_owned();
    let value = if typed.contains(text.as_ref()) {
        typed
    } else {
        format!("{typed}\n{text}").trim_start().to_owned()
    };
    fields.0.retain(|(name, _)| name != field);
    fields.0.push(((*field).to_owned(), value));
    Some((*kind, field))
}
