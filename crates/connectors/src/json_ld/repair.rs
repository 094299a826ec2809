//! Tolerant parsing of JSON in web pages: with line breaks in strings, invalid escapes, trailing commas, and
//! text after the end.

use serde_json::{Deserializer, Value};

/// Parses the values of a block. The flag tells whether it had to be repaired.
///
/// # Errors
/// Returns the parser's message if the block can't be repaired.
pub fn read(text: &str) -> Result<(Vec<Value>, bool), String> {
    let text = text.trim().trim_start_matches('\u{feff}');
    let first = match serde_json::from_str(text) {
        Ok(value) => return Ok((vec![value], false)),
        Err(error) => error,
    };
    let text = unwrapped(text);
    let found = values(&mended(&text));
    if found.is_empty() && text.contains("&quot;") {
        let plain = text.replace("&quot;", "\"").replace("&amp;", "&");
        let found = values(&mended(&plain));
        if !found.is_empty() {
            return Ok((found, true));
        }
    }
    if found.is_empty() {
        return Err(first.to_string());
    }
    Ok((found, true))
}

/// Removes comment and CDATA markers around a script.
fn unwrapped(text: &str) -> String {
    let marks = [
        "<!--",
        "-->",
        "//<![CDATA[",
        "//]]>",
        "<![CDATA[",
        "]]>",
        "/**/",
    ];
    let mut text = text.trim();
    loop {
        let before = text;
        for mark in marks {
            text = text.strip_prefix(mark).unwrap_or(text).trim();
            text = text.strip_suffix(mark).unwrap_or(text).trim();
        }
        if text == before {
            return text.to_owned();
        }
    }
}

/// Parses consecutive values, up to the first unreadable one.
fn values(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut rest = text;
    while found.len() < 1_000 {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
        if !rest.starts_with(['{', '[']) {
            break;
        }
        let mut stream = Deserializer::from_str(rest).into_iter::<Value>();
        let Some(Ok(value)) = stream.next() else {
            break;
        };
        found.push(value);
        let read = stream.byte_offset();
        rest = rest.get(read..).unwrap_or_default();
    }
    found
}

/// Repairs common errors.
fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    let mut inside = false;
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                inside = !inside;
                out.push('"');
            }
            '\\' if inside => {
                let next = letters.next().unwrap_or_default();
                match next {
                    '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' => out.extend(['\\', next]),
                    'u' => {
                        let digits: String = letters.clone().take(4).collect();
                        out.push_str(&escape(&digits, &mut letters));
                    }
                    other => out.push_str(&control(other)),
                }
            }
            control_letter if inside && control_letter.is_control() => {
                out.push_str(&control(control_letter));
            }
            ',' if !inside => {
                while letters
                    .next_if(|letters| letters.is_whitespace() || *letters == ',')
                    .is_some()
                {}
                if !matches!(letters.peek(), Some('}' | ']') | None) {
                    out.push(',');
                }
            }
            blank if !inside && blank.is_whitespace() => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

/// Repairs a Unicode escape: it must have four digits and must not be a lone surrogate, which is replaced
/// with U+FFFD.
fn escape(digits: &str, letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> String {
    let Some(code) = (digits.len() == 4)
        .then(|| u32::from_str_radix(digits, 16).ok())
        .flatten()
    else {
        return "u".into();
    };
    letters.nth(3);
    if !(0xD800..0xE000).contains(&code) {
        return format!("\\u{digits}");
    }
    let pair: String = letters.clone().take(6).collect();
    let low = pair
        .strip_prefix("\\u")
        .and_then(|pair| u32::from_str_radix(pair, 16).ok());
    if code < 0xDC00 && low.is_some_and(|low| (0xDC00..0xE000).contains(&low)) {
        letters.nth(5);
        return format!("\\u{digits}{pair}");
    }
    "\u{fffd}".into()
}

/// Escapes or drops a character that is not allowed in a JSON string.
fn control(letter: char) -> String {
    match letter {
        '\n' => "\\n".into(),
        '\0' => String::new(),
        letter if letter.is_control() => " ".into(),
        letter => letter.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_right_is_left_alone() {
        let text = r#"{"a": "b,]\u00e5"}"#;
        assert_eq!(read(text), Ok((vec![json!({"a": "b,]å"})], false)));
    }

    #[test]
    fn what_commonly_goes_wrong_is_put_right() {
        for (text, value) in [
            ("{\"a\": \"b\nc\"}", json!({"a": "b\nc"})),
            (r#"{"a": "l\'o",}"#, json!({"a": "l'o"})),
            (r#"{"a": [1, 2, ], }"#, json!({"a": [1, 2]})),
            (r#"{"a": 1}}"#, json!({"a": 1})),
            (r#"{"a": 1};"#, json!({"a": 1})),
            ("<!-- {\"a\": 1,} -->", json!({"a": 1})),
            ("//<![CDATA[\n{\"a\": 1,}\n//]]>", json!({"a": 1})),
            (r#"{"a": "\ud83d !"}"#, json!({"a": "\u{fffd} !"})),
            (r#"{"a": "\ud83d\ude00", }"#, json!({"a": "😀"})),
            (r#"{"a": "\u12", }"#, json!({"a": "u12"})),
            ("{\u{a0}\"a\": 1}", json!({"a": 1})),
            ("{&quot;a&quot;: &quot;b&quot;}", json!({"a": "b"})),
        ] {
            assert_eq!(read(text), Ok((vec![value], true)), "{text}");
        }
    }

    #[test]
    fn several_values_in_one_block_are_all_read() {
        let two = (vec![json!({"a": 1}), json!({"b": 2})], true);
        assert_eq!(read(r#"{"a": 1}{"b": 2}"#), Ok(two.clone()));
        assert_eq!(read(r#"{"a": 1}, {"b": 2}"#), Ok(two));
    }

    #[test]
    fn what_makes_no_sense_is_said_so() {
        for text in ["", "hei", "{\"a\": }", "{\"a\": \"b"] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(read(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn a_row_of_commas_is_read_in_time() {
        let text = format!("[1{}", ",".repeat(200_000));
        assert!(read(&text).is_err());
    }
}
