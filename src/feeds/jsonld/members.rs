//! Members of an object.

use serde_json::{Map, Value};

/// The members of an object, without empty ones.
#[derive(Debug, Default)]
pub(super) struct Members(Map<String, Value>);

impl Members {
    /// Adds a member, unless it is null, blank or an empty list.
    pub(super) fn put(&mut self, key: &str, value: impl Into<Value>) {
        let value = value.into();
        let is_empty = match &value {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty(),
            Value::Array(items) => items.is_empty(),
            _ => false,
        };
        if !is_empty {
            self.0.insert(key.to_owned(), value);
        }
    }

    /// Adds a value if there is one, a list if there are several.
    pub(super) fn put_all(&mut self, key: &str, mut values: Vec<Value>) {
        match values.len() {
            1 => self.put(key, values.remove(0)),
            _ => self.put(key, values),
        }
    }
}

impl From<Members> for Value {
    fn from(members: Members) -> Self {
        Self::Object(members.0)
    }
}
