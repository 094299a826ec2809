//! The types of plain fields.

use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::nfc::compose;
#[cfg(feature = "schema")]
use crate::wire::schema::{self, WordSchema};
use crate::wire::{WireError, WireImage, read_url};
use crate::{Image, Text};

/// The type of a plain field.
pub trait PlainField: Clone + Default + PartialEq + Serialize + DeserializeOwned {
    /// The value in the JSON form.
    type Wire;

    /// Returns the schema of the JSON form.
    #[cfg(feature = "schema")]
    fn wire_schema() -> WordSchema;

    /// Returns true if there is no value.
    fn is_blank(&self) -> bool {
        *self == Self::default()
    }

    /// Returns true if both mean the same.
    fn is_same(&self, other: &Self) -> bool {
        self == other
    }

    /// Copies the value of another version.
    fn take_from(&mut self, from: &Self) {
        self.clone_from(from);
    }

    /// Normalizes texts to [Normalization Form C](crate::nfc).
    fn compose(&mut self) {}

    /// Returns the text, if the value is one.
    fn as_text(_wire: &Self::Wire) -> Option<&Text> {
        None
    }

    /// Returns the texts in the JSON form.
    fn texts_mut(_wire: &mut Self::Wire) -> Vec<&mut Text> {
        Vec::new()
    }

    /// Returns the JSON form.
    fn to_wire(&self) -> Self::Wire;

    /// Returns the value of the JSON form of `field`, and appends its errors to `errors`.
    fn from_wire(wire: Self::Wire, field: &str, errors: &mut Vec<WireError>) -> Self;

    /// Passes the value to an encoder.
    fn encode(&self, out: &mut dyn PlainFieldEncoder);

    /// Takes the value from a decoder. Returns `None` if it has none.
    fn decode(from: &mut dyn PlainFieldDecoder) -> Option<Self>;
}

/// A compact encoding of the types of plain fields.
pub trait PlainFieldEncoder {
    /// Writes a text.
    fn text(&mut self, value: &Text);
    /// Writes an address.
    fn url(&mut self, value: Option<&Url>);
    /// Writes images.
    fn images(&mut self, value: &[Image]);
    /// Writes words.
    fn words(&mut self, value: &[&str]);
}

/// The reader of an encoding. Each method returns `None` if the input is damaged.
pub trait PlainFieldDecoder {
    /// Reads a text.
    fn text(&mut self) -> Option<Text>;
    /// Reads an address.
    fn url(&mut self) -> Option<Option<Url>>;
    /// Reads images.
    fn images(&mut self) -> Option<Vec<Image>>;
    /// Reads words.
    fn words(&mut self) -> Option<Vec<String>>;
}

impl PlainField for Text {
    type Wire = Self;

    #[cfg(feature = "schema")]
    fn wire_schema() -> WordSchema {
        schema::named("Text")
    }

    fn compose(&mut self) {
        Self::compose(self);
    }

    fn as_text(wire: &Self) -> Option<&Text> {
        Some(wire)
    }

    fn texts_mut(wire: &mut Self) -> Vec<&mut Text> {
        vec![wire]
    }

    fn to_wire(&self) -> Self {
        self.clone()
    }

    fn from_wire(wire: Self, _field: &str, _errors: &mut Vec<WireError>) -> Self {
        wire
    }

    fn encode(&self, out: &mut dyn PlainFieldEncoder) {
        out.text(self);
    }

    fn decode(from: &mut dyn PlainFieldDecoder) -> Option<Self> {
        from.text()
    }
}

impl PlainField for Option<Url> {
    type Wire = Option<String>;

    #[cfg(feature = "schema")]
    fn wire_schema() -> WordSchema {
        schema::nullable_url()
    }

    fn to_wire(&self) -> Option<String> {
        self.as_ref().map(ToString::to_string)
    }

    fn from_wire(wire: Option<String>, field: &str, errors: &mut Vec<WireError>) -> Self {
        read_url(field, wire, errors)
    }

    fn encode(&self, out: &mut dyn PlainFieldEncoder) {
        out.url(self.as_ref());
    }

    fn decode(from: &mut dyn PlainFieldDecoder) -> Option<Self> {
        from.url()
    }
}

impl PlainField for Vec<Image> {
    type Wire = Vec<WireImage>;

    #[cfg(feature = "schema")]
    fn wire_schema() -> WordSchema {
        schema::array(schema::named("Image"))
    }

    /// A copy of a picture is no other picture.
    fn is_same(&self, other: &Self) -> bool {
        let original = |image: &Image| image.original();
        self == other || self.iter().map(original).eq(other.iter().map(original))
    }

    /// Keeps the copies of pictures that stay. Those of the other version may be gone.
    fn take_from(&mut self, from: &Self) {
        let next = from.iter().map(Image::original).collect();
        let known = std::mem::replace(self, next);
        let copied = known.iter().filter(|replace| replace.source.is_copy());
        for old in copied {
            let is_of = |image: &&mut Image| image.source == old.original().source;
            for image in self.iter_mut().filter(is_of) {
                image.source.clone_from(&old.source);
            }
        }
    }

    fn compose(&mut self) {
        for image in self {
            image.alt.compose();
            image.credit.iter_mut().for_each(compose);
        }
    }

    fn texts_mut(wire: &mut Vec<WireImage>) -> Vec<&mut Text> {
        wire.iter_mut().map(|image| &mut image.alt).collect()
    }

    fn to_wire(&self) -> Vec<WireImage> {
        self.iter().map(WireImage::new).collect()
    }

    fn from_wire(wire: Vec<WireImage>, field: &str, errors: &mut Vec<WireError>) -> Self {
        let image = |wire: WireImage| {
            let url = read_url(&format!("{field}.url"), Some(wire.url), errors)?;
            Some(Image {
                alt: wire.alt,
                credit: wire.credit,
                licence: wire.licence,
                ..Image::at(url)
            })
        };
        wire.into_iter().filter_map(image).collect()
    }

    fn encode(&self, out: &mut dyn PlainFieldEncoder) {
        out.images(self);
    }

    fn decode(from: &mut dyn PlainFieldDecoder) -> Option<Self> {
        from.images()
    }
}
