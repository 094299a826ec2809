//! Mails that did not arrive.

use calendar_domain::{MailState, OutgoingMail};
use calendar_store::{Store, StoreError, records};

/// Returns the mails that were given up or whose last attempt failed: those given up first, the latest first.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn undelivered(store: &dyn Store) -> Result<Vec<OutgoingMail>, StoreError> {
    let all = records::every::<OutgoingMail>(store)?.into_iter();
    let has_failed = |mail: &OutgoingMail| match &mail.state {
        MailState::Bounced { .. } => true,
        MailState::Waiting { error, .. } => error.is_some(),
    };
    let mut found: Vec<_> = all.map(|(mail, _)| mail).filter(has_failed).collect();
    found.sort_by_key(|mail| {
        let (waits, at) = match &mail.state {
            MailState::Bounced { at, .. } => (false, at),
            MailState::Waiting { next, .. } => (true, next),
        };
        (waits, std::cmp::Reverse(*at), mail.id.clone())
    });
    Ok(found)
}
