//! The model: the expected state of the calendar, independent of the code under test.
//!
//! Where the rules leave the result open (a draft could match two events, say), an act has no prediction and is
//! left out.

use std::collections::{BTreeMap, BTreeSet};

pub use super::thing::{Origin, Standing, Thing};
use super::words::{Entry, Words, may_be_same_time};

/// The subject of a decision: an origin, or an event regardless of its names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Origin(usize, String),
    Thing(usize),
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Hold {
    #[default]
    None,
    Doubted,
    Released,
    RolledBack,
}

/// State of the exchange with a partner.
#[derive(Debug, Clone, Default)]
pub struct Side {
    pub waits: bool,
    /// What `waits` was in the last run. If it has changed, known content is settled again.
    pub waited: bool,
    pub hold: Hold,
    /// Number of whole responses without each future event.
    pub missing: BTreeMap<usize, u8>,
    /// Renamings in the last response: the new origin id, and the stored one.
    pub renamed: BTreeMap<String, String>,
}

/// The expected counts of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Expected {
    pub is_held: bool,
    pub is_doubted: bool,
    pub created: usize,
    pub joined: usize,
    pub refused: usize,
    pub withdrawn: usize,
    pub missing: usize,
    /// Number of events whose new identifiers were learned.
    pub learnt: usize,
}

#[derive(Debug, Clone, Default)]
pub struct Model {
    pub things: Vec<Thing>,
    pub sides: [Side; 3],
    pub decided: BTreeMap<(Key, Key), bool>,
}

/// State while a response is applied.
pub struct Hearing<'a> {
    pub partner: usize,
    pub names: Option<BTreeSet<&'a str>>,
    /// Names that are said to be gone.
    pub gone: BTreeSet<&'a str>,
    pub seen: BTreeSet<usize>,
    /// Stored events of the partner that are missing from the response, with origin id and content.
    pub vanished: Vec<(usize, String, Words)>,
    pub renamed: BTreeMap<String, String>,
    pub is_run: bool,
    pub expected: Expected,
}

impl Hearing<'_> {
    /// Returns the vanished event at an index, which an entry has renamed.
    fn face(&mut self, entry: &Entry, at: usize) -> Whose {
        let (thing, name, _) = self.vanished.remove(at);
        if self.seen.contains(&thing) {
            // The answer has it under another name too.
            self.renamed.insert(entry.origin.clone(), name);
            return Whose::Twice;
        }
        Whose::Face(thing, name)
    }
}

enum Whose {
    Known(usize),
    /// Under its former origin id.
    Face(usize, String),
    Learnt(usize, String),
    Joined(usize),
    Ours,
    Twice,
    New,
}

/// Returns the event that is most like a description, if there is one.
pub fn nearest<'a>(
    things: impl Iterator<Item = (usize, &'a Thing)>,
    words: &Words,
) -> Option<usize> {
    let alike = things.filter_map(|(index, thing)| {
        let distance = thing.shown.distance(words)?;
        Some(((distance, thing.id.clone()), index))
    });
    alike.min().map(|(_, index)| index)
}

impl Model {
    pub fn of(&self, partner: usize, name: &str) -> Option<usize> {
        let tells = |origin: &Origin| origin.partner == partner && origin.name == name;
        let mut all = self.things.iter();
        all.position(|thing| thing.origins.iter().any(tells))
    }

    pub fn decide(&mut self, one: &Key, other: &Key, same: bool) {
        let mut pair = [one.clone(), other.clone()];
        pair.sort();
        let [one, other] = pair;
        self.decided.insert((one, other), same);
    }

    pub fn keys(&self, thing: usize) -> Vec<Key> {
        let origins = self.things[thing].origins.iter();
        origins
            .map(|origin| Key::Origin(origin.partner, origin.name.clone()))
            .collect()
    }

