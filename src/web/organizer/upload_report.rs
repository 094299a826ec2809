//! `/organizer/upload/<id>`: what became of the rows of a file. A row with errors is corrected here.

use askama::Template;
use rocket::http::Status;
use rocket::{Either, Route, get, post, routes};
use uuid::Uuid;

use crate::editorial::actor::own_submission;
use crate::editorial::submission_form::read_form;
use crate::editorial::submissions::SaveOutcome;
use crate::editorial::uploads::{UploadReport, UploadedDraft, report};
use crate::editorial::{EditorialError, submission_path, submissions};
use crate::web::login::{PersonalPage, SeeOther, VerifiedForm};
use crate::web::problem::{Problem, ProblemKind};
use crate::web::workspace::event_lines::leading_time;
use crate::web::workspace::form_view::{EventFormView, FieldView};
use crate::web::workspace::{NoticeParam, PageNotice, WorkspacePage, WorkspaceRequest};
use calendar_domain::event_form::{FormError, FormField};
use calendar_domain::{Event, Submission, SubmissionId, SubmissionState};
use calendar_store::Revision;

use super::dashboard::title_of;
use super::typed_form::{revision, typed};

/// The page.
#[derive(Debug, Template)]
#[template(path = "workspace/upload_report.html")]
struct UploadReportPage {
    page: WorkspacePage,
    /// What became of the file, in sentences.
    summary: Vec<String>,
    rows: Vec<RowView>,
    action: String,
    /// Whether at least one row can be sent.
    can_send: bool,
}

/// A row of the file.
#[derive(Debug)]
struct RowView {
    /// Its position on the page, from 1.
    position: usize,
    /// «Rad 5», with the sheet.
    label: String,
    title: String,
    /// The time; empty if the row has errors.
    when: String,
    state: String,
    /// The page of the submission.
    url: String,
    submission: String,
    revision: String,
    /// The fields with errors.
    fields: Vec<FieldView>,
    /// Errors at fields that only the whole form has.
    others: Vec<String>,
}

/// A row with its draft, as far as there is one.
struct FoundRow {
    place: UploadedDraft,
    draft: Option<(Submission, Revision)>,
    read: Result<Event, Vec<FormError>>,
}

/// The fields that are corrected in the list.
const CORRECTED: [FormField; 9] = [
    FormField::Title,
    FormField::Date,
    FormField::EndDate,
    FormField::StartTime,
    FormField::EndTime,
    FormField::PlaceName,
    FormField::Website,
    FormField::TicketUrl,
    FormField::Price,
];

async fn read(
    request: &WorkspaceRequest,
    id: Uuid,
) -> Result<(UploadReport, Vec<FoundRow>), Problem> {
    let read = request.get(move |calendar, actor| {
        let mut report = report(calendar, actor, id)?;
        let snapshot = calendar.snapshot();
        let mut rows = Vec::new();
        for place in std::mem::take(&mut report.rows) {
            let draft = match own_submission(calendar, actor, &place.submission) {
                Ok(found) => Some(found),
                Err(EditorialError::NotFound | EditorialError::NotAllowed) => None,
                Err(error) => return Err(error),
            };
            let read = match &draft {
                None => Err(Vec::new()),
                Some((draft, _)) => match read_form(&snapshot, actor, draft) {
                    Ok(read) => Ok(read.event),
                    Err(EditorialError::Invalid(errors)) => Err(errors),
                    Err(error) => return Err(error),
                },
            };
            rows.push(FoundRow { place, draft, read });
        }
        Ok((report, rows))
    });
    read.await
}

/// Returns a field with an id that is its own on the page.
fn numbered(mut field: FieldView, position: usize) -> FieldView {
    let (old, new) = (field.id.clone(), format!("row-{position}-{}", field.id));
    for mark in ["\"", " "] {
        let (from, to) = (format!("{mark}{old}-"), format!("{mark}{new}-"));
        field.described = field.described.replace(&from, &to);
    }
    field.id = new;
    field
}

