//! A minimal parser of this program's own pages, which are well formed.

/// Returns the values of an attribute, in document order, unescaped.
pub fn attributes(page: &str, name: &str) -> Vec<String> {
    let begin = format!(" {name}=\"");
    let values = page.split(&begin).skip(1);
    values
        .map(|rest| unescape(rest.split('"').next().unwrap_or_default()))
        .collect()
}

/// Returns the visible text of a page, without tags, with single spaces.
pub fn words(page: &str) -> String {
    let mut out = String::with_capacity(page.len() / 2);
    let body = page.split_once("<body").map_or(page, |(_, body)| body);
    for part in format!("<body{body}").split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("a tag is closed");
        // Inline elements do not separate words.
        let name = tag
            .trim_start_matches('/')
            .split([' ', '\n'])
            .next()
            .unwrap_or_default();
        if !["a", "b", "i", "span", "strong", "em", "s", "time", "code"].contains(&name) {
            out.push(' ');
        }
        out.push_str(&unescape(text));
    }
    // No-break spaces count as spaces.
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns a page without the tags of its structured data, which browsers do not run (HTML 4.12.1).
pub fn without_data_blocks(page: &str) -> String {
    page.replace("<script type=\"application/ld+json\">", "")
}

/// Returns the declared language of a page.
pub fn lang(page: &str) -> String {
    attributes(page, "lang")
        .into_iter()
        .next()
        .unwrap_or_default()
}

fn unescape(text: &str) -> String {
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
    ];
    let mut out = text.to_owned();
    for (entity, sign) in entities {
        out = out.replace(entity, sign);
    }
    let out = out
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&");
    out.replace("&amp;", "&")
}

/// Returns the text between the first occurrence of two marks.
#[track_caller]
pub fn between<'a>(page: &'a str, begin: &str, end: &str) -> &'a str {
    let after = page.split_once(begin).map(|(_, rest)| rest);
    let found = after.and_then(|rest| rest.split_once(end));
    found
        .unwrap_or_else(|| panic!("nothing between {begin} and {end}"))
        .0
}

/// Elements without an end tag.
const VOID: [&str; 10] = [
    "meta", "link", "input", "br", "img", "!doctype", "rect", "path", "use", "circle",
];

/// Returns the texts of a page, each with its marked language.
pub fn texts(page: &str) -> Vec<(String, String)> {
    let mut open: Vec<(String, String)> = Vec::new();
    let mut found = Vec::new();
    for part in page.split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("a tag is closed");
        let name = tag.split([' ', '\n', '/']).next().unwrap_or_default();
        if let Some(closed) = tag.strip_prefix('/') {
            let (last, _) = open.pop().unwrap_or_default();
            assert_eq!(last, closed, "elements nest");
        } else if !VOID.contains(&name.to_lowercase().as_str()) && !tag.ends_with('/') {
            let around = open
                .last()
                .map(|(_, lang)| lang.clone())
                .unwrap_or_default();
            let own = attributes(&format!("<{tag}>"), "lang").into_iter().next();
            open.push((name.to_owned(), own.unwrap_or(around)));
        }
        let text = unescape(text)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        if let (false, Some((_, lang))) = (text.is_empty(), open.last()) {
            found.push((lang.clone(), text));
        }
    }
    assert!(open.is_empty(), "{open:?} are not closed");
    found
}
