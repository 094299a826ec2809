//! `account`: the accounts of organizers and editors.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use url::Url;

use crate::audit::{AuditedReading, note_reading};
use crate::login::{LoginError, accounts, invitations};
use crate::personal_data::{
    RemovalRequest, backup_hold, find_receipt, finish, receipt_lines, remove,
};
use calendar_domain::{
    Account, AuditReader, AuditSubject, EditorScope, EmailAddress, ErasureCause, Lang, MailFacts,
    MailKind, MunicipalityNumber, OutgoingMail, OwnEvents,
};
use calendar_language::Words;
use calendar_store::Author;

use super::audit::{self, AuditArguments};
use super::open::OpenCalendar;
use super::session::Session;
use super::{Ending, Failure, Output, examples};

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Create an account and notify its owner by mail, or print a link that grants the editor role
    #[command(after_help = examples::ACCOUNT_INVITE)]
    Invite(InviteArguments),
    /// List all accounts with their roles
    #[command(after_help = examples::ACCOUNT_LIST)]
    List,
    /// List who read personal data of others: editors on their pages, and operators by command
    #[command(after_help = examples::ACCOUNT_AUDIT)]
    Audit(AuditArguments),
    /// Change the role of an account
    #[command(after_help = examples::ACCOUNT_ROLE)]
    Role {
        /// The mail address of the account
        email: EmailAddress,
        /// The new role
        #[arg(value_enum)]
        role: Role,
        /// Numbers of the editor's municipalities [default: all events]
        #[arg(long = "municipality", value_name = "NUMBER")]
        municipalities: Vec<MunicipalityNumber>,
    },
    /// Delete an account with the person's data, from all files of the store, and print the receipt
    ///
    /// The owner of the address may sign in again, with a new account. Backups keep the data until they are replaced.
    #[command(visible_alias = "remove", after_help = examples::ACCOUNT_REMOVE)]
    Delete {
        /// The mail address of the account
        email: EmailAddress,
        /// What becomes of public events of organisations without any other member
        #[arg(long, value_enum, default_value_t = PublicEvents::Keep)]
        events: PublicEvents,
    },
}

/// What becomes of public events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PublicEvents {
    /// They stay, without a contact
    Keep,
    /// They are withdrawn; subscribers see title, time and place as cancelled
    Withdraw,
}

#[derive(Debug, Args)]
pub(crate) struct InviteArguments {
    /// The mail address of the account; if omitted, the command prints a link
    #[arg(required_unless_present = "editor")]
    email: Option<EmailAddress>,
    /// Grant the editor role
    #[arg(long)]
    editor: bool,
    /// Numbers of the editor's municipalities [default: all events]
    #[arg(long = "municipality", value_name = "NUMBER", requires = "editor")]
    municipalities: Vec<MunicipalityNumber>,
    /// Language of the mail: nb, nn or en
    #[arg(long, value_name = "LANG", default_value = "nb")]
    language: Lang,
}

/// Role of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Role {
    /// Decides on events
    Editor,
    /// Registers own events
    Organizer,
}

pub fn run(
    opened: &OpenCalendar,
    command: &AccountCommand,
    session: &mut Session<'_>,
) -> Result<Ending, Failure> {
    match command {
        AccountCommand::Invite(arguments) => match &arguments.email {
            Some(email) => invite(opened, email, arguments, session)?,
            None => print_link(opened, arguments, session)?,
        },
        AccountCommand::List => list(opened, session)?,
        AccountCommand::Audit(arguments) => return audit::run(opened, arguments, session),
        AccountCommand::Role {
            email,
            role,
            municipalities,
        } => change_role(opened, email, *role, municipalities, session)?,
        AccountCommand::Delete { email, events } => {
            let own_events = match events {
                PublicEvents::Keep => OwnEvents::Keep,
                PublicEvents::Withdraw => OwnEvents::Withdraw,
            };
            delete(opened, email, own_events, session)?;
        }
    }
    Ok(Ending::Done)
}

