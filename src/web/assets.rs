//! Static files of the pages, compiled into the program.
//!
//! Each file is served at two addresses: the one of [`Asset::path`], which contains the hash of its content and is cached
//! for a year, and a short one with its name alone. Pages link to the first.
//!
//! To add a file: a static here, and its line in [`all`].

use std::io::Cursor;
use std::sync::LazyLock;

use rocket::http::{Header, Status};
use rocket::response::{self, Responder, Response};
use rocket::{Request, get, routes};
use sha2::{Digest, Sha256};

use crate::feeds::{Coding, compress, etag};
use calendar_domain::Lang;

use super::accept_encoding::Negotiated;
use super::conditional::{set_coding, tagged_copy};
use super::policy::{Policy, PolicyRoute};
use super::request_headers::RequestHeaders;

/// The address with the hash means these bytes only.
pub(super) const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Another version of the program may have other bytes.
pub(super) const SHORT: &str = "public, max-age=300, must-revalidate";
/// Media type of scripts.
pub(super) const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
/// Bytes of the hash in an address.
const HASHED: usize = 6;

/// The style sheet, which names the drawing below it.
pub static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let source = include_str!("../../static/calendar.css");
    let text = source.replace("/static/treeline.svg", TREELINE.path());
    Asset::new(
        "calendar",
        "css",
        "text/css; charset=utf-8",
        text.into_bytes(),
    )
});

/// The icon of the site.
pub static ICON: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("../../static/favicon.svg");
    Asset::new("favicon", "svg", "image/svg+xml", bytes.to_vec())
});

/// The script of the pages of organizers and editors, which work without it.
pub static ORGANIZER_SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("../../static/organizer.js");
    Asset::new("organizer", "js", JAVASCRIPT, bytes.to_vec())
});

/// The script of pages with passkeys. They have no button for them without it.
pub static PASSKEY_SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("../../static/passkeys.js");
    Asset::new("passkeys", "js", JAVASCRIPT, bytes.to_vec())
});

/// The style sheet of frames in pages of other sites, which the component for such pages has too.
pub static EMBED_STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let text = format!(
        "{EMBED_CSS}{}",
        include_str!("../../static/embed/frame.css")
    );
    Asset::new("embed", "css", "text/css; charset=utf-8", text.into_bytes())
});

/// The rules of [`EMBED_STYLE`] that the component has.
pub const EMBED_CSS: &str = include_str!("../../static/embed/events.css");

/// The script of frames.
pub static FRAME_SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("../../static/embed/frame.js");
    Asset::new("frame", "js", JAVASCRIPT, bytes.to_vec())
});

/// The script of the page where sites get the code for a selection. The page works without it.
pub static BUILDER_SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("../../static/embed/builder.js");
    Asset::new("builder", "js", JAVASCRIPT, bytes.to_vec())
});

/// The style sheet of the page about the API.
pub static API_DOCS_STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("../../static/api-docs.css");
    Asset::new("api-docs", "css", "text/css; charset=utf-8", bytes.to_vec())
});

/// The script of the page about the API, which is complete without it.
pub static API_DOCS_SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("../../static/api-docs.js");
    Asset::new(
        "api-docs",
        "js",
        "text/javascript; charset=utf-8",
        bytes.to_vec(),
    )
});

/// The forest above the footer.
static TREELINE: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("../../static/treeline.svg");
    Asset::new("treeline", "svg", "image/svg+xml", bytes.to_vec())
});

/// Declares pictures in `static/help/` by their names.
macro_rules! help_pictures {
    ($($name:literal),*) => {
        [$(Asset::new(
            concat!("help-", $name),
            "webp",
            "image/webp",
            include_bytes!(concat!("../../static/help/", $name, ".webp")).to_vec(),
        )),*]
    };
}

/// The pictures of the help pages, which a test makes (`help_pictures_are_made_anew`).
static HELP_PICTURES: LazyLock<[Asset; 21]> = LazyLock::new(|| {
    help_pictures![
        "nb-mine",
        "nb-form",
        "nb-check",
        "nb-status",
        "nb-queue",
        "nb-review",
        "nb-ask",
        "nn-mine",
        "nn-form",
        "nn-check",
        "nn-status",
        "nn-queue",
        "nn-review",
        "nn-ask",
        "en-mine",
        "en-form",
        "en-check",
        "en-status",
        "en-queue",
        "en-review",
        "en-ask"
    ]
});

