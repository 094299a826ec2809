//! `/account/data`, `/account/delete`, `/account/receipts`: seeing, exporting and deleting one's own data.

use std::io::Cursor;
use std::sync::Arc;

use rocket::http::{ContentType, CookieJar, Header, Status};
use rocket::response::{self, Responder, Response};
use rocket::{Either, Request, Route, State, get, post, routes};

use crate::catalog::Calendar;
use crate::config::BackupConfig;
use crate::login::Login;
use crate::personal_data::{
    OrganisationsLeft, PersonalDataError, RemovalRequest, backup_hold, find_receipt,
    organisations_left, own_data, receipt_lines, remove,
};
use crate::web::blocking::blocking;
use crate::web::pages::{PageContext, PageRequest};
use crate::web::problem::Problem;
use calendar_domain::{EmailAddress, Erasure, ErasureCause, ErasureId, OwnEvents};

use super::cookies::OwnCookie;
use super::pages::page_path;
use super::personal::{PersonalPage, SeeOther};
use super::personal_data_pages::{DeletePage, OwnDataPage, ReceiptPage};
use super::{SafeConnection, SignedIn, VerifiedForm};

/// The settings that say how long backups hold deleted data.
#[derive(Debug, Clone)]
pub struct BackupSettings(pub BackupConfig);

/// A file that only its owner's browser may see.
struct PersonalFile {
    content: Vec<u8>,
    content_type: ContentType,
    name: String,
}

impl<'r> Responder<'r, 'static> for PersonalFile {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let disposition = format!("attachment; filename=\"{}\"", self.name);
        Response::build()
            .header(self.content_type)
            .header(Header::new("Content-Disposition", disposition))
            .sized_body(self.content.len(), Cursor::new(self.content))
            .ok()
    }
}

#[get("/account/data")]
async fn show_data(
    person: Result<SignedIn, Problem>,
    reader: Result<PageRequest, Problem>,
    calendar: &State<Arc<Calendar>>,
) -> Result<PersonalPage, Problem> {
    let (person, context) = (person?, reader?.0);
    let (calendar, id) = (Arc::clone(calendar), person.account.id.clone());
    let own = blocking(move || own_data(&*calendar, &id, calendar.clock().now())).await?;
    let page = OwnDataPage::new(&context, &person, &own);
    PersonalPage::new(&page, context.words.lang())
}

#[get("/account/data.json")]
async fn download_data(
    person: Result<SignedIn, Problem>,
    calendar: &State<Arc<Calendar>>,
) -> Result<PersonalFile, Problem> {
    let person = person?;
    let (calendar, id) = (Arc::clone(calendar), person.account.id);
    let own = blocking(move || own_data(&*calendar, &id, calendar.clock().now())).await?;
    let content =
        serde_json::to_vec_pretty(&own.json).map_err(|error| Problem::internal(&error))?;
    Ok(PersonalFile {
        content,
        content_type: ContentType::JSON,
        name: "my-data.json".to_owned(),
    })
}

#[get("/account/delete")]
async fn show_deletion(
    person: Result<SignedIn, Problem>,
    reader: Result<PageRequest, Problem>,
    calendar: &State<Arc<Calendar>>,
) -> Result<PersonalPage, Problem> {
    let (person, context) = (person?, reader?.0);
    let left = left(calendar, &person).await?;
    let page = DeletePage::new(&context, &person, &left, OwnEvents::Keep, None);
    PersonalPage::new(&page, context.words.lang())
}

async fn left(calendar: &Arc<Calendar>, person: &SignedIn) -> Result<OrganisationsLeft, Problem> {
    let (calendar, id) = (Arc::clone(calendar), person.account.id.clone());
    blocking(move || organisations_left(&*calendar, &id)).await
}

