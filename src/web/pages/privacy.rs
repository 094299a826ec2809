//! The page about personal data, with the settings of this calendar.

use askama::Template;

use super::{Layout, PageContext, Section};
use crate::config::RetentionPeriods;
use crate::retention::NOTICE_DAYS;

/// The page about personal data.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/privacy.html")]
pub struct PrivacyPage {
    /// The layout.
    pub layout: Layout,
    /// Who is responsible.
    pub responsible: String,
    /// The address for questions, if there is one.
    pub contact: Option<String>,
    /// How long each kind is kept.
    pub kept: Vec<String>,
}

impl PrivacyPage {
    /// Returns the page.
    #[must_use]
    pub fn new(context: &PageContext, periods: &RetentionPeriods) -> Self {
        let words = context.words;
        let title = words.say("nav-privacy").into_owned();
        let mut layout = context.layout(Section::Other, title, context.paths.privacy());
        layout.description = words.say_with("privacy-lead", &[("site", layout.site.as_str())]);
        let responsible = match &layout.publisher {
            Some(name) => words.say_with("privacy-who-text", &[("publisher", name.as_str())]),
            None => words.say("privacy-who-unknown").into_owned(),
        };
        let account = [
            ("days", i64::from(periods.account)),
            ("notice", NOTICE_DAYS),
        ];
        let mut kept = vec![words.say_with("privacy-kept-account", &account)];
        let others = [
            ("draft", periods.draft),
            ("submission", periods.submission),
            ("visitor", periods.visitor),
            ("address", periods.visitor_address),
            ("mail", periods.mail),
            ("invitation", periods.invitation),
            ("session", periods.session),
            ("audit", periods.audit),
        ];
        kept.extend(others.map(|(kind, days)| {
            words.say_with(&format!("privacy-kept-{kind}"), &[("days", days)])
        }));
        Self {
            responsible,
            contact: context.snapshot.region().contact.clone(),
            kept,
            layout,
        }
    }
}
