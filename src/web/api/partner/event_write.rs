//! A request to write an event.

use rocket::http::Status;
use serde_json::Value;

use crate::ingest::import::Rehearsal;
use crate::ingest::upsert::{self, UpsertOutcome};
use crate::web::problem::Problem;
use calendar_domain::{Event, PartnerId};

use super::body;
use super::precondition::Precondition;
use super::reply::{ReplyContext, UpsertReply};

/// A request to write an event.
pub(super) struct EventWrite {
    pub(super) partner: PartnerId,
    pub(super) origin_id: String,
    pub(super) rehearsal: Rehearsal,
    pub(super) precondition: Precondition,
}

impl EventWrite {
    /// Writes the event, or reports what that would do.
    pub(super) fn take(self, desk: &ReplyContext, value: Value) -> Result<UpsertReply, Problem> {
        let draft = body::draft(value, self.origin_id, &self.partner, &desk.calendar)?;
        let expected = |event: Option<&Event>| self.precondition.holds(desk, event);
        let done = upsert::upsert_where(
            &desk.calendar,
            &self.partner,
            draft,
            self.rehearsal,
            &expected,
        )?;
        let created = done.outcome == UpsertOutcome::Created && self.rehearsal == Rehearsal::No;
        let mut reply = desk.upserted(&done);
        if created {
            reply.status = Status::Created;
        }
        Ok(reply)
    }
}
