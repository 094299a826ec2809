//! Values that are one word in JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A value that is one word in JSON.
pub trait JsonWord: Clone + Ord + Serialize + DeserializeOwned {
    /// Returns the word.
    fn as_str(&self) -> &str;
    /// Returns the value of a word.
    fn parse(word: &str) -> Option<Self>;
    /// Returns what is wrong with another word: `is none of indoor, outdoor`.
    fn allowed() -> String;
    /// Returns the schema of the word.
    #[cfg(feature = "schema")]
    fn word_schema() -> crate::wire::schema::WordSchema;
}
