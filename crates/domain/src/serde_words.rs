//! Messages of serde without names of Rust types.

/// Replacements for expected types. For some, the name of a type follows and is removed.
const EXPECTED: [(&str, &str); 25] = [
    ("u8", "a whole number from 0 to 255"),
    ("u16", "a whole number from 0 to 65535"),
    ("u32", "a whole number from 0 to 4294967295"),
    ("u64", "a whole number, 0 or more"),
    ("usize", "a whole number, 0 or more"),
    ("i8", "a whole number from -128 to 127"),
    ("i16", "a whole number from -32768 to 32767"),
    ("i32", "a whole number from -2147483648 to 2147483647"),
    ("i64", "a whole number"),
    ("isize", "a whole number"),
    ("f32", "a number"),
    ("f64", "a number"),
    ("a sequence", "a list"),
    ("a map", TABLE),
    ("map", TABLE),
    ("struct", TABLE),
    ("internally tagged enum", TABLE),
    ("adjacently tagged enum", TABLE),
    ("enum", "one of the allowed words"),
    ("variant identifier", "one of the allowed words"),
    ("unit variant", "one of the allowed words"),
    ("unit struct", "nothing"),
    ("tuple struct", "a list"),
    ("byte unit string", "a size, such as 2MiB"),
    (
        "a string representing an URL",
        "an address, such as https://example.no",
    ),
];
/// Replacements for the types of values that were found.
const FOUND: [(&str, &str); 6] = [
    ("invalid type: map", "invalid type: {}"),
    ("invalid type: sequence", "invalid type: list"),
    ("found map", "found {}"),
    ("found sequence", "found list"),
    ("unsigned int", "number"),
    ("signed int", "number"),
];
/// Placeholder for the notation's word for an object.
const TABLE: &str = "{}";
const EXPECTS: &str = "expected ";

/// Returns the message without names of types. `object` is the notation's word for a set of names with values: object
/// in JSON, table in TOML.
#[must_use]
pub fn in_plain_words(message: &str, object: &str) -> String {
    let article = if object.starts_with('o') { "an" } else { "a" };
    let with_article = format!("{article} {object}");
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(at) = rest.find(EXPECTS) {
        let (before, after) = rest.split_at(at + EXPECTS.len());
        out.push_str(before);
        rest = after;
        let found = EXPECTED.iter().find(|(name, _)| begins_with(after, name));
        if let Some((name, word)) = found {
            out.push_str(&word.replace(TABLE, &with_article));
            rest = without_type(&after[name.len()..], name);
        }
    }
    out.push_str(rest);
    FOUND.iter().fold(out, |text, (theirs, ours)| {
        text.replace(theirs, &ours.replace(TABLE, object))
    })
}

fn begins_with(text: &str, word: &str) -> bool {
    let rest = text.strip_prefix(word);
    rest.is_some_and(|rest| !rest.starts_with(is_of_name))
}

/// Returns the text after the name of a type, if `word` is one that such a name follows.
fn without_type<'t>(text: &'t str, word: &str) -> &'t str {
    if !word.ends_with("struct") && !word.ends_with("enum") {
        return text;
    }
    text.trim_start().trim_start_matches(is_of_name)
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::in_plain_words;

    #[test]
    fn no_type_of_rust_is_named() {
        for (theirs, ours) in [
            (
                "invalid type: found signed int `5`, expected struct SyncConfig",
                "invalid type: found number `5`, expected a table",
            ),
            ("expected struct A for x", "expected a table for x"),
            (
                "expected u16 at line 1",
                "expected a whole number from 0 to 65535 at line 1",
            ),
            (
                "found unsigned int `5`, expected enum LogFormat",
                "found number `5`, expected one of the allowed words",
            ),
            (
                "invalid type: map, expected a sequence",
                "invalid type: table, expected a list",
            ),
            ("expected internally tagged enum Event", "expected a table"),
            ("unknown field `struct`", "unknown field `struct`"),
            ("expected u32ish", "expected u32ish"),
        ] {
            assert_eq!(in_plain_words(theirs, "table"), ours);
        }
        let json = in_plain_words("invalid type: map, expected a map", "object");
        assert_eq!(json, "invalid type: object, expected an object");
    }
}
