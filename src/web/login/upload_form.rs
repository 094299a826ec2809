//! Forms with a file.

use std::sync::Arc;

use rocket::data::{Capped, Data, FromData};
use rocket::form::{self, Form, FromForm};
use rocket::fs::TempFile;
use rocket::http::ContentType;
use rocket::tokio::io::sink;
use rocket::{Request, data};

use crate::login::Login;
use crate::media::{ImageIntake, UploadPlace};
use crate::web::guards::service;
use crate::web::problem::{Problem, ProblemKind};

use super::SignedIn;
use super::form::{FormCount, VerifiedForm, outcome, own_connection};

/// Seconds after which one of the uploads of an account is likely to be done.
const RETRY_AFTER: i64 = 15;

/// Data guard: a form with a file (`multipart/form-data`) from a page of this site, with the token of the session in
/// which it was sent. The file is on disk; it ends at the server's limit `file`.
pub struct UploadForm<'r> {
    /// Who sent it.
    pub person: SignedIn,
    /// The organisation for which it is sent; empty if the form has no such field.
    pub organisation: String,
    /// The files; a form of this site sends one.
    pub files: Vec<Capped<TempFile<'r>>>,
    /// Counts as an upload of the account until it is dropped.
    _place: Option<UploadPlace>,
}

/// The fields of the form.
#[derive(FromForm)]
struct UploadFields<'r> {
    token: &'r str,
    #[field(default = "")]
    organisation: &'r str,
    file: Vec<Capped<TempFile<'r>>>,
}

impl<'r> UploadForm<'r> {
    async fn of_request(request: &'r Request<'_>, data: Data<'r>) -> Result<Self, Problem> {
        if request.content_type() == Some(&ContentType::Form) {
            let form = VerifiedForm::of_request(request, data, FormCount::Person).await?;
            return Ok(Self {
                organisation: form.fields.get("organisation").to_owned(),
                person: form.person,
                files: Vec::new(),
                _place: None,
            });
        }
        own_connection(request)?;
        let person = SignedIn::of_request(request).await?;
        let login = service::<Arc<Login>>(request)?;
        let counted = login.count_form(&person.account);
        counted.map_err(Problem::too_many_requests)?;
        let Some(place) = service::<ImageIntake>(request)?.place(&person.account.id) else {
            return Err(too_many(request, data).await);
        };
        let fields = match Form::<UploadFields<'r>>::from_data(request, data).await {
            data::Outcome::Success(form) => form.into_inner(),
            data::Outcome::Error((status, _)) if status.code == 413 => {
                return Err(Problem::new(ProblemKind::TooLarge));
            }
            data::Outcome::Error((_, errors)) if errors.iter().any(is_full) => {
                return Err(Problem::new(ProblemKind::StorageFull));
            }
            _ => return Err(Problem::new(ProblemKind::BadRequest)),
        };
        let person = person.still(request, fields.token).await?;
        Ok(Self {
            person,
            organisation: fields.organisation.to_owned(),
            files: fields.file,
            _place: Some(place),
        })
    }
}

/// Returns true if there is no space for the file.
fn is_full(error: &form::Error<'_>) -> bool {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    match &error.kind {
        form::error::ErrorKind::Io(error) => matches!(error.kind(), StorageFull | QuotaExceeded),
        _ => false,
    }
}

/// Reads the body to its end, which clients await before they read a response, and keeps nothing of it.
async fn too_many(request: &Request<'_>, data: Data<'_>) -> Problem {
    let limit = request.limits().get("data-form").unwrap_or_default();
    // A client that has gone gets no response.
    let _ = data.open(limit).stream_to(sink()).await;
    Problem {
        retry_after: Some(RETRY_AFTER),
        ..Problem::new(ProblemKind::TooManyUploads)
    }
}

#[rocket::async_trait]
impl<'r> FromData<'r> for UploadForm<'r> {
    type Error = Problem;

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> data::Outcome<'r, Self> {
        outcome(request, Self::of_request(request, data).await)
    }
}
