//! The deletion of a person's data.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rocket::tokio::task::spawn_blocking;
use rocket::tokio::time::sleep;

use crate::catalog::Calendar;
use crate::login::accounts::is_last_chief;
use crate::media::remove_unreferenced;
use crate::notify::visitor_addresses;
use calendar_domain::clock::Clock;
use calendar_domain::{
    Account, AccountId, BackupHold, Erasure, ErasureCause, Lang, MailFacts, MailKind, MailState,
    OutgoingMail, OwnEvents, ReceiptMail, Record, RecordKey, RecordKind,
};
use calendar_language::Words;
use calendar_store::{Author, Batches, Change, Commit, Revision, Store, StoreError, records};

use super::error::PersonalDataError;
use super::plan::Plan;
use super::receipt::{receipt_lines, receipt_path};
use super::short_lived;
use super::subject::DataSubject;

/// Number of attempts where another commit comes first.
const ATTEMPTS: usize = 5;
/// Time for which the address for the receipt is kept if the mail can't be sent.
const RECEIPT_KEPT: TimeDelta = TimeDelta::days(3);
/// Interval between looks for erasures to complete, and the same after a failure.
const LOOK: Duration = Duration::from_secs(2);
const LOOK_AFTER_FAILURE: Duration = Duration::from_secs(60);

/// A request to delete a person's data.
#[derive(Debug, Clone)]
pub struct RemovalRequest {
    /// The account.
    pub account: AccountId,
    /// Who asks for it.
    pub cause: ErasureCause,
    /// What becomes of the public events of organisations without further members.
    pub own_events: OwnEvents,
    /// What backups hold.
    pub backups: BackupHold,
    /// Language of the receipt.
    pub language: Lang,
    /// Whether the receipt is mailed.
    pub is_mailed: bool,
}

/// Removes the records of a person from use. [`finish`] removes them from the files.
///
/// # Errors
/// Returns [`PersonalDataError::NoAccount`] if there is no such account, and [`PersonalDataError::LastEditor`] if the
/// person asks for it and is the only editor. Errors if the store fails.
pub fn remove(calendar: &Calendar, request: &RemovalRequest) -> Result<Erasure, PersonalDataError> {
    let (mut attempt, clock) = (1, calendar.clock());
    // Of two editors who delete themselves at once, one stays.
    let _turn = calendar.planning().alone();
    loop {
        let found = records::one::<Account>(calendar, request.account.as_str())?;
        let (account, _) = found.ok_or(PersonalDataError::NoAccount)?;
        if request.cause == ErasureCause::Person && is_only_editor(calendar, &account)? {
            return Err(PersonalDataError::LastEditor);
        }
        let receipt = request.is_mailed.then(|| ReceiptMail {
            mail: clock.new_id().into(),
            visitor: clock.new_id().into(),
        });
        if let Some(receipt) = &receipt {
            let expires = clock.now() + RECEIPT_KEPT;
            visitor_addresses::keep(calendar, &receipt.visitor, &account.email, expires)?;
        }
        let template = Erasure {
            id: clock.new_id().into(),
            account: account.id,
            cause: request.cause,
            language: request.language,
            own_events: request.own_events,
            begun: clock.now(),
            removed: BTreeSet::new(),
            changed: BTreeSet::new(),
            visitors: BTreeSet::new(),
            entries: BTreeSet::new(),
            images: BTreeSet::new(),
            short_lived: 0,
            events_left: 0,
            events_withdrawn: 0,
            backups: request.backups,
            set_aside: 0,
            completed: None,
            receipt: receipt.clone(),
        };
        let removed = begin(calendar, &**clock, template);
        if let (Err(_), Some(receipt)) = (&removed, &receipt) {
            visitor_addresses::forget(calendar, &receipt.visitor)?;
        }
        match removed {
            Err(StoreError::Conflict { .. }) if attempt < ATTEMPTS => attempt += 1,
            outcome => {
                let erasure = outcome?;
                tracing::info!(erasure = %erasure.id, account = %erasure.account, "deleted an account");
                return Ok(erasure);
            }
        }
    }
}

/// Returns true if without an account nobody would edit anything, or nobody everything.
fn is_only_editor(store: &dyn Store, account: &Account) -> Result<bool, StoreError> {
    let all = records::every::<Account>(store)?;
    let mut others = all.iter().filter(|(other, _)| other.id != account.id);
    let has_others = others.any(|(other, _)| other.editor.is_some());
    Ok(is_last_chief(&all, account) || account.editor.is_some() && !has_others)
}

