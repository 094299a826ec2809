//! A real browser, controlled over WebDriver. Its network access is limited to this machine.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use rocket::tokio::runtime::{Builder, Runtime};
use serde_json::{Value, json};
use tempfile::TempDir;
use url::{ParseError, Url};

/// Timeout for loading a page, on a busy machine.
const LONGEST_WAY: Duration = Duration::from_secs(30);

/// A browser window. On drop it closes and the driver ends.
pub struct Chrome {
    runtime: Runtime,
    client: Option<Client>,
    driver: Child,
    _profile: TempDir,
}

/// A color scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    Light,
    Dark,
}

/// A vendor-specific WebDriver command.
#[derive(Debug)]
struct Own {
    path: String,
    body: Value,
}

impl WebDriverCompatibleCommand for Own {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &Url) -> (reqwest::Method, Option<String>) {
        (reqwest::Method::POST, Some(self.body.to_string()))
    }
}

impl Chrome {
    /// Starts a browser with a blank page.
    #[track_caller]
    pub fn start() -> Self {
        let (driver, port) = start_driver();
        let profile = tempfile::tempdir().expect("a temporary folder");
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let client = runtime.block_on(async {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            let capabilities = capabilities(&profile);
            let Value::Object(capabilities) = capabilities else {
                unreachable!("capabilities are an object");
            };
            builder.capabilities(capabilities.into_iter().collect());
            let address = format!("http://127.0.0.1:{port}");
            builder.connect(&address).await
        });
        let client = client.unwrap_or_else(|error| panic!("chromium does not start: {error}"));
        Self {
            runtime,
            client: Some(client),
            driver,
            _profile: profile,
        }
    }

    fn client(&self) -> &Client {
        self.client
            .as_ref()
            .expect("the window is open until it is dropped")
    }

    fn own(&self, path: &str, body: Value) -> Value {
        let command = Own {
            path: path.to_owned(),
            body,
        };
        let answer = self.runtime.block_on(self.client().issue_cmd(command));
        answer.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Sends a command of the DevTools protocol.
    pub fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.own(
            "goog/cdp/execute",
            json!({ "cmd": command, "params": parameters }),
        )
    }

    /// Plugs an authenticator in that keeps passkeys and always finds its owner (W3C Web Authentication 11). Returns its
    /// id.
    pub fn plug_authenticator(&self) -> String {
        let kind = json!({
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": true,
            "hasUserVerification": true,
            "isUserConsenting": true,
            "isUserVerified": true,
        });
        let id = self.own("webauthn/authenticator", kind);
        id.as_str().expect("an id").to_owned()
    }

    /// Sets whether an authenticator finds its owner.
    pub fn set_owner_present(&self, authenticator: &str, is_present: bool) {
        let path = format!("webauthn/authenticator/{authenticator}/uv");
        self.own(&path, json!({ "isUserVerified": is_present }));
    }

