//! `/organizer/upload`: a file with several events, each of which becomes a draft.

use std::io::Read as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use askama::Template;
use rocket::http::Status;
use rocket::tokio::sync::Semaphore;
use rocket::tokio::task::spawn_blocking;
use rocket::tokio::time::timeout;
use rocket::{Either, Route, State, get, post, routes};
use url::Url;

use crate::editorial::{EditorialError, organisations, uploads};
use crate::web::login::{PersonalPage, SeeOther, UploadForm};
use crate::web::problem::{Problem, ProblemKind};
use crate::web::workspace::form_view::ChoiceView;
use crate::web::workspace::{WorkspacePage, WorkspaceRequest};
use calendar_connectors::connector::{FetchContext, PartnerResponse, Unreadable};
use calendar_connectors::uploaded::read_upload;
use calendar_connectors::uploaded_file::UploadedFile;
use calendar_domain::{Lang, Organisation, OrganisationId, OrganisationStanding};

const HERE: &str = "/organizer/upload";
/// Maximum size of a file in bytes.
const SIZE_LIMIT: u64 = 4 << 20;
/// Maximum time that an upload waits for its turn.
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// Maximum time that a file is read. A usual one takes a fraction of a second.
const LONGEST_READ: Duration = Duration::from_secs(8);

/// Files are read one at a time, since a workbook takes many times its size.
#[derive(Debug, Clone)]
pub struct UploadTurn(Arc<Semaphore>);

impl Default for UploadTurn {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "workspace/upload.html")]
struct UploadPage {
    page: WorkspacePage,
    action: String,
    /// The organisations to choose from.
    organisations: Vec<ChoiceView>,
    /// The error; may be empty.
    error: String,
}

/// Returns the organisations of a person that may have drafts.
async fn usable(request: &WorkspaceRequest) -> Result<Vec<Organisation>, Problem> {
    let read = request.get(|calendar, actor| {
        let mut usable = organisations::own(calendar, &actor.account)?.member;
        usable.retain(|organisation| organisation.standing != OrganisationStanding::Refused);
        Ok(usable)
    });
    read.await
}

fn page(
    request: &WorkspaceRequest,
    usable: &[Organisation],
    chosen: &str,
    error: Option<&str>,
) -> Result<PersonalPage, Problem> {
    let words = request.context.words;
    let mut layout = request.page(words.say("upload-heading"), HERE, None);
    if error.is_some() {
        let title = [("title", layout.heading.as_str())];
        layout.layout.title = words.say_with("form-error-title", &title);
    }
    let page = UploadPage {
        page: layout,
        action: request.context.paths.workspace(HERE),
        organisations: usable
            .iter()
            .map(|organisation| ChoiceView {
                value: organisation.id.to_string(),
                label: organisation.name.clone(),
                mark: if organisation.id.as_str() == chosen {
                    " selected"
                } else {
                    ""
                },
            })
            .collect(),
        error: error.map_or_else(String::new, |key| words.say(key).into_owned()),
    };
    let made = page.page.render(&page)?;
    Ok(match error {
        Some(_) => made.with_status(Status::UnprocessableEntity),
        None => made,
    })
}

#[get("/organizer/upload")]
async fn show_upload(request: WorkspaceRequest) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let usable = usable(&request).await?;
    if usable.is_empty() {
        let path = request.context.paths.workspace("/organizer/organisations");
        return Ok(Either::Left(SeeOther(path)));
    }
    page(&request, &usable, "", None).map(Either::Right)
}