/// Commits what an erasure removes and changes, together with the erasure.
pub(super) fn begin(
    store: &dyn Store,
    clock: &dyn Clock,
    mut erasure: Erasure,
) -> Result<Erasure, StoreError> {
    let now = clock.now();
    let subject = DataSubject::of_erasure(store, &erasure, now)?;
    let plan = Plan::new(store, &subject, &erasure.removed, now)?;
    let receipt = erasure.receipt.clone();
    let kept = receipt.as_ref().map(|receipt| &receipt.visitor);
    let visitors = subject.visitors.iter();
    let visitors = visitors.filter(|visitor| kept != Some(*visitor));
    erasure.visitors.extend(visitors.cloned());
    let entries = short_lived::entries(store, &subject, kept, now)?;
    erasure.short_lived = entries.len();
    erasure.entries.extend(
        entries
            .iter()
            .map(|(table, key, _)| short_lived::name(*table, key)),
    );
    let mut changes = add(store, now, &mut erasure, plan)?;
    // The account goes last: until then the person can ask again.
    changes.sort_by_key(|change| change.key.kind == RecordKind::Account);
    changes.push(Change::put(erasure.clone().into()));
    for batch in Batches::divide(changes) {
        commit(store, now, batch)?;
    }
    // The records are gone, so the rest is done by `finish`, whatever fails here.
    if let Err(error) = short_lived::remove(store, &subject, kept, now) {
        tracing::warn!(%error, "short-lived data of a deleted account will be removed later");
    }
    Ok(erasure)
}

/// Adds what a plan removes and changes to an erasure, and commits what comes before. Returns the other changes.
fn add(
    store: &dyn Store,
    now: DateTime<Utc>,
    erasure: &mut Erasure,
    plan: Plan,
) -> Result<Vec<Change>, StoreError> {
    commit(store, now, plan.stripped)?;
    erasure.removed.extend(plan.removed);
    erasure.changed.extend(plan.changed);
    erasure.images.extend(plan.images);
    erasure.events_left += plan.events_left;
    erasure.events_withdrawn += plan.events_withdrawn;
    Ok(plan.changes)
}

fn commit(store: &dyn Store, at: DateTime<Utc>, changes: Vec<Change>) -> Result<(), StoreError> {
    if changes.is_empty() {
        return Ok(());
    }
    let commit = Commit {
        // Versions name their author, who must not be the person.
        author: Author::System,
        at,
        note: String::new(),
        changes,
    };
    store.commit(commit).map(drop)
}

/// Completes all erasures that have begun. Returns their number.
///
/// # Errors
/// Errors if the store fails. What is not complete then can be completed later.
pub fn finish(store: &dyn Store, clock: &dyn Clock) -> Result<usize, StoreError> {
    let all = records::every::<Erasure>(store)?.into_iter();
    let mut pending: Vec<(Erasure, Revision)> =
        all.filter(|(erasure, _)| erasure.is_pending()).collect();
    if pending.is_empty() {
        return Ok(0);
    }
    for (erasure, revision) in &mut pending {
        take_rest(store, clock, erasure, revision)?;
    }
    let mut keys = BTreeMap::new();
    let mut images = BTreeSet::new();
    for (erasure, _) in &pending {
        for key in erasure.keys() {
            keys.insert(key.clone(), erased_until(store, key)?);
        }
        images.extend(erasure.images.iter().cloned());
    }
    let erased = store.erase_versions(&keys)?;
    remove_unreferenced(store, &images, clock.now())?;
    let count = pending.len();
    for (mut erasure, revision) in pending {
        erasure.completed = Some(clock.now());
        erasure.set_aside = erased.set_aside.len();
        let mut changes: Vec<Change> = receipt_mail(&erasure, clock.now()).into_iter().collect();
        changes.push(Change::update(erasure.into(), revision));
        match commit(store, clock.now(), changes) {
            // Another thread completed it as well.
            Err(StoreError::Conflict { .. }) => {}
            outcome => outcome?,
        }
    }
    Ok(count)
}

