//! What was put into partners' calendars, and how far that has come.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{EventId, PartnerId, Progress};

/// An event of ours in a partner's calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pushed {
    /// Its key: the key of the [`Pushing`] it belongs to, and the event's.
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
}
