//! A whole answer of a partner: what it tells, what it no longer tells, and whether it can be true.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use chrono::Days;
use uuid::Uuid;

use crate::catalog::Entry;
use calendar_connectors::connector::{Item, Listing};
use calendar_domain::revise::revise;
use calendar_domain::source_version::settle_rest;
use calendar_domain::{
    Event, EventDraft, EventId, Field, Guard, Owner, PartnerState, Publication, Source,
    SourceVersion, Window,
};

use super::{Lookup, Planned, Planner, Step};
use crate::ingest::names;
use crate::ingest::suggestions::Matters;
use calendar_store::{Store, StoreError};

/// Whole answers without an event, after the first, until it is withdrawn.
const PATIENCE: u8 = 2;
/// An answer may always be this many events shorter than the last.
const FEW: usize = 5;
/// An answer may be this part shorter than the last, in per cent.
const PART: usize = 20;
/// How far ahead an event that recurs is looked for, in days: ten years.
const AHEAD: u64 = 3_653;
/// How far ahead it is looked for first: most recur more often than that.
const SOON: u64 = 62;

/// What a partner told in one run.
#[derive(Debug, Clone)]
pub struct Heard {
    /// The events.
    pub items: Vec<Item>,
    /// Whether that is everything.
    pub listing: Listing,
    /// How many things in it could not be read of which nobody knows which events they are.
    pub unreadable: usize,
}

/// What an answer means.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What becomes of each event that it tells of.
    pub planned: Vec<Planned>,
    /// Events to be written because they are told of no longer.
    pub withdrawn: Vec<Event>,
    /// What somebody has to decide.
    pub matters: Matters,
    /// What the partner said of events that it no longer tells of, by the keys of the versions.
    pub forgotten: Vec<String>,
    /// Events that the answer was about: what it says of them replaces what it said before.
    pub seen: HashSet<EventId>,
    /// Events that it no longer has, with the number of whole answers without them.
    pub missing: BTreeMap<EventId, u8>,
    /// The last commit that the plan knows of: what was written since is not in it.
    pub as_of: u64,
    /// Events that the partner calls otherwise than before, as it seems: the new name, and the one that is kept.
    pub renamed: BTreeMap<String, String>,
    /// Why nothing of this may be written, if it looks wrong.
    pub doubt: Option<Doubt>,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// There is nothing in it.
    #[error("the answer is empty, and {known} events were known to lie ahead")]
    Empty {
        /// How many lie ahead.
        known: usize,
    },
    /// Too much has gone at once.
    #[error(
        "{gone} of {known} events that lie ahead are no longer told of at once, more than {FEW} and more \
         than {PART} %"
    )]
    Shrunken {
        /// How many have gone.
        gone: usize,
        /// How many lay ahead.
        known: usize,
    },
}