/// Removes what was written about the person while the erasure began.
fn take_rest(
    store: &dyn Store,
    clock: &dyn Clock,
    erasure: &mut Erasure,
    revision: &mut Revision,
) -> Result<(), StoreError> {
    let now = clock.now();
    let subject = DataSubject::of_erasure(store, erasure, now)?;
    let receipt = erasure.receipt.clone();
    let kept = receipt.as_ref().map(|receipt| &receipt.visitor);
    short_lived::remove(store, &subject, kept, now)?;
    short_lived::remove_named(store, &erasure.entries, now)?;
    let plan = Plan::new(store, &subject, &BTreeSet::new(), now)?;
    let before = erasure.clone();
    erasure.entries.clear();
    let mut changes = add(store, now, erasure, plan)?;
    if *erasure != before {
        changes.push(Change::update(erasure.clone().into(), *revision));
        *revision = revision.next();
    }
    for batch in Batches::divide(changes) {
        commit(store, now, batch)?;
    }
    Ok(())
}

/// Returns the revision from which on the versions of a record stay. A withdrawn event keeps its last public version,
/// which has its title, time and place only.
fn erased_until(store: &dyn Store, key: &RecordKey) -> Result<Revision, StoreError> {
    if key.kind != RecordKind::Event {
        return Ok(Revision::MAX);
    }
    let versions = store.history(key)?;
    let public = versions
        .iter()
        .rev()
        .find(|version| matches!(&version.record, Some(Record::Event(event)) if event.is_public()));
    Ok(public.map_or(Revision::MAX, |version| version.revision))
}

fn receipt_mail(erasure: &Erasure, now: DateTime<Utc>) -> Option<Change> {
    let ReceiptMail { mail, visitor } = erasure.receipt.clone()?;
    let words = Words::new(erasure.language);
    let path = receipt_path(&erasure.id);
    let facts = MailFacts {
        items: receipt_lines(words, erasure),
        path: Some(format!("{}{path}", words.lang().path_prefix())),
        ..MailFacts::default()
    };
    let (language, kind) = (erasure.language, MailKind::DataErased);
    let mail = OutgoingMail::to_visitor(mail, visitor, language, kind, facts, now);
    Some(Change::put(mail.into()))
}

/// Deletes the addresses to which receipts were sent, or could not be.
fn forget_addresses(calendar: &Calendar) -> Result<(), PersonalDataError> {
    let mut forgotten = false;
    for (mut erasure, revision) in records::every::<Erasure>(calendar)? {
        let Some(ReceiptMail { mail, visitor }) = erasure.receipt.clone() else {
            continue;
        };
        if erasure.is_pending() {
            continue;
        }
        let key = RecordKey::new(RecordKind::Mail, mail.as_str());
        let mut changes = Vec::new();
        match records::one::<OutgoingMail>(calendar, mail.as_str())? {
            Some((mail, revision)) if matches!(mail.state, MailState::Bounced { .. }) => {
                changes.push(Change::remove(key, revision));
            }
            Some(_) => continue,
            None => {}
        }
        visitor_addresses::forget(calendar, &visitor)?;
        erasure.receipt = None;
        changes.push(Change::update(erasure.into(), revision));
        commit(calendar, calendar.clock().now(), changes)?;
        forgotten = true;
    }
    if let Some(ephemeral) = calendar.ephemeral().filter(|_| forgotten) {
        ephemeral.rewrite()?;
    }
    Ok(())
}

fn complete(calendar: &Calendar) -> Result<usize, PersonalDataError> {
    let completed = finish(calendar, &**calendar.clock())?;
    forget_addresses(calendar)?;
    Ok(completed)
}

/// Completes erasures as long as the server runs. Several at once share the work.
pub async fn keep_erasing(calendar: Arc<Calendar>) {
    loop {
        let own = Arc::clone(&calendar);
        let pause = match spawn_blocking(move || complete(&own)).await {
            Ok(Ok(0)) => LOOK,
            Ok(Ok(completed)) => {
                tracing::info!(
                    completed,
                    "erased the data of deleted accounts from all files"
                );
                LOOK
            }
            Ok(Err(error)) => {
                tracing::error!(%error, "cannot erase the data of deleted accounts; retrying");
                LOOK_AFTER_FAILURE
            }
            Err(error) => {
                tracing::error!(%error, "cannot erase the data of deleted accounts");
                LOOK_AFTER_FAILURE
            }
        };
        sleep(pause).await;
    }
}
