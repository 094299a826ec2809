//! `/organizer/events/<id>/check`: the last look before sending, as the page will be.

use askama::Template;
use rocket::{Either, Route, get, post, routes};

use crate::editorial::EditorialError;
use crate::editorial::actor::own_submission;
use crate::editorial::organisations;
use crate::editorial::submission_path;
use crate::editorial::submissions::{self, SendOutcome};
use crate::web::login::{PersonalPage, SeeOther, VerifiedForm};
use crate::web::pages::event::EventPage;
use crate::web::problem::Problem;
use crate::web::workspace::event_lines::lines;
use crate::web::workspace::{NoticeParam, PageNotice, WorkspacePage, WorkspaceRequest};
use calendar_domain::{Field, SubmissionId};

use super::form_page::{DatedWords, FormFacts, dated_words};
use super::repeated_dates::marks;
use super::similar::SimilarView;
use super::typed_form::revision;

/// The page.
#[derive(Debug, Template)]
#[template(path = "workspace/check.html")]
struct CheckPage {
    page: WorkspacePage,
    lines: Vec<CheckLine>,
    /// The page of the event as it will be. Rendered from a template.
    article: String,
    /// Where the form is sent.
    action: String,
    /// The page of the form.
    edit: String,
    /// The words of a copy that may be about another time.
    dated: Vec<DatedWords>,
    /// The holidays and school breaks on the first day; may be empty.
    marks: String,
    /// Likely duplicates; may be empty. Rendered from a template.
    similar: String,
    revision: String,
    /// Whether sending publishes it.
    publishes: bool,
    /// Whether it edits a public event.
    is_edit: bool,
}

/// A line with a link to change it.
#[derive(Debug)]
struct CheckLine {
    label: String,
    /// The value; may be empty.
    value: String,
    /// The field in the form; empty if it is not there.
    url: String,
}

/// Returns the first element of the form for a field.
fn element(field: Field) -> Option<&'static str> {
    Some(match field {
        Field::Title => "title",
        Field::Schedule => "date",
        Field::Venues => "place",
        Field::OnlineUrl => "online_url",
        Field::Summary => "summary",
        Field::Description => "description",
        Field::Categories => "category",
        Field::Audiences => "audience",
        Field::Admission => "admission",
        Field::Accessibility => "accessibility",
        Field::Availability => "availability",
        Field::Setting => "setting",
        Field::Languages => "language",
        Field::Sustainability => "sustainability",
        Field::SustainabilityCertificate => "certificate_issuer",
        Field::GettingThere => "getting_there",
        Field::Website => "website",
        Field::Images => "images",
        Field::Organizer | Field::Status | Field::SuperEvent | Field::Publication => return None,
    })
}

#[get("/organizer/events/<id>/check?<notice>")]
async fn show_check(
    id: &str,
    notice: NoticeParam,
    request: WorkspaceRequest,
) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let id: SubmissionId = id.parse().map_err(|_| Problem::not_found())?;
    let own = submission_path(&id);
    let read = request.run(move |calendar, actor| {
        let (found, revision) = own_submission(calendar, actor, &id)?;
        let preview = submissions::preview(calendar, actor, &found)?;
        let own = organisations::own(calendar, &actor.account)?;
        let mut own = own.member.into_iter();
        let publishes = own.any(|member| found.is_of(&member.id) && member.publishes());
        let facts = FormFacts::of_submission(calendar, actor, &found)?;
        Ok((found, revision, preview, publishes, facts))
    });
    let (found, revision, (event, parts), publishes, facts) = match read.await? {
        Ok(read) => read,
        Err(EditorialError::Invalid(_)) => {
            let form = request
                .context
                .paths
                .workspace(&format!("{own}/edit?check=true"));
            return Ok(Either::Left(SeeOther(form)));
        }
        Err(error) => return Err(error.into()),
    };
    if !found.state.is_editable() {
        return Ok(Either::Left(request.to(&own, PageNotice::State)));
    }
    let context = &request.context;
    let edit = context.paths.workspace(&format!("{own}/edit"));
    let line = |line: crate::web::workspace::event_lines::EventLine| CheckLine {
        url: element(line.field).map_or_else(String::new, |at| format!("{edit}#{at}")),
        label: line.label,
        value: line.value,
    };
    let page = CheckPage {
        page: request.page(
            context.words.say("work-check"),
            &format!("{own}/check"),
            notice.0,
        ),
        lines: lines(context, &event).into_iter().map(line).collect(),
        article: EventPage::preview(context, &event, &parts)?,
        action: context.paths.workspace(&format!("{own}/send")),
        edit,
        dated: dated_words(&request, &found, &found.form),
        marks: marks(context, event.schedule.when.start().date()).join(", "),
        similar: SimilarView::new(context, &facts.similar)
            .without_places()
            .html()?,
        revision: revision.to_string(),
        publishes,
        is_edit: found.is_edit(),
    };
    Ok(Either::Right(page.page.render(&page)?))
}

#[post("/organizer/events/<id>/send", data = "<form>")]
async fn send(
    id: &str,
    request: WorkspaceRequest,
    form: VerifiedForm,
) -> Result<SeeOther, Problem> {
    let id: SubmissionId = id.parse().map_err(|_| Problem::not_found())?;
    let seen = revision(&form.fields)?;
    let own = submission_path(&id);
    let sent = request.run(move |calendar, actor| submissions::send(calendar, actor, &id, seen));
    match sent.await? {
        Ok(SendOutcome::Published) => Ok(request.to(&own, PageNotice::Published)),
        Ok(SendOutcome::Waits) => Ok(request.to(&own, PageNotice::Sent)),
        Err(EditorialError::Invalid(_)) => {
            let form = request
                .context
                .paths
                .workspace(&format!("{own}/edit?check=true"));
            Ok(SeeOther(form))
        }
        Err(EditorialError::Conflicts(_)) => Ok(SeeOther(
            request.context.paths.workspace(&format!("{own}/conflicts")),
        )),
        Err(EditorialError::WrongState) => Ok(request.to(&own, PageNotice::State)),
        other => request.answer(other, &format!("{own}/check"), PageNotice::Sent),
    }
}

pub(super) fn routes() -> Vec<Route> {
    routes![show_check, send]
}
