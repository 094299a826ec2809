//! The model's prediction for editors' decisions.

use std::collections::BTreeSet;

use super::reference::{Hold, Key, Model, Origin, Standing, Thing, nearest};
use super::words::{FIELDS, Words};
use crate::*;

impl Model {
    /// Merges `goes` into `stays`. Returns the fields that were empty and are filled.
    pub fn join(&mut self, stays: usize, goes: usize) -> BTreeSet<Field> {
        for one in self.keys(goes) {
            for other in self.keys(stays) {
                self.decide(&one, &other, true);
            }
            self.decide(&one, &Key::Thing(stays), true);
        }
        let as_it_stands = |thing: &Thing| -> Vec<Origin> {
            let mut origins = thing.origins.clone();
            if let [only] = &mut origins[..] {
                only.words = thing.shown.clone();
                only.assumed.extend(&thing.by_person);
                only.accepted.clear();
            }
            origins
        };
        let gone = self.things[goes].clone();
        let thing = &mut self.things[stays];
        let is_filled =
            |field: &Field| thing.shown.is_blank(*field) && !gone.shown.is_blank(*field);
        let filled: BTreeSet<Field> = FIELDS.into_iter().filter(is_filled).collect();
        let mut others = as_it_stands(&gone);
        for origin in &mut others {
            let fills = |field: &&Field| origin.words.agrees(**field, &gone.shown);
            origin.accepted = filled.iter().filter(fills).copied().collect();
        }
        thing.origins = as_it_stands(thing);
        thing.origins.extend(others);
        for field in &filled {
            thing.shown.take(*field, &gone.shown);
            if gone.by_person.contains(field) {
                thing.by_person.insert(*field);
            }
        }
        let left = &mut self.things[goes];
        left.origins.clear();
        left.standing = Standing::Withdrawn;
        left.is_decided = true;
        filled
    }

    /// Splits a partner's source from an event.
    pub fn split(&mut self, thing: usize, partner: usize) {
        let keys = self.keys(thing);
        let is_parted = |key: &Key| matches!(key, Key::Origin(one, _) if *one == partner);
        let (parted, left): (Vec<Key>, Vec<Key>) = keys.into_iter().partition(is_parted);
        for one in &parted {
            for other in &left {
                self.decide(one, other, false);
            }
            self.decide(one, &Key::Thing(thing), false);
        }
        let standing = self.things[thing].standing;
        let origins = std::mem::take(&mut self.things[thing].origins);
        let (own, left): (Vec<Origin>, Vec<Origin>) = origins
            .into_iter()
            .partition(|origin| origin.partner == partner);
        self.things[thing].origins = left;
        self.things[thing].settle();
        for mut origin in own {
            origin.accepted.clear();
            let made =
                |thing: &Thing| (thing.made_of.0, &thing.made_of.1) == (partner, &origin.name);
            let mut before: Vec<usize> = (0..self.things.len()).collect();
            before.retain(|number| made(&self.things[*number]));
            before.sort_by_key(|number| self.things[*number].made_of.2);
            let own = Thing {
                id: None,
                uid: None,
                made_of: (partner, origin.name.clone(), before.len()),
                shown: origin.words.clone(),
                by_person: BTreeSet::new(),
                standing,
                is_decided: false,
                origins: vec![origin],
            };
            // An event that was merged into another is reused.
            let left = |number: &&usize| self.things[**number].origins.is_empty();
            match before.iter().find(left) {
                Some(left) => {
                    let left = &mut self.things[*left];
                    *left = Thing {
                        id: left.id.clone(),
                        uid: left.uid.clone(),
                        made_of: left.made_of.clone(),
                        ..own
                    };
                }
                None => self.things.push(own),
            }
        }
    }

    /// Returns the published duplicate of a waiting event.
    pub fn twin(&self, waiting: usize) -> Option<usize> {
        let one = &self.things[waiting];
        let found = self.things.iter().enumerate().filter(|(index, value)| {
            *index != waiting
                && value.is_public()
                && !one.origins.iter().any(|origin| value.has(origin.partner))
                && !self
                    .keys(waiting)
                    .iter()
                    .any(|key| self.are_parted(key, *index))
        });
        nearest(found, &one.shown)
    }

    /// Accepts a partner's values.
    pub fn accept(&mut self, thing: usize, partner: usize, fields: &BTreeSet<Field>, told: &Words) {
        let thing = &mut self.things[thing];
        for field in FIELDS.into_iter().filter(|field| fields.contains(field)) {
            thing.shown.take(field, told);
            thing.by_person.remove(&field);
        }
        if thing.origins.len() > 1 {
            let mine = thing.origins.iter_mut();
            for origin in mine.filter(|origin| origin.partner == partner) {
                origin.accepted.extend(fields);
                for field in fields {
                    if origin.assumed.remove(field) {
                        origin.words.take(*field, told);
                    }
                }
            }
        }
    }

    pub fn release(&mut self, partner: usize) {
        let hold = &mut self.sides[partner].hold;
        *hold = match hold {
            Hold::Doubted => Hold::Released,
            _ => Hold::None,
        };
    }
}
