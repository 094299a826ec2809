//! What every form of visitors is checked for: its stamp, the field that people leave blank, and the mail address.

use std::sync::Arc;

use rocket::http::Status;
use uuid::Uuid;

use crate::login::LoginClient;
use crate::visitors::{
    SendRequest, StampCheck, VisitorError, VisitorMessage, VisitorMessages, VisitorRefusal,
};
use crate::web::blocking::blocking;
use crate::web::login::{FormFields, PageForm, PersonalPage, page_path};
use crate::web::pages::PageContext;
use crate::web::problem::Problem;
use crate::web::workspace::described_by;
use crate::web::workspace::form_view::{ErrorLink, FieldView};
use calendar_domain::EmailAddress;
use calendar_language::Words;

/// Name of the field that only programs fill in.
pub(super) const DECOY: &str = "fax";
/// Identifies the button that sends a form; errors about the form as a whole lead there.
const BUTTON: &str = "send";

/// What is wrong with a form, and how to answer it.
#[derive(Debug, Default)]
pub(super) struct FormErrors {
    /// The errors about the form as a whole, then those at its fields.
    pub(super) links: Vec<ErrorLink>,
    /// The error at the mail address; may be empty.
    pub(super) email: String,
    /// The token to send the form with again; empty for a new one.
    pub(super) token: String,
    /// The status, if there is an error.
    pub(super) status: Option<Status>,
    /// Seconds to wait, if a limit was exceeded.
    pub(super) retry_after: Option<i64>,
}

/// A form whose stamp and mail address are right.
#[derive(Debug)]
pub(super) struct CheckedForm {
    pub(super) id: Uuid,
    pub(super) email: EmailAddress,
}

impl FormErrors {
    /// Adds an error about the form as a whole.
    fn whole(&mut self, status: Status, text: String) {
        self.status.get_or_insert(status);
        let id = BUTTON.to_owned();
        self.links.push(ErrorLink { id, text });
    }

    /// Adds the errors at fields.
    pub(super) fn fields(&mut self, links: Vec<ErrorLink>) {
        if !links.is_empty() {
            self.status.get_or_insert(Status::UnprocessableEntity);
        }
        // The mail address is the last field.
        let email = self.links.iter().position(|link| link.id == "email");
        let at = email.unwrap_or(self.links.len());
        self.links.splice(at..at, links);
    }

    /// Gives a page the status of the errors.
    pub(super) fn give_status(&self, page: PersonalPage) -> PersonalPage {
        match (self.retry_after, self.status) {
            (Some(seconds), _) => page.too_many(seconds),
            (None, Some(status)) => page.with_status(status),
            (None, None) => page,
        }
    }

    /// Adds why a message was not taken.
    fn refused(&mut self, words: Words, refusal: VisitorRefusal) {
        let minutes = |seconds: i64| usize::try_from((seconds + 59) / 60).unwrap_or(usize::MAX);
        let (seconds, text) = match refusal {
            VisitorRefusal::TooMany(seconds) => {
                let values = [("minutes", minutes(seconds))];
                (seconds, words.say_with("visitor-too-many", &values))
            }
            VisitorRefusal::AddressFull(seconds) => {
                let values = [("hours", minutes(seconds).div_ceil(60))];
                self.email = words.say_with("visitor-address-full", &values);
                (seconds, self.email.clone())
            }
        };
        self.retry_after = Some(seconds);
        self.whole(Status::TooManyRequests, text);
    }
}

/// Checks the stamp of a form, the field that people leave blank, and the mail address. A form that was sent too soon
/// keeps its stamp, so that it can be sent again in a moment.
pub(super) fn check(
    words: Words,
    visitors: &VisitorMessages,
    fields: &FormFields,
) -> (Option<CheckedForm>, FormErrors) {
    let mut errors = FormErrors::default();
    let sent = fields.get("token");
    let stamp = visitors.check_stamp(sent);
    match stamp {
        StampCheck::Valid(_) => sent.clone_into(&mut errors.token),
        StampCheck::TooSoon(seconds) => {
            sent.clone_into(&mut errors.token);
            let values = [("seconds", usize::try_from(seconds).unwrap_or_default())];
            let text = words.say_with("visitor-too-soon", &values);
            errors.whole(Status::UnprocessableEntity, text);
        }
        StampCheck::Invalid => {
            let text = words.say("visitor-form-expired").into_owned();
            errors.whole(Status::Forbidden, text);
        }
    }
    if !fields.get(DECOY).is_empty() {
        let text = words.say("visitor-decoy-filled").into_owned();
        errors.whole(Status::UnprocessableEntity, text);
    }
    let email = fields.get("email").parse::<EmailAddress>().ok();
    if email.is_none() {
        let text = words.say("login-email-error").into_owned();
        errors.email.clone_from(&text);
        errors.status.get_or_insert(Status::UnprocessableEntity);
        let id = "email".to_owned();
        errors.links.push(ErrorLink { id, text });
    }
    let checked = match (stamp, email) {
        (StampCheck::Valid(id), Some(email)) if errors.links.is_empty() => {
            Some(CheckedForm { id, email })
        }
        _ => None,
    };
    (checked, errors)
}

/// Sends a message whose form is right. Returns its address, or what is wrong after all.
pub(super) async fn send(
    context: &PageContext,
    visitors: &Arc<VisitorMessages>,
    form: &PageForm,
    client: LoginClient,
    (checked, message): (CheckedForm, VisitorMessage),
    mut errors: FormErrors,
) -> Result<Result<EmailAddress, FormErrors>, Problem> {
    let base = form.connection.base.clone();
    let request = SendRequest {
        form: checked.id,
        message,
        email: checked.email.clone(),
        language: context.words.lang(),
        client,
        page: format!("{base}{}", page_path(context.paths, "/confirm")),
        base,
    };
    let service = Arc::clone(visitors);
    match blocking(move || service.send(request)).await? {
        Ok(()) => Ok(Ok(checked.email)),
        Err(refusal) => {
            errors.refused(context.words, refusal);
            Ok(Err(errors))
        }
    }
}

/// Returns the token for a page: the one that it was sent with, or a new one.
pub(super) fn token(visitors: &VisitorMessages, sent: &str) -> Result<String, VisitorError> {
    if sent.is_empty() {
        visitors.stamp()
    } else {
        Ok(sent.to_owned())
    }
}

/// Returns the field of the mail address.
pub(super) fn email_field(words: Words, typed: &str, error: &str) -> FieldView {
    let described = [("hint", true), ("error", !error.is_empty())];
    FieldView {
        id: "email".to_owned(),
        name: "email",
        label: words.say("login-email").into_owned(),
        hint: words.say("visitor-email-hint").into_owned(),
        value: typed.chars().take(300).collect(),
        error: error.to_owned(),
        described: described_by("email", &described),
        ..FieldView::default()
    }
}
