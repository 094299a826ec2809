//! XML parsing into a small tree, for feeds and sitemaps, with limits of depth and size and without entity
//! definitions. Names are local names in lower case, since partners use several namespaces for the same
//! elements, or none.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// Maximum depth of nested elements.
const DEPTH: usize = 64;
/// Maximum number of elements.
const ELEMENTS: usize = 500_000;
/// Maximum length of the text in bytes.
const LENGTH: usize = 32 << 20;

/// An element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// The local name in lower case.
    pub name: String,
    /// The prefix in lower case; empty without one.
    pub prefix: String,
    /// The attributes by local name in lower case.
    pub attributes: Vec<(String, String)>,
    /// The child elements.
    pub children: Vec<Element>,
    /// The text directly in the element.
    pub text: String,
}

/// Why a text could not be parsed as XML.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// It has a document type with definitions, which are not evaluated.
    #[error("it has a document type with definitions of its own, which are not supported")]
    Definitions,
    /// It exceeds a limit.
    #[error("it has more than {limit} {what}")]
    TooMuch {
        /// The unit of the limit.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// It is malformed.
    #[error("it is not XML: {0}")]
    Broken(String),
}

impl Element {
    /// Returns the first child with this name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.all(name).next()
    }

    /// Returns the children with this name. Those without a prefix, in the format's own namespace, come
    /// first.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &Element> {
        let of = move |element: &&Element| element.name == name;
        let own = move |element: &&Element| element.prefix.is_empty();
        let first = self.children.iter().filter(of).filter(own);
        let others = self.children.iter().filter(of);
        first.chain(others.filter(move |child| !own(child)))
    }

    /// Returns the first non-empty text of a child with one of these names.
    #[must_use]
    pub fn text_of(&self, names: &[&str]) -> Option<String> {
        names
            .iter()
            .flat_map(|name| self.all(name))
            .map(Element::whole_text)
            .find(|text| !text.is_empty())
    }

    /// Returns the trimmed value of an attribute, unless it is empty.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.trim())
            .filter(|text| !text.is_empty())
    }

    /// Returns the first descendant with this name.
    #[must_use]
    pub fn within(&self, name: &str) -> Option<&Element> {
        self.children.iter().find_map(|child| {
            if child.name == name {
                Some(child)
            } else {
                child.within(name)
            }
        })
    }

    /// Returns the trimmed text of the element and its descendants.
    #[must_use]
    pub fn whole_text(&self) -> String {
        fn gather(element: &Element, into: &mut String) {
            into.push_str(&element.text);
            for child in &element.children {
                into.push(' ');
                gather(child, into);
            }
        }
        let mut text = String::new();
        gather(self, &mut text);
        text.trim().to_owned()
    }
}

/// Parses a text and returns its root element.
///
/// # Errors
/// See [`XmlError`]. A truncated text is malformed.
pub fn read(text: &str) -> Result<Element, XmlError> {
    if text.len() > LENGTH {
        return Err(too_much("characters", LENGTH));
    }
    let mut reader = Reader::from_str(text.trim_start());
    let mut open: Vec<Element> = Vec::new();
    let mut count = 0;
    let broken = |why: String| XmlError::Broken(why);
    loop {
        let event = reader.read_event().map_err(|e| broken(e.to_string()))?;
        let closed = match event {
            Event::Start(start) => {
                count += 1;
                if count > ELEMENTS {
                    return Err(too_much("elements", ELEMENTS));
                }
                if open.len() == DEPTH {
                    return Err(too_much("levels of elements", DEPTH));
                }
                open.push(element(&start));
                None
            }
            Event::Empty(start) => {
                count += 1;
                if count > ELEMENTS {
                    return Err(too_much("elements", ELEMENTS));
                }
                Some(element(&start))
            }
            Event::End(_) => open.pop(),
            Event::DocType(doc_type) if doc_type.contains(&b'[') => {
                return Err(XmlError::Definitions);
            }
            Event::Eof => return Err(broken("it ends in the middle".into())),
            other => {
                if let Some(current) = open.last_mut() {
                    add_text(&mut current.text, &other);
                }
                None
            }
        };
        match (closed, open.last_mut()) {
            (Some(element), Some(parent)) => parent.children.push(element),
            (Some(root), None) => return Ok(root),
            (None, _) => {}
        }
    }
}

fn too_much(what: &'static str, limit: usize) -> XmlError {
    XmlError::TooMuch { what, limit }
}

fn add_text(text: &mut String, event: &Event<'_>) {
    match event {
        Event::Text(item) => text.push_str(&item.decode().unwrap_or_default()),
        Event::CData(cdata) => text.push_str(&cdata.decode().unwrap_or_default()),
        Event::GeneralRef(general_ref) => text.push_str(&reference(general_ref)),
        _ => {}
    }
}

/// Resolves a character reference or a predefined entity. Others are kept as written: they are mostly HTML's,
/// and the text is parsed as HTML later.
fn reference(item: &BytesRef<'_>) -> String {
    if let Ok(Some(letter)) = item.resolve_char_ref() {
        return letter.to_string();
    }
    let name = item.decode().unwrap_or_default();
    match quick_xml::escape::resolve_predefined_entity(&name) {
        Some(letter) => letter.to_owned(),
        None => format!("&{name};"),
    }
}

fn element(start: &BytesStart<'_>) -> Element {
    let lower = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let mut attributes = Vec::new();
    for attribute in start.attributes().with_checks(false).flatten().take(50) {
        let raw = String::from_utf8_lossy(&attribute.value).into_owned();
        let value = quick_xml::escape::unescape(&raw).map_or_else(|_| raw.clone(), Into::into);
        attributes.push((lower(attribute.key.local_name().as_ref()), value));
    }
    Element {
        name: lower(start.local_name().as_ref()),
        prefix: start
            .name()
            .prefix()
            .map(|prefix| lower(prefix.as_ref()))
            .unwrap_or_default(),
        attributes,
        ..Element::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_local_and_the_formats_own_stand_first() {
        let text = "<a xmlns:m='urn:m'><m:title>2</m:title><Title b:C='&quot;x'>1 &amp; <![CDATA[<b>]]>&#229;&nbsp;</Title></a>";
        let root = read(text).unwrap();
        assert_eq!(root.text_of(&["title"]).unwrap(), "1 & <b>å&nbsp;");
        assert_eq!(root.child("title").unwrap().attribute("c"), Some("\"x"));
        assert_eq!(root.all("title").count(), 2);
    }

    #[test]
    fn definitions_of_entities_are_refused() {
        let bomb = "<!DOCTYPE a [<!ENTITY x 'xxxx'><!ENTITY y '&x;&x;'>]><a>&y;</a>";
        assert_eq!(read(bomb), Err(XmlError::Definitions));
        let harmless = "<!DOCTYPE rss PUBLIC '-//Netscape//DTD RSS 0.91//EN' 'http://x.example/rss.dtd'><rss/>";
        assert_eq!(read(harmless).unwrap().name, "rss");
    }

    #[test]
    fn depth_and_breaks_are_said() {
        let deep = "<a>".repeat(DEPTH + 1);
        assert!(matches!(read(&deep), Err(XmlError::TooMuch { .. })));
        for text in ["", "<a>", "<a></b>", "tekst", "<a><b></a>"] {
            assert!(matches!(read(text), Err(XmlError::Broken(_))), "{text}");
        }
    }
}
