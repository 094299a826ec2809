//! The page that writes the code, by keyboard alone and without scripts; and the code, pasted.

use serde_json::json;

use super::host::HostSite;
use super::{code, origin, pinned, server};
use crate::browser::{FOCUS, MEASURE};
use crate::support::TestServer;
use crate::support::axe;
use crate::support::chrome::{Chrome, Scheme};
use crate::support::readers::tool;

const SPACE: &str = " ";
const RIGHT: &str = "\u{e014}";
const ENTER: &str = "\u{e007}";

/// Returns whether the focus is visible on an element of the preview.
const RING_WITHIN: &str = "
    const inside = document.activeElement.shadowRoot?.activeElement;
    return !!inside && getComputedStyle(inside).outlineStyle !== 'none';
";

fn open(app: &TestServer, chrome: &Chrome, path: &str) {
    chrome.open(format!("{}{path}", origin(app)));
}

/// Presses Tab. WebDriver's own keys would become the value of a field for a color.
fn tab(chrome: &Chrome) {
    for kind in ["keyDown", "keyUp"] {
        let key = json!({ "type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9 });
        chrome.devtools("Input.dispatchKeyEvent", key);
    }
}

/// Presses Tab until a field has the focus, which has to be visible all the way.
#[track_caller]
fn tab_to(chrome: &Chrome, selector: &str) {
    for _ in 0..120 {
        if chrome.run(&format!(
            "return document.activeElement.matches({})",
            json!(selector)
        )) == true
        {
            return;
        }
        tab(chrome);
        // In the preview, the ring is round the link within.
        let within = chrome.run(RING_WITHIN);
        let focus = chrome.run(FOCUS);
        assert!(
            focus.is_null() || focus["ring"] == true || within == true,
            "{focus:#}"
        );
    }
    panic!("the keyboard does not reach {selector}");
}

#[test]
fn the_code_is_made_by_keyboard_alone_and_shows_the_selection_when_pasted() {
    let app = server();
    let chrome = Chrome::start();
    chrome.look(1280, Scheme::Light);
    open(&app, &chrome, "/embed");
    let root = "const root = document.querySelector('elverum-events').shadowRoot;";
    chrome.until_run(
        &format!("{root} return !!root && !!root.querySelector('.title')"),
        "the preview shows events",
    );
    tab_to(&chrome, "[name=category][value=music]");
    chrome.press(SPACE);
    // The arrows choose one of several.
    tab_to(&chrome, "[name=layout][value=list]");
    chrome.press(RIGHT);
    tab_to(&chrome, "[name=accent]");
    chrome.press("#7a0019");
    let ready = "const area = document.getElementById('html'); return area.value.includes('category=music') \
                 && area.value.includes('layout=\"cards\"') && area.value.includes('accent=\"7a0019\"')";
    chrome.until_run(ready, "the code follows the choices");
    chrome.until_run(
        &format!("{root} return root.querySelectorAll('.card').length === 3"),
        "so does the preview",
    );
    let address = chrome.address();
    assert!(
        address.query().unwrap().contains("category=music"),
        "{address}"
    );
    tab_to(&chrome, "[data-copy=html]");
    chrome.press(ENTER);
    chrome.until_run(
        "return document.querySelector('.copy-state').textContent !== ''",
        "copying is confirmed",
    );
    let shown = chrome.run("return document.getElementById('html').value");
    // Sending the form gives the same code without scripts.
    let path = format!("{}?{}", address.path(), address.query().unwrap());
    let sent = code(&app, &path, "html");
    assert_eq!(shown.as_str().unwrap().trim(), sent.trim());
    let complaints = chrome.complaints();
    assert!(complaints.is_empty(), "{complaints:#?}");
    paste(&app, &chrome, &sent);
}

/// Opens a page of another site with the code, and waits for the events.
#[track_caller]
fn paste(app: &TestServer, chrome: &Chrome, code: &str) {
    let site = HostSite::start();
    let own = origin(app);
    let policy = format!(
        "default-src 'none'; script-src {own}; connect-src {own}; frame-src {own}; style-src 'self' 'unsafe-inline'; img-src data:"
    );
    let page = site.add_page("/side", &policy, "", code);
    chrome.open(page);
    chrome.until_run(
        "const root = document.querySelector('elverum-events').shadowRoot; \
         return !!root && [...root.querySelectorAll('.title')].some((it) => it.innerText === 'Jazz på fredag')",
        "the pasted code shows events",
    );
    let complaints = chrome.complaints();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn the_code_for_wordpress_and_frames_works_when_pasted() {
    let app = server();
    let chrome = Chrome::start();
    chrome.look(900, Scheme::Light);
    let path = "/embed?category=music&lang=nb";
    let wordpress = code(&app, path, "wordpress");
    assert!(
        wordpress.starts_with("<!-- wp:html -->\n") && wordpress.ends_with("<!-- /wp:html -->")
    );
    paste(&app, &chrome, &wordpress);
    let site = HostSite::start();
    let policy = format!(
        "default-src 'none'; script-src {0}; frame-src {0}; style-src 'self' 'unsafe-inline'; img-src data:",
        origin(&app)
    );
    let page = site.add_page("/side", &policy, "", &code(&app, path, "iframe"));
    chrome.open(page);
    chrome.until_run(
        "const height = document.querySelector('iframe').style.height; return height !== '' && height !== '700px'",
        "the frame is as high as its events",
    );
}

#[test]
fn the_code_for_react_works_in_a_page_of_react() {
    let app = server();
    let chrome = Chrome::start();
    chrome.look(900, Scheme::Light);
    let react = code(&app, "/embed?category=music&lang=nb", "react");
    let modules = tool("node/node_modules");
    let compiled = compile_jsx(&react, &modules);
    let site = HostSite::start();
    let read = |name: &str| std::fs::read_to_string(modules.join(name)).unwrap();
    site.add_file(
        "/react.js",
        "text/javascript",
        &as_module(&read("react/cjs/react.production.js"), &[]),
    );
    site.add_file(
        "/scheduler.js",
        "text/javascript",
        &as_module(&read("scheduler/cjs/scheduler.production.js"), &[]),
    );
    let needs = [("react", "/react.js"), ("scheduler", "/scheduler.js")];
    site.add_file(
        "/react-dom.js",
        "text/javascript",
        &as_module(&read("react-dom/cjs/react-dom.production.js"), &needs),
    );
    let needs = [
        ("react", "/react.js"),
        ("scheduler", "/scheduler.js"),
        ("react-dom", "/react-dom.js"),
    ];
    site.add_file(
        "/client.js",
        "text/javascript",
        &as_module(
            &read("react-dom/cjs/react-dom-client.production.js"),
            &needs,
        ),
    );
    let names = "\nconst { useEffect } = React;\n";
    let component = compiled.replace("import { useEffect } from \"react\";", "");
    site.add_file(
        "/app.js",
        "text/javascript",
        &format!("import React from \"/react.js\"; import client from \"/client.js\";{names}{component}\nclient.createRoot(document.getElementById(\"app\")).render(React.createElement(ElverumEvents));\n"),
    );
    let policy = format!(
        "default-src 'none'; script-src 'self' {0}; connect-src {0}; style-src 'self'; img-src data:",
        origin(&app)
    );
    let page = site.add_page(
        "/side",
        &policy,
        "",
        "<div id=\"app\"></div><script type=\"module\" src=\"/app.js\"></script>",
    );
    chrome.open(page);
    chrome.until_run(
        "const root = document.querySelector('elverum-events')?.shadowRoot; \
         return !!root && [...root.querySelectorAll('.title')].some((it) => it.innerText === 'Jazz på fredag')",
        "the component of React shows events",
    );
    let (src, _) = pinned(&app);
    assert!(
        chrome.run(&format!(
            "return [...document.scripts].some((it) => it.src === {})",
            json!(src)
        )) == true
    );
}

/// Returns a CommonJS module as one for browsers, with what it requires at other addresses.
fn as_module(source: &str, needs: &[(&str, &str)]) -> String {
    let imports = needs.iter().enumerate();
    let imports: String = imports
        .map(|(at, (_, url))| format!("import m{at} from \"{url}\";\n"))
        .collect();
    let known = needs.iter().enumerate();
    let known: String = known
        .map(|(at, (name, _))| format!("{}: m{at}, ", json!(name)))
        .collect();
    format!(
        "{imports}const exports = {{}}, module = {{ exports }}, process = {{ env: {{ NODE_ENV: \"production\" }} }};\n\
         const require = (name) => ({{ {known} }})[name];\n{source}\nexport default module.exports;\n"
    )
}

/// Compiles JSX as React's tools do.
fn compile_jsx(source: &str, modules: &std::path::Path) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("events.jsx"), source).unwrap();
    let ended = std::process::Command::new("node")
        .arg(modules.join("typescript/bin/tsc"))
        .args([
            "events.jsx",
            "--allowJs",
            "--jsx",
            "react",
            "--target",
            "es2022",
            "--module",
            "esnext",
        ])
        .args(["--outDir", "out", "--noCheck", "--ignoreConfig"])
        .current_dir(folder.path())
        .output()
        .expect("node is there");
    let made = std::fs::read_to_string(folder.path().join("out/events.js"));
    made.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&ended.stdout)))
}

