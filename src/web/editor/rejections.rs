//! `/editor/rejections`: rejects several suggestions of visitors with one reason.

use rocket::http::Status;
use rocket::{Either, Route, post, routes};

use crate::editorial::EditorialError;
use crate::editorial::visitor_suggestions::{self, ChosenSuggestion, WAITING_LIMIT};
use crate::web::login::{PersonalPage, SeeOther, SignedInEditor, VerifiedForm};
use crate::web::problem::Problem;
use crate::web::workspace::{PageNotice, WorkspaceRequest};

use super::queue::queue_page;
use super::rejection_form::RejectionForm;
use super::replies::fill;

fn chosen(value: &str) -> Option<ChosenSuggestion> {
    let (id, modified) = value.split_once('/')?;
    Some(ChosenSuggestion {
        id: id.parse().ok()?,
        modified: modified.parse().ok()?,
    })
}

#[post("/editor/rejections", data = "<form>")]
async fn reject_suggestions(
    editor: SignedInEditor,
    request: WorkspaceRequest,
    form: VerifiedForm,
) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let words = request.context.words;
    let mut fields = form.fields;
    let is_filled = fill(words, &mut fields).is_some();
    let values = fields.all("chosen").map(str::to_owned);
    let mut typed = RejectionForm {
        chosen: values.take(WAITING_LIMIT).collect(),
        reason: fields.get("reason").to_owned(),
        ..RejectionForm::default()
    };
    if is_filled {
        let page = queue_page(&request, &editor, None, &typed).await?;
        return Ok(Either::Right(page));
    }
    let all: Vec<_> = typed
        .chosen
        .iter()
        .filter_map(|value| chosen(value))
        .collect();
    let error = if all.is_empty() {
        "reject-none"
    } else {
        let reason = typed.reason.clone();
        let done = request.run(move |calendar, actor| {
            visitor_suggestions::reject_all(calendar, actor, &all, &reason)
        });
        match done.await? {
            Ok(0) => return Ok(Either::Left(request.to("/editor/", PageNotice::Rejected))),
            Ok(_) => return Ok(Either::Left(request.to("/editor/", PageNotice::SomeLeft))),
            Err(EditorialError::TextMissing) => "review-text-missing",
            Err(EditorialError::TextTooLong(_)) => "review-text-too-long",
            Err(error) => return Err(error.into()),
        }
    };
    typed.is_reason_wrong = error != "reject-none";
    typed.error = words.say(error).into_owned();
    let page = queue_page(&request, &editor, None, &typed).await?;
    Ok(Either::Right(page.with_status(Status::UnprocessableEntity)))
}

pub(super) fn routes() -> Vec<Route> {
    routes![reject_suggestions]
}
