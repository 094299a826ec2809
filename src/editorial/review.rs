//! OpenReview suggestions, queued events and held partners, and the decisions about them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::catalog::Calendar;
use crate::ingest::reconcile::{Pairings, published_twin};
use calendar_domain::revision::revise;
use calendar_domain::{
    Claim, Decision, Event, EventId, Field, Guard, Owner, PartnerId, PartnerState, Publication,
    Record, RecordKey, RecordKind, Run, RunOutcome, Subject, Suggestion, Verdict,
};
use calendar_store::{Change, CommitNumber, Revision, Store, StoreError, records};

use super::{DecisionError, Editor, commit, event, is_there, known_event, merge};

/// Everything that waits for an editor.
#[derive(Debug, Clone, Default, Serialize)]
pub struct OpenReview {
    /// Differences between partners and persons, and possible duplicates.
    pub suggestions: Vec<Suggestion>,
    /// New events of partners whose events need approval.
    pub queued: Vec<Event>,
    /// Partners whose runs are quarantined or on hold.
    pub held: Vec<PartnerState>,
}

impl OpenReview {
    /// Returns the number of open matters.
    #[must_use]
    pub fn len(&self) -> usize {
        self.suggestions.len() + self.queued.len() + self.held.len()
    }

    /// Returns true if nothing is open.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Returns everything that waits for an editor, oldest first.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn open_matters(store: &dyn Store) -> Result<OpenReview, StoreError> {
    let mut open = OpenReview::default();
    let kinds = [
        RecordKind::Suggestion,
        RecordKind::PartnerState,
        RecordKind::Event,
    ];
    store.scan(&kinds, &mut |batch| {
        for stored in batch {
            match stored.record {
                Record::Suggestion(suggestion) if suggestion.decision.is_none() => {
                    open.suggestions.push((*suggestion).clone());
                }
                Record::PartnerState(state)
                    if matches!(state.guard, Guard::Quarantined { .. } | Guard::Held { .. }) =>
                {
                    open.held.push((*state).clone());
                }
                Record::Event(event)
                    if event.publication == Publication::Submitted && !event.sources.is_empty() =>
                {
                    open.queued.push((*event).clone());
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

/// Returns true if the event of a suggestion is gone, or has no source from the partner any more. The
/// suggestion is open again if that changes.
fn is_moot(store: &dyn Store, suggestion: &Suggestion) -> Result<bool, StoreError> {
    let about = event(store, &suggestion.event)?.map(|(event, _)| event);
    let Some(about) = about.filter(is_there) else {
        return Ok(true);
    };
    Ok(match &suggestion.matter {
        Subject::Fields { .. } => {
            let mut sources = about.sources.iter();
            !sources.any(|source| source.partner == suggestion.partner)
        }
        Subject::SameEvent { other, .. } => {
            !event(store, other)?.is_some_and(|(event, _)| is_there(&event))
        }
    })
}

/// Accepts a suggestion. Takes the partner's values, of all fields or of those in `only`; or merges the two
/// events.
///
/// # Errors
/// Errors if there is no open suggestion with this id, or the store fails.
pub fn accept(
    store: &Calendar,
    editor: &Editor,
    id: &str,
    only: &BTreeSet<Field>,
) -> Result<CommitNumber, DecisionError> {
    let _turn = store.planning().alone();
    let (mut open, revision) = undecided(store, id)?;
    let mut changes = Vec::new();
    if is_moot(store, &open)? {
        return Err(DecisionError::Unknown(id.to_owned()));
    }
    match &open.matter {
        Subject::Fields { fields, told } => {
            let (old, at) = known_event(store, &open.event)?;
            let mut next = old.clone();
            let chosen: BTreeSet<Field> = fields
                .iter()
                .filter(|field| only.is_empty() || only.contains(field))
                .copied()
                .collect();
            for field in &chosen {
                next.take(*field, told);
                let owner = Owner::Partner(open.partner.clone());
                next.owners.insert(*field, owner);
            }
            changes.extend(merge::accepted(store, &next, &open.partner, &chosen)?);
            let next = revise(&old, next, editor.now);
            changes.extend(next.map(|next| Change::update(next.into(), at)));
        }
        Subject::SameEvent { other, .. } => {
            changes.extend(merge::one_of(store, editor, &open.event, other)?);
        }
    }
    open.decision = Some(decision(editor, Verdict::Accepted));
    changes.push(Change::update(open.into(), revision));
    Ok(commit(store, editor, format!("accepted {id}"), changes)?)
}

/// Dismisses a suggestion. Keeps the values here; or records that the two events are different.
///
/// # Errors
/// Errors if there is no open suggestion with this id, or the store fails.
pub fn dismiss(
    store: &dyn Store,
    editor: &Editor,
    id: &str,
) -> Result<CommitNumber, DecisionError> {
    let (mut open, revision) = undecided(store, id)?;
    let mut changes = Vec::new();
    if let Subject::SameEvent { other, .. } = &open.matter
        && let (Some((one, _)), Some((other, _))) =
            (event(store, &open.event)?, event(store, other)?)
    {
        let decided = merge::decided(store, editor, &one, &other, false)?;
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

/// Publishes a waiting event of a partner. The partner goes on owning its fields, and withdraws it by removing
/// it. If a duplicate from another source was published meanwhile, the two are merged.
///
/// # Errors
/// Returns [`DecisionError::NotWaiting`] if the event does not wait. Errors if it does not exist or the store
/// fails.
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
        let changes = merge::one_of(calendar, editor, id, &twin)?;
        let note = format!("{id} is {twin}");
        return Ok(commit(calendar, editor, note, changes)?);
    }
    judge(calendar, editor, id, Publication::Published, None)
}

/// Rejects a waiting event of a partner permanently.
///
/// # Errors
/// Returns [`DecisionError::NotWaiting`] if the event does not wait. Errors if it does not exist or the store
/// fails.
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
    if !next.set_publication(to) {
        return Err(DecisionError::NotWaiting(id.clone()));
    }
    next.owners
        .extend(owner.map(|owner| (Field::Publication, owner)));
    let mut next = revise(&old, next, editor.now).unwrap_or(old);
    if next.is_public() {
        // A store of an earlier version may have several events with its names.
        let key = RecordKey::new(RecordKind::Event, id.as_str());
        let taken = |claim: &Claim| records::is_taken(store, claim, &key);
        next.take_free_names(merge::namespace(store)?, taken)?;
    }
    let changes = vec![Change::update(next.into(), revision)];
    Ok(commit(store, editor, format!("decided on {id}"), changes)?)
}

/// Releases a partner after a quarantine or a rollback. After a quarantine, the next response skips the
/// plausibility check.
///
/// # Errors
/// Returns [`DecisionError::NotHeld`] if the partner is neither quarantined nor on hold.
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
            // The next run must fetch a whole response.
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