    pub fn are_parted(&self, key: &Key, thing: usize) -> bool {
        let mut others = self.keys(thing);
        others.push(Key::Thing(thing));
        let is_parted = |other: &Key| {
            let mut pair = [key.clone(), other.clone()];
            pair.sort();
            let [a, b] = pair;
            self.decided.get(&(a, b)) == Some(&false)
        };
        others.iter().any(is_parted)
    }

    /// Returns the published events that an origin was decided to be.
    fn by_decision(&self, key: &Key) -> BTreeSet<usize> {
        let same = self.decided.iter().filter(|(_, same)| **same);
        let others = same.filter_map(|((a, b), _)| match () {
            () if a == key => Some(b),
            () if b == key => Some(a),
            () => None,
        });
        let things = others.filter_map(|other| match other {
            Key::Origin(partner, name) => self.of(*partner, name),
            Key::Thing(thing) => Some(*thing),
        });
        things
            .filter(|thing| self.things[*thing].is_public())
            .collect()
    }

    fn whose(&self, entry: &Entry, hearing: &mut Hearing<'_>) -> Option<Whose> {
        let partner = hearing.partner;
        if let Some(known) = self.of(partner, &entry.origin) {
            let is_seen = hearing.seen.contains(&known);
            // Of several names always the same counts.
            let is_told = |origin: &&Origin| {
                let names = hearing.names.as_ref();
                names.is_some_and(|names| names.contains(origin.name.as_str()))
            };
            let counts = self.things[known].fed_by(partner).find(is_told);
            let another = counts.is_some_and(|count| count.name != entry.origin);
            return Some(if is_seen || another {
                Whose::Twice
            } else {
                Whose::Known(known)
            });
        }
        let is_told = |name: &str| {
            hearing
                .names
                .as_ref()
                .is_some_and(|names| names.contains(name))
        };
        let before = self.sides[partner].renamed.get(&entry.origin);
        if hearing.is_run
            && let Some(before) = before.filter(|renamed| !is_told(renamed))
            && let Some(known) = self.of(partner, before)
        {
            if hearing.seen.contains(&known) {
                hearing.renamed.insert(entry.origin.clone(), before.clone());
                return Some(Whose::Twice);
            }
            return Some(Whose::Learnt(known, before.clone()));
        }
        let key = Key::Origin(partner, entry.origin.clone());
        let mut said = self.by_decision(&key);
        let before = said.len();
        said.retain(|by_decision| !hearing.seen.contains(by_decision));
        match said.len() {
            0 if before > 0 => return Some(Whose::Twice),
            0 => {}
            1 => return said.pop_first().map(Whose::Joined),
            _ => return None,
        }
        // The partner has renamed its own event.
        let same = |(thing, ..): &(usize, String, Words)| {
            self.things[*thing].uid.as_ref() == Some(&entry.uid)
        };
        if let Some(at) = hearing.vanished.iter().position(same) {
            return Some(hearing.face(entry, at));
        }
        let with_uid = |number: &&usize| self.things[**number].uid.as_ref() == Some(&entry.uid);
        let all: Vec<usize> = (0..self.things.len()).collect();
        let mut holders = all.iter().filter(with_uid);
        let holder = holders.next().copied();
        if let Some(holder) = holder.filter(|value| self.things[*value].is_public()) {
            if !hearing.seen.contains(&holder) {
                return self.met(entry, &key, holder, hearing.partner);
            }
        } else if let Some(holder) = holder
            && entry.secondhand
            && hearing.is_run
            && self.things[holder].standing == Standing::Withdrawn
        {
            return Some(Whose::Ours);
        }
        let mut alike = hearing
            .vanished
            .iter()
            .enumerate()
            .filter(|(_, (thing, _, face))| {
                let looks = |face: &Words| {
                    (&face.title, face.slot) == (&entry.words.title, entry.words.slot)
                };
                let thing = &self.things[*thing];
                looks(face) || thing.is_described_here() && looks(&thing.shown)
            });
        if let Some((at, (thing, name, _))) = alike.next() {
            if alike.next().is_some() {
                return None;
            }
            // What it looks like at its partner's is known for sure where nothing but its name has changed.
            let thing = &self.things[*thing];
            let mut same = thing.origins.iter();
            let is_unchanged = same.any(|origin| {
                origin.partner == partner
                    && origin.name == *name
                    && thing.uid.as_ref() == Some(&origin.uid)
                    && (&origin.said, origin.secondhand) == (&entry.words, entry.secondhand)
            });
            if thing.is_described_here() && !is_unchanged {
                return None;
            }
            return Some(hearing.face(entry, at));
        }
        let found = self.things.iter().enumerate().filter(|(index, value)| {
            value.is_public()
                && !value.has(partner)
                && !hearing.seen.contains(index)
                && !self.are_parted(&key, *index)
        });
        let found = nearest(found, &entry.words);
        let waits = self.sides[partner].waits;
        Some(found.filter(|_| !waits).map_or(Whose::New, Whose::Joined))
    }