#[post("/organizer/upload", data = "<form>")]
async fn upload_events(
    request: WorkspaceRequest,
    turn: &State<UploadTurn>,
    form: UploadForm<'_>,
) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let usable = usable(&request).await?;
    let chosen = form.organisation.clone();
    let again = |error: &str| page(&request, &usable, &chosen, Some(error)).map(Either::Right);
    let organisation: OrganisationId = match chosen.parse() {
        Ok(id) => id,
        Err(_) => return Err(Problem::new(ProblemKind::BadRequest)),
    };
    // Before the work: only members have files read.
    if !usable.iter().any(|own| own.id == organisation) {
        return Err(Problem::new(ProblemKind::NotYours));
    }
    let mut files = form.files.into_iter();
    let file = match (files.next(), files.next()) {
        (Some(file), None) => file,
        (None, _) => return again("upload-missing"),
        (Some(_), Some(_)) => return again("upload-several"),
    };
    if !file.is_complete() || file.len() > SIZE_LIMIT {
        return again("upload-too-large");
    }
    let file = file.into_inner();
    let name = file
        .raw_name()
        .and_then(|name| name.as_str().map(str::to_owned));
    let name = name.unwrap_or_default();
    let Some(path) = file.path().filter(|_| file.len() > 0) else {
        return again("upload-missing");
    };
    let Ok(turn) = timeout(LONGEST_WAIT, Arc::clone(&turn.0).acquire_owned()).await else {
        return again("upload-busy");
    };
    let turn = turn.map_err(|error| Problem::internal(&error))?;
    let context = ReadContext::new(&request);
    let path = path.to_owned();
    let read = spawn_blocking(move || {
        let _turn = turn;
        context.read(path)
    });
    // A reader that panics fails this upload alone.
    let read = match read.await {
        Ok(read) => read.map_err(|error| Problem::internal(&error))?,
        Err(error) => {
            tracing::warn!(%error, "the reader of an uploaded file failed");
            return again("upload-unreadable");
        }
    };
    let read = match read {
        Ok(read) if read.is_out_of_time => return again("upload-slow"),
        Ok(read) => read,
        Err(Unreadable(why)) => {
            tracing::debug!(why, "an uploaded file was refused");
            return again("upload-unreadable");
        }
    };
    let done = request
        .run(move |calendar, actor| uploads::receive(calendar, actor, &organisation, &name, read));
    match done.await? {
        Ok(id) => {
            let rest = format!("{HERE}/{}", id.as_hyphenated());
            Ok(Either::Left(SeeOther(
                request.context.paths.workspace(&rest),
            )))
        }
        Err(EditorialError::TextMissing) => again("upload-empty"),
        Err(EditorialError::TooMany) => again("notice-many"),
        Err(error) => Err(error.into()),
    }
}

/// What a file is read with.
struct ReadContext {
    zone: chrono_tz::Tz,
    today: chrono::NaiveDate,
    now: chrono::DateTime<chrono::Utc>,
}

impl ReadContext {
    fn new(request: &WorkspaceRequest) -> Self {
        Self {
            zone: request.context.zone(),
            today: request.context.today(),
            now: request.calendar.clock().now(),
        }
    }

    /// Reads a file on disk.
    fn read(&self, path: PathBuf) -> std::io::Result<Result<UploadedFile, Unreadable>> {
        let mut bytes = Vec::new();
        std::fs::File::open(path)?
            .take(SIZE_LIMIT)
            .read_to_end(&mut bytes)?;
        // Addresses in the file are not relative to anything.
        let Ok(url) = Url::parse("file:///") else {
            return Ok(Err(Unreadable(String::new())));
        };
        let answer = PartnerResponse {
            url: &url,
            media_type: None,
            bytes: &bytes,
            purpose: "",
        };
        let asking = FetchContext {
            url: &url,
            zone: self.zone,
            language: Lang::default(),
            today: self.today,
            now: self.now,
            resume: None,
        };
        let begun = Instant::now();
        let has_time = || begun.elapsed() < LONGEST_READ;
        Ok(read_upload(&answer, &asking, &has_time))
    }
}

/// Returns the routes whose forms are kept if their session has ended.
pub(super) fn routes() -> Vec<Route> {
    routes![show_upload]
}

/// Returns the route that takes files, which are not kept.
pub(super) fn upload_routes() -> Vec<Route> {
    routes![upload_events]
}
