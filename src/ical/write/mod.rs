//! Writing.
pub mod line;
