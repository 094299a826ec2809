//! Concurrent partners: the result must match one of the two orders.

use elverum_calendar::ingest::import::Rehearsal;
use elverum_calendar::ingest::upsert::{self, UpsertError};

use super::reference::{Expected, Model};
use super::words::{Answer, Entry};
use super::world::{World, id_of};
use crate::*;

impl World {
    /// Applies the responses of two partners concurrently.
    pub fn tell_two(&mut self, answers: [(usize, Answer); 2]) -> Result<(), String> {
        self.wait(TimeDelta::hours(1));
        let [one, other] = &answers;
        let in_order = |first: &(usize, Answer), second: &(usize, Answer)| {
            let (next, _) = self.predict(&self.model, first.0, &first.1)?;
            self.predict(&next, second.0, &second.1)
        };
        let (Some(there), Some(back)) = (in_order(one, other), in_order(other, one)) else {
            self.leave_out();
            return Ok(());
        };
        let barrier = std::sync::Barrier::new(2);
        let results = std::thread::scope(|threads| {
            let run = |(partner, answer): &(usize, Answer)| {
                barrier.wait();
                self.take(*partner, answer, Rehearsal::No)
            };
            let one = threads.spawn(move || run(one));
            let other = run(other);
            [one.join().unwrap(), other]
        });
        for result in &results {
            if let Err(error) = result
                && !matches!(error, RunError::Held { .. })
            {
                return Err(format!("one of two at once failed: {error}"));
            }
        }
        self.tally("two at once", 1);
        self.either(there.0, back.0)?;
        for (partner, answer) in &answers {
            let hold = self.model.sides[*partner].hold;
            let is_heard = hold == super::reference::Hold::None;
            let expected = Expected {
                is_doubted: !is_heard,
                ..Expected::default()
            };
            self.heard(*partner, answer, expected);
        }
        super::checks::calendar(self)
    }

    /// Checks that the calendar matches one of two models.
    fn either(&mut self, one: Model, other: Model) -> Result<(), String> {
        self.model = one;
        let first = super::checks::things(self);
        if first.is_ok() {
            return Ok(());
        }
        self.model = other;
        super::checks::things(self).map_err(|error| format!("neither order: {first:?}; or {error}"))
    }

    /// Sends an event of one partner during the run of another.
    pub fn send_beside(
        &mut self,
        (sender, entry): (usize, Entry),
        (partner, answer): (usize, Answer),
    ) -> Result<(), String> {
        self.wait(TimeDelta::hours(1));
        let sent_first = || {
            let mut next = self.model.clone();
            next.send(sender, &entry)?;
            self.predict(&next, partner, &answer)
        };
        let sent_last = || {
            let (mut next, _) = self.predict(&self.model, partner, &answer)?;
            next.send(sender, &entry)?;
            Some(next)
        };
        let (Some((first, _)), Some(last)) = (sent_first(), sent_last()) else {
            self.leave_out();
            return Ok(());
        };
        let barrier = std::sync::Barrier::new(2);
        let (run, sent) = std::thread::scope(|threads| {
            let run = threads.spawn(|| {
                barrier.wait();
                self.take(partner, &answer, Rehearsal::No)
            });
            barrier.wait();
            let calendar = &self.office().calendar;
            let sent = upsert::upsert(calendar, &id_of(sender), entry.draft(), Rehearsal::No);
            (run.join().unwrap(), sent)
        });
        match run {
            Ok(_) | Err(RunError::Held { .. }) => {}
            Err(error) => return Err(format!("the run beside one that sends failed: {error}")),
        }
        let is_refused = match sent {
            Ok(_) => false,
            Err(UpsertError::OtherId(name)) if self.model.has_under(sender, &name, &entry.uid) => {
                true
            }
            Err(error) => return Err(format!("what was sent beside a run was refused: {error}")),
        };
        self.tally("sent beside a run", 1);
        self.either(first, last)?;
        if !is_refused {
            self.sent(sender, &entry);
        }
        let hold = self.model.sides[partner].hold;
        let expected = Expected {
            is_doubted: hold != super::reference::Hold::None,
            ..Expected::default()
        };
        self.heard(partner, &answer, expected);
        super::checks::calendar(self)
    }
}
