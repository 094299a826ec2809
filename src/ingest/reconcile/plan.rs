//! Plans the steps for drafts.

use super::identify::EventMatch;
use super::renamed::rename;
use super::step::unfit;
use super::{Lookup, Planned, Planner, Step, hash_of};
use super::{merge, own_sources};
use crate::ingest::mapping::mapped;
use calendar_domain::EventDraft;
use calendar_domain::revision::revise;
use calendar_store::StoreError;

impl Planner<'_> {
    /// Plans a batch of drafts.
    ///
    /// # Errors
    /// Errors if the store cannot be read.
    pub fn plan(
        &mut self,
        drafts: Vec<EventDraft>,
        stored: &mut Lookup<'_>,
    ) -> Result<Vec<Planned>, StoreError> {
        let mut planned = Vec::with_capacity(drafts.len());
        self.note_wholes(&drafts);
        for draft in drafts {
            planned.push(self.one(draft, stored)?);
        }
        Ok(planned)
    }

    fn one(
        &mut self,
        mut draft: EventDraft,
        stored: &mut Lookup<'_>,
    ) -> Result<Planned, StoreError> {
        draft.compose();
        let title = draft.title.iter().next();
        let mut planned = Planned {
            title: title.map(|title| title.text.to_owned()).unwrap_or_default(),
            origin_id: draft.origin_id.clone(),
            event: None,
            step: Step::Same,
            kept: Vec::new(),
            versions: Vec::new(),
            remarks: Vec::new(),
            not_part: None,
        };
        let mut draft = match self.terms.connection {
            None => draft,
            Some(connection) => match mapped(draft, connection, self.snapshot) {
                Ok(draft) => draft,
                Err(why) => {
                    planned.step = Step::Left(why.to_string());
                    return Ok(planned);
                }
            },
        };
        planned.step = match unfit(&draft) {
            Some(why) => Step::Refuse(why),
            None => {
                let whose = self.whose(&mut draft, stored)?;
                self.cut_circle(&mut draft, &whose, stored, &mut planned)?;
                let remarks = self.other_values_of_places(&draft);
                let step = self.step(draft, whose, stored, &mut planned)?;
                // A feed repeats them each time.
                if self.terms.is_single || step != Step::Same {
                    planned.remarks.extend(remarks);
                }
                step
            }
        };
        Ok(planned)
    }

    fn step(
        &mut self,
        mut draft: EventDraft,
        whose: EventMatch,
        stored: &Lookup<'_>,
        planned: &mut Planned,
    ) -> Result<Step, StoreError> {
        let (mut was, mut former) = (None, None);
        let (id, old, joined, alike) = match whose {
            EventMatch::New { id, alike } => (id, None, None, alike),
            EventMatch::Known(old) => (old.id.clone(), Some(old), None, None),
            EventMatch::Renamed(old, before) => {
                let mut renamed = old.clone();
                rename(
                    &mut renamed,
                    &self.origin.partner,
                    &before,
                    &draft.origin_id,
                );
                (was, former) = (Some(old), Some(before));
                (renamed.id.clone(), Some(renamed), None, None)
            }
            EventMatch::Joined(old, score) => (old.id.clone(), Some(old), Some(score), None),
            EventMatch::Ours => return Ok(Step::Ours),
            EventMatch::Twice(other) => {
                return Ok(own_sources::told_twice(&draft, other.as_deref()));
            }
        };
        let hash = hash_of(&mut draft);
        self.seen.insert(id.clone());
        self.told_as.insert(id.clone(), planned.origin_id.clone());
        if joined.is_some() || former.is_some() {
            let origin_id = planned.origin_id.clone();
            self.elsewhere.insert(origin_id, id.clone());
        }
        planned.event = Some(id.clone());
        let old = match old {
            Some(old) => Some(self.without_gone(old, &draft.origin_id, &mut was)),
            None => None,
        };
        if let Some(old) = &old
            && !(was.is_some() && former.is_none())
            && (self.has_said(old, &draft.origin_id, &hash, stored)?
                || self.gives_back(old, &mut draft, stored)?
                || self.only_repeats(old, draft.secondhand))
        {
            return Ok(Step::Same);
        }
        // Another source may have added the same event meanwhile.
        let alike = match &old {
            Some(old) if merge::was_withdrawn_for_them(old) => {
                self.like_one_that_is_there(&draft, &id)
            }
            _ => alike,
        };
        let told = self.event(draft, id.clone(), hash, old.as_deref());
        if old.is_some() {
            self.suggest_same(&id, alike.clone());
        }
        let Some(old) = old else {
            self.suggest_same(&id, alike);
            return Ok(Step::Create(Box::new(told)));
        };
        let told = self.with_move(&old, told);
        let is_the_same =
            was.is_none() && joined.is_none() && self.means_the_same(&old, &told, stored)?;
        if is_the_same && !self.terms.afresh {
            return Ok(Step::Same);
        }
        let merged = self.merged(&old, &told, former.as_deref(), stored)?;
        planned.kept = merged.kept;
        if is_the_same && merge::stays_as_it_is(&old, &merged.next) {
            return Ok(Step::Same);
        }
        planned.versions = merged.versions;
        // The store still has the event under its former origin id.
        let stands = was.as_deref().unwrap_or(&old);
        Ok(
            match (revise(stands, merged.next, self.origin.at), joined) {
                (Some(next), None) => Step::Update(Box::new(next)),
                (Some(next), Some(score)) => Step::Join(Box::new(next), score),
                (None, _) => Step::Same,
            },
        )
    }
}
