//! Tables: CSV files and spreadsheets with a row per event and Norwegian or English headings.

pub(super) mod archive;
mod column;
mod columns;
mod connector;
mod fact_words;
mod facts;
mod moment;
mod row;
mod sheet;
mod typed;
mod words;

pub(super) use connector::{OLD_OFFICE, old_office};
pub use connector::{Tabular, why_unread};
pub(super) use typed::typed_rows;
