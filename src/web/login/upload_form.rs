//! Forms with a file.

use std::sync::Arc;

use rocket::data::{Capped, Data, FromData};
use rocket::form::{Form, FromForm};
use rocket::fs::TempFile;
use rocket::http::ContentType;
use rocket::{Request, data};

use crate::login::Login;
use crate::web::guards::service;
use crate::web::problem::{Problem, ProblemKind};

use super::SignedIn;
use super::form::{FormCount, VerifiedForm, outcome, own_connection};

/// Data guard: a form with a file (`multipart/form-data`) from a page of this site, with the token of the session in
/// which it was sent. The file is on disk; it ends at the server's limit `file`.
pub struct UploadForm<'r> {
    /// Who sent it.
    pub person: SignedIn,
    /// The organisation for which it is sent; empty if the form has no such field.
    pub organisation: String,
    /// The file, if there is one.
    pub file: Option<Capped<TempFile<'r>>>,
}

/// The fields of the form.
#[derive(FromForm)]
struct UploadFields<'r> {
    token: &'r str,
    #[field(default = "")]
    organisation: &'r str,
    file: Option<Capped<TempFile<'r>>>,
}

impl<'r> UploadForm<'r> {
    async fn of_request(request: &'r Request<'_>, data: Data<'r>) -> Result<Self, Problem> {
        if request.content_type() == Some(&ContentType::Form) {
            let form = VerifiedForm::of_request(request, data, FormCount::Person).await?;
            return Ok(Self {
                organisation: form.fields.get("organisation").to_owned(),
                person: form.person,
                file: None,
            });
        }
        own_connection(request)?;
        let person = SignedIn::of_request(request).await?;
        let login = service::<Arc<Login>>(request)?;
        let counted = login.count_form(&person.account);
        counted.map_err(Problem::too_many_requests)?;
        let UploadFields {
            token,
            organisation,
            file,
        } = match Form::<UploadFields<'r>>::from_data(request, data).await {
            data::Outcome::Success(form) => form.into_inner(),
            data::Outcome::Error((status, _)) if status.code == 413 => {
                return Err(Problem::new(ProblemKind::TooLarge));
            }
            _ => return Err(Problem::new(ProblemKind::BadRequest)),
        };
        let person = person.still(request, token).await?;
        Ok(Self {
            person,
            organisation: organisation.to_owned(),
            file,
        })
    }
}

#[rocket::async_trait]
impl<'r> FromData<'r> for UploadForm<'r> {
    type Error = Problem;

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> data::Outcome<'r, Self> {
        outcome(request, Self::of_request(request, data).await)
    }
}
