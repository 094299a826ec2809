//! `/editor/organisations/<id>`: an organisation to approve, refuse or trust.

use askama::Template;
use rocket::{Route, get, post, routes};

use crate::audit::AuditedReading;
use crate::editorial::actor::organisation;
use crate::editorial::organisations::{self, is_overdue};
use crate::editorial::submission_review::{OrganisationDecision, decide_organisation};
use crate::web::login::{PersonalPage, SeeOther, SignedInEditor, VerifiedForm};
use crate::web::pages::PageContext;
use crate::web::problem::{Problem, ProblemKind};
use crate::web::workspace::{NoticeParam, PageNotice, WorkspacePage, WorkspaceRequest};
use calendar_domain::{
    Account, AccountId, AuditSubject, Organisation, OrganisationId, OrganisationStanding,
    RegisterCheck,
};
use calendar_language::Year;

/// The page.
#[derive(Debug, Template)]
#[template(path = "workspace/editor_organisation.html")]
struct EditorOrganisationPage {
    page: WorkspacePage,
    action: String,
    standing: String,
    reason: String,
    number: String,
    /// What the register says about the number; empty without one.
    register: String,
    /// Whether that is a warning.
    is_warning: bool,
    /// The organizer of the catalog: name and page.
    organizer: Option<(String, String)>,
    members: Vec<String>,
    requests: Vec<RequestRow>,
    is_pending: bool,
    is_approved: bool,
    trusted: bool,
}

/// Returns what the register says about the number of an organisation, and true if that is a warning. The text is empty
/// without a number.
pub(super) fn register_line(context: &PageContext, one: &Organisation) -> (String, bool) {
    let words = context.words;
    let entry = match (&one.number, &one.register) {
        (None, _) => return (String::new(), false),
        (_, Some(RegisterCheck::Found(entry))) => entry,
        (_, Some(RegisterCheck::NotChecked) | None) => {
            return (words.say("editor-register-not-checked").into_owned(), true);
        }
    };
    let day = entry.checked.with_timezone(&context.zone()).date_naive();
    let day = words.date(day, Year::Said);
    let key = match (entry.is_deleted, entry.is_insolvent) {
        (true, _) => "editor-register-deleted",
        (false, true) => "editor-register-insolvent",
        (false, false) => "editor-register-found",
    };
    let values = [("name", entry.name.clone()), ("date", day)];
    let is_warning = entry.is_deleted || entry.is_insolvent;
    (words.say_with(key, &values), is_warning)
}

/// A person with a request to join.
#[derive(Debug)]
struct RequestRow {
    id: String,
    email: String,
    /// Since when, in words.
    since: String,
    /// Whether editors answer it: the administrators have not.
    is_overdue: bool,
}

fn request_row(request: &WorkspaceRequest, one: &Organisation, account: &Account) -> RequestRow {
    let context = &request.context;
    let now = request.calendar.clock().now();
    let asked = one.requests.get(&account.id).copied().unwrap_or(now);
    let day = asked.with_timezone(&context.zone()).date_naive();
    let day = context.words.date(day, Year::Said);
    RequestRow {
        id: account.id.to_string(),
        email: account.email.to_string(),
        since: context.words.say_with("queue-since", &[("date", day)]),
        is_overdue: is_overdue(one, asked, now),
    }
}

#[get("/editor/organisations/<id>?<notice>")]
async fn show_organisation(
    _editor: SignedInEditor,
    id: &str,
    notice: NoticeParam,
    request: WorkspaceRequest,
) -> Result<PersonalPage, Problem> {
    let id: OrganisationId = id.parse().map_err(|_| Problem::not_found())?;
    let read = request.get(move |calendar, _| {
        let (one, _) = organisation(calendar, &id)?;
        let people = organisations::accounts(calendar, one.members.keys())?;
        let asking = organisations::accounts(calendar, one.requests.keys())?;
        Ok((one, people, asking))
    });
    let (one, people, asking) = read.await?;
    let shown = people.iter().chain(&asking).map(|person| person.id.clone());
    let page = format!("/editor/organisations/{}", one.id);
    let reading = AuditedReading::of_record(AuditSubject::Organisation, &one.id, shown, page);
    request.note_reading(reading).await?;
    let context = &request.context;
    let rest = format!("/editor/organisations/{}", one.id);
    let standing = match one.standing {
        OrganisationStanding::Pending => "organisation-pending",
        OrganisationStanding::Approved => "organisation-approved",
        OrganisationStanding::Refused => "organisation-refused",
    };
    let (register, is_warning) = register_line(context, &one);
    let organizer = one.organizer.as_ref();
    let organizer = organizer.and_then(|slug| context.snapshot.organizer(slug));
    let page = EditorOrganisationPage {
        page: request.page(one.name.clone(), &rest, notice.0),
        action: context.paths.workspace(&rest),
        standing: context.words.say(standing).into_owned(),
        reason: one.reason.clone(),
        number: one
            .number
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        register,
        is_warning,
        organizer: organizer.map(|organizer| {
            let page = context.paths.organizers(Some(organizer.slug.as_str()));
            (organizer.name.clone(), page)
        }),
        members: people
            .iter()
            .map(|person| person.email.to_string())
            .collect(),
        requests: asking
            .iter()
            .map(|asking| request_row(&request, &one, asking))
            .collect(),
        is_pending: one.standing != OrganisationStanding::Approved,
        is_approved: one.standing == OrganisationStanding::Approved,
        trusted: one.publishes(),
    };
    page.page.render(&page)
}

#[post("/editor/organisations/<id>", data = "<form>")]
async fn decide(
    _editor: SignedInEditor,
    id: &str,
    request: WorkspaceRequest,
    form: VerifiedForm,
) -> Result<SeeOther, Problem> {
    let id: OrganisationId = id.parse().map_err(|_| Problem::not_found())?;
    let rest = format!("/editor/organisations/{id}");
    let decision = match form.fields.get("action") {
        "approve" => OrganisationDecision::Approve,
        "refuse" => OrganisationDecision::Refuse(form.fields.get("reason").to_owned()),
        "trust" => OrganisationDecision::Trust(true),
        "distrust" => OrganisationDecision::Trust(false),
        answer @ ("admit" | "deny") => {
            let account = form.fields.get("account").parse::<AccountId>();
            let account = account.map_err(|_| Problem::new(ProblemKind::BadRequest))?;
            let is_accepted = answer == "admit";
            let done = request.run(move |calendar, actor| {
                organisations::answer_request(calendar, actor, &id, &account, is_accepted)
            });
            return request.answer(done.await?, &rest, PageNotice::Members);
        }
        _ => return Err(Problem::new(ProblemKind::BadRequest)),
    };
    let done =
        request.run(move |calendar, actor| decide_organisation(calendar, actor, &id, &decision));
    request.answer(done.await?, &rest, PageNotice::Decided)
}

pub(super) fn routes() -> Vec<Route> {
    routes![show_organisation, decide]
}