    /// Matches an event with the same `UID`.
    /// Returns true if the partner has the event with a `UID` under a name. Under another one it is refused.
    pub fn has_under(&self, partner: usize, name: &str, uid: &str) -> bool {
        let thing = self.of(partner, name).map(|value| &self.things[value]);
        thing.is_some_and(|thing| thing.is_public() && thing.uid.as_deref() == Some(uid))
    }

    fn met(&self, entry: &Entry, key: &Key, holder: usize, partner: usize) -> Option<Whose> {
        let thing = &self.things[holder];
        if self.are_parted(key, holder) {
            return Some(Whose::New);
        }
        if entry.secondhand || thing.origins.is_empty() || thing.has(partner) {
            return Some(Whose::Ours);
        }
        // A `UID` can be copied, so the times must agree too.
        let is_same = may_be_same_time(thing.shown.slot, entry.words.slot);
        let joins = is_same && !self.sides[partner].waits;
        Some(if joins {
            Whose::Joined(holder)
        } else {
            Whose::New
        })
    }

    pub fn hear(&mut self, entry: &Entry, hearing: &mut Hearing<'_>) -> Option<()> {
        let partner = hearing.partner;
        let mut entry = entry.clone();
        let whose = self.whose(&entry, hearing)?;
        let thing = match whose {
            Whose::Known(thing) => thing,
            Whose::Face(thing, before) => {
                hearing.renamed.insert(entry.origin, before.clone());
                entry.uid = self.things[thing].uid.clone()?;
                entry.origin = before;
                thing
            }
            Whose::Learnt(thing, before) => {
                let origins = &mut self.things[thing].origins;
                let mut mine = origins.iter_mut();
                let mine =
                    mine.find(|origin| (origin.partner, &origin.name) == (partner, &before))?;
                mine.name.clone_from(&entry.origin);
                // A renamed event counts as new content.
                mine.uid.clear();
                hearing.expected.learnt += 1;
                thing
            }
            Whose::Joined(thing) => {
                hearing.expected.joined += 1;
                thing
            }
            Whose::Ours => return Some(()),
            Whose::Twice => {
                hearing.expected.refused += 1;
                return Some(());
            }
            Whose::New => {
                hearing.expected.created += 1;
                let uid = Some(entry.uid.clone());
                let is_free = self.things.iter().all(|thing| thing.uid != uid);
                let made = |thing: &&Thing| {
                    (thing.made_of.0, &thing.made_of.1) == (partner, &entry.origin)
                };
                let before = self.things.iter().filter(made).count();
                self.things.push(Thing {
                    id: None,
                    made_of: (partner, entry.origin.clone(), before),
                    uid: uid.filter(|_| is_free),
                    shown: entry.words.clone(),
                    by_person: BTreeSet::new(),
                    standing: self.standing_of(partner),
                    is_decided: false,
                    origins: Vec::new(),
                });
                self.things.len() - 1
            }
        };
        hearing.seen.insert(thing);
        self.say(thing, &entry, hearing);
        Some(())
    }

