//! Events pushed to partners' calendars, and the progress of each push.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{EventId, PartnerId, Progress};

/// An event of ours in a partner's calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pushed {
    /// Key, from the keys of the [`Pushing`] and of the event, and from the date for one date of a
    /// recurring event.
    pub id: String,
    /// The partner.
    pub partner: PartnerId,
    /// The event.
    pub event: EventId,
    /// Identifies the event there without its id. It is stored before the request is sent, so that
    /// an event whose id was never received is found again and not sent twice.
    pub reference: String,
    /// Id in the partner's calendar; absent while unknown.
    #[serde(default)]
    pub remote_id: Option<String>,
    /// SHA-256, in hexadecimal, of the last content sent; empty until accepted.
    #[serde(default)]
    pub hash: String,
    /// Address of the calendar's API; absent in records of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// Whether it was deleted there. The record is kept because some calendars never reuse an id.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// Why it is not sent, if the calendar cannot represent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<String>,
    /// Values needed for the next update, such as its status there, by names specific to the
    /// connector.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub noted: BTreeMap<String, String>,
}

impl Pushed {
    /// Returns the record of an event that was not sent yet.
    #[must_use]
    pub fn new(id: String, partner: PartnerId, event: EventId, reference: String) -> Self {
        Self {
            id,
            partner,
            event,
            reference,
            remote_id: None,
            hash: String::new(),
            calendar: None,
            withdrawn: false,
            left_out: None,
            noted: BTreeMap::new(),
        }
    }
}

/// Progress of the push to one address of a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pushing {
    /// Key, derived from partner, connector and address, so that a new address starts again.
    pub id: String,
    /// The partner.
    pub partner: PartnerId,
    /// The progress.
    #[serde(flatten)]
    pub progress: Progress,
    /// The day on which recurring events were last checked for their next date.
    #[serde(default)]
    pub day: Option<NaiveDate>,
    /// The store generation that the progress refers to; absent in records of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<String>,
    /// SHA-256, in hexadecimal, of the settings in use; after a change, all events are sent again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<String>,
}
