//! Seeing, exporting and deleting one's own data. Texts planted wherever a person can write are in no file afterwards.

mod deleting;
mod planted;
mod search;
