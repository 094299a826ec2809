//! What the derived document lacks: which members are always present, and header fields.

use serde_json::{Map, Value, json};

use calendar_domain::wire::WireEvent;

/// Schemas of responses with the members that may be absent; all others are always present.
const RESPONSES: &[(&str, &[&str])] = &[
    ("Audience", &[]),
    ("Category", &[]),
    ("ChangedEvent", &["super_event_uid"]),
    ("ChangePage", &[]),
    ("Decided", &[]),
    ("Edition", &[]),
    ("Event", &["other_places"]),
    ("FieldProblem", &[]),
    ("GoneEvent", &[]),
    ("Occurrence", &[]),
    ("OccurrenceEvent", &[]),
    ("Organizer", &[]),
    ("Page_Audience", &[]),
    ("Page_Category", &[]),
    ("Page_Event", &[]),
    ("Page_Occurrence", &[]),
    ("Page_Organizer", &[]),
    ("Page_Partner", &[]),
    ("Page_Place", &[]),
    ("Page_Series", &[]),
    ("Partner", &[]),
    ("PartnerEventPage", &[]),
    ("Place", &[]),
    ("Policy", &[]),
    ("Problem", &["detail", "errors"]),
    ("RolledBack", &[]),
    ("Series", &[]),
];

/// Members of an event that are never `null` in a response.
const NEVER_NULL: &[&str] = &[
    "id",
    "uid",
    "slug",
    "url",
    "sequence",
    "created",
    "modified",
    "start",
    "time_zone",
    "all_day",
    "status",
];

/// Header fields of every response, and of a successful read.
const EVERY: &[&str] = &["RateLimit-Policy", "RateLimit"];
const READ: &[&str] = &["ETag", "Last-Modified", "Cache-Control"];

/// Completes the derived document.
pub fn refine(document: &mut Value) {
    let schemas = document.pointer_mut("/components/schemas");
    if let Some(schemas) = schemas.and_then(Value::as_object_mut) {
        refine_schemas(schemas);
    }
    document["components"]["headers"] = headers();
    // `fields` leaves members of it out.
    let event = "/paths/~1api~1v1~1events~1{id}/get/responses/200/content/application~1json/schema";
    if let Some(schema) = document.pointer_mut(event) {
        *schema = json!({"$ref": "#/components/schemas/EventSelection"});
    }
    let paths = document["paths"].as_object_mut();
    for (_, methods) in paths.into_iter().flatten() {
        for (method, operation) in methods.as_object_mut().into_iter().flatten() {
            refine_operation(method, operation);
        }
    }
    if let Some(responses) = document["components"]["responses"].as_object_mut() {
        for (name, response) in responses {
            add_headers(response, EVERY);
            if name == "TooManyRequests" {
                add_headers(response, &["Retry-After"]);
            }
        }
    }
}

fn refine_schemas(schemas: &mut Map<String, Value>) {
    schemas.values_mut().for_each(drop_defaults);
    describe_plain_fields(schemas);
    if let Some(mut input) = schemas.get("Event").cloned() {
        input["description"] =
            "An event as a partner sends it. `title.nb` and `start` are enough.".into();
        input["required"] = json!(["title", "start"]);
        let mut patch = input.clone();
        patch["description"] =
            "Members of an event to change, and `null` for those to remove (RFC 7396).".into();
        patch.as_object_mut().map(|patch| patch.remove("required"));
        schemas.insert("EventInput".to_owned(), input);
        schemas.insert("EventPatch".to_owned(), patch);
    }
    for (name, optional) in RESPONSES {
        let Some(schema) = schemas.get_mut(*name) else {
            continue;
        };
        // A response may have further members in a later version.
        schema
            .as_object_mut()
            .map(|schema| schema.remove("additionalProperties"));
        let members = schema["properties"].as_object();
        let members = members.into_iter().flatten().map(|(name, _)| name.as_str());
        let required: Vec<&str> = members
            .filter(|member| !optional.contains(member))
            .collect();
        schema["required"] = json!(required);
    }
    if let Some(event) = schemas.get_mut("Event") {
        event["properties"]["parts"] = json!({
            "type": "array",
            "items": {"$ref": "#/components/schemas/EventSelection"},
            "description": "With `include=parts`: the events that are parts of it.",
        });
        for name in NEVER_NULL {
            remove_null(&mut event["properties"][*name]);
        }
    }
    select(schemas, "Event", "id");
    select(schemas, "Occurrence", "event");
    let names: Vec<String> = schemas.keys().cloned().collect();
    for name in names {
        if let Some(item) = name.strip_prefix("Page_") {
            // `fields` leaves members of these out.
            let item = match item {
                "Event" => "EventSelection",
                "Occurrence" => "OccurrenceSelection",
                item => item,
            };
            let items = &mut schemas[&name]["properties"]["items"]["items"];
            *items = json!({"$ref": format!("#/components/schemas/{item}")});
        }
    }
}