    fn standing_of(&self, partner: usize) -> Standing {
        if self.sides[partner].waits {
            Standing::Waiting
        } else {
            Standing::Published
        }
    }

    /// A partner says something of an event that is known.
    fn say(&mut self, thing: usize, entry: &Entry, hearing: &Hearing<'_>) {
        let (partner, is_run) = (hearing.partner, hearing.is_run);
        let afresh = is_run && self.sides[partner].waits != self.sides[partner].waited;
        let is_missing = self.sides[partner].missing.contains_key(&thing);
        let standing = self.standing_of(partner);
        let sides = self.sides.clone();
        let thing = &mut self.things[thing];
        let is_lost = is_missing || thing.is_withdrawn_for_them();
        let has_it = thing.fed_by(partner).any(|fed| fed.name == entry.origin);
        let said = Origin {
            partner,
            name: entry.origin.clone(),
            uid: entry.uid.clone(),
            secondhand: entry.secondhand,
            sent: !is_run && (!has_it || is_lost),
            words: entry.words.clone(),
            said: entry.words.clone(),
            assumed: BTreeSet::new(),
            accepted: BTreeSet::new(),
        };
        let is_mine = |origin: &Origin| (origin.partner, &origin.name) == (partner, &entry.origin);
        let others = |origin: &Origin| origin.is_fed_by(partner) && origin.name != entry.origin;
        let before = thing.origins.len();
        thing
            .origins
            .retain(|origin| !(others(origin) && hearing.gone.contains(origin.name.as_str())));
        let is_parted = thing.origins.len() < before;
        let is_untold = |origin: &Origin| {
            let names = hearing.names.as_ref();
            others(origin) && names.is_some_and(|names| !names.contains(origin.name.as_str()))
        };
        let known = thing.origins.iter().position(is_mine);
        let others = thing
            .origins
            .iter()
            .filter(|origin| origin.partner != partner);
        let repeats = entry.secondhand && others.into_iter().any(|origin| !origin.secondhand);
        if thing.is_withdrawn_for_them() {
            if repeats {
                return;
            }
            thing.standing = standing;
        } else if let Some(known) = known {
            let before = &thing.origins[known];
            let is_the_same = (&before.said, &before.uid, before.secondhand)
                == (&said.said, &said.uid, said.secondhand)
                && before.assumed.is_empty();
            let is_found_again = match (before.sent, is_run) {
                (true, is_run) => is_run,
                (false, is_run) => !is_run && is_missing,
            };
            if is_the_same
                && !afresh
                && !is_parted
                && !is_found_again
                && !thing.origins[..known].iter().any(is_untold)
            {
                return;
            }
        }
        if known.is_none() && thing.origins.len() == 1 {
            // The first source's values are those of the event.
            thing.origins[0].words = thing.shown.clone();
            thing.origins[0].assumed.extend(&thing.by_person);
        }
        match known {
            Some(known) => {
                let accepted = std::mem::take(&mut thing.origins[known].accepted);
                thing.origins[known] = Origin { accepted, ..said };
            }
            None => thing.origins.push(said),
        }
        let order = |origin: &Origin| {
            (
                origin.secondhand,
                // Among equals, the first source takes precedence.
                sides[origin.partner].waits,
                is_untold(origin),
            )
        };
        thing.origins.sort_by_key(order);
        thing.settle();
    }

    /// Applies a single event sent by a partner.
    pub fn send(&mut self, partner: usize, entry: &Entry) -> Option<()> {
        let mut hearing = Hearing {
            partner,
            names: None,
            gone: BTreeSet::new(),
            seen: BTreeSet::new(),
            vanished: Vec::new(),
            renamed: BTreeMap::new(),
            is_run: false,
            expected: Expected::default(),
        };
        self.hear(entry, &mut hearing)?;
        for thing in hearing.seen {
            self.sides[partner].missing.remove(&thing);
        }
        Some(())
    }
}