/// Deletes the account, if the field `email` has its address.
#[post("/account/delete", data = "<sent>")]
async fn delete_account(
    sent: Result<VerifiedForm, Problem>,
    connection: Result<SafeConnection, Problem>,
    reader: Result<PageRequest, Problem>,
    jar: &CookieJar<'_>,
    services: DeletionServices<'_>,
) -> Result<Either<SeeOther, PersonalPage>, Problem> {
    let (sent, connection, context) = (sent?, connection?, reader?.0);
    let own_events = match sent.fields.get("events") {
        "withdraw" => OwnEvents::Withdraw,
        _ => OwnEvents::Keep,
    };
    let typed = sent.fields.get("email").parse::<EmailAddress>();
    let person = sent.person;
    let is_confirmed = typed.is_ok_and(|typed| typed.key() == person.account.email.key());
    let refused = match is_confirmed {
        false => "delete-error-email",
        true => {
            let calendar = Arc::clone(services.calendar);
            let request = RemovalRequest {
                account: person.account.id.clone(),
                cause: ErasureCause::Person,
                own_events,
                backups: backup_hold(&services.backups.0, calendar.clock().now()),
                language: context.words.lang(),
                is_mailed: services.login.can_mail(),
            };
            let removed = blocking(move || match remove(&calendar, &request) {
                Err(PersonalDataError::LastEditor) => Ok(None),
                outcome => outcome.map(Some),
            });
            if let Some(erasure) = removed.await? {
                OwnCookie::Session.remove(jar, &connection);
                let path = format!("/account/receipts/{}", erasure.id);
                return Ok(Either::Left(SeeOther(page_path(context.paths, &path))));
            }
            "delete-error-last-editor"
        }
    };
    let left = left(services.calendar, &person).await?;
    let page = DeletePage::new(&context, &person, &left, own_events, Some(refused));
    let page = PersonalPage::new(&page, context.words.lang())?;
    Ok(Either::Right(page.with_status(Status::UnprocessableEntity)))
}

/// What a deletion needs.
struct DeletionServices<'r> {
    calendar: &'r Arc<Calendar>,
    login: &'r Arc<Login>,
    backups: &'r BackupSettings,
}

#[rocket::async_trait]
impl<'r> rocket::request::FromRequest<'r> for DeletionServices<'r> {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> rocket::request::Outcome<Self, Problem> {
        let rocket = request.rocket();
        let found = (
            rocket.state::<Arc<Calendar>>(),
            rocket.state::<Arc<Login>>(),
            rocket.state::<BackupSettings>(),
        );
        match found {
            (Some(calendar), Some(login), Some(backups)) => {
                rocket::request::Outcome::Success(Self {
                    calendar,
                    login,
                    backups,
                })
            }
            _ => {
                let problem = Problem::internal(&"the services of the account are not managed");
                rocket::request::Outcome::Error((Status::InternalServerError, problem))
            }
        }
    }
}

async fn receipt(calendar: &Arc<Calendar>, number: &str) -> Result<Erasure, Problem> {
    let id: ErasureId = number.parse().map_err(|_| Problem::not_found())?;
    let calendar = Arc::clone(calendar);
    let found = blocking(move || find_receipt(&*calendar, &id)).await?;
    found.ok_or_else(Problem::not_found)
}

/// A receipt, for anyone who knows its number: its owner has no account any more.
#[get("/account/receipts/<number>")]
async fn show_receipt(
    number: &str,
    reader: Result<PageRequest, Problem>,
    calendar: &State<Arc<Calendar>>,
) -> Result<PersonalPage, Problem> {
    let context: PageContext = reader?.0;
    let erasure = receipt(calendar, number).await?;
    let page = ReceiptPage::new(&context, &erasure);
    PersonalPage::new(&page, context.words.lang())
}

#[get("/account/receipts/<number>/text")]
async fn download_receipt(
    number: &str,
    reader: Result<PageRequest, Problem>,
    calendar: &State<Arc<Calendar>>,
) -> Result<PersonalFile, Problem> {
    let context: PageContext = reader?.0;
    let erasure = receipt(calendar, number).await?;
    let heading = context.words.say("erasure-heading").into_owned();
    let lines = std::iter::once(heading).chain(receipt_lines(context.words, &erasure));
    let text: Vec<String> = lines.collect();
    Ok(PersonalFile {
        content: (text.join("\n") + "\n").into_bytes(),
        content_type: ContentType::Plain,
        name: format!("receipt-{}.txt", erasure.id),
    })
}

/// Returns the routes, to be mounted once for each language.
pub(super) fn routes() -> Vec<Route> {
    routes![
        show_data,
        download_data,
        show_deletion,
        delete_account,
        show_receipt,
        download_receipt
    ]
}
