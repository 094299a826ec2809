//! The pictures of the help pages, from the real pages:
//!
//! ```text
//! cargo test --locked --test service help_pictures_are_made_anew -- --ignored
//! ```

use serde_json::{Value, json};

use super::path::review;
use super::states::states;
use crate::support::TestServer;
use crate::support::chrome::{Chrome, Scheme};
use crate::support::readers::project;
use crate::support::smtp::SmtpServer;

/// Size of a picture in CSS pixels, and its pixels for each of them.
const HEIGHT: u32 = 620;
const SCALE: f64 = 1.5;

/// Takes a picture of a page from its content on, or from an element. Returns the bytes of a WebP file.
fn picture(chrome: &Chrome, width: u32, from: &str) -> Vec<u8> {
    let top = format!(
        "const box = document.querySelector({from:?}).getBoundingClientRect();
         return Math.max(0, box.top + scrollY - 16)"
    );
    let shot = json!({
        "format": "webp",
        "quality": 55,
        "captureBeyondViewport": true,
        "clip": { "x": 0, "y": chrome.run(&top), "width": width, "height": HEIGHT, "scale": SCALE },
    });
    let taken = chrome.devtools("Page.captureScreenshot", shot);
    let data = taken["data"].as_str().expect("a picture in base64");
    let decode = format!("return Array.from(atob({data:?}), (it) => it.charCodeAt(0))");
    let Value::Array(bytes) = chrome.run(&decode) else {
        panic!("no bytes");
    };
    let byte = |value: &Value| u8::try_from(value.as_u64().expect("a number")).expect("a byte");
    bytes.iter().map(byte).collect()
}

#[test]
#[ignore = "writes the pictures of the help pages"]
fn help_pictures_are_made_anew() {
    let mails = SmtpServer::start();
    let app = TestServer::builder()
        .without_base_url()
        .with_mail(&mails.url())
        .start();
    let states = states(&app, &mails);
    let chrome = Chrome::start();
    let folder = project().join("static/help");
    std::fs::create_dir_all(&folder).unwrap();
    let (kari, editor) = (&states.kari.cookies, &states.editor.cookies);
    let check = format!("{}/check", states.draft);
    let edit = format!("{}/edit", states.draft);
    let phone = 390;
    let desk = 760;
    for (name, cookies, path, width, from) in [
        ("mine", kari, "/organizer/", phone, "h1"),
        ("form", kari, edit.as_str(), phone, "#event-form"),
        ("check", kari, check.as_str(), phone, "h1"),
        (
            "status",
            kari,
            states.published.as_str(),
            phone,
            "form:has(#notice)",
        ),
        ("queue", editor, "/editor/", desk, "h1"),
        ("review", editor, review(&states.edit).as_str(), desk, "h1"),
        (
            "ask",
            editor,
            review(&states.waiting).as_str(),
            desk,
            "details:has(button[value=ask])",
        ),
    ] {
        for (lang, prefix) in [("nb", ""), ("nn", "/nn"), ("en", "/en")] {
            chrome.take_cookies(app.address(), cookies);
            chrome.look(width, Scheme::Light);
            chrome.open(app.address().join(&format!("{prefix}{path}")).unwrap());
            chrome.run("for (const it of document.querySelectorAll('details:has(button[value=ask])')) it.open = true");
            let file = folder.join(format!("{lang}-{name}.webp"));
            std::fs::write(file, picture(&chrome, width, from)).unwrap();
        }
    }
}
