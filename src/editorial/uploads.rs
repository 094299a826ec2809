//! Files with events that a member uploads: each row becomes a draft of the organisation, also one with errors.
//!
//! The list of an upload's drafts is short-lived data of the person; the drafts are not.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::catalog::{Calendar, Snapshot};
use crate::ingest::alias_index::AliasIndex;
use calendar_connectors::uploaded_file::{UploadedFile, UploadedItem, UploadedRow};
use calendar_domain::event_form::EventForm;
use calendar_domain::{
    AccountId, Event, EventDraft, EventId, OrganisationId, OrganisationStanding, PrivateFacts,
    Slug, Submission, SubmissionId,
};
use calendar_store::{Change, EphemeralEntry, EphemeralTable, Store};

use super::actor::{Actor, own_organisation, write};
use super::editorial_error::EditorialError;
use super::submission_store::room;

/// Maximum number of rows of a file that become drafts.
pub const ROWS_LIMIT: usize = 200;
/// Days for which the list of an upload is kept.
const KEPT_DAYS: i64 = 30;
/// Maximum number of characters of a file's name and a heading that are kept.
const NAME_LIMIT: usize = 120;
/// Maximum number of headings that are kept.
const HEADINGS_LIMIT: usize = 20;

const TABLE: EphemeralTable = EphemeralTable::Drafts;

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadReport {
    /// The name of the file.
    pub file: String,
    /// Its rows, each with its draft.
    pub rows: Vec<UploadedDraft>,
    /// Headings of columns that were not read.
    pub unknown_columns: Vec<String>,
    /// Number of events of a calendar that could not be read.
    pub unread: usize,
    /// Number of rows for which there was no room.
    pub left_out: usize,
    /// Whether the file may have contained more.
    pub is_truncated: bool,
}

/// The draft of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadedDraft {
    /// The name of the sheet; empty if there is one only.
    pub sheet: String,
    /// The row, as in a spreadsheet.
    pub number: usize,
    /// The draft.
    pub submission: SubmissionId,
}

fn key(account: &AccountId, id: Uuid) -> String {
    format!("upload/{account}/{}", id.simple())
}

/// Saves each row of a file as a draft of an organisation. Returns the id of the report.
///
/// # Errors
/// Returns [`EditorialError::NotAllowed`] if the person is not a member, [`EditorialError::WrongState`] if the
/// organisation was refused, [`EditorialError::TextMissing`] if the file has no event, and [`EditorialError::TooMany`]
/// if the organisation has no room for a draft.
pub fn receive(
    calendar: &Calendar,
    actor: &Actor,
    organisation: &OrganisationId,
    name: &str,
    file: UploadedFile,
) -> Result<Uuid, EditorialError> {
    let (owner, _) = own_organisation(calendar, actor, organisation)?;
    if owner.standing == OrganisationStanding::Refused {
        return Err(EditorialError::WrongState);
    }
    if file.rows.is_empty() {
        return Err(EditorialError::TextMissing);
    }
    let room = room(calendar, organisation)?.min(ROWS_LIMIT);
    if room == 0 {
        return Err(EditorialError::TooMany);
    }
    let snapshot = calendar.snapshot();
    let known = AliasIndex::new(&snapshot);
    let short = |text: &str| text.chars().take(NAME_LIMIT).collect::<String>();
    let mut report = UploadReport {
        file: short(name),
        rows: Vec::new(),
        unknown_columns: file
            .unknown_columns
            .iter()
            .take(HEADINGS_LIMIT)
            .map(|heading| short(heading))
            .collect(),
        unread: file.unread,
        left_out: file.rows.len().saturating_sub(room),
        is_truncated: file.is_truncated,
    };
    let mut changes = Vec::new();
    for row in file.rows.into_iter().take(room) {
        let UploadedRow {
            sheet,
            number,
            item,
        } = row;
        let id: SubmissionId = calendar.clock().new_id().into();
        let event: EventId = calendar.clock().new_id().into();
        let author = actor.account.id.clone();
        let mut draft = Submission::new(id, organisation.clone(), author, event, actor.now);
        draft.form = match item {
            UploadedItem::Draft(read) => form_of(*read, &snapshot, &known, actor),
            UploadedItem::Typed(form) => form,
        };
        report.rows.push(UploadedDraft {
            sheet: short(&sheet),
            number,
            submission: draft.id.clone(),
        });
        changes.push(Change::create(draft.into()));
    }
    let id = calendar.clock().new_id();
    write(calendar, actor, "uploaded events", changes)?;
    keep(calendar, actor, id, &report)?;
    Ok(id)
}

/// Returns the form of an event as it was read. The title may be missing. A picture by address has no description yet, so
/// it is left out.
fn form_of(
    mut draft: EventDraft,
    snapshot: &Snapshot,
    known: &AliasIndex,
    actor: &Actor,
) -> EventForm {
    let zone = snapshot.region().time_zone;
    let title = std::mem::take(&mut draft.title);
    let schedule = draft.schedule.clone();
    let uid = Uuid::nil().into();
    let mut event = Event::new(Slug::from_text("event"), uid, title, schedule, actor.now);
    draft.move_plain_fields(&mut event);
    event.images.clear();
    if event.schedule.recurrence.is_none() {
        event.schedule.when = event.schedule.when.seen_in(zone);
    }
    event.venues = draft
        .venues
        .into_iter()
        .map(|venue| known.venue(venue))
        .collect();
    event.online_url = draft.online_url;
    event.categories = known.categories(&draft.categories);
    event.audiences = known.audiences(&draft.audiences);
    event.accessibility = draft.accessibility;
    event.admission = draft.admission;
    event.offers = draft.offers;
    EventForm::from_event(&event, &[], &PrivateFacts::default())
}

/// Keeps the report of an upload for its author.
fn keep(
    calendar: &Calendar,
    actor: &Actor,
    id: Uuid,
    report: &UploadReport,
) -> Result<(), EditorialError> {
    // Without it, the drafts are on the page of the organizer's events.
    let (Some(kept), Ok(value)) = (calendar.ephemeral(), serde_json::to_vec(report)) else {
        return Ok(());
    };
    let entry = EphemeralEntry {
        value,
        expires: actor.now + TimeDelta::days(KEPT_DAYS),
    };
    kept.put(TABLE, &key(&actor.account.id, id), actor.now, &entry)?;
    kept.flush()?;
    Ok(())
}

/// Returns the report of an upload of the person, as long as it is kept.
///
/// # Errors
/// Returns [`EditorialError::NotFound`] if there is none.
pub fn report(
    calendar: &Calendar,
    actor: &Actor,
    id: Uuid,
) -> Result<UploadReport, EditorialError> {
    let kept = calendar.ephemeral().ok_or(EditorialError::NotFound)?;
    let entry = kept.get(TABLE, &key(&actor.account.id, id), actor.now)?;
    let report = entry.and_then(|entry| serde_json::from_slice(&entry.value).ok());
    report.ok_or(EditorialError::NotFound)
}
