//! Conversion of HTML to plain text. `ammonia` first reduces the HTML to a few well-formed tags.

use std::collections::{HashMap, HashSet};

use super::bounds::{is_bounded, without_formatting};
use super::whitespace::tidy;

/// Maximum number of bytes of HTML that are converted.
const MOST: usize = 256 << 10;

/// Tags and entities that do not occur in plain text.
const SIGNS: [&str; 24] = [
    "<p>", "<p ", "</p>", "<br", "<div", "</div>", "<span", "</span>", "<a ", "</a>", "<b>", "<i>",
    "<em>", "<strong>", "<ul", "<ol", "<li", "<html", "<table", "<h1", "<h2", "&nbsp;", "&amp;",
    "&#",
];

/// Returns true if a text that should be plain contains HTML.
pub(super) fn looks_like_html(text: &str) -> bool {
    if !text.contains(['<', '&']) {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    SIGNS.iter().any(|sign| lower.contains(sign))
}

/// Converts HTML to plain text: paragraphs and breaks become lines, link addresses follow in
/// parentheses.
#[must_use]
pub fn plain_text(html: &str) -> String {
    let mut end = html.len().min(MOST);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    // Shorten text that is nested too deeply.
    while !is_bounded(&html[..end]) {
        end /= 2;
        while !html.is_char_boundary(end) {
            end -= 1;
        }
    }
    let has_blocks = ["<p", "<br", "<div", "<li", "<P", "<BR", "<DIV", "<LI"];
    let has_blocks = has_blocks.iter().any(|tag| html.contains(tag));
    let clean = cleaner()
        .clean(&without_formatting(&html[..end]))
        .to_string();
    let mut plain = Plain {
        text: String::with_capacity(clean.len()),
        keeps_lines: !has_blocks,
        link: None,
    };
    let mut rest = &*clean;
    while let Some(open) = rest.find('<') {
        plain.letters(&rest[..open]);
        let after = &rest[open + 1..];
        let Some(close) = after.find('>') else { break };
        plain.tag(&after[..close]);
        rest = &after[close + 1..];
    }
    if !rest.starts_with('<') {
        plain.letters(rest);
    }
    tidy(&plain.text)
}

fn cleaner() -> ammonia::Builder<'static> {
    let tags = [
        "p",
        "br",
        "div",
        "li",
        "ul",
        "ol",
        "tr",
        "td",
        "th",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "a",
        "blockquote",
    ];
    let mut cleaner = ammonia::Builder::empty();
    cleaner
        .tags(HashSet::from(tags))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]))
        .clean_content_tags(HashSet::from(["script", "style", "title"]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .link_rel(None);
    cleaner
}

/// Plain text converted so far.
struct Plain {
    text: String,
    keeps_lines: bool,
    /// Address of the open link, and the position where its text begins.
    link: Option<(String, usize)>,
}

impl Plain {
    fn letters(&mut self, escaped: &str) {
        let letters = unescape(escaped);
        if self.keeps_lines {
            self.text.push_str(&letters);
            return;
        }
        for letter in letters.chars() {
            let blank = letter.is_whitespace();
            if !blank {
                self.text.push(letter);
            } else if !self.text.ends_with([' ', '\n']) && !self.text.is_empty() {
                self.text.push(' ');
            }
        }
    }

    fn tag(&mut self, tag: &str) {
        let name: String = tag
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '/')
            .collect();
        match &*name {
            "br" | "br/" => self.text.push('\n'),
            "li" => self.text.push_str("\n- "),
            "p" | "/p" | "blockquote" | "/blockquote" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
            | "/h1" | "/h2" | "/h3" | "/h4" | "/h5" | "/h6" | "ul" | "/ul" | "ol" | "/ol" => {
                self.text.push_str("\n\n");
            }
            "div" | "/div" | "tr" | "/tr" => self.text.push('\n'),
            "td" | "th" => self.text.push(' '),
            "a" => {
                let href = tag
                    .split_once("href=\"")
                    .and_then(|(_, rest)| rest.split_once('"'));
                self.link = href.map(|(href, _)| (unescape(href), self.text.len()));
            }
            "/a" => self.close_link(),
            _ => {}
        }
    }

    fn close_link(&mut self) {
        let Some((href, from)) = self.link.take() else {
            return;
        };
        let words = self.text.get(from..).unwrap_or_default().trim();
        let bare = href.trim_start_matches("mailto:").trim_end_matches('/');
        if words.is_empty() {
            self.text.push_str(bare);
        } else if !words.contains(bare) && !bare.ends_with(words) {
            self.text.push_str(&format!(" ({bare})"));
        }
    }
}

/// Decodes the entities that the cleaner writes.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_breaks_and_lists_become_lines() {
        let html = "<html><body><p>Sommerkonsert <b>ute</b>.</p>\n<p>Ta med:<br>stol</p>\
                    <ul><li>mat</li><li>drikke &amp; kaffe</li></ul></body></html>";
        let text = "Sommerkonsert ute.\n\nTa med:\nstol\n\n- mat\n- drikke & kaffe";
        assert_eq!(plain_text(html), text);
    }

    #[test]
    fn scripts_styles_and_attributes_vanish() {
        let html = "<p onclick=\"x()\">a</p><script>alert(1)</script><style>p{}</style><img src=x onerror=y>b";
        assert_eq!(plain_text(html), "a\n\nb");
    }

    #[test]
    fn formatting_is_not_opened_again_in_every_paragraph() {
        for end in ["", "</i>", "<table><td></b></table>", "<!--</b>-->"] {
            let mut html: String = (0..3_000)
                .map(|value| format!("<b a={value}>{end}"))
                .collect();
            html.push_str(&"<p>x".repeat(20_000));
            assert!(plain_text(&format!("<p>Først</p>{html}")).starts_with("Først"));
        }
    }

    #[test]
    fn links_keep_their_address() {
        let html = "Les <a href=\"https://example.org/a?b=1&amp;c=2\">mer her</a>, \
                    <a href=\"https://example.org/\">https://example.org</a>, \
                    <a href=\"javascript:x()\">nei</a>, <a href=\"mailto:post@example.org\">post@example.org</a>";
        let text = "Les mer her (https://example.org/a?b=1&c=2), https://example.org, nei, post@example.org";
        assert_eq!(plain_text(html), text);
    }

    #[test]
    fn escaped_plain_text_keeps_its_lines() {
        assert!(looks_like_html("Mat &amp; drikke\nute"));
        assert_eq!(
            plain_text("Mat &amp; drikke\nute, 1 &lt; 2"),
            "Mat & drikke\nute, 1 < 2"
        );
        assert!(!looks_like_html("Mat & drikke, 1 < 2 > 0"));
    }
}