impl Planner<'_> {
    /// What a whole answer means, for a partner that stands as `state` says.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn answer(
        mut self,
        heard: Heard,
        state: &PartnerState,
        stored: &mut Lookup<'_>,
    ) -> Result<Plan, StoreError> {
        self.note_own();
        let Heard {
            items,
            listing,
            unreadable,
        } = heard;
        let (drafts, gone, mut unread) = parted(items);
        self.note_waiting(&gone, stored)?;
        let told = drafts.len() + unread.len();
        let planned = self.plan(drafts, stored)?;
        // What is refused is there all the same: the partner has not taken it away.
        let refused = planned.iter();
        let refused = refused.filter(|it| matches!(it.step, Step::Refuse(_)));
        unread.extend(refused.map(|it| it.origin_id.clone()));
        let absent = self.absent(listing, &gone, &unread, unreadable, state, stored)?;
        let known = self.known_ahead(state);
        let doubt = match state.guard {
            Guard::Released => None,
            _ => doubt(told, known, &absent, listing),
        };
        Ok(Plan {
            planned,
            withdrawn: absent.withdrawn,
            missing: absent.missing,
            doubt,
            as_of: self.snapshot.version().commit,
            renamed: self.renamed.clone(),
            seen: self.seen().clone(),
            forgotten: absent.forgotten,
            matters: self.into_matters(),
        })
    }

    /// What is not in the answer but lies ahead, or waits for an editor.
    fn absent(
        &self,
        listing: Listing,
        gone: &HashSet<String>,
        unread: &HashSet<String>,
        unreadable: usize,
        state: &PartnerState,
        stored: &Lookup<'_>,
    ) -> Result<Absent, StoreError> {
        let mut absent = Absent::default();
        let unread: HashSet<&EventId> = unread.iter().filter_map(|it| self.noted(it)).collect();
        let gone: HashSet<&EventId> = gone.iter().filter_map(|it| self.noted(it)).collect();
        let published = self.snapshot.events_from(&self.origin.partner);
        let published = published.map(|entry| (entry.event(), Some(entry)));
        let waiting = self.waiting.iter().map(|it| (Arc::new(it.clone()), None));
        for (event, entry) in published.chain(waiting) {
            let said_gone = gone.contains(&event.id);
            let there = self.seen().contains(&event.id) || unread.contains(&event.id);
            if there && !said_gone {
                continue;
            }
            let silent = match listing {
                Listing::Whole => true,
                Listing::Until(day) => event.schedule.when.start().date() <= day,
                Listing::Changes => false,
            };
            let counts = match entry {
                Some(entry) if said_gone => self.goes_on(entry),
                Some(entry) => silent && self.lies_ahead(entry),
                None => said_gone || silent,
            };
            if !counts {
                continue;
            }
            let times = state.missing.get(&event.id).copied().unwrap_or(0);
            // What the public does not see makes no answer doubtful.
            absent.newly += usize::from(times == 0 && !said_gone && entry.is_some());
            if said_gone || times >= PATIENCE {
                self.withdraw(&event, stored, &mut absent)?;
            } else {
                absent.missing.insert(event.id.clone(), times + 1);
            }
        }
        // So many could not be read that any of these may be among them: they are missing no longer than
        // they were.
        if absent.newly > 0 && absent.newly <= unreadable {
            absent
                .missing
                .retain(|id, _| state.missing.contains_key(id));
            absent.newly = 0;
        }
        if listing == Listing::Changes {
            // Silence says nothing: what was missing still is.
            absent.missing.clone_from(&state.missing);
            absent.missing.retain(|id, _| !self.seen().contains(id));
        }
        Ok(absent)
    }

    /// Whether it is not over yet.
    fn goes_on(&self, entry: &Arc<Entry>) -> bool {
        entry.happens_in(self.days_ahead(AHEAD))
    }

    /// Whether its next occurrence begins after now. A feed of what is to come drops what has begun.
    fn lies_ahead(&self, entry: &Arc<Entry>) -> bool {
        let zone = self.snapshot.region().time_zone;
        let begins = |days| {
            let found = entry.happenings(self.days_ahead(days));
            found.iter().any(|it| it.when.begins(zone) > self.origin.at)
        };
        entry.recurs() && begins(SOON) || begins(AHEAD)
    }

    /// So many days from today on.
    fn days_ahead(&self, days: u64) -> Window {
        let today = self.snapshot.version().today;
        let until = today.checked_add_days(Days::new(days));
        Window {
            from: today,
            until: until.unwrap_or(chrono::NaiveDate::MAX),
            zone: self.snapshot.region().time_zone,
        }
    }

    /// How many events lie ahead that the last answer told of.
    fn known_ahead(&self, state: &PartnerState) -> usize {
        let missing: HashSet<&str> = state.missing.keys().map(EventId::as_str).collect();
        let mine = self.snapshot.events_from(&self.origin.partner);
        mine.filter(|entry| !missing.contains(entry.id()) && self.lies_ahead(entry))
            .count()
    }

    /// Withdraws an event that this partner no longer tells of, or makes it that of its other sources.
    fn withdraw(
        &self,
        event: &Event,
        stored: &Lookup<'_>,
        absent: &mut Absent,
    ) -> Result<(), StoreError> {
        let mut next = event.clone();
        let keys = lose_source(&mut next, |it| it.partner == self.origin.partner, stored)?;
        absent.forgotten.extend(keys);
        absent.withdrawn.extend(revise(event, next, self.origin.at));
        Ok(())
    }
}

