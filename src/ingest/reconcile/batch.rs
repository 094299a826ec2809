//! Plans a whole response of a partner: its events, the events missing from it, and a plausibility check.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use chrono::Days;
use uuid::Uuid;

use crate::catalog::Entry;
use calendar_connectors::connector::{Listing, ParsedItem};
use calendar_domain::revision::revise;
use calendar_domain::{Event, EventDraft, EventId, Guard, PartnerState, Source, Window};

use super::own_sources::Stays;
use super::{Lookup, Planned, Planner, Step, lose_source};
use crate::ingest::names;
use crate::ingest::suggestions::Matters;
use calendar_store::{Store, StoreError};

/// Number of further whole responses without an event, after the first, before it is withdrawn.
const PATIENCE: u8 = 2;
/// Number of events by which a response may always be shorter than the last.
const FEW: usize = 5;
/// Percentage by which a response may be shorter than the last.
const PART: usize = 20;
/// Window for the next occurrence of an event, in days: ten years.
const AHEAD: u64 = 3_653;
/// Window that is searched first, in days: most events recur sooner.
const SOON: u64 = 62;

/// The response of one run.
#[derive(Debug, Clone)]
pub struct PartnerBatch {
    /// The items.
    pub items: Vec<ParsedItem>,
    /// Whether these are all of the partner's events.
    pub listing: Listing,
    /// Number of unreadable items without an identifiable event.
    pub unreadable: usize,
}

/// What a response changes.
#[derive(Debug, Clone)]
pub struct ReconcilePlan {
    /// The step for each event in the response.
    pub planned: Vec<Planned>,
    /// Events to write because they are missing from the response.
    pub withdrawn: Vec<Event>,
    /// Suggestions for editors.
    pub matters: Matters,
    /// Keys of the source versions to remove with their events' sources.
    pub forgotten: Vec<String>,
    /// Events in the response.
    pub seen: HashSet<EventId>,
    /// Events missing from the response, with the number of consecutive whole responses without them.
    pub missing: BTreeMap<EventId, u8>,
    /// The last commit that the plan is based on.
    pub as_of: u64,
    /// Events that the partner seems to have renamed: the new origin id, and the stored one.
    pub renamed: BTreeMap<String, String>,
    /// Why nothing may be written, if the response is implausible.
    pub doubt: Option<SanityCheck>,
}

/// Why a response is implausible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SanityCheck {
    /// It has no events.
    #[error("the response is empty, but {known} upcoming events are stored")]
    Empty {
        /// Number of known future events.
        known: usize,
    },
    /// Too many events are missing at once.
    #[error(
        "{gone} of {known} upcoming events disappeared at once, more than {FEW} and more than {PART} %"
    )]
    Shrunken {
        /// Number of missing events.
        gone: usize,
        /// Number of known future events.
        known: usize,
    },
}

