//! What is kept about a person, for that person.
//!
//! The JSON form has the number `format`; a later form that readers of this one misunderstand gets another.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::audit;
use calendar_domain::{
    Account, AccountId, AuditReader, EmailAddress, EventReport, MailRecipient, Organisation,
    OwnEvents, Proposer, Record, RecordKey, Submission,
};
use calendar_store::{Author, EphemeralTable, RecordVersion, Store, records};

use super::error::PersonalDataError;
use super::plan::KINDS;
use super::short_lived;
use super::subject::DataSubject;

/// Number of the form.
const FORMAT: u32 = 1;
/// Fields of short-lived entries that are secrets of the browser, not data about the person.
const SECRETS: [&str; 5] = ["code", "secret", "state", "nonce", "verifier"];

/// What is kept about a person.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnData {
    /// All of it, for a file.
    pub json: Value,
    /// The number of things of each sort, by the word in the keys of texts.
    pub counts: Vec<(&'static str, usize)>,
}

/// A version of a record, reduced to what is about the person.
struct OwnVersion {
    sort: &'static str,
    content: Value,
}

/// Returns what is kept about a person: current records, earlier versions and short-lived data.
///
/// # Errors
/// Returns [`PersonalDataError::NoAccount`] if there is no such account. Errors if the store can't be read.
pub fn own_data(
    store: &dyn Store,
    id: &AccountId,
    now: DateTime<Utc>,
) -> Result<OwnData, PersonalDataError> {
    let found = records::one::<Account>(store, id.as_str())?;
    let (account, _) = found.ok_or(PersonalDataError::NoAccount)?;
    let subject = DataSubject::find(store, id, OwnEvents::Keep, now)?;
    let author = Author::Person(id.to_string());
    let mut own: BTreeMap<RecordKey, (&'static str, Vec<Value>)> = BTreeMap::new();
    let mut failed = None;
    store.scan_versions(&KINDS, &mut |key, version| {
        match own_version(&version, &subject) {
            Ok(None) => {}
            Ok(Some(part)) => {
                let entry = own.entry(key.clone()).or_insert((part.sort, Vec::new()));
                entry.1.push(json!({
                    "revision": version.revision, "at": version.at, "by_you": version.author == author,
                    "content": part.content,
                }));
            }
            Err(error) => failed = Some(error),
        }
    })?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    let mut counts = Vec::new();
    for sort in SORTS {
        let count = own.values().filter(|(own, _)| *own == sort).count();
        counts.push((sort, count));
    }
    let kept: Vec<Value> = own
        .into_iter()
        .map(|(key, (sort, versions))| {
            json!({"kind": key.kind, "id": key.id, "about": sort, "versions": versions})
        })
        .collect();
    let entries = short_lived::entries(store, &subject, None, now)?;
    let count = |table: EphemeralTable| entries.iter().filter(|entry| entry.0 == table).count();
    counts.push(("session", count(EphemeralTable::Sessions)));
    counts.push((
        "short-lived",
        entries.len() - count(EphemeralTable::Sessions),
    ));
    let short: Vec<Value> = entries
        .iter()
        .map(|(table, _, entry)| {
            let mut value: Value = serde_json::from_slice(&entry.value).unwrap_or(Value::Null);
            if let Some(fields) = value.as_object_mut() {
                SECRETS.iter().for_each(|secret| _ = fields.remove(*secret));
            }
            json!({"sort": table.as_str(), "until": entry.expires, "content": value})
        })
        .collect();
    let readings = audit::entries_about(store, id)?.into_iter();
    let readings: Vec<Value> = readings
        .map(|entry| {
            let by = match entry.by {
                AuditReader::Operator => "operator",
                AuditReader::Account(_) => "editor",
            };
            json!({"at": entry.at, "subject": entry.subject, "by": by})
        })
        .collect();
    let json = json!({
        "format": FORMAT, "exported": now, "account": account, "records": kept, "short_lived": short,
        "readings": readings,
    });
    Ok(OwnData { json, counts })
}

/// The sorts of things in records, in the order of the page.
const SORTS: [&str; 8] = [
    "account",
    "organisation",
    "invitation",
    "submission",
    "review",
    "report",
    "answer",
    "mail",
];

/// Returns what a version says about the person; `None` if nothing.
fn own_version(
    version: &RecordVersion,
    subject: &DataSubject,
) -> Result<Option<OwnVersion>, serde_json::Error> {
    let Some(record) = &version.record else {
        return Ok(None);
    };
    let whole = |sort| {
        Ok(Some(OwnVersion {
            sort,
            content: json!(record),
        }))
    };
    let id = &subject.account;
    match record {
        Record::Account(account) if account.id == *id => whole("account"),
        Record::Mail(mail) => match &mail.to {
            MailRecipient::Address(address) if subject.has_address(address) => whole("mail"),
            MailRecipient::Visitor(visitor) if subject.visitors.contains(visitor) => whole("mail"),
            _ => Ok(None),
        },
        Record::Organisation(organisation) => Ok(own_part(organisation, subject)),
        Record::Submission(submission) => match &submission.proposer {
            Proposer::Member { author, .. } if author == id => whole("submission"),
            Proposer::Visitor { visitor, .. } if subject.visitors.contains(visitor) => {
                whole("submission")
            }
            _ => own_steps(submission, id),
        },
        Record::Report(report) => Ok(own_report(report, subject)),
        _ => Ok(None),
    }
}

/// Returns what the person wrote in a report, which may have texts of others, or answered to it.
fn own_report(report: &EventReport, subject: &DataSubject) -> Option<OwnVersion> {
    let first = (&report.visitor, report.reported, &report.text);
    let joined = report.joined.iter();
    let joined = joined.map(|joined| (&joined.visitor, joined.reported, &joined.text));
    let all = std::iter::once(first).chain(joined);
    let own = all.filter(|(visitor, _, _)| subject.visitors.contains(*visitor));
    let own: Vec<Value> = own
        .map(|(_, at, text)| json!({"at": at, "text": text}))
        .collect();
    let closing = report.closing.as_ref();
    let answer = closing.filter(|closing| closing.by == subject.account);
    let answer = answer.map(|closing| json!({"at": closing.at, "text": closing.answer}));
    if own.is_empty() && answer.is_none() {
        return None;
    }
    Some(OwnVersion {
        sort: if own.is_empty() { "answer" } else { "report" },
        content: json!({
            "event": report.event, "fault": report.fault, "reports": own, "answer": answer,
        }),
    })
}

/// Returns what an organisation says about the person. The rest of it is about others.
fn own_part(organisation: &Organisation, subject: &DataSubject) -> Option<OwnVersion> {
    let role = organisation.members.get(&subject.account);
    let requested = organisation.requests.get(&subject.account);
    let address = subject.email.as_ref().map(EmailAddress::key);
    let invitation = address.and_then(|address| organisation.invitations.get(&address));
    let sort = match (role, requested, invitation) {
        (None, None, None) => return None,
        (None, None, Some(_)) => "invitation",
        _ => "organisation",
    };
    let content = json!({
        "name": organisation.name, "number": organisation.number, "standing": organisation.standing,
        "role": role, "requested": requested, "invitation": invitation,
    });
    Some(OwnVersion { sort, content })
}

/// Returns what the person did with a submission of others.
fn own_steps(
    submission: &Submission,
    id: &AccountId,
) -> Result<Option<OwnVersion>, serde_json::Error> {
    let steps = submission.history.iter();
    let steps: Vec<_> = steps.filter(|step| step.by.as_ref() == Some(id)).collect();
    if steps.is_empty() {
        return Ok(None);
    }
    let content = json!({"event": submission.event, "steps": serde_json::to_value(&steps)?});
    Ok(Some(OwnVersion {
        sort: "review",
        content,
    }))
}