fn row_view(request: &WorkspaceRequest, position: usize, row: &FoundRow) -> RowView {
    let context = &request.context;
    let words = context.words;
    let number = row.place.number;
    let mut label = words.say_with("upload-row", &[("number", number)]);
    if !row.place.sheet.is_empty() {
        label = format!("{}, {label}", row.place.sheet);
    }
    let Some((draft, revision)) = &row.draft else {
        return RowView {
            position,
            label,
            title: words.say("upload-gone").into_owned(),
            when: String::new(),
            state: String::new(),
            url: String::new(),
            submission: String::new(),
            revision: String::new(),
            fields: Vec::new(),
            others: Vec::new(),
        };
    };
    let is_draft = draft.state == SubmissionState::Draft;
    let mut errors = row.read.as_ref().err().cloned().unwrap_or_default();
    if !is_draft {
        errors.clear();
    }
    // The list has a field for the name of a place only.
    for error in &mut errors {
        if error.field == FormField::Place {
            error.field = FormField::PlaceName;
        }
    }
    let view = EventFormView::new(context, draft.form.clone(), errors.clone(), Vec::new());
    let is_wrong = |field: &&FormField| errors.iter().any(|error| error.field == **field);
    let fields = CORRECTED.iter().filter(is_wrong);
    let fields = fields.map(|field| numbered(view.field(field.as_str()), position));
    let others = errors
        .iter()
        .zip(view.summary())
        .filter(|(error, _)| !CORRECTED.contains(&error.field));
    let state = match (&row.read, is_draft) {
        (_, false) => words.say(&format!("state-{}", draft.state.as_str())),
        (Ok(_), true) => words.say("upload-ready"),
        (Err(_), true) => words.say("upload-wrong"),
    };
    RowView {
        position,
        label,
        title: title_of(context, draft),
        when: match &row.read {
            Ok(event) => leading_time(context, event),
            Err(_) => String::new(),
        },
        state: state.into_owned(),
        url: context.paths.workspace(&submission_path(&draft.id)),
        submission: draft.id.to_string(),
        revision: revision.to_string(),
        fields: fields.collect(),
        others: others.map(|(_, link)| link.text).collect(),
    }
}

fn summary(request: &WorkspaceRequest, report: &UploadReport, rows: &[FoundRow]) -> Vec<String> {
    let words = request.context.words;
    let count = |key: &str, count: usize| words.say_with(key, &[("count", count)]);
    let mut lines = vec![count("upload-saved", rows.len())];
    if !report.unknown_columns.is_empty() {
        let names: Vec<&str> = report.unknown_columns.iter().map(String::as_str).collect();
        let names = words.listed(&names);
        lines.push(words.say_with("upload-columns", &[("names", names)]));
    }
    for (key, number) in [
        ("upload-unread", report.unread),
        ("upload-left-out", report.left_out),
    ] {
        if number > 0 {
            lines.push(count(key, number));
        }
    }
    if report.is_truncated {
        lines.push(words.say("upload-truncated").into_owned());
    }
    lines
}

fn path_of(id: Uuid) -> String {
    format!("/organizer/upload/{}", id.as_hyphenated())
}

#[get("/organizer/upload/<id>?<notice>")]
async fn show_upload_report(
    id: &str,
    notice: NoticeParam,
    request: WorkspaceRequest,
) -> Result<PersonalPage, Problem> {
    let id: Uuid = id.parse().map_err(|_| Problem::not_found())?;
    let (report, rows) = read(&request, id).await?;
    page(&request, id, (&report, &rows), notice.0)
}

