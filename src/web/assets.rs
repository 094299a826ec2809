//! Static files of the pages, compiled into the program.

use rocket::http::{ContentType, Header};
use rocket::{Responder, get, routes};

use super::policy::{Policy, PolicyRoute};

/// A static file as a response.
#[derive(Responder)]
struct Asset {
    bytes: &'static [u8],
    media_type: ContentType,
    caching: Header<'static>,
}

/// File name, media type and content of each file.
const FILES: &[(&str, &str, &[u8])] = &[
    (
        "calendar.css",
        "text/css; charset=utf-8",
        include_bytes!("../../static/calendar.css"),
    ),
    (
        "favicon.svg",
        "image/svg+xml",
        include_bytes!("../../static/favicon.svg"),
    ),
    (
        "treeline.svg",
        "image/svg+xml",
        include_bytes!("../../static/treeline.svg"),
    ),
];

/// Serves a static file. Links carry the content's hash as `?v=`, so their responses are immutable.
#[get("/static/<name>?<v>")]
fn show_asset(name: &str, v: Option<&str>) -> Option<Asset> {
    let caching = match v {
        Some(_) => "public, max-age=31536000, immutable",
        None => "public, max-age=86400",
    };
    let (_, media_type, bytes) = FILES.iter().find(|(file, ..)| *file == name)?;
    Some(Asset {
        bytes,
        media_type: ContentType::parse_flexible(media_type)?,
        caching: Header::new("Cache-Control", caching),
    })
}

/// Serves the icon at the path that browsers request by default.
#[get("/favicon.ico")]
fn show_favicon() -> Option<Asset> {
    show_asset("favicon.svg", None)
}

/// Returns the routes, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Strict.on(routes![show_asset, show_favicon])
}
