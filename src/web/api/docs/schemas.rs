//! The schemas of the document.

use serde_json::Value;

use super::marked_text::MarkedText;

/// A schema with its members.
pub struct SchemaView {
    /// Its name, also its id on the page.
    pub name: String,
    /// What it is.
    pub description: MarkedText,
    /// The allowed words, if it is a word.
    pub values: Vec<String>,
    /// The members, if it is an object.
    pub members: Vec<MemberView>,
    /// The schemas that it combines or chooses from.
    pub parts: Vec<TypeName>,
}

/// A member of an object.
pub struct MemberView {
    /// Its name.
    pub name: String,
    /// Its type.
    pub type_name: TypeName,
    /// Whether it is always present.
    pub is_required: bool,
    /// What it is.
    pub description: MarkedText,
}

/// The name of a type.
pub struct TypeName {
    /// What stands before the name of the schema: `array of`.
    pub text: String,
    /// The schema, if it is one of the document.
    pub schema: Option<String>,
    /// Whether it may be `null`.
    pub is_nullable: bool,
}

impl TypeName {
    fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            schema: None,
            is_nullable: false,
        }
    }
}

/// Returns all schemas, by name.
pub fn all(document: &Value) -> Vec<SchemaView> {
    let schemas = document["components"]["schemas"].as_object();
    let mut all: Vec<SchemaView> = schemas
        .into_iter()
        .flatten()
        .map(|(name, schema)| view(name, schema))
        .collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

fn view(name: &str, schema: &Value) -> SchemaView {
    let values = schema["enum"].as_array().into_iter().flatten();
    let combined = ["allOf", "oneOf", "anyOf"];
    let parts = combined
        .iter()
        .filter_map(|combined| schema[*combined].as_array());
    let parts: Vec<&Value> = parts.flatten().collect();
    let own = parts.iter().copied().chain([schema]);
    SchemaView {
        name: name.to_owned(),
        description: MarkedText::from_description(schema),
        values: values
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        members: own.flat_map(members).collect(),
        parts: parts
            .iter()
            .filter(|part| part.get("$ref").is_some())
            .map(|part| type_of(part))
            .collect(),
    }
}

fn members(schema: &Value) -> Vec<MemberView> {
    let required = schema["required"].as_array();
    let is_required = |name: &str| required.is_some_and(|all| all.iter().any(|view| view == name));
    let properties = schema["properties"].as_object().into_iter().flatten();
    let member = |(name, value): (&String, &Value)| MemberView {
        name: name.clone(),
        type_name: type_of(value),
        is_required: is_required(name),
        description: MarkedText::from_description(value),
    };
    properties.map(member).collect()
}

/// Returns the name of a schema's type.
pub fn type_of(schema: &Value) -> TypeName {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return TypeName {
            schema: Some(name.to_owned()),
            ..TypeName::plain("")
        };
    }
    if let Some(variants) = schema["oneOf"].as_array() {
        let value = variants.iter().find(|variant| variant["type"] != "null");
        return TypeName {
            is_nullable: variants.iter().any(|variant| variant["type"] == "null"),
            ..value.map_or_else(|| TypeName::plain("any"), type_of)
        };
    }
    let types = schema["type"].as_array();
    let is_nullable = types.is_some_and(|all| all.iter().any(|view| view == "null"));
    let named = types.and_then(|all| all.iter().find(|view| *view != "null"));
    let name = named.unwrap_or(&schema["type"]).as_str().unwrap_or("any");
    if name == "array" {
        let items = type_of(&schema["items"]);
        return TypeName {
            text: format!("array of {}", items.text).trim_end().to_owned(),
            schema: items.schema,
            is_nullable,
        };
    }
    let format = schema["format"]
        .as_str()
        .map(|schema| format!(" ({schema})"));
    TypeName {
        is_nullable,
        ..TypeName::plain(format!("{name}{}", format.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_type_is_named_by_its_schema_or_by_its_json_type() {
        let name = |schema: Value| {
            let found = type_of(&schema);
            (found.text, found.schema, found.is_nullable)
        };
        let text = |text: &str| text.to_owned();
        let place = json!({"$ref": "#/components/schemas/Place"});
        assert_eq!(name(place.clone()), (text(""), Some(text("Place")), false));
        let either = json!({"oneOf": [{"type": "null"}, place.clone()]});
        assert_eq!(name(either), (text(""), Some(text("Place")), true));
        let many = json!({"type": "array", "items": place});
        assert_eq!(name(many), (text("array of"), Some(text("Place")), false));
        let url = json!({"type": ["string", "null"], "format": "uri"});
        assert_eq!(name(url), (text("string (uri)"), None, true));
        assert_eq!(name(json!({})), (text("any"), None, false));
    }
}
