//! Feeds over HTTP.

use std::sync::Arc;

use rocket::request::{FromParam, FromRequest, Outcome};
use rocket::{Request, get, routes};
use url::Url;

use crate::catalog::{Calendar, Entry, Snapshot};
use crate::feeds::{
    Feed, FeedKey, FeedRequest, Feeds, Scope, ScopeKind, Stitched, WriteOptions, format,
};
use calendar_domain::{Lang, Slug};

use super::accept_encoding::Codings;
use super::blocking::blocking;
use super::feed_answer::FeedAnswer;
use super::filters::QueryString;
use super::policy::{Policy, PolicyRoute};
use super::problem::Problem;
use super::request_headers::RequestHeaders;
use super::site::Site;
use super::withdrawn;

/// A feed's file name: stem and format, as in `music.ics`.
struct FeedFile<'r> {
    stem: &'r str,
    feed: &'static dyn Feed,
}

impl<'r> FromParam<'r> for FeedFile<'r> {
    type Error = ();

    fn from_param(param: &'r str) -> Result<Self, ()> {
        let (stem, extension) = param.rsplit_once('.').ok_or(())?;
        Ok(Self {
            stem,
            feed: format(extension).ok_or(())?,
        })
    }
}

/// Request guard of every feed handler: the current snapshot and the parsed request.
struct FeedContext<'r> {
    asking: QueryString<'r>,
    terms: RequestHeaders<'r>,
    calendar: &'r Arc<Calendar>,
    snapshot: Arc<Snapshot>,
    feeds: &'r Feeds,
    base: Arc<Url>,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for FeedContext<'r> {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        let rocket = request.rocket();
        let managed = (
            rocket.state::<Arc<Calendar>>(),
            rocket.state::<Feeds>(),
            rocket.state::<Site>(),
        );
        let (Some(calendar), Some(feeds), Some(site)) = managed else {
            let problem = Problem::internal(&"a service is not managed");
            return Outcome::Error((problem.kind.status(), problem));
        };
        Outcome::Success(Self {
            asking: QueryString(request),
            terms: RequestHeaders::new(request),
            calendar,
            snapshot: calendar.snapshot(),
            feeds,
            base: site.base(),
        })
    }
}

impl<'r> FeedContext<'r> {
    fn choices(&self) -> Result<WriteOptions, Problem> {
        self.asking.choices(&self.snapshot, Lang::Nb)
    }

    async fn answer(
        self,
        feed: &'static dyn Feed,
        scope: Scope,
        choices: WriteOptions,
    ) -> FeedAnswer<'r> {
        let wanted = FeedKey {
            extension: feed.extension(),
            scope,
            choices,
        };
        let codings = Codings::new(self.terms.accept_encoding.as_deref());
        let found = self
            .feeds
            .get(wanted, codings.as_slice(), &self.snapshot, &self.base);
        FeedAnswer {
            stitched: found.await,
            feed,
            lang: choices.lang,
            codings,
            terms: self.terms,
            calendar: self.calendar,
        }
    }
}

impl<'r> FeedContext<'r> {
    /// Returns the calendar file of a recently withdrawn event, as cancelled.
    async fn withdrawn(
        self,
        feed: &'static dyn Feed,
        slug: Slug,
        choices: Result<WriteOptions, Problem>,
    ) -> Result<FeedAnswer<'r>, Problem> {
        if feed.extension() != "ics" {
            return Err(Problem::not_found());
        }
        let (calendar, scope) = (Arc::clone(self.calendar), Scope::Event(slug.clone()));
        let now = calendar.clock().now();
        let event = blocking(move || withdrawn::cancelled(&calendar, &slug, now)).await?;
        let event = event.ok_or_else(Problem::not_found)?;
        let choices = choices?;
        let zone = self.snapshot.region().time_zone;
        let request = FeedRequest {
            snapshot: &self.snapshot,
            scope: &scope,
            choices,
            base: &self.base,
        };
        let stitched = Stitched::of_one(feed, &request, Arc::new(Entry::new(&event, zone)));
        Ok(FeedAnswer {
            stitched: Arc::new(stitched),
            feed,
            lang: choices.lang,
            codings: Codings::new(self.terms.accept_encoding.as_deref()),
            terms: self.terms,
            calendar: self.calendar,
        })
    }
}

/// Serves `all.<ext>` and `search.<ext>`. Only the search takes filters.
#[get("/feeds/<file>", rank = 1)]
async fn show_whole<'r>(
    file: FeedFile<'r>,
    desk: FeedContext<'r>,
) -> Result<FeedAnswer<'r>, Problem> {
    let (scope, choices) = match file.stem {
        "all" => (Scope::All, desk.choices()?),
        "search" => {
            let filters = desk.asking.filters(&desk.snapshot)?;
            let choices = filters.choices(Lang::Nb);
            (Scope::Search(Box::new(filters.query)), choices)
        }
        _ => return Err(Problem::not_found()),
    };
    Ok(desk.answer(file.feed, scope, choices).await)
}

#[get("/feeds/<kind>/<file>", rank = 1)]
async fn show_kind<'r>(
    kind: &str,
    file: FeedFile<'r>,
    desk: FeedContext<'r>,
) -> Result<FeedAnswer<'r>, Problem> {
    // `/feeds/s/<short>`: a stored filter.
    let scope = match kind {
        "s" => Scope::stored(file.stem, &desk.snapshot),
        _ => (kind.parse().ok())
            .and_then(|kind: ScopeKind| Scope::new(kind, file.stem, &desk.snapshot)),
    };
    let scope = scope.ok_or_else(Problem::not_found)?;
    let choices = desk.choices()?;
    if let Scope::Stored(name, _) = &scope {
        desk.calendar.note_filter_use(name);
    }
    Ok(desk.answer(file.feed, scope, choices).await)
}

#[get("/events/<file>", rank = 1)]
async fn show_event<'r>(
    file: FeedFile<'r>,
    desk: FeedContext<'r>,
) -> Result<FeedAnswer<'r>, Problem> {
    let slug: Slug = file.stem.parse().map_err(|_| Problem::not_found())?;
    let choices = desk.choices();
    if desk.snapshot.event_at(&slug).is_none() {
        return desk.withdrawn(file.feed, slug, choices).await;
    }
    let choices = choices?;
    Ok(desk.answer(file.feed, Scope::Event(slug), choices).await)
}

/// Before every other route, since calendar programs send most of the requests.
const RANK: isize = -20;

/// Returns the routes, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    let mut routes = routes![show_whole, show_kind, show_event];
    routes.iter_mut().for_each(|route| route.rank = RANK);
    Policy::Feed.on(routes)
}
