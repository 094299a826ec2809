//! Passkeys in a real browser with the virtual authenticator of WebDriver.

use serde_json::{Value, json};

use super::{KARI, app, localhost, signed_in};
use crate::browser::MEASURE;
use crate::support::TestServer;
use crate::support::axe;
use crate::support::chrome::{Chrome, Scheme};
use crate::support::person::Person;
use crate::support::smtp::SmtpServer;

const OFFER: &str = "section.passkey-offer";

/// Keeps the last body that the page sends, beyond the page.
const CAPTURE: &str = "
    const send = window.fetch;
    window.fetch = (url, options) => {
        sessionStorage.setItem('captured', String(options.body));
        return send(url, options);
    };
";

fn open(chrome: &Chrome, app: &TestServer, path: &str) {
    chrome.open(format!("{}{path}", localhost(app)));
}

fn sign_in_as(chrome: &Chrome, app: &TestServer, person: &Person) {
    let server = localhost(app).parse().unwrap();
    chrome.take_cookies(&server, &person.cookies);
}

/// Waits until an element is shown.
#[track_caller]
fn until_shown(chrome: &Chrome, selector: &str) {
    let script = format!("return document.querySelector('{selector}')?.offsetHeight > 0");
    chrome.until_run(&script, selector);
}

/// Waits until the text beside the button of a form says something.
#[track_caller]
fn until_said(chrome: &Chrome, text: &str) {
    let script = format!(
        "return document.querySelector('[data-passkey-message]').textContent.includes('{text}')"
    );
    chrome.until_run(&script, text);
}

#[track_caller]
fn sign_out(chrome: &Chrome, app: &TestServer) {
    open(chrome, app, "/account");
    chrome.follow("form[action='/logout'] button");
    open(chrome, app, "/login");
    until_shown(chrome, "form[data-passkey=get]");
}

/// Checks the page that is open in every width and colour scheme.
#[track_caller]
fn has_no_findings(chrome: &Chrome, page: &str) {
    for (width, scheme, colours) in axe::VIEWS {
        chrome.look(width, scheme);
        let found = axe::findings(chrome, colours);
        assert!(
            found.is_empty(),
            "{page} at {width}, {scheme:?}: {}",
            found.join("\n")
        );
        let seen = chrome.run(MEASURE);
        let is_wide = seen["scroll"].as_u64() > Some(width.into());
        assert!(!is_wide, "{page} at {width}: {:#}", seen["out"]);
    }
    chrome.look(390, Scheme::Light);
}

#[test]
fn a_passkey_is_made_used_named_and_revoked_in_the_browser() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let chrome = Chrome::start();
    axe::load(&chrome);
    chrome.look(390, Scheme::Light);
    let authenticator = chrome.plug_authenticator();
    let _ = signed_in(&app, &mails, KARI);
    sign_in_as(&chrome, &app, &signed_in(&app, &mails, KARI));

    open(&chrome, &app, "/organizer/");
    until_shown(&chrome, OFFER);
    has_no_findings(&chrome, "the offer");
    chrome.set_owner_present(&authenticator, false);
    chrome.click(&format!("{OFFER} form[data-passkey] button"));
    until_said(&chrome, "Kanskje du avbrøt");
    chrome.set_owner_present(&authenticator, true);
    chrome.follow(&format!("{OFFER} form[data-passkey] button"));
    let here = chrome.address();
    assert_eq!(here.path(), "/account");
    let focused = chrome.run(
        "const it = document.activeElement; return [it.name, it.value, '#' + it.id, location.hash]",
    );
    assert_eq!(focused[0], "name");
    assert!(
        focused[1].as_str().unwrap().starts_with("Chrome på "),
        "{focused}"
    );
    assert_eq!(focused[2], focused[3]);
    // The same device makes no second one.
    until_shown(&chrome, "form[data-passkey=create]");
    chrome.click("form[data-passkey=create] button");
    until_said(&chrome, "allerede en passnøkkel");
    has_no_findings(&chrome, "/account with a passkey and an error");
    chrome.run("document.querySelector('.passkeys input[name=name]').value = 'Telefonen min'");
    chrome.follow("form[action='/account/passkeys/name'] button");
    let names =
        "return [...document.querySelectorAll('.passkeys input[name=name]')].map(it => it.value)";
    assert_eq!(chrome.run(names), json!(["Telefonen min"]));

    sign_out(&chrome, &app);
    has_no_findings(&chrome, "/login");
    chrome.run(CAPTURE);
    chrome.follow("form[data-passkey=get] button");
    assert_eq!(chrome.address().path(), "/organizer/");
    let text = chrome.run("return document.body.innerText");
    assert!(
        !text.as_str().unwrap().contains("raskere neste gang"),
        "no offer with a passkey"
    );
    // What was sent is of no use again.
    let replay = "
        const done = arguments[arguments.length - 1];
        const body = new URLSearchParams(sessionStorage.getItem('captured'));
        fetch('/login/passkey', { method: 'POST', body }).then((it) => done([it.status, body.has('signature')]));
    ";
    assert_eq!(chrome.run_async(replay, Vec::new()), json!([403, true]));

    open(&chrome, &app, "/account");
    chrome.follow("form[action='/account/passkeys/remove'] button");
    assert_eq!(chrome.run(names), Value::Array(Vec::new()));
    assert_eq!(
        chrome.address().path(),
        "/login",
        "the session that began with it has ended"
    );
    chrome.click("form[data-passkey=get] button");
    until_said(&chrome, "ikke kjent her");
    has_no_findings(&chrome, "/login with an error");
    open(&chrome, &app, "/account");
    assert_eq!(chrome.address().path(), "/login", "nobody is signed in");
}

#[test]
fn without_scripts_or_passkeys_nothing_of_them_is_shown_and_mail_works() {
    let mails = SmtpServer::start();
    let app = app(&mails);
    let chrome = Chrome::start();
    chrome.devtools(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": "delete window.PublicKeyCredential" }),
    );
    let _ = signed_in(&app, &mails, KARI);
    let kari = signed_in(&app, &mails, KARI);
    let shown = || {
        open(&chrome, &app, "/login");
        let parts = "return [...document.querySelectorAll('[data-passkey-part]')]\
            .filter((it) => it.offsetHeight > 0).length";
        let on_login = chrome.run(parts);
        sign_in_as(&chrome, &app, &kari);
        open(&chrome, &app, "/organizer/");
        let on_first_page = chrome.run(parts);
        open(&chrome, &app, "/account");
        let said = "return document.querySelector('[data-without-passkeys]').offsetHeight > 0";
        let account = (chrome.run(parts), chrome.run(said));
        chrome.devtools("Network.clearBrowserCookies", json!({}));
        (on_login, on_first_page, account)
    };
    let nothing = (json!(0), json!(0), (json!(0), json!(true)));
    assert_eq!(shown(), nothing);
    chrome.forbid_scripts();
    assert_eq!(shown(), nothing);
    open(&chrome, &app, "/login");
    chrome.type_into("#email", KARI);
    chrome.click("form[action='/login'] button");
    let before = mails.wait_for(KARI, 3).len();
    assert_eq!(before, 3, "the code is on its way");
}
