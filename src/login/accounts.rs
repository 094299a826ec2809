//! The records of accounts.

use chrono::{DateTime, Utc};

use crate::catalog::Calendar;
use calendar_domain::{Account, AccountId, Claim, EditorScope, EmailAddress, Lang, OutgoingMail};
use calendar_store::{Author, Change, Commit, Revision, Store, StoreError, records};

use super::account_change;

/// Number of attempts where another commit comes first.
const ATTEMPTS: usize = 5;

/// Returns the account with an id.
///
/// # Errors
/// Errors if the store can't be read.
pub fn with_id(calendar: &Calendar, id: &AccountId) -> Result<Option<Account>, StoreError> {
    Ok(records::one::<Account>(calendar, id.as_str())?.map(|(account, _)| account))
}

/// Returns the account with an address, however it is written.
///
/// # Errors
/// Errors if the store can't be read.
pub fn with_email(
    calendar: &Calendar,
    email: &EmailAddress,
) -> Result<Option<(Account, Revision)>, StoreError> {
    let holders = calendar.holders(&Claim::AccountEmail(email.clone()))?;
    match holders.first() {
        Some(key) => records::one::<Account>(calendar, &key.id),
        None => Ok(None),
    }
}

/// Returns all accounts, sorted by address.
///
/// # Errors
/// Errors if the store can't be read.
pub fn list(calendar: &Calendar) -> Result<Vec<Account>, StoreError> {
    let all = records::every::<Account>(calendar)?.into_iter();
    let mut all: Vec<Account> = all.map(|(account, _)| account).collect();
    all.sort_by_key(|account| account.email.key());
    Ok(all)
}

/// Returns true if there is an editor.
///
/// # Errors
/// Errors if the store can't be read.
pub fn has_editor(calendar: &Calendar) -> Result<bool, StoreError> {
    Ok(list(calendar)?
        .iter()
        .any(|account| account.editor.is_some()))
}

/// Returns true if an account is the only one of all that edits everything.
#[must_use]
pub fn is_last_chief(all: &[(Account, Revision)], account: &Account) -> bool {
    let is_chief = |account: &Account| account.editor == Some(EditorScope::All);
    let mut others = all.iter().filter(|(other, _)| other.id != account.id);
    is_chief(account) && !others.any(|(other, _)| is_chief(other))
}

/// Changes the account with an address, or creates it. `mail` is added to the commit. Returns the account after that,
/// and true if it is new. Only for who has proved the address, or invites it: otherwise an account that is deleted at the same
/// time would come back. See [`change_known`].
///
/// # Errors
/// Errors if the store fails.
pub fn change(
    calendar: &Calendar,
    author: &Author,
    email: &EmailAddress,
    language: Lang,
    mail: Option<&OutgoingMail>,
    change: impl Fn(&mut Account, DateTime<Utc>),
) -> Result<(Account, bool), StoreError> {
    let mut attempt = 1;
    loop {
        let now = calendar.clock().now();
        let known = with_email(calendar, email)?;
        let is_new = known.is_none();
        let (mut account, expected) = match known {
            Some((account, revision)) => (account, Some(revision)),
            None => {
                let id = calendar.clock().new_id().into();
                (Account::new(id, email.clone(), language, now), None)
            }
        };
        change(&mut account, now);
        let change = match expected {
            Some(revision) => Change::update(account.clone().into(), revision),
            None => Change::create(account.clone().into()),
        };
        let mail = mail.map(|mail| Change::create(mail.clone().into()));
        let commit = Commit {
            author: author.clone(),
            at: now,
            note: String::new(),
            changes: [change].into_iter().chain(mail).collect(),
        };
        match calendar.commit(commit) {
            Err(error) if error.is_overtaken() && attempt < ATTEMPTS => {
                attempt += 1;
            }
            outcome => return outcome.map(|_| (account, is_new)),
        }
    }
}

/// Changes an account that exists. Returns the account after that, or `None` if it is gone.
///
/// # Errors
/// Errors if the store fails.
pub fn change_known(
    calendar: &Calendar,
    author: &Author,
    id: &AccountId,
    change: impl Fn(&mut Account),
) -> Result<Option<Account>, StoreError> {
    account_change::change_account(calendar, author, id.as_str(), |account, _| {
        change(account);
        Ok(None)
    })
}

/// Notes that a person signed in with a proven address; `grant` makes them an editor. Returns the account, and true if it
/// is new.
///
/// # Errors
/// Errors if the store fails.
pub(super) fn note_sign_in(
    calendar: &Calendar,
    email: &EmailAddress,
    language: Lang,
    grant: Option<&EditorScope>,
) -> Result<(Account, bool), StoreError> {
    let note = |account: &mut Account, now| {
        account_change::note_sign_in(account, language, now);
        if let Some(scope) = grant {
            account.editor = Some(scope.clone());
        }
    };
    change(calendar, &Author::System, email, language, None, note)
}
