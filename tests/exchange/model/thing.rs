//! The expected state of an event, and how it follows from its sources.

use std::collections::BTreeSet;

use super::words::{FIELDS, Words};
use crate::*;

/// Fields whose values from a second source need an editor's approval.
const REVIEWED: [Field; 2] = [Field::Description, Field::Organizer];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub partner: usize,
    pub name: String,
    pub uid: String,
    pub secondhand: bool,
    /// Whether it came to the partner interface, and not with an answer.
    pub sent: bool,
    /// Its known values. Those of a single source are the event's.
    pub words: Words,
    /// Its values in the last response.
    pub said: Words,
    /// Fields of its values that a person had set. It is read again while there are some.
    pub assumed: BTreeSet<Field>,
    /// Fields that an editor has accepted from it.
    pub accepted: BTreeSet<Field>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Published,
    Waiting,
    Rejected,
    Withdrawn,
}

/// The expected state of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// Its id, once known.
    pub id: Option<EventId>,
    pub uid: Option<String>,
    /// The origin that it was created from, and the number of earlier events of that origin.
    pub made_of: (usize, String, usize),
    pub shown: Words,
    /// Fields that a person set.
    pub by_person: BTreeSet<Field>,
    pub standing: Standing,
    /// Whether a person has decided its publication state.
    pub is_decided: bool,
    pub origins: Vec<Origin>,
}

impl Origin {
    pub fn is_fed_by(&self, partner: usize) -> bool {
        self.partner == partner && !self.sent
    }
}

impl Thing {
    pub fn is_live(&self) -> bool {
        matches!(self.standing, Standing::Published | Standing::Waiting)
    }

    /// Returns true if it is recognized under a new origin id by title and time.
    pub fn is_known_by_face(&self) -> bool {
        self.standing != Standing::Withdrawn
    }

    pub fn is_public(&self) -> bool {
        self.standing == Standing::Published
    }

    pub fn has(&self, partner: usize) -> bool {
        self.origins.iter().any(|origin| origin.partner == partner)
    }

    /// What the answers of a partner tell of it, or told.
    pub fn fed_by(&self, partner: usize) -> impl Iterator<Item = &Origin> {
        let mut all = self.origins.iter().collect::<Vec<_>>();
        all.retain(|origin| origin.is_fed_by(partner));
        all.into_iter()
    }

    /// Whether its title and time are not those that its partner says.
    pub fn is_described_here(&self) -> bool {
        let faces = [Field::Title, Field::Schedule];
        faces.iter().any(|face| self.by_person.contains(face))
    }

    pub fn is_withdrawn_for_them(&self) -> bool {
        self.standing == Standing::Withdrawn && !self.is_decided
    }

    /// Settles the fields from all sources: the first one's values, unless an editor accepted another's. Empty
    /// fields are filled from the next source, which for texts and organizers needs an editor.
    pub fn settle(&mut self) {
        let is_firsthand = !self.origins[0].secondhand;
        for field in FIELDS {
            if self.by_person.contains(&field) {
                continue;
            }
            let says = |origin: &&Origin| !origin.words.is_blank(field);
            let accepted = |origin: &&Origin| says(origin) && origin.accepted.contains(&field);
            let first = &self.origins[0];
            let is_reviewed = REVIEWED.contains(&field);
            let next = self.origins.iter().find(says).unwrap_or(first);
            let chosen = match self.origins.iter().find(accepted) {
                Some(_) if is_reviewed && says(&first) => first,
                Some(accepted) => accepted,
                None if is_reviewed && is_firsthand => first,
                None => next,
            };
            self.shown.take(field, &chosen.words);
        }
    }

    /// Removes some of its sources.
    pub fn lose(&mut self, is_lost: impl Fn(&Origin) -> bool) {
        let all = self.origins.clone();
        let (lost, left): (Vec<Origin>, Vec<Origin>) = all.into_iter().partition(is_lost);
        // A second-hand source does not keep an event whose first-hand source is gone.
        let was_firsthand = lost.iter().any(|lost| !lost.secondhand);
        if left.iter().any(|left| !(was_firsthand && left.secondhand)) {
            self.origins = left;
            self.settle();
        } else if self.is_live() && !self.is_decided {
            self.standing = Standing::Withdrawn;
        }
    }
}
