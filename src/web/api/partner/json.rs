//! Parsing of JSON that detects repeated keys. RFC 8259 section 4 leaves the meaning of repeated keys open.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Parses JSON. Returns the value, and the paths of repeated keys such as `offers[1].price`.
///
/// # Errors
/// Errors if the text is not JSON.
pub fn read(bytes: &[u8]) -> Result<(Value, Vec<String>), serde_json::Error> {
    let mut repeated = Vec::new();
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let seed = Node {
        path: String::new(),
        repeated: &mut repeated,
    };
    let value = seed.deserialize(&mut reader)?;
    reader.end()?;
    Ok((value, repeated))
}

/// A value at a path.
struct Node<'r> {
    path: String,
    repeated: &'r mut Vec<String>,
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            let node = Node {
                path: format!("{}[{}]", self.path, list.len()),
                repeated: &mut *self.repeated,
            };
            match items.next_element_seed(node)? {
                Some(item) => list.push(item),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            let dot = if self.path.is_empty() { "" } else { "." };
            let path = format!("{}{dot}{name}", self.path);
            if fields.contains_key(&name) {
                self.repeated.push(path.clone());
            }
            let node = Node {
                path,
                repeated: &mut *self.repeated,
            };
            fields.insert(name, entries.next_value_seed(node)?);
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_key_twice_is_read_as_everybody_reads_it() {
        for text in [
            r#"{"a": [1, -2, 2.5, "x", null, true, {"a": {"a": []}}], "b": {}}"#,
            "[]",
            "18446744073709551615",
            r#""\u00e6""#,
        ] {
            let expected: Value = serde_json::from_str(text).unwrap();
            assert_eq!(read(text.as_bytes()).unwrap(), (expected, Vec::new()));
        }
        for text in ["", "{", "{} {}", "[1,]", r#"{"a": 1,}"#, "\u{feff}{}"] {
            let error = serde_json::from_str::<Value>(text).unwrap_err().to_string();
            assert_eq!(read(text.as_bytes()).unwrap_err().to_string(), error);
        }
    }

    #[test]
    fn each_key_that_stands_twice_is_told_with_its_path() {
        let text = r#"{"a": {"b": 1, "\u0062": 2}, "c": [{}, {"d": 1, "d": 2, "d": 3}], "a": 0}"#;
        let (_, repeated) = read(text.as_bytes()).unwrap();
        assert_eq!(repeated, ["a.b", "c[1].d", "c[1].d", "a"]);
    }
}
