//! Pictures of pages for previews in social networks and messages (Open Graph): date, title and place.
//!
//! A [`PreviewCard`] has the texts, and its address contains their hash. [`drawing`] makes the picture of it, of
//! `templates/preview/card.svg`. [`PreviewImages`] keeps pictures in memory.

mod card;
mod drawing;
mod images;
mod typeset;

pub use card::{PreviewCard, PreviewDate, PreviewSubject, SIZE};
pub use images::PreviewImages;
