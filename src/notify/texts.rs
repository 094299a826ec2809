//! The content of each kind of mail.

use calendar_domain::{Lang, MailFacts, OutgoingMail};
use calendar_language::Words;

use super::content::{MailBlock, MailContent};

/// This site, as mails name it.
#[derive(Debug, Clone)]
pub(super) struct SiteNames {
    /// Scheme and host, without a trailing slash.
    pub(super) base: String,
    /// Name of the calendar.
    pub(super) name: String,
}

impl SiteNames {
    fn footer(&self, words: Words) -> String {
        let values = [("site", self.name.as_str()), ("url", self.base.as_str())];
        words.say_with("mail-footer", &values)
    }
}

/// Returns the content of a mail.
pub(super) fn content(mail: &OutgoingMail, site: &SiteNames) -> MailContent {
    let words = Words::new(mail.language);
    let kind = mail.kind.as_str().replace('_', "-");
    let MailFacts {
        subject,
        when,
        path,
        remark,
        sender,
        items,
    } = &mail.facts;
    let value = |text: &Option<String>| text.clone().unwrap_or_default();
    let values = [
        ("subject", value(subject)),
        ("sender", value(sender)),
        ("site", site.name.clone()),
    ];
    let heading = words.say_with(&format!("mail-{kind}-subject"), &values);
    let mut content = MailContent::new(words, heading, site.footer(words));
    let lead = words.say_with(&format!("mail-{kind}-text"), &values);
    content.blocks.push(MailBlock::Paragraph(lead));
    if let Some(when) = when {
        content.blocks.push(MailBlock::Paragraph(when.clone()));
    }
    if let Some(remark) = remark {
        let label = words.say("mail-remark").into_owned();
        content.blocks.push(MailBlock::Paragraph(label));
        content.blocks.push(MailBlock::Quote(remark.clone()));
    }
    if !items.is_empty() {
        content.blocks.push(MailBlock::List(items.clone()));
    }
    if let Some(path) = path {
        content.blocks.push(MailBlock::Link {
            label: words.say("mail-open").into_owned(),
            url: format!("{}{path}", site.base),
        });
    }
    content
}

/// Returns the content of a mail with a code for signing in. `url` is the page that shows or accepts the code.
pub(super) fn code(lang: Lang, code: &str, url: &str, site: &SiteNames) -> MailContent {
    let words = Words::new(lang);
    // The code comes first in the subject too, where notifications on a phone show it.
    let values = [("code", code), ("site", site.name.as_str())];
    let subject = words.say_with("mail-code-subject", &values);
    let mut content = MailContent::new(words, subject, site.footer(words));
    let say = |key: &str| MailBlock::Paragraph(words.say(key).into_owned());
    content.blocks = vec![
        MailBlock::Code(code.to_owned()),
        say("mail-code-text"),
        MailBlock::Link {
            label: words.say("mail-code-link").into_owned(),
            url: url.to_owned(),
        },
        say("mail-code-ignore"),
    ];
    content
}

/// Returns the content of a mail with the link that confirms what a visitor wrote, `suggestion` or `report`. Nothing that
/// the visitor typed is in it: anyone can have it sent to any address.
pub(super) fn confirmation(lang: Lang, what: &str, url: &str, site: &SiteNames) -> MailContent {
    let words = Words::new(lang);
    let values = [("site", site.name.as_str())];
    let subject = words.say_with(&format!("mail-confirm-{what}-subject"), &values);
    let mut content = MailContent::new(words, subject, site.footer(words));
    let say = |key: &str| MailBlock::Paragraph(words.say_with(key, &values));
    content.blocks = vec![
        say(&format!("mail-confirm-{what}-text")),
        MailBlock::Link {
            label: words.say("mail-confirm-link").into_owned(),
            url: url.to_owned(),
        },
        say("mail-confirm-ignore"),
    ];
    content
}

#[cfg(test)]
mod tests {
    use super::*;
    use calendar_domain::MailKind;

    #[test]
    fn every_kind_of_mail_says_what_it_is_about_in_every_language() {
        let site = SiteNames {
            base: "https://example.no".into(),
            name: "Kalenderen".into(),
        };
        for kind in MailKind::ALL {
            for lang in Lang::ALL {
                let facts = MailFacts {
                    subject: Some("Sommerkonsert".into()),
                    when: Some("1. juni".into()),
                    path: Some("/organizer/".into()),
                    remark: Some("Rett tiden".into()),
                    sender: Some("Kari".into()),
                    items: vec!["én".into()],
                };
                let id = uuid::Uuid::nil().into();
                let to = "a@example.org".parse().unwrap();
                let now = chrono::DateTime::UNIX_EPOCH;
                let mail = OutgoingMail::new(id, to, lang, kind, facts, now);
                let content = content(&mail, &site);
                let text = content.text();
                assert!(
                    !content.subject.contains('{') && !text.contains('{'),
                    "{text}"
                );
                assert!(text.contains("https://example.no/organizer/"), "{text}");
                assert!(text.contains("> Rett tiden"), "{text}");
                content.html().unwrap();
            }
        }
    }
}
