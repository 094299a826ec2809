//! OpenID providers on this machine (`tests/openid`): a real one, and one that forges tokens.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use reqwest::blocking::{Client, Response};
use reqwest::redirect::Policy;
use serde_json::Value;
use url::Url;

use super::readers::{project, tool};

/// The client secret at all providers, with characters that `client_secret_basic` encodes.
pub const SECRET: &str = "hemmelig & +%: en lang og god hemmelighet";

/// A provider, stopped on drop.
pub struct OpenIdServer {
    process: Child,
    port: u16,
    client: Client,
}

impl OpenIdServer {
    /// Starts npm's `oidc-provider`.
    pub fn provider() -> Self {
        Self::start("provider.mjs")
    }

    /// Starts the one that forges tokens.
    pub fn forger() -> Self {
        Self::start("forger.mjs")
    }

    fn start(script: &str) -> Self {
        elverum_calendar::http::choose_cryptography();
        let mut process = Command::new("node")
            .arg(project().join("tests/openid").join(script))
            .arg(tool("openid"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node is there; tests/run installs it");
        let mut lines = BufReader::new(process.stdout.take().expect("its output is piped"));
        let mut first = String::new();
        lines.read_line(&mut first).expect("its output can be read");
        Self {
            process,
            port: first.trim().parse().expect("the first line is the port"),
            client: client(),
        }
    }

    /// Returns the issuer.
    pub fn issuer(&self) -> String {
        format!("http://{}", self.host())
    }

    /// Returns host and port.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Tells it what to do. Returns its answer: the requests so far.
    #[track_caller]
    pub fn control(&self, command: &Value) -> Value {
        let request = self.client.post(format!("{}/control", self.issuer()));
        let answer = request.body(command.to_string()).send().expect("it runs");
        assert!(answer.status().is_success(), "{command}");
        serde_json::from_str(&answer.text().unwrap()).unwrap()
    }

    /// Stops it for good.
    pub fn stop(&mut self) {
        // Both fail if it has already exited.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for OpenIdServer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn client() -> Client {
    let client = Client::builder().no_proxy().redirect(Policy::none());
    let client = client.pool_max_idle_per_host(0);
    client.build().expect("a client")
}

/// A browser at a provider, which keeps the cookies of its session there.
pub struct ProviderBrowser {
    client: Client,
    cookies: BTreeMap<String, String>,
}

impl ProviderBrowser {
    pub fn new() -> Self {
        Self {
            client: client(),
            cookies: BTreeMap::new(),
        }
    }

    fn send(&mut self, url: &Url, form: Option<&[(String, String)]>) -> Response {
        let mut request = match form {
            None => self.client.get(url.clone()),
            Some(fields) => {
                let mut body = url::form_urlencoded::Serializer::new(String::new());
                body.extend_pairs(fields);
                let media_type = "application/x-www-form-urlencoded";
                let request = self.client.post(url.clone()).body(body.finish());
                request.header("Content-Type", media_type)
            }
        };
        let pairs = self.cookies.iter();
        let pairs: Vec<_> = pairs
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        request = request.header("Cookie", pairs.join("; "));
        let answer = request
            .send()
            .unwrap_or_else(|error| panic!("{url}: {error}"));
        for set in answer.headers().get_all("Set-Cookie") {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    /// Follows redirects from an address at the provider until one leads to another site. Returns that address.
    #[track_caller]
    pub fn sign_in(&mut self, url: &Url) -> Url {
        let mut here = url.clone();
        for _ in 0..10 {
            let answer = self.send(&here, None);
            let to = answer.headers().get("Location").cloned();
            let Some(to) = to else {
                panic!("{here}: {} {}", answer.status(), answer.text().unwrap())
            };
            let to = here.join(to.to_str().unwrap()).unwrap();
            if to.origin() != url.origin() {
                return to;
            }
            here = to;
        }
        panic!("too many redirects from {url}")
    }

    /// Signs out at the provider, whose page asks whether it should. Returns the address to which that leads.
    #[track_caller]
    pub fn sign_out(&mut self, url: &Url) -> String {
        let page = self.send(url, None);
        assert!(page.status().is_success(), "{url}: {}", page.status());
        let page = page.text().unwrap();
        let action = page.split("action=\"").nth(1).unwrap();
        let action = url.join(action.split('"').next().unwrap()).unwrap();
        let secret = page.split("name=\"xsrf\" value=\"").nth(1).unwrap();
        let secret = secret.split('"').next().unwrap();
        let fields = [("xsrf", secret), ("logout", "yes")];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let answer = self.send(&action, Some(&fields));
        let to = answer.headers().get("Location");
        let to = to.map(|to| to.to_str().unwrap().to_owned());
        to.unwrap_or_else(|| panic!("{}", answer.status()))
    }
}

/// Returns a private key, made once: RSA, or of the curve P-256.
pub fn private_key(is_rsa: bool) -> &'static str {
    static KEYS: [OnceLock<String>; 2] = [OnceLock::new(), OnceLock::new()];
    KEYS[usize::from(is_rsa)].get_or_init(|| {
        let kind: [&str; 4] = if is_rsa {
            ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
        } else {
            ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
        };
        let made = Command::new("openssl").arg("genpkey").args(kind).output();
        String::from_utf8(made.expect("openssl is there").stdout).unwrap()
    })
}

/// Returns the public key of a private one, as PEM.
pub fn public_key(private: &str) -> String {
    let mut openssl = Command::new("openssl")
        .args(["pkey", "-pubout"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("openssl is there");
    let mut input = openssl.stdin.take().expect("its input is piped");
    input.write_all(private.as_bytes()).unwrap();
    drop(input);
    String::from_utf8(openssl.wait_with_output().unwrap().stdout).unwrap()
}

/// Returns the environment variables of the providers of tests.
pub fn variable(name: &str) -> Option<String> {
    match name {
        "CALENDAR_OIDC_KOMMUNEN_SECRET" | "CALENDAR_OIDC_FALSK_SECRET" => Some(SECRET.to_owned()),
        "CALENDAR_OIDC_FYLKET_KEY" => Some(private_key(true).to_owned()),
        "CALENDAR_OIDC_STATEN_KEY" => Some(private_key(false).to_owned()),
        _ => None,
    }
}