fn delete(
    opened: &OpenCalendar,
    email: &EmailAddress,
    own_events: OwnEvents,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    let (calendar, clock) = (&opened.calendar, opened.calendar.clock());
    let known = accounts::with_email(calendar, email)?;
    let (account, _) = known.ok_or_else(|| LoginError::NoAccount(email.clone()))?;
    let request = RemovalRequest {
        account: account.id,
        cause: ErasureCause::Operator,
        own_events,
        backups: backup_hold(&opened.config.backup, clock.now()),
        language: account.language,
        is_mailed: opened.config.mail.smtp.is_some(),
    };
    let begun = remove(calendar, &request)?;
    finish(&**calendar, &**clock)?;
    let erasure = find_receipt(&**calendar, &begun.id)?.unwrap_or(begun);
    let lines = receipt_lines(Words::new(Lang::En), &erasure);
    let email = account.email;
    session.print(&match session.output {
        Output::Json => {
            let receipt = json!({"removed": email, "number": erasure.id, "receipt": lines});
            format!("{receipt}\n")
        }
        Output::Text => format!("removed the account {email}\n{}\n", lines.join("\n")),
    })?;
    Ok(())
}

/// Returns the scope of the named municipalities, or of all events.
///
/// # Errors
/// Errors if the region has no such municipality.
fn scope(
    opened: &OpenCalendar,
    municipalities: &[MunicipalityNumber],
) -> Result<EditorScope, Failure> {
    if municipalities.is_empty() {
        return Ok(EditorScope::All);
    }
    let snapshot = opened.calendar.snapshot();
    for number in municipalities {
        if snapshot.region().municipality(number.as_str()).is_none() {
            let known = snapshot.region().municipalities.iter();
            let known: Vec<String> = known
                .map(|text| format!("{} {}", text.number, text.name))
                .collect();
            let known = known.join(", ");
            return Err(format!(
                "{number} is not a municipality of this region; the municipalities are {known}"
            )
            .into());
        }
    }
    let numbers: BTreeSet<_> = municipalities.iter().cloned().collect();
    Ok(EditorScope::Municipalities(numbers))
}

/// Returns the public address of a path: that of the running server, or the configured one, or the default of `serve`.
fn address(opened: &OpenCalendar, path: &str) -> String {
    let running = opened.site.as_ref().map(|site| site.base().to_string());
    let configured = opened.config.base_url.as_ref().map(Url::to_string);
    let base = running.or(configured);
    let base = base.unwrap_or_else(|| "http://127.0.0.1:8000/".to_owned());
    format!("{}{path}", base.trim_end_matches('/'))
}

/// Returns what to know about [`address`] if it is a guess: the calendar may be elsewhere.
fn address_note(opened: &OpenCalendar) -> &'static str {
    if opened.site.is_none() && opened.config.base_url.is_none() {
        "(base_url is not set and no server is running: replace the host by the address that serve prints)\n"
    } else {
        ""
    }
}

fn print_link(
    opened: &OpenCalendar,
    arguments: &InviteArguments,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    let scope = scope(opened, &arguments.municipalities)?;
    let secret = invitations::create(&opened.calendar, scope)?;
    let path = format!("/login/invitation?token={}", secret.text());
    let (url, hours) = (address(opened, &path), invitations::HOURS);
    let note = address_note(opened);
    session.print(&match session.output {
        Output::Json => format!("{}\n", json!({"url": url, "hours": hours})),
        Output::Text => {
            format!("the first person to open this link within {hours} hours becomes an editor:\n{url}\n{note}")
        }
    })?;
    Ok(())
}