    /// Opens an address and waits until it is loaded.
    #[track_caller]
    pub fn open(&self, url: impl fmt::Display) {
        let url = url.to_string();
        let opened = self.runtime.block_on(self.client().goto(&url));
        opened.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// Returns the current address.
    pub fn address(&self) -> Url {
        self.runtime
            .block_on(self.client().current_url())
            .expect("a page has an address")
    }

    /// Sets the screen width in CSS pixels, narrow ones being phones, and the color scheme.
    pub fn look(&self, width: u32, scheme: Scheme) {
        let phone = width < 800;
        let screen = json!({
            "width": width,
            "height": if phone { 800 } else { 900 },
            "deviceScaleFactor": 1,
            "mobile": phone,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", screen);
        let value = match scheme {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        };
        let feature = json!([{ "name": "prefers-color-scheme", "value": value }]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": feature }));
    }

    /// Runs a function body in the page. Returns its result.
    #[track_caller]
    pub fn run(&self, script: &str) -> Value {
        let found = self
            .runtime
            .block_on(self.client().execute(script, Vec::new()));
        found.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Types into the focused element.
    #[track_caller]
    pub fn press(&self, keys: &str) {
        let typed = self
            .runtime
            .block_on(async { self.client().active_element().await?.send_keys(keys).await });
        typed.unwrap_or_else(|error| panic!("{error}"));
    }

    /// Types into a form field.
    #[track_caller]
    pub fn type_into(&self, selector: &str, text: &str) {
        let typed = self.runtime.block_on(async {
            self.client()
                .find(Locator::Css(selector))
                .await?
                .send_keys(text)
                .await
        });
        typed.unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Clicks an element.
    #[track_caller]
    pub fn click(&self, selector: &str) {
        let clicked = self.runtime.block_on(async {
            self.client()
                .find(Locator::Css(selector))
                .await?
                .click()
                .await
        });
        clicked.unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Clicks a link and waits until the next page is loaded.
    #[track_caller]
    pub fn follow(&self, selector: &str) {
        self.leave(selector, || self.click(selector));
    }

    /// Does what leads to another page, and waits until that is loaded. `what` is for the message if none comes.
    #[track_caller]
    pub fn leave(&self, what: &str, act: impl FnOnce()) {
        self.run("window.stillHere = true");
        act();
        let arrived = "return document.readyState === 'complete' && !window.stillHere";
        self.until_run(arrived, what);
    }

    /// Waits until a function body returns true in the page. `what` is for the message if it does not.
    #[track_caller]
    pub fn until_run(&self, script: &str, what: &str) {
        let latest = Instant::now() + LONGEST_WAY;
        loop {
            // Fails while no page is loaded.
            let asked = self
                .runtime
                .block_on(self.client().execute(script, Vec::new()));
            if asked.is_ok_and(|answer| answer == true) {
                return;
            }
            let here = self.address();
            assert!(Instant::now() < latest, "{what}: not on {here}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Runs a function body with arguments, which calls its last one with the result. Returns the result.
    #[track_caller]
    pub fn run_async(&self, script: &str, arguments: Vec<Value>) -> Value {
        let found = self
            .runtime
            .block_on(self.client().execute_async(script, arguments));
        found.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Chooses an option of a `select` by its value.
    #[track_caller]
    pub fn select(&self, selector: &str, value: &str) {
        let chosen = self.runtime.block_on(async {
            let element = self.client().find(Locator::Css(selector)).await?;
            element.select_by_value(value).await
        });
        chosen.unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Runs no scripts of pages from now on.
    pub fn forbid_scripts(&self) {
        let off = json!({ "value": true });
        self.devtools("Emulation.setScriptExecutionDisabled", off);
    }

    /// Replaces all cookies by these of a server.
    pub fn take_cookies(&self, server: &Url, cookies: &BTreeMap<String, String>) {
        self.devtools("Network.clearBrowserCookies", json!({}));
        for (name, value) in cookies {
            let cookie = json!({ "name": name, "value": value, "url": server.as_str() });
            self.devtools("Network.setCookie", cookie);
        }
    }

    /// Returns the console's warnings and errors since the last call.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.own("se/log", json!({ "type": "browser" }));
        let lines = log.as_array().cloned().unwrap_or_default();
        lines
            .iter()
            .map(|line| line["message"].as_str().unwrap_or_default().to_owned())
            .collect()
    }
}

impl Drop for Chrome {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            // The browser may be gone already.
            let _ = self.runtime.block_on(client.close());
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Starts the driver on a free port, which it reports. It requires the same port for IPv4 and IPv6 and fails if
/// another program takes one, so it is retried.
fn start_driver() -> (Child, u16) {
    let mut said = String::new();
    for _ in 0..5 {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is there; tests/run installs it");
        let lines = BufReader::new(driver.stdout.take().expect("its output is piped")).lines();
        for line in lines.map_while(Result::ok) {
            let port = line.split_once("started successfully on port ");
            let port = port.and_then(|(_, rest)| rest.trim_end_matches('.').parse().ok());
            if let Some(port) = port {
                return (driver, port);
            }
            said = said + &line + "\n";
        }
        driver.wait().expect("it has ended");
    }
    panic!("chromedriver does not start: {said}");
}

fn capabilities(profile: &TempDir) -> Value {
    let mut flags = [
        "--headless=new",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--no-proxy-server",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-features=OptimizationHints,MediaRouter",
        // Requests to other hosts fail and are logged in the console.
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
    ]
    .map(str::to_owned)
    .to_vec();
    flags.push(format!("--user-data-dir={}", profile.path().display()));
    if runs_as_root() {
        // Chromium's sandbox does not work as root.
        flags.push("--no-sandbox".to_owned());
    }
    json!({
        "goog:chromeOptions": { "args": flags },
        "goog:loggingPrefs": { "browser": "WARNING" },
    })
}

fn runs_as_root() -> bool {
    let said = Command::new("id").arg("-u").output().expect("id is there");
    said.stdout.starts_with(b"0\n")
}
