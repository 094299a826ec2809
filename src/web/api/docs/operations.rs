//! The operations of the document.

use serde_json::Value;

use super::marked_text::MarkedText;
use super::schemas::{TypeName, type_of};

/// The operations under one tag.
pub struct OperationGroup {
    /// Its name, also its id on the page.
    pub name: String,
    /// What it is for.
    pub description: MarkedText,
    /// The operations, in the order of the document.
    pub operations: Vec<Operation>,
}

/// An operation.
pub struct Operation {
    /// Its id on the page.
    pub id: String,
    /// The HTTP method.
    pub method: String,
    /// The path with its parameters in braces.
    pub path: String,
    /// What it does, in one line.
    pub summary: String,
    /// More about it.
    pub description: MarkedText,
    /// Whether it needs a key.
    pub needs_key: bool,
    /// The parameters.
    pub parameters: Vec<ParameterView>,
    /// The body, if it takes one.
    pub body: Option<BodyView>,
    /// The responses, by status.
    pub responses: Vec<ResponseView>,
}

/// A parameter.
pub struct ParameterView {
    /// Its name.
    pub name: String,
    /// Where it stands: `path`, `query` or `header`.
    pub place: String,
    /// Whether it is required.
    pub is_required: bool,
    /// What it is for.
    pub description: MarkedText,
    /// Its type.
    pub type_name: TypeName,
    /// The allowed values; empty if there are others.
    pub values: Vec<String>,
    /// Whether it may have several values.
    pub is_list: bool,
    /// An example; may be empty.
    pub example: String,
}

/// A body.
pub struct BodyView {
    /// The media type.
    pub media_type: String,
    /// Its schema.
    pub type_name: TypeName,
    /// An example, as text.
    pub example: String,
}

/// A response.
pub struct ResponseView {
    /// The status.
    pub status: String,
    /// When it comes.
    pub description: MarkedText,
    /// The schema of its body, if it has one.
    pub type_name: Option<TypeName>,
}

impl Operation {
    /// Returns true if a browser can send it by a form without a script.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let is_query = |view: &ParameterView| view.place == "query";
        self.method == "GET" && !self.needs_key && self.parameters.iter().all(is_query)
    }
}

/// Returns the operations of a document, by tag.
pub fn groups(document: &Value) -> Vec<OperationGroup> {
    let tags = document["tags"].as_array().into_iter().flatten();
    let group = |tag: &Value| {
        let name = tag["name"].as_str().unwrap_or_default();
        OperationGroup {
            name: name.to_owned(),
            description: MarkedText::from_description(tag),
            operations: with_tag(document, name),
        }
    };
    tags.map(group).collect()
}

fn with_tag(document: &Value, tag: &str) -> Vec<Operation> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let all = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (path, method, operation))
    });
    let own = all.filter(|(.., operation)| operation["tags"][0] == tag);
    own.map(|(path, method, value)| operation(document, path, method, value))
        .collect()
}

fn operation(document: &Value, path: &str, method: &str, value: &Value) -> Operation {
    let parameters = value["parameters"].as_array().into_iter().flatten();
    let responses = value["responses"].as_object().into_iter().flatten();
    let summary = value["summary"].as_str().unwrap_or_default();
    let securities = value["security"].as_array();
    let is_open = |value: &Value| value.as_object().is_none_or(serde_json::Map::is_empty);
    Operation {
        id: value["operationId"].as_str().unwrap_or_default().to_owned(),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: summary.trim_end_matches('.').to_owned(),
        description: MarkedText::from_description(value),
        needs_key: securities.is_some_and(|all| !all.iter().any(is_open)),
        parameters: parameters.map(parameter).collect(),
        body: body(&value["requestBody"]),
        responses: responses
            .map(|(status, value)| response(document, status, value))
            .collect(),
    }
}

fn parameter(value: &Value) -> ParameterView {
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let schema = &value["schema"];
    let is_list = schema["type"] == "array";
    let allowed = if is_list { &schema["items"] } else { schema };
    let values = allowed["enum"].as_array().into_iter().flatten();
    ParameterView {
        name: text("name"),
        place: text("in"),
        is_required: value["required"] == true,
        description: MarkedText::from_description(value),
        type_name: type_of(schema),
        values: values
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        is_list,
        example: example(value, schema),
    }
}

/// Returns an example of a parameter, or else its default value; empty if there is none.
fn example(parameter: &Value, schema: &Value) -> String {
    let given = [
        &parameter["example"],
        &schema["examples"][0],
        &schema["default"],
    ];
    let mut formats = [&schema["format"], &schema["oneOf"][0]["format"]].into_iter();
    match given.into_iter().find(|given| !given.is_null()) {
        Some(example) => as_text(example),
        None => formats
            .find_map(|format| match format.as_str()? {
                "date" => Some("2027-06-01".to_owned()),
                "date-time" => Some("2027-06-01T18:00:00Z".to_owned()),
                _ => None,
            })
            .unwrap_or_default(),
    }
}

fn body(value: &Value) -> Option<BodyView> {
    let (media_type, content) = value["content"].as_object()?.iter().next()?;
    Some(BodyView {
        media_type: media_type.clone(),
        type_name: type_of(&content["schema"]),
        example: serde_json::to_string_pretty(&content["example"]).unwrap_or_default(),
    })
}

fn response(document: &Value, status: &str, value: &Value) -> ResponseView {
    let value = resolved(document, value);
    let content = value["content"].as_object();
    let content = content.and_then(|content| content.values().next());
    ResponseView {
        status: status.to_owned(),
        description: MarkedText::from_description(value),
        type_name: content.map(|content| type_of(&content["schema"])),
    }
}

/// Returns what a reference leads to, or the value itself.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let pointer = value["$ref"]
        .as_str()
        .and_then(|value| value.strip_prefix('#'));
    pointer
        .and_then(|pointer| document.pointer(pointer))
        .unwrap_or(value)
}

fn as_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