/// Takes sources of one partner out of an event. Where others are left the event says what they say; where none is,
/// it is withdrawn and keeps its sources, so that it is known should it come back. What a person has withdrawn,
/// rejected or published stays so. Returns the keys of the versions of the sources that are gone.
///
/// # Errors
/// Where the store cannot be read.
pub fn lose_source(
    event: &mut Event,
    is_lost: impl Fn(&Source) -> bool,
    stored: &Lookup<'_>,
) -> Result<Vec<String>, StoreError> {
    let (lost, left): (Vec<Source>, Vec<Source>) =
        event.sources.iter().cloned().partition(|it| is_lost(it));
    let Some(partner) = lost.first().map(|it| it.partner.clone()) else {
        return Ok(Vec::new());
    };
    let owned_by = |field, is: fn(&Owner) -> bool| event.owner(field).is_some_and(is);
    let is_partners: fn(&Owner) -> bool = |owner| matches!(owner, Owner::Partner(_));
    let by_person = owned_by(Field::Publication, Owner::is_person);
    let is_ours: fn(&Owner) -> bool = |owner| !matches!(owner, Owner::Partner(_));
    let is_own = owned_by(Field::Schedule, is_ours)
        && !owned_by(Field::Publication, is_partners)
        && !by_person;
    // Who has it second-hand may have it from here: two such would keep each other's copy for ever.
    let was_firsthand = lost.iter().any(|it| !it.secondhand);
    let has_heir = left.iter().any(|it| !(was_firsthand && it.secondhand));
    if has_heir || is_own {
        event.sources = left;
        let heir = event.sources.first().map(|it| it.partner.clone());
        event.hand_over(&partner, heir.as_ref());
        settle_rest(event, |source| stored.version(source))?;
        let keys = lost.iter();
        let keys = keys.map(|it| SourceVersion::key_of(&it.partner, &it.origin_id));
        return Ok(keys.collect());
    }
    let is_public_or_waits = matches!(
        event.publication,
        Publication::Published | Publication::Submitted
    );
    if is_public_or_waits && !by_person {
        event.publication = Publication::Withdrawn;
        let owner = Owner::Partner(partner);
        event.owners.insert(Field::Publication, owner);
    }
    Ok(Vec::new())
}

impl Plan {
    /// Gives new events names that no other stored event has.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn settle_names(&mut self, store: &dyn Store, namespace: Uuid) -> Result<(), StoreError> {
        let new = self.planned.iter_mut().filter_map(|it| match &mut it.step {
            Step::Create(event) => Some(&mut **event),
            _ => None,
        });
        names::settle(store, namespace, new)?;
        Ok(())
    }

    /// Refuses events whose names others take again and again, so that the rest can be written.
    pub fn leave_out(&mut self, collided: &HashSet<String>) {
        for planned in &mut self.planned {
            let id = planned.event.as_ref().map(EventId::as_str);
            if id.is_some_and(|id| collided.contains(id)) {
                let why =
                    "its slug or UID was taken by another event just now; the next run tries again";
                planned.step = Step::Refuse(why.into());
            }
        }
        self.matters
            .raised
            .retain(|it| !collided.contains(it.event.as_str()));
    }
}

#[derive(Debug, Default)]
struct Absent {
    withdrawn: Vec<Event>,
    missing: BTreeMap<EventId, u8>,
    forgotten: Vec<String>,
    /// How many are missing for the first time.
    newly: usize,
}

/// Events, those that are gone, and those that are there and could not be read.
type Parted = (Vec<EventDraft>, HashSet<String>, HashSet<String>);

fn parted(items: Vec<Item>) -> Parted {
    let mut drafts = Vec::with_capacity(items.len());
    let (mut gone, mut unread) = (HashSet::new(), HashSet::new());
    for item in items {
        match item {
            Item::Event(draft) => drafts.push(*draft),
            Item::Gone { origin_id } => {
                gone.insert(origin_id);
            }
            Item::Unread { origin_id } => {
                unread.insert(origin_id);
            }
        }
    }
    (drafts, gone, unread)
}

fn doubt(told: usize, known: usize, absent: &Absent, listing: Listing) -> Option<Doubt> {
    if listing == Listing::Changes || known == 0 {
        return None;
    }
    if told == 0 {
        return Some(Doubt::Empty { known });
    }
    let gone = absent.newly;
    (gone > FEW && gone * 100 > known * PART).then_some(Doubt::Shrunken { gone, known })
}
