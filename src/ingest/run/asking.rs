//! Sends the requests of a run, as incrementally as possible.

use super::locking::lock;
use super::marks::SyncMarks;
use super::{RunError, Runner};
use crate::catalog::Snapshot;
use crate::http::FetchError;
use crate::http::credential::Credential;
use crate::ingest::cursor;
use crate::ingest::fetch::{FetchAllError, FetchOutcome, ask};
use calendar_connectors::connector::FetchContext;
use calendar_domain::{Connection, Guard, Lang, PartnerState};
use calendar_store::Revision;
use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Interval of whole responses from partners with incremental ones, in hours. Some never report deletions.
const WHOLE_EVERY: i64 = 24;

/// Status codes with which partners reject an unknown cursor.
const FORGOTTEN: [u16; 5] = [400, 404, 409, 410, 422];

impl Runner {
    /// Fetches the partner's events.
    pub(super) async fn ask(
        &self,
        connection: &Connection,
        snapshot: &Snapshot,
        state: &PartnerState,
        marks: SyncMarks,
    ) -> Result<FetchOutcome, RunError> {
        let connector = calendar_connectors::find(&connection.connector)?;
        let credential =
            Credential::from_connection(connection, connector.secret(), self.variable)?;
        let url = connection.url.as_ref();
        let region = snapshot.region();
        let asking = FetchContext {
            url: url.ok_or_else(|| RunError::NoAddress(state.partner.clone()))?,
            zone: connection.time_zone.unwrap_or(region.time_zone),
            language: connection.language.unwrap_or(Lang::Nb),
            today: snapshot.version().today,
            now: self.calendar.clock().now(),
            resume: cursor::own_cursor(connection, marks.resume.as_deref()),
        };
        let credential = credential.as_ref();
        let asked = ask(
            &self.fetcher,
            connector,
            credential,
            &asking,
            &marks.validators,
        )
        .await;
        match asked {
            // The cursor is unknown, for instance after a restore: fetch everything.
            Err(FetchAllError::Fetch(FetchError::Status { status, .. }))
                if asking.resume.is_some() && FORGOTTEN.contains(&status.as_u16()) =>
            {
                let afresh = FetchContext {
                    resume: None,
                    ..asking
                };
                Ok(ask(
                    &self.fetcher,
                    connector,
                    credential,
                    &afresh,
                    &BTreeMap::new(),
                )
                .await?)
            }
            asked => Ok(asked?),
        }
    }

    /// Returns validators and cursor for the next run; none if a whole response is needed.
    pub(super) fn marks_of(
        &self,
        state: &PartnerState,
        revision: Option<Revision>,
        connection: &Connection,
    ) -> SyncMarks {
        // SyncMarks of a different connection are void.
        if state.asked_as.as_ref() != Some(&asked_as(connection)) {
            return SyncMarks::default();
        }
        // A 304 would not confirm that missing events are still missing.
        if state.guard != Guard::Watching || !state.missing.is_empty() {
            return SyncMarks {
                resume: state
                    .resume
                    .clone()
                    .filter(|_| state.guard == Guard::Watching),
                ..SyncMarks::default()
            };
        }
        let newer = lock(&self.marks).get(&state.partner).cloned();
        let newer = newer.filter(|newer| newer.after == revision);
        let mut marks = newer.unwrap_or_else(|| SyncMarks {
            validators: state.validators.clone(),
            resume: state.resume.clone(),
            after: revision,
        });
        let latest = self.calendar.clock().now() - TimeDelta::hours(WHOLE_EVERY);
        let whole_at = self.health.of(&state.partner).whole_at;
        marks.resume = marks
            .resume
            .filter(|_| whole_at.is_some_and(|at| at > latest));
        marks
    }
}

/// Returns a hash of the connection's settings, except the interval.
pub(super) fn asked_as(connection: &Connection) -> String {
    let how = Connection {
        every_minutes: 0,
        ..connection.clone()
    };
    let bytes = serde_json::to_vec(&how).expect("a connection is strings, numbers, lists and maps");
    hex::encode(Sha256::digest(&bytes))
}
