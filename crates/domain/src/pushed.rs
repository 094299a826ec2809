//! What was put into partners' calendars, and how far that has come.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{EventId, PartnerId, Progress};

/// An event of ours in a partner's calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pushed {
    /// Its key: the key of the [`Pushing`] it belongs to, the event's, and of one date of an event that
    /// recurs the date.
    pub id: String,
    /// Whose calendar it is.
    pub partner: PartnerId,
    /// The event here.
    pub event: EventId,
    /// What it is found by there without its id: written before it is sent, so that one of which the
    /// program never learnt the id is found again, and not sent twice.
    pub reference: String,
    /// What it is called there; absent where that is not known yet.
    #[serde(default)]
    pub remote_id: Option<String>,
    /// SHA-256, in hexadecimal, of what was sent last; empty before it was taken.
    #[serde(default)]
    pub hash: String,
    /// The address of the calendar's interface; absent where an earlier program noted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
    /// Whether it was taken out there. Its name stays noted: some calendars never give a name twice.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// Why it is not sent, where the calendar could not take it as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<String>,
    /// What has to be known of it the next time, by names of the kind of calendar: its status there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub noted: BTreeMap<String, String>,
}

impl Pushed {
    /// An event that was not sent yet.
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

/// Where the sending to one address of a partner stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pushing {
    /// Its key: made of partner, kind and address, so that another address begins anew.
    pub id: String,
    /// The partner.
    pub partner: PartnerId,
    /// Where it stands.
    #[serde(flatten)]
    pub progress: Progress,
    /// The day on which recurring events were last looked at for their next date.
    #[serde(default)]
    pub day: Option<NaiveDate>,
    /// The store's generation in which it stands there; absent where a program noted it that knew none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<String>,
    /// SHA-256, in hexadecimal, of the settings by which it was sent: by other settings everything is
    /// said anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<String>,
}
