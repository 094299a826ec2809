//! The model's prediction for a whole response.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::reference::{Expected, Hearing, Hold, Model, Origin, Thing};
use super::words::{Answer, begins, first_day, last_day};
use crate::*;

impl Model {
    /// Applies a response at a time and on a day.
    pub fn answer(
        &mut self,
        partner: usize,
        answer: &Answer,
        now: DateTime<Utc>,
        today: NaiveDate,
    ) -> Option<Expected> {
        let before = self.clone();
        if self.sides[partner].hold == Hold::RolledBack {
            return Some(Expected {
                is_held: true,
                ..Expected::default()
            });
        }
        let is_whole = answer.listing != Listing::Changes;
        let names = answer.names();
        let mine = before.things.iter().enumerate().flat_map(|(index, thing)| {
            let is_told = thing
                .fed_by(partner)
                .any(|fed| names.contains(fed.name.as_str()));
            let is_vanished = is_whole && thing.is_known_by_face() && !is_told;
            let origins = thing.fed_by(partner).filter(move |_| is_vanished);
            origins.map(move |origin| {
                let is_known = thing.origins.len() > 1;
                let face = match is_known {
                    true => origin.words.clone(),
                    false if thing.is_described_here() => origin.said.clone(),
                    false => thing.shown.clone(),
                };
                (index, origin.name.clone(), face)
            })
        });
        let mut hearing = Hearing {
            partner,
            vanished: mine.collect(),
            names: is_whole.then(|| names.clone()),
            gone: answer
                .gone
                .iter()
                .map(String::as_str)
                .filter(|gone| !answer.entries.iter().any(|entry| entry.origin == *gone))
                .collect(),
            seen: BTreeSet::new(),
            renamed: BTreeMap::new(),
            is_run: true,
            expected: Expected::default(),
        };
        for entry in &answer.entries {
            self.hear(entry, &mut hearing)?;
        }
        let Hearing {
            seen,
            renamed,
            gone,
            mut expected,
            ..
        } = hearing;
        let ids = |names: &[String]| -> BTreeSet<usize> {
            names
                .iter()
                .filter_map(|name| before.of(partner, name))
                .collect()
        };
        let unread = ids(&answer.unread);
        let was_missing = std::mem::take(&mut self.sides[partner].missing);
        let is_ahead = |thing: &Thing| thing.is_public() && begins(thing.shown.slot) > now;
        let (mut known, mut newly) = (0, 0);
        for (index, thing) in before.things.iter().enumerate() {
            let fed = thing.fed_by(partner).count();
            if fed == 0 || !thing.is_live() {
                continue;
            }
            let times = was_missing.get(&index).copied();
            known += usize::from(times.is_none() && is_ahead(thing));
            if seen.contains(&index) || unread.contains(&index) {
                continue;
            }
            let is_said_gone =
                |origin: &Origin| origin.is_fed_by(partner) && gone.contains(origin.name.as_str());
            let said = thing
                .origins
                .iter()
                .filter(|origin| is_said_gone(origin))
                .count();
            let is_gone = said == fed;
            if said > 0 && !is_gone {
                expected.withdrawn += 1;
                self.things[index].lose(is_said_gone);
                if let Some(times) = times {
                    self.sides[partner].missing.insert(index, times);
                }
                continue;
            }
            let is_silent = match answer.listing {
                Listing::Whole => true,
                Listing::Until(day) => first_day(thing.shown.slot) <= day,
                Listing::Changes => false,
            };
            let counts = match thing.is_public() {
                true if is_gone => last_day(thing.shown.slot) >= today,
                true => is_silent && is_ahead(thing),
                false => is_gone || is_silent,
            };
            let times = times.unwrap_or(0);
            if counts && (is_gone || times == 2) {
                expected.withdrawn += 1;
                self.things[index].lose(|things| things.is_fed_by(partner));
            } else if counts {
                self.sides[partner].missing.insert(index, times + 1);
            }
            newly += usize::from(counts && times == 0 && !is_gone && thing.is_public());
        }
        if !is_whole {
            self.sides[partner].missing = was_missing;
            self.sides[partner]
                .missing
                .retain(|id, _| !seen.contains(id));
        }
        expected.missing = self.sides[partner].missing.len();
        let is_empty = answer.entries.is_empty() && answer.unread.is_empty();
        let looks_wrong = known > 0 && (is_empty || newly > 5 && newly * 5 > known);
        let side = &mut self.sides[partner];
        if is_whole && looks_wrong && side.hold != Hold::Released {
            *self = before;
            self.sides[partner].hold = Hold::Doubted;
            self.sides[partner].renamed = renamed;
            return Some(Expected {
                is_doubted: true,
                ..Expected::default()
            });
        }
        let before = std::mem::replace(&mut side.renamed, renamed);
        if !is_whole {
            side.renamed.extend(before);
        }
        side.waited = side.waits;
        side.hold = Hold::None;
        Some(expected)
    }
}
