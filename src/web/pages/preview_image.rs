//! The pictures of pages: `/og/events/<slug>.<lang>.<hash>.png`.
//!
//! An address whose hash is outdated shows the current picture, since networks keep addresses that were shared.

use std::sync::Arc;

use rocket::request::FromParam;
use rocket::{State, get, routes};

use super::event::EventPage;
use super::organizer::OrganizerPage;
use super::place::PlacePage;
use super::series::SeriesPage;
use super::{Layout, PageContext};
use crate::catalog::Calendar;
use crate::web::assets::{FOR_EVER, SHORT};
use crate::web::blocking::blocking;
use crate::web::conditional::Finished;
use crate::web::policy::{Policy, PolicyRoute};
use crate::web::preview::{PreviewCard, PreviewImages};
use crate::web::problem::Problem;
use crate::web::site::Site;
use calendar_domain::{Lang, Slug};
use calendar_language::Words;

/// The name of a picture: `<stem>.<lang>.<hash>.png`.
struct PictureName<'r> {
    stem: &'r str,
    lang: Lang,
}

impl<'r> FromParam<'r> for PictureName<'r> {
    type Error = ();

    fn from_param(name: &'r str) -> Result<Self, ()> {
        let rest = name.strip_suffix(".png").ok_or(())?;
        let (rest, _hash) = rest.rsplit_once('.').ok_or(())?;
        let (stem, tag) = rest.rsplit_once('.').ok_or(())?;
        let mut known = Words::all().map(Words::lang);
        let lang = known.find(|lang| lang.tag() == tag).ok_or(())?;
        Ok(Self { stem, lang })
    }
}

/// Returns the picture of a card; `path` is the requested one.
async fn picture(
    card: PreviewCard,
    path: String,
    images: &PreviewImages,
    calendar: &Calendar,
) -> Result<Finished, Problem> {
    let caching = if card.path() == path { FOR_EVER } else { SHORT };
    let bytes = images.of(card).await?;
    let modified = calendar.snapshot().modified();
    let finished = Finished::new(bytes.to_vec(), "image/png", modified);
    Ok(finished.with_caching(caching))
}

#[get("/og/<name>")]
async fn show_site(
    name: PictureName<'_>,
    at: &rocket::http::uri::Origin<'_>,
    calendar: &State<Arc<Calendar>>,
    site: &State<Site>,
    images: &State<PreviewImages>,
) -> Result<Finished, Problem> {
    if name.stem != "site" {
        return Err(Problem::not_found());
    }
    let context = PageContext::new(calendar.snapshot(), name.lang, site.base().as_str());
    picture(context.site_card(), at.path().to_string(), images, calendar).await
}

#[get("/og/<kind>/<name>")]
async fn show_record(
    kind: &str,
    name: PictureName<'_>,
    at: &rocket::http::uri::Origin<'_>,
    calendar: &State<Arc<Calendar>>,
    site: &State<Site>,
    images: &State<PreviewImages>,
) -> Result<Finished, Problem> {
    let slug: Slug = name.stem.parse().map_err(|_| Problem::not_found())?;
    let context = PageContext::new(calendar.snapshot(), name.lang, site.base().as_str());
    let kind = kind.to_owned();
    let card = blocking(move || {
        let layout = layout(&context, &kind, &slug).ok_or_else(Problem::not_found)?;
        Ok::<_, Problem>((layout.preview, layout.indexed))
    });
    let (card, is_indexed) = card.await?;
    let shown = picture(card, at.path().to_string(), images, calendar).await?;
    Ok(shown.indexed(is_indexed))
}

/// Returns the layout of the page of a record.
fn layout(context: &PageContext, kind: &str, slug: &Slug) -> Option<Layout> {
    let snapshot = &context.snapshot;
    Some(match kind {
        "events" => EventPage::new(context, snapshot.event_at(slug)?).layout,
        "series" => SeriesPage::new(context, snapshot.series(slug)?).layout,
        "places" => PlacePage::new(context, snapshot.place(slug)?).layout,
        "organizers" => OrganizerPage::new(context, snapshot.organizer(slug)?).layout,
        _ => return None,
    })
}

/// Returns the routes, to be mounted at the root.
pub fn preview_routes() -> Vec<PolicyRoute> {
    Policy::Strict.on(routes![show_site, show_record])
}
