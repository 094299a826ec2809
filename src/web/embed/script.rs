//! The script of the component: `/embed/events.js`, and an address with its hash that never changes.
//!
//! The file `static/embed/events.js` becomes the script by putting in the style sheet and the texts for which the
//! component can't ask the server, and leaving out comments. Its hash goes into `integrity` attributes, so the scripts of earlier releases stay at
//! their addresses: a release adds its own to [`RELEASED`], and `docs/releasing.md` says how.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rocket::{get, routes};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha384};

use crate::web::assets::{Asset, AssetResponse, EMBED_CSS, JAVASCRIPT};
use crate::web::policy::{Policy, PolicyRoute};
use calendar_language::Words;

/// The address that always has the script of this release.
pub const LATEST: &str = "/embed/events.js";

/// Declares the scripts of releases by their hashes.
macro_rules! released {
    ($($hash:literal),* $(,)?) => {
        [$(Asset::with_addresses(
            String::new(),
            |hash| format!("/embed/v1/events.{hash}.js"),
            JAVASCRIPT,
            include_bytes!(concat!("../../../static/embed/v1/events.", $hash, ".js")).to_vec(),
        )),*]
    };
}

/// The script of this release.
pub static COMPONENT: LazyLock<ComponentScript> = LazyLock::new(ComponentScript::new);

/// The scripts of releases, in `static/embed/v1/`.
static RELEASED: LazyLock<Vec<Asset>> = LazyLock::new(|| Vec::from(released!["56c6366af8d3"]));

/// The script of the component.
#[derive(Debug)]
pub struct ComponentScript {
    asset: Asset,
    /// The value of `integrity` (W3C Subresource Integrity).
    pub integrity: String,
}

impl ComponentScript {
    fn new() -> Self {
        let bytes = component().into_bytes();
        let digest = STANDARD.encode(Sha384::digest(&bytes));
        let path = |hash: &str| format!("/embed/v1/events.{hash}.js");
        Self {
            asset: Asset::with_addresses(LATEST.to_owned(), path, JAVASCRIPT, bytes),
            integrity: format!("sha384-{digest}"),
        }
    }

    /// Returns the address with the hash.
    #[must_use]
    pub fn path(&self) -> &str {
        self.asset.path()
    }
}

/// Returns the script with its style sheet and texts, without the comments inside it, which would be a tenth of it.
fn component() -> String {
    let style: String = EMBED_CSS.lines().map(str::trim).collect();
    let source = include_str!("../../../static/embed/events.js");
    let is_code = |line: &&str| !line.starts_with("  ") || !is_comment(line);
    let code = source.lines().filter(is_code).map(without_comment);
    let code: Vec<&str> = code.collect();
    code.join("\n")
        .replace("\"$STYLE\"", &json!(style).to_string())
        .replace("\"$TEXTS\"", &texts().to_string())
}

/// Returns true for a line with nothing but a comment.
fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("//") || (line.starts_with("/**") && line.ends_with("*/"))
}

/// Returns a line of code without the comment behind a statement.
fn without_comment(line: &str) -> &str {
    match line.find("; // ") {
        Some(end) => &line[..=end],
        None => line,
    }
}

/// Returns the texts by language.
fn texts() -> Value {
    let in_language = |words: Words| {
        let texts = json!({
            "loading": words.say("embed-loading"),
            "offline": words.say("embed-offline"),
            "failed": words.say("embed-failed"),
            "waiting": words.say("embed-waiting"),
            "old": words.say("embed-old"),
            "settings": words.say("embed-settings"),
            "address": words.say("embed-address"),
            "retry": words.say("embed-retry"),
        });
        (words.lang().tag().to_owned(), texts)
    };
    Value::Object(Words::all().map(in_language).collect::<Map<_, _>>())
}

fn find(path: &str) -> Option<AssetResponse> {
    let current = COMPONENT.asset.at(path);
    current.or_else(|| RELEASED.iter().find_map(|asset| asset.at(path)))
}

/// Serves the script of this release.
#[get("/embed/events.js")]
fn show_latest() -> Option<AssetResponse> {
    find(LATEST)
}

/// Serves the script of any release by its hash.
#[get("/embed/v1/<file>")]
fn show_version(file: &str) -> Option<AssetResponse> {
    find(&format!("/embed/v1/{file}"))
}

/// Returns the routes, to be mounted at the root. Scripts of any site may read them, which `integrity` requires.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Api.on(routes![show_latest, show_version])
}
