//! `/editor/mails`: mails that did not arrive, for editors of the whole region.

use askama::Template;
use rocket::{Route, get, routes};

use crate::audit::{AuditedReading, people_with};
use crate::editorial::undelivered_mails::undelivered;
use crate::web::login::{PersonalPage, SignedInEditor};
use crate::web::problem::{Problem, ProblemKind};
use crate::web::workspace::{WorkspacePage, WorkspaceRequest};
use calendar_domain::{AuditSubject, EditorScope, MailRecipient, MailState, OutgoingMail};
use calendar_language::Year;

/// The page.
#[derive(Debug, Template)]
#[template(path = "workspace/mails.html")]
struct MailsPage {
    page: WorkspacePage,
    mails: Vec<MailRow>,
}

/// A mail that did not arrive.
#[derive(Debug)]
struct MailRow {
    to: String,
    /// What it is about; may be empty.
    subject: String,
    /// Whether it was given up or is tried again, with the day.
    state: String,
    /// The reply of the mail server.
    reason: String,
}

fn mail_row(request: &WorkspaceRequest, mail: OutgoingMail) -> MailRow {
    let context = &request.context;
    let (key, at, reason) = match mail.state {
        MailState::Bounced { at, reason } => ("mails-bounced", at, reason),
        MailState::Waiting { next, error, .. } => {
            ("mails-waiting", next, error.unwrap_or_default())
        }
    };
    let local = at.with_timezone(&context.zone());
    let day = context.words.date(local.date_naive(), Year::Said);
    let values = [("date", day), ("time", context.words.clock(local.time()))];
    MailRow {
        to: match mail.to {
            MailRecipient::Address(address) => address.to_string(),
            MailRecipient::Visitor(_) => context.words.say("mails-visitor").into_owned(),
        },
        subject: mail.facts.subject.unwrap_or_default(),
        state: context.words.say_with(key, &values),
        reason,
    }
}

#[get("/editor/mails")]
async fn list_mails(
    editor: SignedInEditor,
    request: WorkspaceRequest,
) -> Result<PersonalPage, Problem> {
    if editor.scope != EditorScope::All {
        return Err(Problem::new(ProblemKind::NotYours));
    }
    let read = request.get(|calendar, _| {
        let found = undelivered(calendar)?;
        let addresses = found.iter().filter_map(|mail| match &mail.to {
            MailRecipient::Address(address) => Some(address),
            MailRecipient::Visitor(_) => None,
        });
        let people = people_with(calendar, addresses)?;
        Ok((found, people))
    });
    let (found, about) = read.await?;
    let reading = AuditedReading {
        about,
        ..AuditedReading::of_list(AuditSubject::Mails, "/editor/mails")
    };
    request.note_reading(reading).await?;
    let heading = request.context.words.say("mails-heading");
    let page = MailsPage {
        page: request.page(heading, "/editor/mails", None),
        mails: found
            .into_iter()
            .map(|item| mail_row(&request, item))
            .collect(),
    };
    page.page.render(&page)
}

pub(super) fn routes() -> Vec<Route> {
    routes![list_mails]
}
