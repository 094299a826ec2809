//! The pages in a real browser.

use serde_json::json;

use super::Realm;
use crate::support::axe;
use crate::support::chrome::Chrome;

/// Returns the findings of the page that is open, in every view.
fn findings(chrome: &Chrome) -> Vec<String> {
    let here = chrome.address();
    let mut found = Vec::new();
    for (width, scheme, colours) in axe::VIEWS {
        chrome.look(width, scheme);
        let of_view = axe::findings(chrome, colours).into_iter();
        found.extend(of_view.map(|finding| format!("{here} {width} {scheme:?}: {finding}")));
    }
    found
}

#[test]
fn a_browser_signs_in_through_the_provider_and_no_page_on_the_way_has_a_finding() {
    let realm = Realm::real("kommunen");
    let chrome = Chrome::start();
    axe::load(&chrome);
    let base = realm.app.address().clone();
    let at = |path: &str| format!("return location.href === '{}'", base.join(path).unwrap());
    let press = |path: &str, to: &str| {
        let button = format!("form[action='{path}'] button");
        chrome.click(&button);
        chrome.until_run(
            &format!("{} && document.readyState === 'complete'", at(to)),
            to,
        );
    };
    let mut found = Vec::new();
    chrome.open(base.join("/login").unwrap());
    found.extend(findings(&chrome));
    realm.tell_the_time();
    // The form, the page in between, the provider and back, all by the browser's own rules.
    press("/login/oidc/kommunen", "/login/link");
    found.extend(findings(&chrome));
    chrome.type_into("#email", "kari@example.org");
    chrome.follow("form[action='/login/link'] button");
    let code = realm.mails.next_to("kari@example.org", 0).code();
    chrome.type_into("#code", &code);
    chrome.follow("form[action='/login/code'] button");
    chrome.open(base.join("/account").unwrap());
    found.extend(findings(&chrome));
    let page = chrome.run("return document.body.innerText");
    assert!(
        page.as_str().unwrap().contains("Innlogging i kommunen"),
        "{page}"
    );
    // Out, by way of the provider, whose page asks.
    chrome.click("form[action='/logout'] button");
    let there = format!(
        "return location.href.startsWith('{}')",
        realm.provider.issuer()
    );
    chrome.until_run(&there, "the provider");
    chrome.open(base.join("/account").unwrap());
    assert!(chrome.address().path().starts_with("/login"));
    // And a page with a message.
    realm
        .provider
        .control(&json!({ "login": { "error": "access_denied" } }));
    realm.tell_the_time();
    chrome.devtools("Network.clearBrowserCookies", json!({}));
    chrome.open(base.join("/login").unwrap());
    chrome.click("form[action='/login/oidc/kommunen'] button");
    let message =
        "return document.title.startsWith('Feil: ') && document.readyState === 'complete'";
    chrome.until_run(message, "the message");
    found.extend(findings(&chrome));
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}