/// Returns the address of a picture of the help pages.
#[must_use]
pub fn help_picture(lang: Lang, name: &str) -> Option<&'static str> {
    let short = format!("/static/help-{}-{name}.webp", lang.tag());
    let found = HELP_PICTURES
        .iter()
        .find(|help_picture| help_picture.short == short);
    found.map(Asset::path)
}

/// Returns every file.
fn all() -> impl Iterator<Item = &'static Asset> {
    let named: [&'static Asset; 10] = [
        &STYLE,
        &ICON,
        &TREELINE,
        &ORGANIZER_SCRIPT,
        &PASSKEY_SCRIPT,
        &EMBED_STYLE,
        &FRAME_SCRIPT,
        &BUILDER_SCRIPT,
        &API_DOCS_STYLE,
        &API_DOCS_SCRIPT,
    ];
    named.into_iter().chain(HELP_PICTURES.iter())
}

/// A static file in every content coding.
#[derive(Debug)]
pub struct Asset {
    /// The short address.
    short: String,
    /// The address with the hash.
    path: String,
    media_type: &'static str,
    /// The entity tag of the file without coding.
    etag: String,
    bytes: Vec<u8>,
    /// The bytes in each content coding.
    coded: Vec<(Coding, Vec<u8>)>,
}

impl Asset {
    fn new(stem: &str, extension: &str, media_type: &'static str, bytes: Vec<u8>) -> Self {
        let path = |hash: &str| format!("/static/{stem}.{hash}.{extension}");
        let short = format!("/static/{stem}.{extension}");
        Self::with_addresses(short, path, media_type, bytes)
    }

    /// Returns a file with a short address, and one made of the hash of its content.
    pub(super) fn with_addresses(
        short: String,
        path: impl FnOnce(&str) -> String,
        media_type: &'static str,
        bytes: Vec<u8>,
    ) -> Self {
        let digest = Sha256::digest(&bytes);
        let coded = |coding| Some((coding, compress(&bytes, coding).ok()?));
        Self {
            short,
            path: path(&hex::encode(&digest[..HASHED])),
            media_type,
            etag: etag(&bytes),
            coded: Coding::ALL.into_iter().filter_map(coded).collect(),
            bytes,
        }
    }

    /// Returns the address that pages link to.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the file as a response if `path` is one of its addresses.
    pub(super) fn at(&'static self, path: &str) -> Option<AssetResponse> {
        let caching = match path {
            path if path == self.path => FOR_EVER,
            path if path == self.short => SHORT,
            _ => return None,
        };
        Some(AssetResponse {
            asset: self,
            caching,
        })
    }

    /// Returns the bytes in a coding, or as they are if there are none.
    fn body(&self, coding: Coding) -> (Coding, &[u8]) {
        let found = self.coded.iter().find(|(known, _)| *known == coding);
        let found = found.map(|(coding, bytes)| (*coding, bytes.as_slice()));
        found.unwrap_or((Coding::Identity, &self.bytes))
    }
}

/// A response with a static file.
pub(super) struct AssetResponse {
    asset: &'static Asset,
    caching: &'static str,
}

impl<'r> Responder<'r, 'static> for AssetResponse {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let asset = self.asset;
        let terms = RequestHeaders::new(request);
        let codings = Negotiated::new(terms.accept_encoding.as_deref(), asset.bytes.len());
        let mut answer = Response::build();
        answer.header(Header::new("Cache-Control", self.caching));
        answer.header(Header::new("Vary", "Accept-Encoding"));
        // Pages in frames have no origin where the page around them gives them none.
        answer.header(Header::new("Cross-Origin-Resource-Policy", "cross-origin"));
        let copy = tagged_copy(&terms, |tag| codings.names(tag, &asset.etag));
        if let Some(tag) = copy.tag(&asset.etag, codings.best()) {
            answer.header(Header::new("ETag", tag));
            return answer.status(Status::NotModified).ok();
        }
        let (coding, bytes) = asset.body(codings.best());
        answer.header(Header::new("Content-Type", asset.media_type));
        set_coding(&mut answer, &asset.etag, coding);
        answer.sized_body(bytes.len(), Cursor::new(bytes)).ok()
    }
}

/// Serves a static file by either address.
#[get("/static/<name>")]
fn show_asset(name: &str) -> Option<AssetResponse> {
    let path = format!("/static/{name}");
    all().find_map(|asset| asset.at(&path))
}

/// Serves the icon at the path that browsers request by default.
#[get("/favicon.ico")]
fn show_favicon() -> AssetResponse {
    AssetResponse {
        asset: &ICON,
        caching: SHORT,
    }
}

/// Returns the routes, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Strict.on(routes![show_asset, show_favicon])
}
