//! Mails about a change of status. They are delayed, and withdrawn if the change is undone meanwhile.
//!
//! They go to the members of the event's organisation and to the editors of its municipality, except the person who
//! made the change. A further change within that time replaces them; one that leads back to what recipients know leaves
//! none.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use crate::catalog::Calendar;
use calendar_domain::{
    Account, AccountId, Event, EventStatus, KnownStatus, Lang, MailFacts, MailKind, Organisation,
    OutgoingMail, RecordKey, RecordKind, ReportedChange, Start, Text,
};
use calendar_language::{Words, Year};
use calendar_store::{Change, Store, StoreError, records};

use super::actor::{Actor, municipality_of};
use super::editorial_error::EditorialError;
use super::notices::{in_language, published_path};

/// Time for which mails about a change of status are held back, and for which it can be undone.
pub const UNDO_TIME: TimeDelta = TimeDelta::minutes(10);

/// Returns the changes of the outbox when the status of an event, or of one occurrence, changes from `old` to `next`.
pub(super) fn notices(
    calendar: &Calendar,
    actor: &Actor,
    (old, next): (&Event, &Event),
    occurrence: Option<Start>,
) -> Result<Vec<Change>, EditorialError> {
    let mut before = known_status(old, occurrence);
    let mut changes = Vec::new();
    for (mail, revision) in records::every::<OutgoingMail>(calendar)? {
        let is_same =
            |change: &ReportedChange| change.event == next.id && change.occurrence == occurrence;
        let held = mail.change.as_deref().filter(|change| is_same(change));
        if let Some(held) = held.filter(|_| mail.is_held(actor.now)) {
            before = held.before.clone();
            let key = RecordKey::new(RecordKind::Mail, mail.id.as_str());
            changes.push(Change::remove(key, revision));
        }
    }
    let after = known_status(next, occurrence);
    let Some(kind) = kind(after.status).filter(|_| after != before) else {
        return Ok(changes);
    };
    let change = ReportedChange {
        event: next.id.clone(),
        occurrence,
        before,
    };
    let note = public_note(next, occurrence);
    for account in recipients(calendar, actor, next)? {
        let facts = facts(calendar, actor, next, (&account, &after, &change, &note));
        let clock = calendar.clock();
        let (id, due) = (clock.new_id().into(), actor.now + UNDO_TIME);
        let language = account.language;
        let mut mail = OutgoingMail::new(id, account.email, language, kind, facts, due);
        mail.change = Some(Box::new(change.clone()));
        changes.push(Change::create(mail.into()));
    }
    Ok(changes)
}

fn kind(status: EventStatus) -> Option<MailKind> {
    match status {
        EventStatus::Cancelled => Some(MailKind::Cancelled),
        EventStatus::Postponed => Some(MailKind::Postponed),
        EventStatus::Rescheduled => Some(MailKind::Rescheduled),
        EventStatus::Scheduled => Some(MailKind::AsPlanned),
        EventStatus::Tentative | EventStatus::MovedOnline => None,
    }
}

fn known_status(event: &Event, occurrence: Option<Start>) -> KnownStatus {
    let Some(start) = occurrence else {
        return KnownStatus {
            status: event.status,
            when: Some(event.schedule.when.clone()),
        };
    };
    let overrides = event
        .schedule
        .recurrence
        .as_ref()
        .map(|recurrence| &recurrence.overrides);
    let changed = overrides.and_then(|overrides| overrides.get(&start));
    let moved = changed.and_then(|changed| changed.when.clone());
    KnownStatus {
        status: changed
            .and_then(|changed| changed.status)
            .unwrap_or_default(),
        when: moved.or_else(|| event.schedule.when.occurring_at(start)),
    }
}

fn public_note(event: &Event, occurrence: Option<Start>) -> Text {
    let Some(start) = occurrence else {
        return event.status_note.clone();
    };
    let overrides = event
        .schedule
        .recurrence
        .as_ref()
        .map(|recurrence| &recurrence.overrides);
    let changed = overrides.and_then(|overrides| overrides.get(&start));
    changed.map_or_else(Text::default, |changed| changed.description.clone())
}

/// Returns the recipients: the other members of the event's organisation, and the other editors of its municipality.
fn recipients(
    calendar: &Calendar,
    actor: &Actor,
    event: &Event,
) -> Result<Vec<Account>, StoreError> {
    let mut members: BTreeSet<AccountId> = BTreeSet::new();
    for (organisation, _) in records::every::<Organisation>(calendar as &dyn Store)? {
        if organisation.organizes(event) {
            members.extend(organisation.members.into_keys());
        }
    }
    let municipality = municipality_of(&calendar.snapshot(), event);
    let mut all = records::every::<Account>(calendar as &dyn Store)?;
    all.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
    let is_told = |account: &Account| {
        let person = Actor {
            account: account.clone(),
            now: actor.now,
        };
        let is_concerned =
            members.contains(&account.id) || person.may_decide(municipality.as_ref());
        account.id != actor.account.id && is_concerned
    };
    let all = all.into_iter().map(|(account, _)| account);
    Ok(all.filter(is_told).collect())
}

fn facts(
    calendar: &Calendar,
    actor: &Actor,
    event: &Event,
    (to, after, change, note): (&Account, &KnownStatus, &ReportedChange, &Text),
) -> MailFacts {
    let words = Words::new(to.language);
    let zone = calendar.snapshot().region().time_zone;
    let said = |when: &calendar_domain::When| words.when_in(when, zone, Year::Said);
    let former = change
        .before
        .when
        .as_ref()
        .filter(|when| Some(*when) != after.when.as_ref());
    let former = former.map(|former| words.say_with("mail-former-time", &[("when", said(former))]));
    let name = Some(&actor.account.name).filter(|name| !name.is_empty());
    MailFacts {
        subject: Some(event.title_in(to.language).to_owned()),
        when: after.when.as_ref().map(said),
        path: Some(in_language(&published_path(&event.id), to.language)),
        remark: Some(note.get(Lang::Nb).to_owned()).filter(|text| !text.is_empty()),
        sender: Some(
            name.cloned()
                .unwrap_or_else(|| actor.account.email.to_string()),
        ),
        items: former.into_iter().collect(),
    }
}