fn page(
    request: &WorkspaceRequest,
    id: Uuid,
    (report, rows): (&UploadReport, &[FoundRow]),
    notice: Option<PageNotice>,
) -> Result<PersonalPage, Problem> {
    let words = request.context.words;
    let is_ready = |row: &FoundRow| {
        let state = row.draft.as_ref().map(|(draft, _)| draft.state);
        row.read.is_ok() && state == Some(SubmissionState::Draft)
    };
    let heading = words.say_with("upload-report-heading", &[("file", report.file.as_str())]);
    let page = UploadReportPage {
        page: request.page(heading, &path_of(id), notice),
        summary: summary(request, report, rows),
        can_send: rows.iter().any(is_ready),
        rows: rows
            .iter()
            .enumerate()
            .map(|(index, row)| row_view(request, index + 1, row))
            .collect(),
        action: request.context.paths.workspace(&path_of(id)),
    };
    page.page.render(&page)
}

#[post("/organizer/upload/<id>", data = "<form>")]
async fn change_upload(
    id: &str,
    request: WorkspaceRequest,
    form: VerifiedForm,
) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let id: Uuid = id.parse().map_err(|_| Problem::not_found())?;
    // Others are refused whatever they send.
    let (_, rows) = read(&request, id).await?;
    match form.fields.get("action") {
        "send" => {
            let ready = rows
                .into_iter()
                .filter_map(|row| row.draft.filter(|_| row.read.is_ok()));
            let ready: Vec<_> = ready
                .filter(|(draft, _)| draft.state == SubmissionState::Draft)
                .map(|(draft, revision)| (draft.id, revision))
                .collect();
            let sent = request.run(move |calendar, actor| {
                for (draft, seen) in &ready {
                    submissions::send(calendar, actor, draft, *seen)?;
                }
                Ok(())
            });
            let done = request.answer(sent.await?, &path_of(id), PageNotice::Sent);
            done.map(Either::Left)
        }
        "save" => save(&request, id, &rows, &form).await,
        _ => Err(Problem::new(ProblemKind::BadRequest)),
    }
}

/// Saves the corrected fields of a row.
async fn save(
    request: &WorkspaceRequest,
    id: Uuid,
    rows: &[FoundRow],
    form: &VerifiedForm,
) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let fields = &form.fields;
    let submission: Result<SubmissionId, _> = fields.get("submission").parse();
    let submission = submission.map_err(|_| Problem::new(ProblemKind::BadRequest))?;
    let seen = revision(fields)?;
    let is_own = |row: &FoundRow| row.place.submission == submission;
    let position = rows
        .iter()
        .position(is_own)
        .ok_or_else(Problem::not_found)?;
    let typed = typed(fields);
    let is_sent = |field: &FormField| {
        let mut names = fields.0.iter().map(|(name, _)| name.as_str());
        names.any(|name| name == field.as_str())
    };
    let sent: Vec<FormField> = CORRECTED.into_iter().filter(is_sent).collect();
    let saved = request.run(move |calendar, actor| {
        let (found, _) = own_submission(calendar, actor, &submission)?;
        let mut form = found.form;
        for field in sent {
            form.set(field, typed.all(field).to_vec());
        }
        // A place that is named prevails over one that was chosen.
        if form.filled(FormField::PlaceName).is_some() {
            form.set(FormField::Place, Vec::new());
        }
        submissions::save(calendar, actor, &submission, seen, &form)
    });
    let path = path_of(id);
    match saved.await? {
        Ok(SaveOutcome::Saved) => {
            let to = request.to(&path, PageNotice::Saved);
            Ok(Either::Left(SeeOther(format!(
                "{}#row-{}",
                to.0,
                position + 1
            ))))
        }
        Ok(SaveOutcome::Conflict { .. }) => {
            let (report, rows) = read(request, id).await?;
            let page = page(request, id, (&report, &rows), Some(PageNotice::Changed))?;
            Ok(Either::Right(page.with_status(Status::Conflict)))
        }
        other => {
            let done = request.answer(other, &path, PageNotice::Saved);
            done.map(Either::Left)
        }
    }
}

/// Returns the routes, whose forms are kept if their session has ended.
pub(super) fn routes() -> Vec<Route> {
    routes![show_upload_report, change_upload]
}
