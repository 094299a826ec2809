//! Recurrence rules (RFC 5545 3.3.10).
#![allow(missing_docs)]
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RecurrenceRule {
    pub count: Option<u32>,
    pub until: Option<Until>,
}
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Until {
    Date(NaiveDate),
    Utc(NaiveDateTime),
    Local(NaiveDateTime),
}
#[derive(Debug, Default)]
pub struct Limits;
#[derive(Debug, thiserror::Error)]
#[error("too many")]
pub struct ExpansionError;
pub fn expand(
    _: &RecurrenceRule,
    _: NaiveDateTime,
    _: Option<NaiveDateTime>,
    _: std::ops::Range<NaiveDateTime>,
    _: &Limits,
) -> Result<Vec<NaiveDateTime>, ExpansionError> {
    Ok(Vec::new())
}
