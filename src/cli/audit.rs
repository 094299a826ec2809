//! `account audit`: who read personal data of others.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::Args;
use serde_json::json;

use crate::audit::{self, AuditFilter, AuditedReading};
use crate::login::{LoginError, accounts};
use calendar_domain::{AccountId, AuditEntry, AuditReader, AuditSubject, EmailAddress};

use super::open::OpenCalendar;
use super::session::Session;
use super::{Ending, Failure, Output};

#[derive(Debug, Args)]
pub(crate) struct AuditArguments {
    /// Only what the account with this address read
    #[arg(long, value_name = "EMAIL")]
    by: Option<EmailAddress>,
    /// Only who read data of the account with this address
    #[arg(long, value_name = "EMAIL")]
    about: Option<EmailAddress>,
    /// Maximum number of entries, the latest first [default: all]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

/// Returns the id of the account with an address.
fn account(opened: &OpenCalendar, email: &EmailAddress) -> Result<AccountId, Failure> {
    let known = accounts::with_email(&opened.calendar, email)?;
    let (account, _) = known.ok_or_else(|| LoginError::NoAccount(email.clone()))?;
    Ok(account.id)
}

/// Prints the entries. That is a reading of personal data, too.
pub(super) fn run(
    opened: &OpenCalendar,
    arguments: &AuditArguments,
    session: &mut Session<'_>,
) -> Result<Ending, Failure> {
    let of = |email: &Option<EmailAddress>| email.as_ref().map(|email| account(opened, email));
    let filter = AuditFilter {
        by: of(&arguments.by).transpose()?.map(AuditReader::Account),
        about: of(&arguments.about).transpose()?,
    };
    let own = AuditedReading::of_list(AuditSubject::Audit, "account audit");
    audit::note_reading(&opened.calendar, AuditReader::Operator, own)?;
    let most = arguments.limit.unwrap_or(usize::MAX);
    let found = audit::entries(&*opened.calendar, &filter, 0, most)?;
    let people = accounts::list(&opened.calendar)?.into_iter();
    let people: BTreeMap<AccountId, String> = people
        .map(|account| (account.id, account.email.to_string()))
        .collect();
    session.print(&match session.output {
        Output::Json => {
            let object = json!({"items": found.entries, "unreadable": found.unreadable});
            format!("{object}\n")
        }
        Output::Text => {
            let mut out: String = found
                .entries
                .iter()
                .map(|entry| line(&people, entry))
                .collect();
            if found.unreadable > 0 {
                // Writing to a string cannot fail.
                let _ = writeln!(out, "{} lines cannot be read", found.unreadable);
            }
            out
        }
    })?;
    Ok(if found.unreadable == 0 {
        Ending::Done
    } else {
        Ending::Findings
    })
}

fn line(people: &BTreeMap<AccountId, String>, entry: &AuditEntry) -> String {
    let name = |id: &AccountId| people.get(id).cloned().unwrap_or_else(|| id.to_string());
    let by = match &entry.by {
        AuditReader::Account(id) => name(id),
        AuditReader::Operator => entry.by.to_string(),
    };
    let at = entry.at.format("%Y-%m-%d %H:%M UTC");
    let about: Vec<String> = entry.about.iter().map(name).collect();
    let about = match about.len() {
        0 => String::new(),
        _ => format!("  about {}", about.join(", ")),
    };
    format!(
        "{at}  {by}  {}  {}{about}\n",
        entry.subject.as_str(),
        entry.page
    )
}
