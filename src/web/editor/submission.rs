//! `/editor/submissions/<id>`: what is proposed beside what is public, word by word, and the decision.

use rocket::http::Status;
use rocket::{Either, Route, get, post, routes};

use crate::editorial::submission_review as review;
use crate::editorial::{EditorialError, PublishChoices};
use crate::web::login::{FormFields, PersonalPage, SeeOther, SignedInEditor, VerifiedForm};
use crate::web::problem::{Problem, ProblemKind};
use crate::web::workspace::{NoticeParam, PageNotice, WorkspaceRequest};
use calendar_domain::event_form::FormField;
use calendar_domain::{Field, ReviewComment, SubmissionId};
use calendar_store::Revision;

use super::replies::fill;
use super::review_page::{COMMENTED, read, review_page};

#[get("/editor/submissions/<id>?<notice>")]
async fn show_submission(
    _editor: SignedInEditor,
    id: &str,
    notice: NoticeParam,
    request: WorkspaceRequest,
) -> Result<PersonalPage, Problem> {
    let id: SubmissionId = id.parse().map_err(|_| Problem::not_found())?;
    let shown = read(&request, id).await?;
    let page = review_page(&request, &shown, None, "", &[], notice.0);
    page.page.render(&page)
}

fn comments(fields: &FormFields) -> Vec<ReviewComment> {
    let comment = |field: Option<FormField>| {
        let name = format!("comment_{}", field.map_or("whole", FormField::as_str));
        ReviewComment {
            field,
            text: fields.get(&name).to_owned(),
        }
    };
    COMMENTED.into_iter().map(comment).collect()
}

#[post("/editor/submissions/<id>", data = "<form>")]
async fn decide(
    _editor: SignedInEditor,
    id: &str,
    request: WorkspaceRequest,
    form: VerifiedForm,
) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let id: SubmissionId = id.parse().map_err(|_| Problem::not_found())?;
    let fields = &form.fields;
    let seen = fields.get("revision").parse().map(Revision);
    let seen = seen.map_err(|_| Problem::new(ProblemKind::BadRequest))?;
    let own = format!("/editor/submissions/{id}");
    let key = id.clone();
    // Others are refused whatever they send.
    let shown = read(&request, id.clone()).await?;
    let mut typed = fields.clone();
    if let Some((kind, field)) = fill(request.context.words, &mut typed) {
        let mut page = review_page(&request, &shown, Some(&typed), "", &[], None);
        page.opened = Some(kind);
        page.filled = field;
        return page.page.render(&page).map(Either::Right);
    }
    let done = match fields.get("action") {
        "approve" => {
            let decided = Field::ALL.into_iter();
            let choices = PublishChoices {
                adds_place: fields.get("add_place") == "yes",
                decided: decided
                    .filter(|decided| fields.get(&format!("keep_{}", decided.as_str())) == "edit")
                    .collect(),
            };
            let with_organisation = fields.get("approve_organisation") == "yes";
            request
                .run(move |calendar, actor| {
                    let item = (seen, with_organisation, choices);
                    review::approve_submission(calendar, actor, &key, item.0, item.1, &item.2)
                })
                .await?
        }
        "ask" => {
            let comments = comments(fields);
            request
                .run(move |calendar, actor| {
                    review::ask_for_changes(calendar, actor, &key, seen, &comments)
                })
                .await?
        }
        "reject" => {
            let reason = fields.get("reason").to_owned();
            let restores = fields.get("restore") == "yes";
            request
                .run(move |calendar, actor| {
                    review::reject_submission(calendar, actor, &key, seen, &reason, restores)
                })
                .await?
        }
        _ => return Err(Problem::new(ProblemKind::BadRequest)),
    };
    let (error, conflicts) = match done {
        Err(EditorialError::TextMissing) => ("review-text-missing", Vec::new()),
        Err(EditorialError::TextTooLong(_)) => ("review-text-too-long", Vec::new()),
        Err(EditorialError::OrganisationPending) => ("notice-pending", Vec::new()),
        Err(EditorialError::Changed) => ("notice-changed", Vec::new()),
        Err(EditorialError::Conflicts(fields)) => ("review-conflicts", fields),
        Ok(()) => return Ok(Either::Left(request.to("/editor/", PageNotice::Decided))),
        other => {
            return request
                .answer(other, &own, PageNotice::Decided)
                .map(Either::Left);
        }
    };
    // Nothing that was typed is lost.
    let shown = read(&request, id).await?;
    let error = request.context.words.say(error);
    let page = review_page(&request, &shown, Some(fields), &error, &conflicts, None);
    let made = page.page.render(&page)?;
    Ok(Either::Right(made.with_status(Status::UnprocessableEntity)))
}

pub(super) fn routes() -> Vec<Route> {
    routes![show_submission, decide]
}
