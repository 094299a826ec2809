//! Accounts without a sign-in: the notice by mail, and the deletion.
//!
//! An account is deleted only if its owner was told so 30 days before and did not sign in since, also where the server was
//! off or without mail on the day on which the notice was due. The last editor of the whole region is never deleted.

use chrono::{DateTime, TimeDelta, Utc};

use crate::catalog::Calendar;
use crate::login::accounts::is_last_chief;
use crate::personal_data::{self, PersonalDataError, RemovalRequest};
use calendar_domain::zone::to_local;
use calendar_domain::{
    Account, BackupHold, ErasureCause, MailFacts, MailKind, OutgoingMail, OwnEvents,
};
use calendar_language::{Words, Year};
use calendar_store::{Author, Change, Revision, StoreError, records};

/// Days between the notice and the deletion.
pub const NOTICE_DAYS: i64 = 30;

/// What is to be done with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AccountDue {
    Nothing,
    /// Its owner gets a notice; the time of the deletion.
    Notice(DateTime<Utc>),
    Deletion,
}

/// Returns what is to be done with an account that is kept for so many days after the last sign-in.
fn due(account: &Account, days: u32, now: DateTime<Utc>) -> AccountDue {
    let since = account.signed_in.unwrap_or(account.created);
    let end = since + TimeDelta::days(days.into());
    let notice = TimeDelta::days(NOTICE_DAYS);
    // A notice from before the last sign-in is void, and one of a clock that was ahead.
    match account
        .deletion_notice
        .filter(|told| *told > since && *told <= now)
    {
        None if now >= end - notice => AccountDue::Notice(end.max(now + notice)),
        Some(told) if now >= end && now >= told + notice => AccountDue::Deletion,
        _ => AccountDue::Nothing,
    }
}

/// Writes the notices that are due. Returns their number.
///
/// # Errors
/// Errors if the store fails.
pub(super) fn give_notice(calendar: &Calendar, days: u32) -> Result<usize, StoreError> {
    let all = records::every::<Account>(calendar)?;
    let now = calendar.clock().now();
    let mut told = 0;
    for (account, revision) in &all {
        let AccountDue::Notice(end) = due(account, days, now) else {
            continue;
        };
        if is_last_chief(&all, account) {
            continue;
        }
        let mut next = account.clone();
        next.deletion_notice = Some(now);
        let mail = notice(calendar, account, end);
        let changes = vec![
            Change::create(mail.into()),
            Change::update(next.into(), *revision),
        ];
        match calendar.write(Author::System, "told of the end of an account", changes) {
            Ok(()) => told += 1,
            // The person signed in just now.
            Err(error) if error.is_overtaken() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(told)
}

fn notice(calendar: &Calendar, account: &Account, end: DateTime<Utc>) -> OutgoingMail {
    let words = Words::new(account.language);
    let zone = calendar.snapshot().region().time_zone;
    let day = to_local(end, zone).date();
    let prefix = words.lang().path_prefix();
    let facts = MailFacts {
        subject: Some(words.date(day, Year::Said)),
        path: Some(format!("{prefix}/login")),
        ..MailFacts::default()
    };
    let clock = calendar.clock();
    OutgoingMail::new(
        clock.new_id().into(),
        account.email.clone(),
        account.language,
        MailKind::AccountEnding,
        facts,
        clock.now(),
    )
}

/// Deletes the accounts that are due, with everything about their owners. Returns their number.
///
/// # Errors
/// Errors if the store fails.
pub(super) fn remove_due(
    calendar: &Calendar,
    days: u32,
    backups: BackupHold,
    is_mailed: bool,
) -> Result<usize, PersonalDataError> {
    let now = calendar.clock().now();
    let mut removed = 0;
    for (known, _) in records::every::<Account>(calendar)? {
        // Read again: the person may have signed in just now.
        let all = records::every::<Account>(calendar)?;
        let is_due = |(account, _): &&(Account, Revision)| {
            account.id == known.id
                && due(account, days, now) == AccountDue::Deletion
                && !is_last_chief(&all, account)
        };
        let Some((account, _)) = all.iter().find(is_due) else {
            continue;
        };
        let request = RemovalRequest {
            account: account.id.clone(),
            cause: ErasureCause::Retention,
            own_events: OwnEvents::Keep,
            backups,
            language: account.language,
            is_mailed,
        };
        match personal_data::remove(calendar, &request) {
            Ok(_) => removed += 1,
            Err(PersonalDataError::NoAccount) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use calendar_domain::Lang;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn an_account_ends_thirty_days_after_its_notice_and_not_before_its_time() {
        let id = uuid::Uuid::nil().into();
        let email = "kari@example.org".parse().unwrap();
        let mut account = Account::new(id, email, Lang::Nb, at("2020-01-01T00:00:00Z"));
        account.signed_in = Some(at("2024-01-01T00:00:00Z"));
        let end = at("2024-12-31T00:00:00Z");
        let due = |account: &Account, now: &str| due(account, 365, at(now));
        assert_eq!(due(&account, "2024-11-30T23:59:59Z"), AccountDue::Nothing);
        assert_eq!(
            due(&account, "2024-12-01T00:00:00Z"),
            AccountDue::Notice(end)
        );
        // The server was off: the person gets the whole time.
        let late = AccountDue::Notice(at("2025-07-01T00:00:00Z"));
        assert_eq!(due(&account, "2025-06-01T00:00:00Z"), late);
        account.deletion_notice = Some(at("2024-12-01T00:00:00Z"));
        assert_eq!(due(&account, "2024-12-30T23:59:59Z"), AccountDue::Nothing);
        assert_eq!(due(&account, "2024-12-31T00:00:00Z"), AccountDue::Deletion);
        account.deletion_notice = Some(at("2025-06-01T00:00:00Z"));
        assert_eq!(due(&account, "2025-06-30T23:59:59Z"), AccountDue::Nothing);
        assert_eq!(due(&account, "2025-07-01T00:00:00Z"), AccountDue::Deletion);
        // The person signed in after all.
        account.signed_in = Some(at("2025-06-02T00:00:00Z"));
        assert_eq!(due(&account, "2025-07-01T00:00:00Z"), AccountDue::Nothing);
        let again = AccountDue::Notice(at("2026-06-02T00:00:00Z"));
        assert_eq!(due(&account, "2026-05-03T00:00:00Z"), again);
    }
}
