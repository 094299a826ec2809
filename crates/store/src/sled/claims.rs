//! The index of claims in sled. It is rebuilt from the records if a version without the index wrote last.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use ::sled::Batch;

use super::claims_mark::{CLAIMS_KEY, claims_mark};
use super::database::Trees;
use super::sled_guard::SledFault;
use crate::body::{self, State};
use crate::claims::Holders;
use calendar_domain::Claim;

/// Number of claims collected before they are written.
const GATHERED: usize = 100_000;

/// Maximum number of shared claims that are logged.
const NAMED: usize = 20;

impl Trees {
    /// Returns true if the claims match the records at `state`.
    pub(super) fn has_claims_of(&self, state: &State) -> Result<bool, SledFault> {
        let mark = self.guarded(|open| open.meta.get(CLAIMS_KEY))?;
        Ok(mark.is_some_and(|mark| *mark == *claims_mark(state)))
    }

    /// Rebuilds the index unless it matches `state`, which must be the state of the records. Later commits
    /// keep it up to date.
    pub(super) fn bring_claims_up(&self, state: &State) -> Result<(), SledFault> {
        if self.is_in_memory() {
            return Ok(());
        }
        if !self.has_claims_of(state)? {
            self.fill_claims(state)?;
        }
        self.claims_follow.store(true, Ordering::SeqCst);
        Ok(())
    }

    /// Makes the next opening rebuild the index.
    pub(super) fn forget_claims(&self) -> Result<(), SledFault> {
        self.guarded(|open| open.meta.remove(CLAIMS_KEY)).map(drop)
    }

    fn fill_claims(&self, state: &State) -> Result<(), SledFault> {
        if state.number.0 > 0 {
            tracing::info!("building the index of the records' names, once");
        }
        self.forget_claims()?;
        self.guarded(|open| open.claims.clear())?;
        let (mut gathered, mut count) = (BTreeMap::new(), 0);
        self.each_record_claim(|key, claim| {
            let holders: &mut Holders = gathered.entry(claim.key()).or_default();
            holders.insert(key);
            count += 1;
            if gathered.len() < GATHERED {
                return Ok(());
            }
            self.put_claims(std::mem::take(&mut gathered))
        })?;
        self.put_claims(gathered)?;
        self.guarded(|open| open.meta.insert(CLAIMS_KEY, claims_mark(state)))?;
        if count > 0 {
            tracing::info!(names = count, "built the index of the records' names");
            self.warn_of_shared()?;
        }
        Ok(())
    }

    fn put_claims(&self, gathered: BTreeMap<String, Holders>) -> Result<(), SledFault> {
        self.guarded(|open| {
            let mut batch = Batch::default();
            for (claim, mut holders) in gathered {
                if let Some(known) = open.claims.get(&claim)? {
                    holders.merge(Holders::read(&known));
                }
                batch.insert(claim.as_str(), holders.bytes().unwrap_or_default());
            }
            open.claims.apply_batch(batch)
        })
    }

    fn warn_of_shared(&self) -> Result<(), SledFault> {
        let mut shared = 0;
        self.each_claim(|claim, holders| {
            if holders.are_several() {
                shared += 1;
                if shared <= NAMED {
                    tracing::warn!(claim, %holders, "several records have the same name");
                }
            }
        })?;
        if shared > 0 {
            tracing::warn!(
                shared,
                "several records share names, which stay as they are; 'store check' lists them"
            );
        }
        Ok(())
    }

    /// Passes each claim of each current record to `each`, with the record's key.
    pub(super) fn each_record_claim(
        &self,
        mut each: impl FnMut(&str, Claim) -> Result<(), SledFault>,
    ) -> Result<(), SledFault> {
        for kind in Claim::KINDS {
            for pair in self.current_with_keys(kind) {
                let (key, value) = pair?;
                let key = String::from_utf8_lossy(&key);
                for claim in body::claims(&key, &value) {
                    each(&key, claim)?;
                }
            }
        }
        Ok(())
    }

    /// Returns the records that hold a claim.
    pub(super) fn holders_of(&self, claim: &Claim) -> Result<Holders, SledFault> {
        if self.is_in_memory() {
            let (name, mut holders) = (claim.key(), Holders::default());
            self.each_record_claim(|key, claim| {
                if claim.key() == name {
                    holders.insert(key);
                }
                Ok(())
            })?;
            return Ok(holders);
        }
        let stored = self.guarded(|open| open.claims.get(claim.key()))?;
        Ok(stored
            .map(|stored| Holders::read(&stored))
            .unwrap_or_default())
    }
}

/// Test hooks.
#[cfg(test)]
impl Trees {
    /// Leaves the index as a version without it does.
    pub(super) fn leave_claims_behind(&self) {
        let lost = self.guarded(|open| {
            open.claims.clear()?;
            open.meta.insert(CLAIMS_KEY, claims_mark(&State::default()))
        });
        lost.expect("sled is well");
    }

    /// Clears the index without updating its state.
    pub(super) fn lose_claims(&self) {
        self.guarded(|open| open.claims.clear())
            .expect("sled is well");
    }
}
