//! Serializes content lines (RFC 5545 3.1): escaping, folding and line ends.

use std::borrow::Cow;

use icalendar::{Parameter, Property, ValueType};

/// Maximum octets of a physical line, without its line break.
const WIDTH: usize = 75;

/// Appends a property as a folded content line that ends in CRLF. Parameters are sorted, text is
/// escaped.
///
/// The result is one logical line whatever the values contain: no value can end it or start
/// another.
pub fn emit(out: &mut String, property: &Property) {
    let mut line = String::with_capacity(property.key().len() + property.value().len() + 40);
    line.push_str(property.key());
    for parameter in property.params().values() {
        line.push(';');
        line.push_str(parameter.key());
        line.push('=');
        push_parameter_value(&mut line, parameter);
    }
    line.push(':');
    if is_text(property) {
        line.push_str(&escape_text(property.value()));
    } else {
        line.extend(property.value().chars().filter(|c| !c.is_control()));
    }
    fold(out, &line);
}

/// Returns true if the value is TEXT to be escaped here. Lists of texts are [already
/// escaped](text_list), since commas separate their items.
fn is_text(property: &Property) -> bool {
    match property.value_type() {
        Some(ValueType::Text) => property.key() != "CATEGORIES",
        Some(_) => false,
        // The crate knows only RFC 5545; RFC 7986 properties without `VALUE` are text.
        None => true,
    }
}

/// Returns the value of a `CATEGORIES` property: escaped items, separated by commas.
#[must_use]
pub fn text_list<'a>(items: impl IntoIterator<Item = &'a str>) -> String {
    let escaped: Vec<String> = items.into_iter().map(escape_text).collect();
    escaped.join(",")
}

/// Escapes a text for a content line (RFC 5545 3.3.11). Every kind of line break becomes `\n`, a
/// tab a space; other control characters are dropped.
///
/// ```
/// use calendar_ical::write::line::escape_text;
///
/// assert_eq!(escape_text("Kaffe, kaker; mer\n"), r"Kaffe\, kaker\; mer\n");
/// ```
#[must_use]
pub fn escape_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = '\0';
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            ';' => out.push_str("\\;"),
            ',' => out.push_str("\\,"),
            '\n' if before == '\r' => {}
            // Unicode line breaks too: some programs break lines at them before unfolding.
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push_str("\\n"),
            '\t' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
        before = c;
    }
    out
}

/// Appends a parameter value: quotes, circumflexes and line breaks encoded by RFC 6868, quoted if
/// it contains a separator.
fn push_parameter_value(line: &mut String, parameter: &Parameter) {
    let value = parameter.value();
    let quoted = value.contains([':', ';', ',']);
    if quoted {
        line.push('"');
    }
    for c in value.chars() {
        match c {
            '^' => line.push_str("^^"),
            '"' => line.push_str("^'"),
            '\n' | '\u{2028}' | '\u{2029}' => line.push_str("^n"),
            c if c.is_control() => {}
            c => line.push(c),
        }
    }
    if quoted {
        line.push('"');
    }
}

/// Appends the line folded to at most 75 octets, including the space that begins a continuation.
fn fold(out: &mut String, line: &str) {
    let mut rest = line;
    let mut room = WIDTH;
    while rest.len() > room {
        let (piece, tail) = rest.split_at(break_within(rest, room));
        out.push_str(piece);
        out.push_str("\r\n ");
        rest = tail;
        room = WIDTH - 1;
    }
    out.push_str(rest);
    out.push_str("\r\n");
}

/// Returns the position at which to break a text longer than `room`.
///
/// It is never inside a character, and not before a space if possible: some readers drop such a
/// space with the fold.
fn break_within(text: &str, room: usize) -> usize {
    let boundaries = || (1..=room).rev().filter(|at| text.is_char_boundary(*at));
    let soft = boundaries()
        .take_while(|at| *at > room / 2)
        .find(|at| !text[*at..].starts_with(' '));
    // A character has at most four octets, so there is always a boundary.
    soft.or_else(|| boundaries().next()).unwrap_or(room)
}

/// Joins the lines of a text with spaces, for values without line breaks such as a title.
#[must_use]
pub fn one_line(text: &str) -> Cow<'_, str> {
    let broken = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let text = text.trim();
    if !text.contains(broken) {
        return Cow::Borrowed(text);
    }
    let words: Vec<&str> = text
        .split(|c: char| c == ' ' || broken(c))
        .filter(|word| !word.is_empty())
        .collect();
    Cow::Owned(words.join(" ").trim().to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(property: &Property) -> String {
        let mut out = String::new();
        emit(&mut out, property);
        out
    }

    fn unfolded(text: &str) -> String {
        text.replace("\r\n ", "")
    }

    #[test]
    fn rule_17_text_is_escaped_and_control_characters_go() {
        let summary = Property::new("SUMMARY", "a\\b;c,d\r\ne\rf\u{7}\tg\u{2028}h:i");
        assert_eq!(line(&summary), "SUMMARY:a\\\\b\\;c\\,d\\ne\\nf g\\nh:i\r\n");
    }

    #[test]
    fn rule_17_nothing_in_a_value_can_begin_a_line_of_its_own() {
        let address = Property::new("URL", "https://a.example/\r\nATTACH:x");
        assert_eq!(line(&address), "URL:https://a.example/ATTACH:x\r\n");
        let mut named = Property::new("ORGANIZER", "mailto:a@b.example");
        named.add_parameter("CN", "Elverum\r\nATTENDEE:x");
        assert_eq!(
            line(&named),
            "ORGANIZER;CN=\"Elverum^nATTENDEE:x\":mailto:a@b.example\r\n"
        );
    }

    #[test]
    fn parameters_are_quoted_and_encoded_by_rfc_6868() {
        let mut property = Property::new("ORGANIZER", "mailto:a@b.example");
        property.add_parameter("CN", "Kor «\"Glåma\"» ^, Elverum");
        assert_eq!(
            line(&property),
            "ORGANIZER;CN=\"Kor «^'Glåma^'» ^^, Elverum\":mailto:a@b.example\r\n"
        );
    }

    #[test]
    fn categories_keep_the_commas_between_them() {
        let value = text_list(["Mat, drikke", "Musikk"]);
        assert_eq!(
            line(&Property::new("CATEGORIES", value)),
            "CATEGORIES:Mat\\, drikke,Musikk\r\n"
        );
    }

    #[test]
    fn rule_17_a_letter_of_two_octets_is_never_folded_apart() {
        let folded = line(&Property::new("SUMMARY", "æøå".repeat(60)));
        for physical in folded.trim_end().split("\r\n") {
            assert!(physical.len() <= 75, "{} octets", physical.len());
        }
        assert_eq!(
            unfolded(&folded),
            format!("SUMMARY:{}\r\n", "æøå".repeat(60))
        );
    }

    proptest! {
        #[test]
        fn any_text_gives_short_lines_that_unfold_to_it(text in any::<String>()) {
            let folded = line(&Property::new("DESCRIPTION", text.as_str()));
            let body = folded.strip_suffix("\r\n").unwrap();
            for physical in body.split("\r\n") {
                prop_assert!(physical.len() <= 75);
                prop_assert!(!physical.contains(char::is_control));
            }
            let whole = unfolded(body);
            let value = whole.strip_prefix("DESCRIPTION:").unwrap();
            prop_assert_eq!(value, escape_text(&text));
        }

        #[test]
        fn a_title_is_one_line(text in any::<String>()) {
            let made = one_line(&text);
            prop_assert!(!made.contains(char::is_control));
            prop_assert_eq!(made.trim(), made.as_ref());
        }
    }
}
