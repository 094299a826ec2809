//! The content of a mail, rendered as plain text and as HTML.

use askama::Template;

use calendar_language::Words;

/// A part of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailBlock {
    /// A paragraph.
    Paragraph(String),
    /// A code, alone on its line.
    Code(String),
    /// Text that a person wrote.
    Quote(String),
    /// A list.
    List(Vec<String>),
    /// The address of a page, with the text that introduces it.
    Link {
        /// The text.
        label: String,
        /// The full address.
        url: String,
    },
}

/// A mail in one language.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "mail/message.html")]
pub struct MailContent {
    /// BCP 47 tag of the language.
    pub lang: &'static str,
    /// Subject.
    pub subject: String,
    /// Parts, in order.
    pub blocks: Vec<MailBlock>,
    /// Who sends it and why.
    pub footer: String,
}

impl MailContent {
    /// Returns a mail without parts.
    #[must_use]
    pub fn new(words: Words, subject: String, footer: String) -> Self {
        Self {
            lang: words.lang().tag(),
            // A line break would end the header field.
            subject: subject.replace(char::is_control, " "),
            blocks: Vec::new(),
            footer,
        }
    }

    /// Returns the mail as plain text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        for block in &self.blocks {
            match block {
                MailBlock::Paragraph(text) | MailBlock::Code(text) => out.push_str(text),
                MailBlock::Quote(text) => {
                    let lines: Vec<String> = text.lines().map(|line| format!("> {line}")).collect();
                    out.push_str(&lines.join("\n"));
                }
                MailBlock::List(items) => {
                    let lines: Vec<String> = items.iter().map(|item| format!("- {item}")).collect();
                    out.push_str(&lines.join("\n"));
                }
                MailBlock::Link { label, url } => {
                    out.push_str(label);
                    out.push('\n');
                    out.push_str(url);
                }
            }
            out.push_str("\n\n");
        }
        out.push_str("-- \n");
        out.push_str(&self.footer);
        out.push('\n');
        out
    }

    /// Returns the mail as HTML.
    ///
    /// # Errors
    /// Errors if the template can't be rendered.
    pub fn html(&self) -> Result<String, askama::Error> {
        self.render()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calendar_domain::Lang;

    #[test]
    fn a_code_stands_alone_on_its_line_and_html_is_escaped() {
        let words = Words::new(Lang::Nb);
        let mut mail = MailContent::new(words, "Emne\r\nBcc: a".into(), "Bunn".into());
        mail.blocks = vec![
            MailBlock::Code("01234567".into()),
            MailBlock::Quote("<b>\nto".into()),
            MailBlock::List(vec!["én".into(), "to".into()]),
            MailBlock::Link {
                label: "Åpne:".into(),
                url: "https://example.no/?a=1&b=2".into(),
            },
        ];
        assert_eq!(mail.subject, "Emne  Bcc: a");
        let text = mail.text();
        assert!(text.lines().any(|line| line == "01234567"), "{text}");
        assert!(
            text.contains("> <b>\n> to") && text.contains("- én\n- to"),
            "{text}"
        );
        let html = mail.html().unwrap();
        assert!(!html.contains("<b>"), "{html}");
        assert!(
            html.starts_with("<!doctype html>\n<html lang=\"nb\">"),
            "{html}"
        );
    }
}
