//! Storing of the data files.
//!
//! **May import:** nothing of ours.
//!
//! 1. [`read`] parses the files to a [`DataSet`], or returns all errors with file, line, field and
//!    what is allowed.
//! 2. [`plan`](plan()) compares the set with the stored records and returns the changes. It is
//!    pure: the same files, records and years give the same plan.
//! 3. [`apply()`] does both and commits; without changes there is no commit.
//!
//! Files never overwrite what anyone else set. A field of an event changes only while it is owned
//! by the files or a rule, a field of a partner only if no command set it, and any other record
//! only while it is owned by the files. Nothing is removed: a record missing from the files stays,
//! but a partner is no longer fetched from or pushed to.
//!
//! Editions confirmed by a source become events with their dates. For the years ahead, a series'
//! rule gives a *tentative* edition. It is never confirmed by the rule, and it becomes the real one
//! with the same identifiers when a file or a person sets its date. An edition without a date
//! exists in its series only.
//!
//! To add a data file: add it to `SHIPPED_FILES`, its structure to `files`, its conversion to
//! `records`, and a line to [`read`].

mod apply;
mod data_file;
mod data_folder;
mod data_set;
mod data_source;
mod edition_rows;
mod editions;
mod error;
mod files;
mod holidays;
mod names;
mod partners;
mod plan;
mod positions;
mod records;
mod series;
#[cfg(test)]
mod tests;

pub use apply::{ApplyError, SeedReport, apply};
pub use data_folder::read;
pub use data_set::DataSet;
pub use data_source::{DataSource, SHIPPED_FILES};
pub use edition_rows::DatedEdition;
pub use editions::first_day;
pub use error::{FilePosition, SeedError, SeedErrors};
pub use partners::check_kinds;
pub use plan::{Current, plan};
pub use series::SeriesData;
