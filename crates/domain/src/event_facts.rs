//! Facts that help visitors decide: places left, indoors or outdoors, sustainability.

use serde::{Deserialize, Serialize};

use super::json_word::JsonWord;

/// Declares the words of a set of facts.
macro_rules! keywords {
    ($type:ident: $($variant:ident = $word:literal),*) => {
        impl $type {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the word in JSON.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }

            /// Returns the value of a word.
            #[must_use]
            pub fn named(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|text| text.as_str() == word)
            }
        }

        impl JsonWord for $type {
            fn as_str(&self) -> &str {
                Self::as_str(*self)
            }

            fn parse(word: &str) -> Option<Self> {
                Self::named(word)
            }

            fn allowed() -> String {
                format!("must be one of {}", [$($word),*].join(", "))
            }

            #[cfg(feature = "schema")]
            fn word_schema() -> crate::wire::schema::WordSchema {
                utoipa::openapi::Ref::from_schema_name(stringify!($type)).into()
            }
        }
    };
}
pub(crate) use keywords;

/// The availability of places (schema.org `ItemAvailability`).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Availability {
    /// There are places left, or nothing is known.
    #[default]
    Available,
    /// There are few places left.
    FewLeft,
    /// There are no places left.
    SoldOut,
}

keywords!(Availability: Available = "available", FewLeft = "few_left", SoldOut = "sold_out");

/// The setting of an event: indoors or outdoors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum EventSetting {
    /// Indoors.
    Indoor,
    /// Outdoors.
    Outdoor,
}

keywords!(EventSetting: Indoor = "indoor", Outdoor = "outdoor");

/// A fact about the sustainability of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum SustainabilityFact {
    /// It can be reached by public transport.
    PublicTransport,
    /// It is certified; the [`SustainabilityCertificate`] says by whom.
    Certified,
}

keywords!(SustainabilityFact: PublicTransport = "public_transport", Certified = "certified");

/// A certificate of sustainability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SustainabilityCertificate {
    /// The issuer, such as `Miljøfyrtårn`.
    pub issuer: String,
}
