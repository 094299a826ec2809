//! The request guard of the pages of organizers and editors.

use std::sync::Arc;

use askama::Template;
use rocket::Request;
use rocket::outcome::try_outcome;
use rocket::request::{FromRequest, Outcome};

use crate::audit::{self, AuditedReading};
use crate::catalog::Calendar;
use crate::editorial::{Actor, EditorialError};
use crate::web::assets::ORGANIZER_SCRIPT;
use crate::web::blocking::blocking;
use crate::web::login::{PersonalPage, SeeOther, SignedIn, personal_layout};
use crate::web::pages::{Layout, PageContext};
use crate::web::problem::{Problem, ProblemKind};

use super::PageNotice;
use calendar_domain::AuditReader;

/// Request guard: a page of a signed-in person.
pub struct WorkspaceRequest {
    /// The context of the page.
    pub context: PageContext,
    /// Who is signed in.
    pub person: SignedIn,
    /// The calendar.
    pub calendar: Arc<Calendar>,
}

/// The layout of a page of organizers and editors.
#[derive(Debug, Clone)]
pub struct WorkspacePage {
    /// The layout of every page.
    pub layout: Layout,
    /// The heading.
    pub heading: String,
    /// The token of forms.
    pub token: String,
    /// The sentence about the last form; may be empty.
    pub notice: String,
    /// Whether the sentence says that nothing was done.
    pub is_error: bool,
}

/// A page of organizers and editors with its content.
#[derive(Debug, Template)]
#[template(path = "workspace/layout.html")]
struct LayoutPage<'a> {
    layout: Layout,
    page: &'a WorkspacePage,
    /// The content. Rendered from a template.
    content: String,
}

impl WorkspacePage {
    /// Returns the path of the script.
    #[must_use]
    pub fn script(&self) -> &'static str {
        ORGANIZER_SCRIPT.path()
    }

    /// Renders the page around its content.
    ///
    /// # Errors
    /// Returns an internal error if a template can't be rendered.
    pub fn render(&self, content: &impl Template) -> Result<PersonalPage, Problem> {
        let content = content.render();
        let page = LayoutPage {
            layout: self.layout.clone(),
            page: self,
            content: content.map_err(|error| Problem::internal(&error))?,
        };
        PersonalPage::new(&page, self.layout.t.lang())
    }
}

impl WorkspaceRequest {
    /// Returns the person, at the time of the request.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor {
            account: self.person.account.clone(),
            now: self.calendar.clock().now(),
        }
    }

    /// Returns the layout of a page. `rest` is its path after the prefix of the language, such as `/organizer/`.
    #[must_use]
    pub fn page(
        &self,
        heading: impl Into<String>,
        rest: &str,
        notice: Option<PageNotice>,
    ) -> WorkspacePage {
        let heading = heading.into();
        let words = self.context.words;
        let is_error = notice.is_some_and(PageNotice::is_error);
        let title = if is_error {
            words.say_with("form-error-title", &[("title", heading.as_str())])
        } else {
            heading.clone()
        };
        let layout = personal_layout(&self.context, &self.person, title, rest);
        WorkspacePage {
            layout,
            heading,
            token: self.person.token.as_str().to_owned(),
            notice: notice.map_or_else(String::new, |notice| notice.text(words)),
            is_error,
        }
    }

    /// Calls a use case on a blocking thread.
    ///
    /// # Errors
    /// Returns the error of the use case, or an internal error if its thread panics.
    pub async fn run<T: Send + 'static>(
        &self,
        use_case: impl FnOnce(&Calendar, &Actor) -> Result<T, EditorialError> + Send + 'static,
    ) -> Result<Result<T, EditorialError>, Problem> {
        let (calendar, actor) = (Arc::clone(&self.calendar), self.actor());
        blocking(move || Ok::<_, Problem>(use_case(&calendar, &actor))).await
    }

    /// Calls a use case on a blocking thread. Its errors are problems.
    ///
    /// # Errors
    /// Returns the problem.
    pub async fn get<T: Send + 'static>(
        &self,
        use_case: impl FnOnce(&Calendar, &Actor) -> Result<T, EditorialError> + Send + 'static,
    ) -> Result<T, Problem> {
        Ok(self.run(use_case).await??)
    }

    /// Notes that the person reads personal data of others. Comes before the page is shown.
    ///
    /// # Errors
    /// Returns [`ProblemKind::AuditUnavailable`] if that can't be noted: the page must not be shown then.
    pub async fn note_reading(&self, reading: AuditedReading) -> Result<(), Problem> {
        let by = AuditReader::Account(self.person.account.id.clone());
        let calendar = Arc::clone(&self.calendar);
        blocking(move || audit::note_reading(&calendar, by, reading)).await
    }

    /// Returns the redirect to a page, with a notice. `rest` is its path after the prefix of the language.
    #[must_use]
    pub fn to(&self, rest: &str, notice: PageNotice) -> SeeOther {
        let path = self.context.paths.workspace(rest);
        let mark = if path.contains('?') { '&' } else { '?' };
        SeeOther(format!("{path}{mark}notice={}", notice.as_str()))
    }

    /// Returns the redirect after a use case: with `done`, or with the reason why nothing was done.
    ///
    /// # Errors
    /// Returns the problem if the reason is none that the person can do something about on that page.
    pub fn answer<T>(
        &self,
        outcome: Result<T, EditorialError>,
        rest: &str,
        done: PageNotice,
    ) -> Result<SeeOther, Problem> {
        let notice = match outcome {
            Ok(_) => done,
            Err(EditorialError::Changed | EditorialError::Conflicts(_)) => PageNotice::Changed,
            Err(EditorialError::WrongState) => PageNotice::State,
            Err(EditorialError::OrganisationPending) => PageNotice::Pending,
            Err(EditorialError::Exists) => PageNotice::Exists,
            Err(EditorialError::LastAdmin) => PageNotice::Admin,
            Err(EditorialError::Text(_)) => PageNotice::Address,
            Err(EditorialError::TooMany) => PageNotice::Many,
            Err(EditorialError::SeriesMoved) => PageNotice::Series,
            Err(EditorialError::TextMissing | EditorialError::TextTooLong(_)) => PageNotice::Text,
            Err(error) => return Err(error.into()),
        };
        Ok(self.to(rest, notice))
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for WorkspaceRequest {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        let person = try_outcome!(request.guard::<SignedIn>().await);
        let context = PageContext::from_request(request);
        let calendar = request.rocket().state::<Arc<Calendar>>().cloned();
        match (context, calendar) {
            (Some(context), Some(calendar)) => Outcome::Success(Self {
                context,
                person,
                calendar,
            }),
            _ => {
                let problem = Problem::internal(&"the services of the pages are not managed");
                Outcome::Error((ProblemKind::Internal.status(), problem))
            }
        }
    }
}