/// Adds the schema of a selection of an item's members, of which only the key is always present.
fn select(schemas: &mut Map<String, Value>, name: &str, key: &str) {
    if let Some(mut selection) = schemas.get(name).cloned() {
        selection["required"] = json!([key]);
        schemas.insert(format!("{name}Selection"), selection);
    }
}

/// Removes the defaults that serde's attribute gives every member.
fn drop_defaults(schema: &mut Value) {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (_, property) in properties.into_iter().flatten() {
        property
            .as_object_mut()
            .map(|property| property.remove("default"));
    }
}

fn describe_plain_fields(schemas: &mut Map<String, Value>) {
    let Some(event) = schemas.get_mut("Event") else {
        return;
    };
    for (name, description) in WireEvent::PLAIN_FIELDS {
        event["properties"][*name]["description"] = description.trim().into();
    }
}

fn remove_null(schema: &mut Value) {
    if let Some(types) = schema.get_mut("type").and_then(Value::as_array_mut) {
        types.retain(|kind| kind != "null");
        if let [only] = &types[..] {
            schema["type"] = only.clone();
        }
    }
    let variants = schema.get("oneOf").and_then(Value::as_array);
    let value = variants.and_then(|all| all.iter().find(|item| item.get("$ref").is_some()));
    if let Some(value) = value.cloned() {
        let schema = schema.as_object_mut();
        schema.map(|schema| {
            schema.remove("oneOf");
            schema.insert("$ref".to_owned(), value["$ref"].clone())
        });
    }
}

fn refine_operation(method: &str, operation: &mut Value) {
    let is_conditional = method == "get" && operation["tags"] != json!(["review"]);
    let parameters = operation.get_mut("parameters");
    for parameter in parameters
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        if parameter["in"] == "query" {
            // As browsers send them from forms; they count as absent.
            parameter["allowEmptyValue"] = true.into();
        }
    }
    let Some(responses) = operation["responses"].as_object_mut() else {
        return;
    };
    if is_conditional {
        let unchanged = json!({"description": "Your copy, named by If-None-Match or If-Modified-Since, is current."});
        responses.insert("304".to_owned(), unchanged);
    }
    for (status, response) in responses {
        if response.get("$ref").is_none() {
            add_headers(response, EVERY);
        }
        if status == "200" && is_conditional {
            add_headers(response, READ);
        }
    }
}

fn add_headers(response: &mut Value, names: &[&str]) {
    for name in names {
        response["headers"][*name] = json!({"$ref": format!("#/components/headers/{name}")});
    }
}

fn headers() -> Value {
    let text = |description: &str, example: &str| json!({"description": description, "schema": {"type": "string"}, "example": example});
    json!({
        "ETag": text("Entity tag, for If-None-Match.", "\"5d41402abc4b2a76\""),
        "Last-Modified": text("Time of the last change, for If-Modified-Since.", "Sun, 22 Nov 2026 11:00:00 GMT"),
        "Cache-Control": text("How long a copy may be used.", "public, max-age=60, must-revalidate"),
        "RateLimit-Policy": text("The quota `q` of requests in `w` seconds.", "\"client\";q=600;w=60"),
        "RateLimit": text("Requests `r` that are left, and seconds `t` until the quota is full.", "\"client\";r=599;t=1"),
        "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}, "example": 20},
    })
}