impl Planner<'_> {
    /// Plans a whole response of a partner whose exchange has the given state.
    ///
    /// # Errors
    /// Errors if the store cannot be read.
    pub fn answer(
        mut self,
        heard: PartnerBatch,
        state: &PartnerState,
        stored: &mut Lookup<'_>,
    ) -> Result<ReconcilePlan, StoreError> {
        self.note_own(stored)?;
        let PartnerBatch {
            items,
            listing,
            unreadable,
        } = heard;
        let (drafts, gone, mut unread) = parted(items);
        self.note_waiting(&gone, stored)?;
        // What the answer tells of is not gone, whatever else it says.
        let is_told = |name: &String| drafts.iter().any(|draft| draft.origin_id == *name);
        self.gone = match gone.is_empty() {
            true => HashSet::new(),
            false => gone.into_iter().filter(|gone| !is_told(gone)).collect(),
        };
        let told = drafts.len() + unread.len();
        let planned = self.plan(drafts, stored)?;
        // A refused event is still in the response, so it is not missing.
        let refused = planned.iter();
        let refused = refused.filter(|refused| matches!(refused.step, Step::Refuse(_)));
        unread.extend(refused.map(|refused| refused.origin_id.clone()));
        let mut absent = self.absent(listing, &unread, unreadable, state, stored)?;
        self.matters.extend(std::mem::take(&mut absent.matters));
        let known = self.known_ahead(state);
        let doubt = match state.guard {
            Guard::Released => None,
            _ => doubt(told, known, &absent, listing),
        };
        Ok(ReconcilePlan {
            planned,
            withdrawn: absent.withdrawn,
            missing: absent.missing,
            doubt,
            as_of: self.snapshot.version().commit,
            renamed: self.renamed.clone(),
            seen: self.seen().clone(),
            forgotten: {
                let mut forgotten = absent.forgotten;
                forgotten.append(&mut self.forgotten);
                forgotten
            },
            matters: self.into_matters(),
        })
    }

    /// Returns the events that are missing from the response and in the future, or that wait for an editor.
    fn absent(
        &self,
        listing: Listing,
        unread: &HashSet<String>,
        unreadable: usize,
        state: &PartnerState,
        stored: &Lookup<'_>,
    ) -> Result<Absent, StoreError> {
        let mut absent = Absent::default();
        let unread: HashSet<&EventId> = unread
            .iter()
            .filter_map(|unread| self.noted(unread))
            .collect();
        let published = self.snapshot.events_from(&self.origin.partner);
        let published = published.map(|entry| (entry.event(), Some(entry)));
        let waiting = self
            .waiting
            .iter()
            .map(|waiting| (Arc::new(waiting.clone()), None));
        for (event, entry) in published.chain(waiting) {
            let there = self.seen().contains(&event.id) || unread.contains(&event.id);
            let said_gone = match self.stays_of(&event) {
                _ if there => continue,
                Stays::Nothing => true,
                Stays::All => false,
                Stays::Apart => continue,
                Stays::Part => {
                    let is_gone = |source: &Source| self.is_said_gone(source);
                    self.withdraw(&event, is_gone, stored, &mut absent)?;
                    let times = state.missing.get_key_value(&event.id);
                    absent
                        .missing
                        .extend(times.map(|(id, times)| (id.clone(), *times)));
                    continue;
                }
            };
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
            // Events that are not published do not make a response implausible.
            absent.newly += usize::from(times == 0 && !said_gone && entry.is_some());
            if said_gone || times >= PATIENCE {
                self.withdraw(&event, |source| self.is_fed(source), stored, &mut absent)?;
            } else {
                absent.missing.insert(event.id.clone(), times + 1);
            }
        }
        // Each newly missing event may be one of the unreadable items, so none of them counts.
        if absent.newly > 0 && absent.newly <= unreadable {
            absent
                .missing
                .retain(|id, _| state.missing.contains_key(id));
            absent.newly = 0;
        }
        if listing == Listing::Changes {
            // An incremental response says nothing about missing events.
            absent.missing.clone_from(&state.missing);
            absent.missing.retain(|id, _| !self.seen().contains(id));
        }
        Ok(absent)
    }

    /// Returns true if the event is not over.
    fn goes_on(&self, entry: &Arc<Entry>) -> bool {
        entry.happens_in(self.days_ahead(AHEAD))
    }

    /// Returns true if an occurrence begins after now. Feeds of future events drop those that have begun.
    fn lies_ahead(&self, entry: &Arc<Entry>) -> bool {
        let zone = self.snapshot.region().time_zone;
        let begins = |days| {
            let found = entry.happenings(self.days_ahead(days));
            found
                .iter()
                .any(|happening| happening.when.begins(zone) > self.origin.at)
        };
        entry.recurs() && begins(SOON) || begins(AHEAD)
    }

    /// Returns the window of that many days from today.
    fn days_ahead(&self, days: u64) -> Window {
        let today = self.snapshot.version().today;
        let until = today.checked_add_days(Days::new(days));
        Window {
            from: today,
            until: until.unwrap_or(chrono::NaiveDate::MAX),
            zone: self.snapshot.region().time_zone,
        }
    }

    /// Returns the number of future events that were in the last response.
    fn known_ahead(&self, state: &PartnerState) -> usize {
        let missing: HashSet<&str> = state.missing.keys().map(EventId::as_str).collect();
        let mine = self.snapshot.events_from(&self.origin.partner);
        let is_fed = |entry: &Entry| {
            entry
                .event()
                .sources
                .iter()
                .any(|source| self.is_fed(source))
        };
        mine.filter(|entry| {
            !missing.contains(entry.id()) && is_fed(entry) && self.lies_ahead(entry)
        })
        .count()
    }

    /// Withdraws an event missing from the response, or leaves it to its other sources.
    fn withdraw(
        &self,
        event: &Event,
        is_lost: impl Fn(&Source) -> bool,
        stored: &Lookup<'_>,
        absent: &mut Absent,
    ) -> Result<(), StoreError> {
        let mut next = event.clone();
        let terms = (self.snapshot.region().uid_namespace, self.origin.at);
        let lost = lose_source(&mut next, is_lost, stored, terms)?;
        absent.forgotten.extend(lost.versions);
        absent.matters.extend(lost.matters);
        absent.withdrawn.extend(revise(event, next, self.origin.at));
        Ok(())
    }
}

