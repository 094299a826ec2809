//! Pages, taken apart as far as tests need it. The pages are ours and well formed, so no parser of
//! other people's HTML is called for.

/// The values of an attribute, in the page's order, unescaped.
pub fn attributes(page: &str, name: &str) -> Vec<String> {
    let begin = format!(" {name}=\"");
    let values = page.split(&begin).skip(1);
    values
        .map(|rest| unescape(rest.split('"').next().unwrap_or_default()))
        .collect()
}

/// What stands on a page for people, without tags, with single spaces.
pub fn words(page: &str) -> String {
    let mut out = String::with_capacity(page.len() / 2);
    let body = page.split_once("<body").map_or(page, |(_, body)| body);
    for part in format!("<body{body}").split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("a tag is closed");
        // Of inline elements the text runs on.
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
    // Hard spaces are spaces to whoever reads.
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The language that a page says it is in.
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
