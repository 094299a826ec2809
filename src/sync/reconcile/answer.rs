//! A whole answer of a partner: what it tells, what it no longer tells, and whether it can be true.

use std::collections::{BTreeMap, HashSet};

use chrono::Days;
use uuid::Uuid;

use crate::catalog::Entry;
use crate::domain::revise::revise;
use crate::domain::{
    Event, EventDraft, EventId, Field, Guard, Owner, PartnerState, Publication, Suggestion, Window,
};
use crate::sync::connector::{Item, Listing};

use super::{Lookup, Planned, Planner, Step};
use crate::store::{Store, StoreError};
use crate::sync::names;

/// Whole answers without an event, after the first, until it is withdrawn.
const PATIENCE: u8 = 2;
/// An answer may always be this many events shorter than the last.
const FEW: usize = 5;
/// An answer may be this part shorter than the last, in per cent.
const PART: usize = 20;
/// How far ahead an event that recurs is looked for, in days: ten years.
const AHEAD: u64 = 3_653;

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
    pub suggestions: Vec<Suggestion>,
    /// Events that the answer was about: what it says of them replaces what it said before.
    pub seen: HashSet<EventId>,
    /// Events that it no longer has, with the number of whole answers without them.
    pub missing: BTreeMap<EventId, u8>,
    /// The last commit that the plan knows of: what was written since is not in it.
    pub as_of: u64,
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
        let told = drafts.len() + unread.len();
        let planned = self.plan(drafts, stored)?;
        // What is refused is there all the same: the partner has not taken it away.
        let refused = planned.iter();
        let refused = refused.filter(|it| matches!(it.step, Step::Refuse(_)));
        unread.extend(refused.map(|it| it.origin_id.clone()));
        let absent = self.absent(listing, &gone, &unread, unreadable, state);
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
            seen: self.seen().clone(),
            suggestions: self.into_suggestions(),
        })
    }

    /// What is not in the answer but lies ahead.
    fn absent(
        &self,
        listing: Listing,
        gone: &HashSet<String>,
        unread: &HashSet<String>,
        unreadable: usize,
        state: &PartnerState,
    ) -> Absent {
        let mut absent = Absent::default();
        let unread: HashSet<&EventId> = unread.iter().filter_map(|it| self.noted(it)).collect();
        let gone: HashSet<&EventId> = gone.iter().filter_map(|it| self.noted(it)).collect();
        for entry in self.snapshot.events_from(&self.origin.partner) {
            let event = entry.event();
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
            if !(silent || said_gone) || !self.lies_ahead(entry) {
                continue;
            }
            let times = state.missing.get(&event.id).copied().unwrap_or(0);
            absent.newly += usize::from(times == 0 && !said_gone);
            if said_gone || times >= PATIENCE {
                absent.withdrawn.extend(self.without(&event));
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
        absent
    }

    fn lies_ahead(&self, entry: &std::sync::Arc<Entry>) -> bool {
        let version = self.snapshot.version();
        let until = version.today.checked_add_days(Days::new(AHEAD));
        let window = Window {
            from: version.today,
            until: until.unwrap_or(chrono::NaiveDate::MAX),
            zone: self.snapshot.region().time_zone,
        };
        entry.happens_in(window)
    }

    /// How many events lie ahead that the last answer told of.
    fn known_ahead(&self, state: &PartnerState) -> usize {
        let missing: HashSet<&str> = state.missing.keys().map(EventId::as_str).collect();
        let mine = self.snapshot.events_from(&self.origin.partner);
        mine.filter(|entry| !missing.contains(entry.id()) && self.lies_ahead(entry))
            .count()
    }

    /// An event that this partner no longer tells of: withdrawn, or another partner's alone.
    fn without(&self, event: &Event) -> Option<Event> {
        let partner = &self.origin.partner;
        let mut next = event.clone();
        let was_firsthand =
            (event.sources.iter()).any(|it| it.partner == *partner && !it.secondhand);
        next.sources.retain(|it| it.partner != *partner);
        // Who has it second-hand may have it from here: two such would keep each other's copy for ever.
        let heir = next
            .sources
            .iter()
            .find(|it| !(was_firsthand && it.secondhand));
        match heir.map(|it| it.partner.clone()) {
            Some(heir) => next.hand_over(partner, Some(&heir)),
            None => {
                let by_person = event
                    .owner(Field::Publication)
                    .is_some_and(Owner::is_person);
                if by_person {
                    return None;
                }
                // The source stays, so that the event is known should it come back.
                next.sources.clone_from(&event.sources);
                next.publication = Publication::Withdrawn;
                let owner = Owner::Partner(partner.clone());
                next.owners.insert(Field::Publication, owner);
            }
        }
        revise(event, next, self.origin.at)
    }
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
        self.suggestions
            .retain(|it| !collided.contains(it.event.as_str()));
    }
}

#[derive(Debug, Default)]
struct Absent {
    withdrawn: Vec<Event>,
    missing: BTreeMap<EventId, u8>,
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
