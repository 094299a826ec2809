//! Forms, and the data guards that check where they come from.

use std::sync::Arc;

use rocket::data::{Data, FromData, Outcome, ToByteUnit};
use rocket::http::ContentType;
use rocket::{Request, data};

use crate::login::Login;
use crate::web::guards::service;
use crate::web::problem::{Problem, ProblemKind, Refusal};

use super::{SafeConnection, SignedIn};

/// Maximum size of a form in bytes.
const FORM_LIMIT: u64 = 512 << 10;
/// Maximum number of fields of a form.
const FIELDS: usize = 5_000;
/// Name of the hidden field with the token.
pub(super) const TOKEN: &str = "token";

/// The fields of a form (`application/x-www-form-urlencoded`), in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormFields(pub Vec<(String, String)>);

impl FormFields {
    /// Returns the first value of a field; empty if there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        let mut own = self.0.iter().filter(|(field, _)| field == name);
        own.next().map_or("", |(_, value)| value)
    }

    /// Returns every value of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let own = self.0.iter().filter(move |(field, _)| field == name);
        own.map(|(_, value)| value.as_str())
    }

    /// Reads the fields of a request.
    pub(super) async fn read(request: &Request<'_>, data: Data<'_>) -> Result<Self, Problem> {
        if request
            .content_type()
            .is_none_or(|content_type| *content_type != ContentType::Form)
        {
            return Err(Problem::new(ProblemKind::BadRequest));
        }
        let body = data.open(FORM_LIMIT.bytes()).into_bytes().await;
        let body = body.map_err(|_| Problem::new(ProblemKind::BadRequest))?;
        if !body.is_complete() {
            return Err(Problem::new(ProblemKind::TooLarge));
        }
        let pairs = url::form_urlencoded::parse(&body).into_owned();
        let fields: Vec<_> = pairs.take(FIELDS + 1).collect();
        if fields.len() > FIELDS {
            return Err(Problem::new(ProblemKind::TooLarge));
        }
        Ok(Self(fields))
    }
}

/// Data guard: a form from a page of this site, with the token of the session in which it was sent.
#[derive(Debug, Clone)]
pub struct VerifiedForm {
    /// Who sent it.
    pub person: SignedIn,
    /// Its fields.
    pub fields: FormFields,
}

/// Data guard: a [`VerifiedForm`] that the script of a page sends. It counts apart from those that the person sends.
#[derive(Debug, Clone)]
pub struct ScriptForm(pub VerifiedForm);

/// Data guard: a [`VerifiedForm`] that ends sessions. It is not counted.
#[derive(Debug, Clone)]
pub struct SessionForm(pub VerifiedForm);

/// Data guard: a form from a page of this site that is sent without a session. Its handler checks the token.
#[derive(Debug, Clone)]
pub struct PageForm {
    /// The connection.
    pub connection: SafeConnection,
    /// Its fields.
    pub fields: FormFields,
}

/// Returns the connection of a form from a page of this site.
pub(super) fn own_connection(request: &Request<'_>) -> Result<SafeConnection, Problem> {
    let connection = SafeConnection::new(request);
    let connection = connection.ok_or_else(|| Problem::new(ProblemKind::HttpsNeeded))?;
    if connection.is_own(request) {
        Ok(connection)
    } else {
        Err(Problem::new(ProblemKind::FromElsewhere))
    }
}

/// As what a form counts against the limits of the person who sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FormCount {
    /// As one that the person sends.
    Person,
    /// As one that the script of a page sends.
    Script,
    /// As no session, since ending one is always allowed.
    Nothing,
}

impl VerifiedForm {
    pub(super) async fn of_request(
        request: &Request<'_>,
        data: Data<'_>,
        count: FormCount,
    ) -> Result<Self, Problem> {
        own_connection(request)?;
        let person = SignedIn::of_request(request).await?;
        let fields = FormFields::read(request, data).await?;
        let login = service::<Arc<Login>>(request)?;
        let counted = match count {
            FormCount::Person => login.count_form(&person.account),
            FormCount::Script => login.count_script(&person.account),
            FormCount::Nothing => Ok(()),
        };
        counted.map_err(Problem::too_many_requests)?;
        let person = person.still(request, fields.get(TOKEN)).await?;
        Ok(Self { person, fields })
    }
}

impl PageForm {
    async fn of_request(request: &Request<'_>, data: Data<'_>) -> Result<Self, Problem> {
        let connection = own_connection(request)?;
        let fields = FormFields::read(request, data).await?;
        Ok(Self { connection, fields })
    }

    /// Checks that the form has the token that a page without a session has.
    ///
    /// # Errors
    /// Returns the problem of a form without it.
    pub fn check_page_token(&self, login: &Arc<Login>) -> Result<(), Problem> {
        if login.is_page_token(self.fields.get(TOKEN)) {
            Ok(())
        } else {
            Err(Problem::new(ProblemKind::FormExpired))
        }
    }
}

pub(super) fn outcome<'r, T>(
    request: &Request<'_>,
    found: Result<T, Problem>,
) -> data::Outcome<'r, T>
where
    T: FromData<'r, Error = Problem>,
{
    match found {
        Ok(found) => Outcome::Success(found),
        Err(problem) => Outcome::Error(Refusal::keep(request, problem)),
    }
}

#[rocket::async_trait]
impl<'r> FromData<'r> for VerifiedForm {
    type Error = Problem;

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> data::Outcome<'r, Self> {
        let form = Self::of_request(request, data, FormCount::Person).await;
        outcome(request, form)
    }
}

#[rocket::async_trait]
impl<'r> FromData<'r> for ScriptForm {
    type Error = Problem;

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> data::Outcome<'r, Self> {
        let form = VerifiedForm::of_request(request, data, FormCount::Script).await;
        outcome(request, form.map(Self))
    }
}

#[rocket::async_trait]
impl<'r> FromData<'r> for SessionForm {
    type Error = Problem;

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> data::Outcome<'r, Self> {
        let form = VerifiedForm::of_request(request, data, FormCount::Nothing).await;
        outcome(request, form.map(Self))
    }
}

#[rocket::async_trait]
impl<'r> FromData<'r> for PageForm {
    type Error = Problem;

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> data::Outcome<'r, Self> {
        outcome(request, Self::of_request(request, data).await)
    }
}
