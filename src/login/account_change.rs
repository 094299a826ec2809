//! Changes of accounts that exist.

use chrono::{DateTime, Utc};

use crate::catalog::Calendar;
use calendar_domain::{Account, Lang, OutgoingMail};
use calendar_store::{Author, Change, Commit, Store, StoreError, records};

/// Number of attempts where another commit comes first.
const ATTEMPTS: usize = 5;

/// Changes an account, and adds the mail that `change` returns to the commit. Returns the account after that, or `None`
/// if there is none. `change` is called again if another commit comes first, and its errors keep the account as it is.
///
/// # Errors
/// Returns the errors of `change`. Errors if the store fails.
pub(super) fn change_account<E: From<StoreError>>(
    calendar: &Calendar,
    author: &Author,
    id: &str,
    mut change: impl FnMut(&mut Account, DateTime<Utc>) -> Result<Option<OutgoingMail>, E>,
) -> Result<Option<Account>, E> {
    let mut attempt = 1;
    loop {
        let now = calendar.clock().now();
        let Some((mut account, revision)) = records::one::<Account>(calendar, id)? else {
            return Ok(None);
        };
        let mail = change(&mut account, now)?;
        let mail = mail.map(|mail| Change::create(mail.into()));
        let changed = Change::update(account.clone().into(), revision);
        let commit = Commit {
            author: author.clone(),
            at: now,
            note: String::new(),
            changes: [changed].into_iter().chain(mail).collect(),
        };
        match calendar.commit(commit) {
            Err(error) if error.is_overtaken() && attempt < ATTEMPTS => attempt += 1,
            outcome => {
                outcome?;
                return Ok(Some(account));
            }
        }
    }
}

/// Notes in an account that the person signed in.
pub(super) fn note_sign_in(account: &mut Account, language: Lang, now: DateTime<Utc>) {
    // Sign-ins were not counted before.
    let before = account.sign_ins.max(u32::from(account.signed_in.is_some()));
    account.sign_ins = before.saturating_add(1);
    account.signed_in = Some(now);
    account.language = language;
}