#[test]
fn without_scripts_the_form_gives_code_and_a_preview() {
    let app = server();
    let chrome = Chrome::start();
    chrome.look(390, Scheme::Light);
    chrome.forbid_scripts();
    open(&app, &chrome, "/en/embed");
    chrome.click("[name=category][value=music]");
    chrome.follow("#choices .send button");
    let code = chrome.run("return document.getElementById('html').textContent");
    let code = code.as_str().unwrap();
    assert!(
        code.contains("filter=\"category=music\"") && code.contains("lang=\"en\""),
        "{code}"
    );
    assert_eq!(
        chrome.run("return document.querySelector('[data-copy]').hidden"),
        true
    );
    let frame = chrome.run("return document.querySelector('.preview iframe').src");
    assert_eq!(
        frame,
        format!("{}/embed/list?category=music&lang=en", origin(&app))
    );
}

#[test]
fn the_page_says_what_is_wrong_and_warns_of_colors_that_are_hard_to_read() {
    let app = server();
    let page = app.visitor().get("/embed?limit=0&lang=nb").ok();
    assert!(page.text().contains("Skriv et helt tall fra 1 til 100."));
    let page = app
        .visitor()
        .get("/embed?text=888888&background=999999&lang=nb")
        .ok();
    assert!(
        page.text()
            .contains("for liten kontrast mellom tekst og bakgrunn (1,2:1)"),
        "{}",
        page.text()
    );
    let page = app
        .visitor()
        .get("/embed?text=000&background=fff&lang=nb")
        .ok();
    assert!(!page.text().contains("kontrast"));
}

#[test]
fn the_page_is_without_findings_by_day_and_night_on_phone_and_desk() {
    let app = server();
    let chrome = Chrome::start();
    axe::load(&chrome);
    for page in [
        "/embed",
        "/en/embed?layout=month&text=888&background=999",
        "/embed?limit=0",
    ] {
        for (width, scheme, colours) in axe::VIEWS {
            chrome.look(width, scheme);
            open(&app, &chrome, page);
            chrome.until_run("const root = document.querySelector('elverum-events').shadowRoot; return !!root && !!root.querySelector('.all')", "the preview is there");
            let place = format!("{page} at {width}, {scheme:?}");
            // The preview of bad colors is bad, which the page says.
            let found = axe::findings(&chrome, colours).into_iter();
            let found: Vec<String> = found
                .filter(|text| !page.contains("888") || !text.contains("contrast"))
                .collect();
            assert!(found.is_empty(), "{place}: {}", found.join("\n"));
            let seen = chrome.run(MEASURE);
            assert!(
                seen["scroll"].as_u64() <= Some(width.into()),
                "{place}: {seen:#}"
            );
        }
    }
    let complaints = chrome.complaints();
    assert!(complaints.is_empty(), "{complaints:#?}");
}
