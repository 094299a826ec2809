//! Components as they stand in the file (RFC 5545 section 3.6): properties, and components inside.

use std::borrow::Cow;

use super::property::Property;

/// One component with what stands inside it.
#[derive(Debug, Clone, Default)]
pub struct Component<'a> {
    /// The name in upper case, such as `VEVENT`.
    pub name: Cow<'a, str>,
    /// The physical line of its BEGIN.
    pub line: u32,
    /// Its own properties in order.
    pub properties: Vec<Property<'a>>,
    /// The components inside it, in order.
    pub children: Vec<Component<'a>>,
    /// Whether the file ends, or is no longer read, before its END.
    pub is_truncated: bool,
}

impl<'a> Component<'a> {
    /// The first property of this name.
    pub fn property(&self, name: &str) -> Option<&Property<'a>> {
        self.properties
            .iter()
            .find(|property| property.name() == name)
    }

    /// All properties of this name, in order.
    pub fn all<'c>(&'c self, name: &'c str) -> impl Iterator<Item = &'c Property<'a>> {
        self.properties
            .iter()
            .filter(move |property| property.name() == name)
    }
}
