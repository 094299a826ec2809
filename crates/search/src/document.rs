//! Documents as they are given to the index.

use calendar_domain::Lang;

/// Fields that contain a word, one bit for each.
pub(crate) type FieldBits = u8;

pub(crate) const TITLE_NO: FieldBits = 1;
pub(crate) const TITLE_EN: FieldBits = 1 << 1;
pub(crate) const PLACE: FieldBits = 1 << 2;
pub(crate) const ORGANIZER: FieldBits = 1 << 3;
pub(crate) const NAME: FieldBits = 1 << 4;
pub(crate) const TEXT_NO: FieldBits = 1 << 5;
pub(crate) const TEXT_EN: FieldBits = 1 << 6;

/// A field of a document. A match in an earlier one ranks higher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SearchField {
    /// The title in a language.
    Title(Lang),
    /// Names and aliases of places.
    Place,
    /// Other names: of series, categories, audiences, municipalities, and their aliases.
    Name,
    /// The organizer.
    Organizer,
    /// A summary or description in a language.
    Text(Lang),
}

impl SearchField {
    pub(crate) fn bits(self) -> FieldBits {
        match self {
            Self::Title(Lang::Nb | Lang::Nn) => TITLE_NO,
            Self::Title(Lang::En) => TITLE_EN,
            Self::Place => PLACE,
            Self::Name => NAME,
            Self::Organizer => ORGANIZER,
            Self::Text(Lang::Nb | Lang::Nn) => TEXT_NO,
            Self::Text(Lang::En) => TEXT_EN,
        }
    }
}

/// A document: a key of the caller's, and texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchDocument {
    pub(crate) key: u32,
    pub(crate) fields: Vec<(SearchField, String)>,
}

impl SearchDocument {
    /// Returns a document without texts.
    #[must_use]
    pub fn new(key: u32) -> Self {
        Self {
            key,
            fields: Vec::new(),
        }
    }

    /// Adds a text. A field may have several.
    pub fn add(&mut self, field: SearchField, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.fields.push((field, text));
        }
    }

    /// Returns the document with a text added.
    #[must_use]
    pub fn with(mut self, field: SearchField, text: impl Into<String>) -> Self {
        self.add(field, text);
        self
    }

    /// Returns the bits that the texts of a field get. A text is shown on the pages of all languages if the document has
    /// none in their own.
    pub(crate) fn bits_of(&self, field: SearchField) -> FieldBits {
        let has = |bits| self.fields.iter().any(|(field, _)| field.bits() == bits);
        match field.bits() {
            TEXT_NO if !has(TEXT_EN) => TEXT_NO | TEXT_EN,
            TEXT_EN if !has(TEXT_NO) => TEXT_NO | TEXT_EN,
            bits => bits,
        }
    }
}
