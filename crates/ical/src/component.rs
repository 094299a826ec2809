//! Unparsed components (RFC 5545 section 3.6): properties and nested components.

use std::borrow::Cow;

use super::property::Property;

/// A component with its properties and nested components.
#[derive(Debug, Clone, Default)]
pub struct Component<'a> {
    /// Name in upper case, such as `VEVENT`.
    pub name: Cow<'a, str>,
    /// Physical line of its BEGIN.
    pub line: u32,
    /// Own properties, in file order.
    pub properties: Vec<Property<'a>>,
    /// Nested components, in file order.
    pub children: Vec<Component<'a>>,
    /// Whether input ends, or a limit is hit, before its END.
    pub is_truncated: bool,
}

impl<'a> Component<'a> {
    /// Returns the first property with this name.
    pub fn property(&self, name: &str) -> Option<&Property<'a>> {
        self.properties
            .iter()
            .find(|property| property.name() == name)
    }

    /// Returns all properties with this name, in file order.
    pub fn all<'c>(&'c self, name: &'c str) -> impl Iterator<Item = &'c Property<'a>> {
        self.properties
            .iter()
            .filter(move |property| property.name() == name)
    }
}