impl ReconcilePlan {
    /// Gives new events names that no other stored event has.
    ///
    /// # Errors
    /// Errors if the store cannot be read.
    pub fn settle_names(&mut self, store: &dyn Store, namespace: Uuid) -> Result<(), StoreError> {
        let new = self
            .planned
            .iter_mut()
            .filter_map(|planned| match &mut planned.step {
                Step::Create(event) => Some(&mut **event),
                _ => None,
            });
        names::settle(store, namespace, new)?;
        Ok(())
    }

    /// Refuses events whose names collide repeatedly, so that the rest can be written.
    pub fn leave_out(&mut self, collided: &HashSet<String>) {
        for planned in &mut self.planned {
            let id = planned.event.as_ref().map(EventId::as_str);
            if id.is_some_and(|id| collided.contains(id)) {
                let why = "another event has just taken its slug or UID; the next run tries again";
                planned.step = Step::Refuse(why.into());
            }
        }
        self.matters
            .raised
            .retain(|raised| !collided.contains(raised.event.as_str()));
    }
}

#[derive(Debug, Default)]
struct Absent {
    withdrawn: Vec<Event>,
    missing: BTreeMap<EventId, u8>,
    forgotten: Vec<String>,
    matters: Matters,
    /// Number of events missing for the first time.
    newly: usize,
}

/// Drafts, origin ids of deleted events, and origin ids of unreadable ones.
type Partition = (Vec<EventDraft>, HashSet<String>, HashSet<String>);

fn parted(items: Vec<ParsedItem>) -> Partition {
    let mut drafts = Vec::with_capacity(items.len());
    let (mut gone, mut unread) = (HashSet::new(), HashSet::new());
    for item in items {
        match item {
            ParsedItem::Event(draft) => drafts.push(*draft),
            ParsedItem::Gone { origin_id } => {
                gone.insert(origin_id);
            }
            ParsedItem::Unread { origin_id } => {
                unread.insert(origin_id);
            }
        }
    }
    (drafts, gone, unread)
}

fn doubt(told: usize, known: usize, absent: &Absent, listing: Listing) -> Option<SanityCheck> {
    if listing == Listing::Changes || known == 0 {
        return None;
    }
    if told == 0 {
        return Some(SanityCheck::Empty { known });
    }
    let gone = absent.newly;
    (gone > FEW && gone * 100 > known * PART).then_some(SanityCheck::Shrunken { gone, known })
}
