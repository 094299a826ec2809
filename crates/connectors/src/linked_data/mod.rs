//! Access to JSON-LD values, which have many equivalent forms: single or list, text or object, one or several
//! languages, prefixed or not.
//!
//! Shared by [`super::json_ld`], [`super::activity_pub`] and [`super::datatourisme`].

pub mod extras;
pub mod facts;
pub mod place;
mod values;

pub use values::{
    add_words, each, field, last_word, name_of, plain, plain_of, status, text, types,
};
