//! The pages about one's own data, as finished texts and addresses.

use askama::Template;

use crate::login::FormToken;
use crate::personal_data::{OrganisationsLeft, OwnData, receipt_lines};
use crate::web::pages::{Layout, PageContext};
use calendar_domain::{Erasure, OwnEvents};

use super::SignedIn;
use super::pages::{layout, page_path, personal_layout};

/// The page that says what is kept.
#[derive(Debug, Template)]
#[template(path = "login/own_data.html")]
pub(super) struct OwnDataPage {
    layout: Layout,
    /// What there is of each sort.
    lines: Vec<String>,
    download: String,
    delete: String,
    account: String,
}

impl OwnDataPage {
    pub(super) fn new(context: &PageContext, person: &SignedIn, own: &OwnData) -> Self {
        let title = context.words.say("own-data-heading");
        let there = own.counts.iter().filter(|(_, count)| *count > 0);
        let line = |(sort, count): &(&str, usize)| {
            let values = [("count", count.to_string())];
            context.words.say_with(&format!("own-data-{sort}"), &values)
        };
        Self {
            layout: personal_layout(context, person, title, "/account/data"),
            lines: there.map(line).collect(),
            download: page_path(context.paths, "/account/data.json"),
            delete: page_path(context.paths, "/account/delete"),
            account: page_path(context.paths, "/account"),
        }
    }
}

/// The page that asks whether to delete the account.
#[derive(Debug, Template)]
#[template(path = "login/delete.html")]
pub(super) struct DeletePage {
    layout: Layout,
    token: FormToken,
    action: String,
    data: String,
    /// Sentences about the person's organisations.
    organisations: Vec<String>,
    /// Whether there is a choice what becomes of events.
    has_choice: bool,
    withdraws: bool,
    error: Option<String>,
}

impl DeletePage {
    pub(super) fn new(
        context: &PageContext,
        person: &SignedIn,
        left: &OrganisationsLeft,
        own_events: OwnEvents,
        error: Option<&str>,
    ) -> Self {
        let words = context.words;
        let mut organisations = Vec::new();
        for (key, names) in [
            ("delete-organisation-alone", &left.alone),
            ("delete-organisation-handed-over", &left.handed_over),
            ("delete-organisation-left", &left.left),
        ] {
            for name in names {
                organisations.push(words.say_with(key, &[("name", name.as_str())]));
            }
        }
        let title = words.say("delete-heading").into_owned();
        let title = match error {
            Some(_) => words.say_with("form-error-title", &[("title", title.as_str())]),
            None => title,
        };
        Self {
            layout: personal_layout(context, person, title, "/account/delete"),
            token: person.token.clone(),
            action: page_path(context.paths, "/account/delete"),
            data: page_path(context.paths, "/account/data"),
            organisations,
            has_choice: !left.alone.is_empty(),
            withdraws: own_events == OwnEvents::Withdraw,
            error: error.map(|key| words.say(key).into_owned()),
        }
    }
}

/// The page of a receipt.
#[derive(Debug, Template)]
#[template(path = "login/receipt.html")]
pub(super) struct ReceiptPage {
    layout: Layout,
    is_pending: bool,
    lines: Vec<String>,
    text: String,
    agenda: String,
}

impl ReceiptPage {
    pub(super) fn new(context: &PageContext, erasure: &Erasure) -> Self {
        let path = format!("/account/receipts/{}", erasure.id);
        Self {
            layout: layout(context, "erasure-heading", &path, false),
            is_pending: erasure.is_pending(),
            lines: receipt_lines(context.words, erasure),
            text: page_path(context.paths, &format!("{path}/text")),
            agenda: context.paths.agenda(),
        }
    }
}
