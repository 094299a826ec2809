//! What waits for somebody, and what becomes of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::catalog::Calendar;
use crate::ingest::reconcile::{Pairings, published_twin};
use calendar_domain::revise::revise;
use calendar_domain::{
    Claim, Decision, Event, EventId, Field, Guard, Matter, Owner, PartnerId, PartnerState,
    Publication, Record, RecordKey, RecordKind, Run, RunOutcome, Suggestion, Verdict,
};
use calendar_store::{Change, CommitNumber, Revision, Store, StoreError, records};

use super::{DecisionError, Editor, commit, event, is_there, known_event, pairs};

/// Everything that waits for somebody.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Open {
    /// What partners say otherwise than people, and events that may be one.
    pub suggestions: Vec<Suggestion>,
    /// New events of partners that are not trusted to publish.
    pub queued: Vec<Event>,
    /// Partners of whom nothing is written until somebody lets it.
    pub held: Vec<PartnerState>,
}

impl Open {
    /// How many matters there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.suggestions.len() + self.queued.len() + self.held.len()
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What waits, the oldest first.
///
/// # Errors
/// Where the store cannot be read.
pub fn open_matters(store: &dyn Store) -> Result<Open, StoreError> {
    let mut open = Open::default();
    let kinds = [
        RecordKind::Suggestion,
        RecordKind::PartnerState,
        RecordKind::Event,
    ];
    store.scan(&kinds, &mut |batch| {
        for stored in batch {
            match stored.record {
                Record::Suggestion(it) if it.decision.is_none() => {
                    open.suggestions.push((*it).clone());
                }
                Record::PartnerState(it)
                    if matches!(it.guard, Guard::Quarantined { .. } | Guard::Held { .. }) =>
                {
                    open.held.push((*it).clone());
                }
                Record::Event(it)
                    if it.publication == Publication::Submitted && !it.sources.is_empty() =>
                {
                    open.queued.push((*it).clone());
                }
                _ => {}
            }
        }
    })?;
    let mut open_suggestions = Vec::with_capacity(open.suggestions.len());
    for suggestion in open.suggestions {
        if !is_moot(store, &suggestion)? {
            open_suggestions.push(suggestion);
        }
    }
    open.suggestions = open_suggestions;
    open.suggestions
        .sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    open.queued
        .sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
    open.held.sort_by(|a, b| a.partner.cmp(&b.partner));
    Ok(open)
}

/// Whether an event that a suggestion is about is gone, or is no longer one of the partner's. It may come back, and
/// then there is something to decide.
fn is_moot(store: &dyn Store, suggestion: &Suggestion) -> Result<bool, StoreError> {
    let about = event(store, &suggestion.event)?.map(|(event, _)| event);
    let Some(about) = about.filter(is_there) else {
        return Ok(true);
    };
    Ok(match &suggestion.matter {
        Matter::Fields { .. } => {
            let mut sources = about.sources.iter();
            !sources.any(|it| it.partner == suggestion.partner)
        }
        Matter::SameEvent { other, .. } => {
            !event(store, other)?.is_some_and(|(event, _)| is_there(&event))
        }
    })
}

/// As the partner says: the fields become the partner's again, all of them or those named; or: the two
/// events are one.
///
/// # Errors
/// Where it is not there, or decided already.
pub fn accept(
    store: &dyn Store,
    editor: &Editor,
    id: &str,
    only: &BTreeSet<Field>,
) -> Result<CommitNumber, DecisionError> {
    let (mut open, revision) = undecided(store, id)?;
    let mut changes = Vec::new();
    if is_moot(store, &open)? {
        return Err(DecisionError::Unknown(id.to_owned()));
    }
    match &open.matter {
        Matter::Fields { fields, told } => {
            let (old, at) = known_event(store, &open.event)?;
            let mut next = old.clone();
            let chosen: BTreeSet<Field> = fields
                .iter()
                .filter(|it| only.is_empty() || only.contains(it))
                .copied()
                .collect();
            for field in &chosen {
                next.take(*field, told);
                let owner = Owner::Partner(open.partner.clone());
                next.owners.insert(*field, owner);
            }
            changes.extend(pairs::accepted(store, &next, &open.partner, &chosen)?);
            let next = revise(&old, next, editor.now);
            changes.extend(next.map(|next| Change::update(next.into(), at)));
        }
        Matter::SameEvent { other, .. } => {
            changes.extend(pairs::one_of(store, editor, &open.event, other)?);
        }
    }
    open.decision = Some(decision(editor, Verdict::Accepted));
    changes.push(Change::update(open.into(), revision));
    Ok(commit(store, editor, format!("accepted {id}"), changes)?)
}

/// As it stands here; or: the two events are two, for good.
///
/// # Errors
/// Where it is not there, or decided already.
pub fn dismiss(
    store: &dyn Store,
    editor: &Editor,
    id: &str,
) -> Result<CommitNumber, DecisionError> {
    let (mut open, revision) = undecided(store, id)?;
    let mut changes = Vec::new();
    if let Matter::SameEvent { other, .. } = &open.matter
        && let (Some((one, _)), Some((other, _))) =
            (event(store, &open.event)?, event(store, other)?)
    {
        let decided = pairs::decided(store, editor, &one, &other, false)?;
        changes.extend(decided);
    }
    open.decision = Some(decision(editor, Verdict::Dismissed));
    changes.push(Change::update(open.into(), revision));
    Ok(commit(store, editor, format!("dismissed {id}"), changes)?)
}

fn undecided(store: &dyn Store, id: &str) -> Result<(Suggestion, Revision), DecisionError> {
    let found = records::one::<Suggestion>(store, id)?;
    let (found, revision) = found.ok_or_else(|| DecisionError::Unknown(id.to_owned()))?;
    if found.decision.is_some() {
        return Err(DecisionError::Decided(id.to_owned()));
    }
    Ok((found, revision))
}

fn decision(editor: &Editor, verdict: Verdict) -> Decision {
    Decision {
        by: editor.name.clone(),
        at: editor.now,
        verdict,
    }
}

/// Publishes a partner's event that waits. The record stays the partner's: what it says next is taken, and
/// the event goes when the partner takes it away. Where somebody else's event that is the same has been published
/// meanwhile, the two are one from now on.
///
/// # Errors
/// Where there is no such event, or it does not wait.
pub fn approve(
    calendar: &Calendar,
    editor: &Editor,
    id: &EventId,
) -> Result<CommitNumber, DecisionError> {
    let _turn = calendar.planning().alone();
    let (event, _) = known_event(calendar, id)?;
    if event.publication == Publication::Submitted
        && let Some(twin) = published_twin(&calendar.snapshot(), &event, &Pairings::kept(calendar)?)
    {
        let changes = pairs::one_of(calendar, editor, id, &twin)?;
        let note = format!("{id} is {twin}");
        return Ok(commit(calendar, editor, note, changes)?);
    }
    judge(calendar, editor, id, Publication::Published, None)
}

/// Says no to a partner's event that waits, whatever the partner says of it later.
///
/// # Errors
/// Where there is no such event, or it does not wait.
pub fn reject(
    store: &dyn Store,
    editor: &Editor,
    id: &EventId,
) -> Result<CommitNumber, DecisionError> {
    let owner = Owner::Editor(editor.name.clone());
    judge(store, editor, id, Publication::Rejected, Some(owner))
}

fn judge(
    store: &dyn Store,
    editor: &Editor,
    id: &EventId,
    to: Publication,
    owner: Option<Owner>,
) -> Result<CommitNumber, DecisionError> {
    let (old, revision) = known_event(store, id)?;
    if old.publication != Publication::Submitted {
        return Err(DecisionError::NotWaiting(id.clone()));
    }
    let mut next = old.clone();
    next.publication = to;
    next.owners
        .extend(owner.map(|owner| (Field::Publication, owner)));
    let mut next = revise(&old, next, editor.now).unwrap_or(old);
    if next.is_public() {
        // A store of an earlier build may have it under names that others have as well.
        let key = RecordKey::new(RecordKind::Event, id.as_str());
        let taken = |claim: &Claim| records::is_taken(store, claim, &key);
        next.take_free_names(pairs::namespace(store)?, taken)?;
    }
    let changes = vec![Change::update(next.into(), revision)];
    Ok(commit(store, editor, format!("decided on {id}"), changes)?)
}

/// Lets the next answer of a partner through, whatever it looks like: after a quarantine that was right
/// all the same, or after a run was taken back.
///
/// # Errors
/// Where nothing of the partner is held back.
pub fn release(
    store: &dyn Store,
    editor: &Editor,
    partner: &PartnerId,
) -> Result<CommitNumber, DecisionError> {
    let not_held = || DecisionError::NotHeld(partner.clone());
    let known = records::one::<PartnerState>(store, partner.as_str())?;
    let (state, revision) = known.ok_or_else(not_held)?;
    let (run, guard) = match &state.guard {
        Guard::Quarantined { run } => (run.clone(), Guard::Released),
        Guard::Held { run } => (run.clone(), Guard::Watching),
        Guard::Watching | Guard::Released => return Err(not_held()),
    };
    let mut changes = vec![Change::update(
        PartnerState {
            guard,
            // A whole answer is wanted, not that nothing has changed.
            validators: BTreeMap::new(),
            resume: None,
            ..state
        }
        .into(),
        revision,
    )];
    if let Some((run, revision)) = records::one::<Run>(store, &run)?
        && let RunOutcome::Quarantined(why) = &run.outcome
    {
        let outcome = RunOutcome::Released(why.clone());
        changes.push(Change::update(Run { outcome, ..run }.into(), revision));
    }
    Ok(commit(
        store,
        editor,
        format!("released {partner}"),
        changes,
    )?)
}