fn invite(
    opened: &OpenCalendar,
    email: &EmailAddress,
    arguments: &InviteArguments,
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    let calendar = &opened.calendar;
    let granted = match arguments.editor {
        true => Some(scope(opened, &arguments.municipalities)?),
        false => None,
    };
    let words = Words::new(arguments.language);
    let to_what = if arguments.editor {
        "mail-invited-editors"
    } else {
        "mail-invited-organizers"
    };
    let facts = MailFacts {
        subject: Some(words.say(to_what).into_owned()),
        path: Some("/login".to_owned()),
        ..MailFacts::default()
    };
    let clock = calendar.clock();
    let mail = OutgoingMail::new(
        clock.new_id().into(),
        email.clone(),
        arguments.language,
        MailKind::Invited,
        facts,
        clock.now(),
    );
    let has_mail = opened.config.mail.smtp.is_some();
    let mail = has_mail.then_some(&mail);
    let (account, is_new) = accounts::change(
        calendar,
        &Author::Operator,
        email,
        arguments.language,
        mail,
        |account, _| {
            if let Some(scope) = &granted {
                account.editor = Some(scope.clone());
            }
        },
    )?;
    let (email, url) = (&account.email, address(opened, "/login"));
    session.print(&match session.output {
        Output::Json => {
            let role = role_name(&account);
            format!(
                "{}\n",
                json!({"email": email, "role": role, "new": is_new, "mail": has_mail})
            )
        }
        Output::Text => {
            let notified = if has_mail {
                "will be notified by mail"
            } else {
                "will not be notified: no mail server is configured"
            };
            let note = address_note(opened);
            format!("{email} may sign in at {url} and {notified}\n{note}")
        }
    })?;
    Ok(())
}

fn change_role(
    opened: &OpenCalendar,
    email: &EmailAddress,
    role: Role,
    municipalities: &[MunicipalityNumber],
    session: &mut Session<'_>,
) -> Result<(), Failure> {
    let calendar = &opened.calendar;
    let known = accounts::with_email(calendar, email)?;
    let unknown = || LoginError::NoAccount(email.clone());
    let (known, _) = known.ok_or_else(&unknown)?;
    let next = match role {
        Role::Editor => Some(scope(opened, municipalities)?),
        Role::Organizer => None,
    };
    let author = Author::Operator;
    let changed = accounts::change_known(calendar, &author, &known.id, |account| {
        account.editor.clone_from(&next);
    })?;
    let account = changed.ok_or_else(unknown)?;
    let (email, role) = (&account.email, role_name(&account));
    session.print(&match session.output {
        Output::Json => format!("{}\n", json!({"email": email, "role": role})),
        Output::Text => format!("{email}: {role}\n"),
    })?;
    Ok(())
}

fn list(opened: &OpenCalendar, session: &mut Session<'_>) -> Result<(), Failure> {
    let reading = AuditedReading::of_list(AuditSubject::Accounts, "account list");
    note_reading(&opened.calendar, AuditReader::Operator, reading)?;
    let all = accounts::list(&opened.calendar)?;
    let line = |account: &Account| {
        json!({
            "email": account.email, "name": account.name, "role": role_name(account),
            "created": account.created, "signed_in": account.signed_in,
            "bounced": account.bounce,
        })
    };
    session.print(&match session.output {
        Output::Json => {
            let items: Vec<_> = all.iter().map(line).collect();
            format!("{}\n", json!({ "items": items }))
        }
        Output::Text => all.iter().map(account_line).collect(),
    })?;
    Ok(())
}

fn account_line(account: &Account) -> String {
    let signed_in = match account.signed_in {
        Some(at) => format!("signed in {}", at.format("%Y-%m-%d %H:%M UTC")),
        None => "never signed in".to_owned(),
    };
    let mut out = format!("{}  {}  {signed_in}", account.email, role_name(account));
    if !account.name.is_empty() {
        // Writing to a string cannot fail.
        let _ = write!(out, "  {}", account.name);
    }
    if let Some(bounce) = &account.bounce {
        let at = bounce.at.format("%Y-%m-%d %H:%M UTC");
        let _ = write!(out, "  mail bounced {at}: {}", bounce.reason);
    }
    out.push('\n');
    out
}

fn role_name(account: &Account) -> String {
    match &account.editor {
        None => "organizer".to_owned(),
        Some(EditorScope::All) => "editor".to_owned(),
        Some(EditorScope::Municipalities(numbers)) => {
            let numbers: Vec<&str> = numbers.iter().map(MunicipalityNumber::as_str).collect();
            format!("editor of {}", numbers.join(", "))
        }
    }
}
