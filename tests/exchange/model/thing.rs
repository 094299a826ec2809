//! An event as it must stand, and what follows from what its sources say.

use std::collections::BTreeSet;

use super::words::{FIELDS, Words};
use crate::*;

/// Texts and names of people: those of a second source stand only where an editor said so.
const REVIEWED: [Field; 2] = [Field::Description, Field::Organizer];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub partner: usize,
    pub name: String,
    pub uid: String,
    pub secondhand: bool,
    /// What it says, as far as that is known here: what stands in an event of one source is what that says.
    pub words: Words,
    /// What it said last.
    pub said: Words,
    /// What an editor has let it say.
    pub accepted: BTreeSet<Field>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Published,
    Waiting,
    Rejected,
    Withdrawn,
}

/// An event as it must stand here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// Its id, once it was seen.
    pub id: Option<EventId>,
    pub uid: Option<String>,
    /// Of which origin it was made, and how many were made of that before.
    pub made_of: (usize, String, usize),
    pub shown: Words,
    /// What a person set.
    pub by_person: BTreeSet<Field>,
    pub standing: Standing,
    /// Whether a person has decided its standing for good.
    pub is_decided: bool,
    pub origins: Vec<Origin>,
}

impl Thing {
    pub fn is_live(&self) -> bool {
        matches!(self.standing, Standing::Published | Standing::Waiting)
    }

    /// Whether a new name of it is recognised by title and time.
    pub fn is_known_by_face(&self) -> bool {
        self.standing != Standing::Withdrawn
    }

    pub fn is_public(&self) -> bool {
        self.standing == Standing::Published
    }

    pub fn has(&self, partner: usize) -> bool {
        self.origins.iter().any(|it| it.partner == partner)
    }

    pub fn is_withdrawn_for_them(&self) -> bool {
        self.standing == Standing::Withdrawn && !self.is_decided
    }

    /// What follows from what all its sources say: the first one's words, unless an editor accepted another's, and
    /// where it says nothing those of the next, which for texts of people needs an editor.
    pub fn settle(&mut self) {
        let is_firsthand = !self.origins[0].secondhand;
        for field in FIELDS {
            if self.by_person.contains(&field) {
                continue;
            }
            let says = |it: &&Origin| !it.words.is_blank(field);
            let accepted = |it: &&Origin| says(it) && it.accepted.contains(&field);
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

    /// It is no longer told of by some of its sources.
    pub fn lose(&mut self, is_lost: impl Fn(&Origin) -> bool) {
        let all = self.origins.clone();
        let (lost, left): (Vec<Origin>, Vec<Origin>) = all.into_iter().partition(is_lost);
        // Who only repeats what is gone does not keep it.
        let was_firsthand = lost.iter().any(|it| !it.secondhand);
        if left.iter().any(|it| !(was_firsthand && it.secondhand)) {
            self.origins = left;
            self.settle();
        } else if self.is_live() && !self.is_decided {
            self.standing = Standing::Withdrawn;
        }
    }
}
