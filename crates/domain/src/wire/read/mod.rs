//! Conversion of the JSON form to a draft.

mod reader;
#[cfg(test)]
mod tests;
mod times;

use reader::Reader;
pub use reader::read;
pub use times::overrides_of_nothing;
