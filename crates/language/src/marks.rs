//! Marks of texts in another language than their page, and the `lang` attributes they become.
//!
//! A text that the page's language lacks is marked where it is said, with the language tags of
//! Unicode (RFC 2482), which nothing else writes. When the page is finished, [`attributes`] replaces
//! the marks by elements. Within attributes, titles and scripts, where no element may stand, they are
//! removed.

use std::sync::atomic::{AtomicBool, Ordering};

use calendar_domain::Lang;

/// LANGUAGE TAG, which begins a tag.
const BEGIN: char = '\u{e0001}';
/// CANCEL TAG, which ends the text.
const END: char = '\u{e007f}';
/// The first of the tag characters, which repeat ASCII.
const TAG_ASCII: u32 = 0xe0000;

/// Elements whose content is no markup, or may contain none.
const RAW: [&str; 5] = ["title", "script", "style", "textarea", "option"];

/// Whether any text has been marked. Pages are searched for marks only then.
static IS_USED: AtomicBool = AtomicBool::new(false);

/// Returns a text with marks of its language.
pub(crate) fn marked(text: &str, lang: Lang) -> String {
    IS_USED.store(true, Ordering::Relaxed);
    let tag = lang.tag().chars();
    let tag = tag.filter_map(|c| char::from_u32(TAG_ASCII + u32::from(c)));
    let mut out = String::from(BEGIN);
    out.extend(tag);
    // A text filled into this one has the same mark.
    out.extend(text.chars().filter(|c| !is_mark(*c)));
    out.push(END);
    out
}

/// Splits the mark from the beginning of a text.
pub(crate) fn split_start(text: &str) -> (&str, &str) {
    let begin = text.find(|c| !is_mark(c)).unwrap_or(text.len());
    text.split_at(begin)
}

fn is_mark(c: char) -> bool {
    (TAG_ASCII..=u32::from(END)).contains(&u32::from(c))
}

/// Returns a finished page with elements in place of the marks.
///
/// ```
/// use calendar_language::marks;
///
/// // A page without marks stays as it is.
/// assert_eq!(marks::attributes("<p>Hei</p>".to_owned()), "<p>Hei</p>");
/// ```
#[must_use]
pub fn attributes(page: String) -> String {
    if IS_USED.load(Ordering::Relaxed) && page.contains(is_mark) {
        replaced(&page)
    } else {
        page
    }
}

fn replaced(page: &str) -> String {
    let mut out = String::with_capacity(page.len() + 64);
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        push_text(&mut out, text);
        let raw = RAW.into_iter().find(|name| is_tag(tag, name));
        let end = raw.and_then(|name| tag.find(&format!("</{name}>")));
        let (tag, after) = tag.split_at(end.unwrap_or_else(|| tag_length(tag)));
        out.extend(tag.chars().filter(|c| !is_mark(*c)));
        rest = after;
    }
    push_text(&mut out, rest);
    out
}

/// Returns the length of the tag at the start of `text`. A `>` in a quoted value is part of it.
fn tag_length(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    text.len()
}

/// Returns true if `text` begins with the start tag of this name.
fn is_tag(text: &str, name: &str) -> bool {
    let rest = text.strip_prefix('<');
    let rest = rest.and_then(|rest| rest.strip_prefix(name));
    rest.is_some_and(|rest| rest.starts_with(|c: char| c == '>' || c.is_ascii_whitespace()))
}

/// Appends the text between two tags. A mark without its end, which people can write, is left out.
fn push_text(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(is_mark) {
        out.push_str(before);
        rest = match marked_part(&rest[before.len()..]) {
            Some((lang, inner, after)) => {
                out.push_str("<span lang=\"");
                out.push_str(lang.tag());
                out.push_str("\">");
                out.push_str(inner);
                out.push_str("</span>");
                after
            }
            None => after,
        };
    }
    out.push_str(rest);
}

/// Splits `text` into the language and content of the marked text at its start, and the rest.
fn marked_part(text: &str) -> Option<(Lang, &str, &str)> {
    let (tag, inner) = split_start(text.strip_prefix(BEGIN)?);
    let tag = tag.chars();
    let tag = tag.filter_map(|c| char::from_u32(u32::from(c) - TAG_ASCII));
    let tag: String = tag.collect();
    let lang = Lang::ALL.into_iter().find(|lang| lang.tag() == tag)?;
    let (inner, after) = inner.split_once(END)?;
    (!inner.contains(is_mark)).then_some((lang, inner, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capitalised;

    fn nb(text: &str) -> String {
        marked(text, Lang::Nb)
    }

    #[test]
    fn a_marked_text_becomes_an_element_with_its_language() {
        let page = format!("<p>Veke 3: {} og {}</p>", nb("uke 3"), nb("uke &lt;4"));
        let expected =
            "<p>Veke 3: <span lang=\"nb\">uke 3</span> og <span lang=\"nb\">uke &lt;4</span></p>";
        assert_eq!(attributes(page), expected);
    }

    #[test]
    fn no_element_stands_where_none_may() {
        let text = nb("Søk > «alt»");
        let page = |text: &str| {
            format!(
                "<title>{text}</title><a title=\"{text}\" class='x'>å</a><option>{text}</option>\
                 <script type=\"x\">if (a < \"{text}\") 'b' > \"</script><titles>y</titles>"
            )
        };
        assert_eq!(attributes(page(&text)), page("Søk > «alt»"));
    }

    #[test]
    fn marks_that_people_write_leave_the_page_whole() {
        let loose = format!("{BEGIN}\u{e0078}");
        let page = format!("<p>a{END}b{loose}c{BEGIN}</p><p>{END}{}{END}</p>", nb("d"));
        assert_eq!(
            attributes(page),
            "<p>abc</p><p><span lang=\"nb\">d</span></p>"
        );
    }

    #[test]
    fn a_text_within_a_text_of_the_same_language_has_one_mark() {
        assert_eq!(nb(&format!("i {}", nb("uke 3"))), nb("i uke 3"));
    }

    #[test]
    fn a_marked_text_is_capitalised_after_its_mark() {
        assert_eq!(capitalised(&nb("uke 3")), nb("Uke 3"));
    }
}
