//! A person with a browser that keeps cookies and sends forms.

use std::collections::BTreeMap;

use reqwest::Method;
use reqwest::blocking::Client;
use reqwest::redirect::Policy;

use super::Answer;
use super::personas::BROWSER;
use super::smtp::SmtpServer;

/// A browser of one person.
pub struct Person {
    client: Client,
    /// `http://127.0.0.1:PORT`, to which requests go.
    server: String,
    /// Value of `Host`; empty for the server's own.
    host: String,
    /// Value of `Origin` with forms.
    pub origin: Option<String>,
    /// Further header fields.
    extra: Vec<(&'static str, String)>,
    pub cookies: BTreeMap<String, String>,
}

impl Person {
    /// Returns a browser on the server's machine.
    pub fn new(server: &str) -> Self {
        let server = server.trim_end_matches('/').to_owned();
        let client = Client::builder().no_proxy().redirect(Policy::none());
        // Uploads wait for their turn.
        let client = client.timeout(std::time::Duration::from_secs(600));
        let client = client.pool_max_idle_per_host(0).build().expect("a client");
        Self {
            client,
            origin: Some(server.clone()),
            server,
            host: String::new(),
            extra: Vec::new(),
            cookies: BTreeMap::new(),
        }
    }

    /// Returns a browser at an address of the internet, behind a proxy that speaks HTTPS for a host.
    pub fn behind_proxy(server: &str, host: &str, address: &str) -> Self {
        Self {
            host: host.to_owned(),
            origin: Some(format!("https://{host}")),
            extra: vec![("X-Real-IP", address.to_owned())],
            ..Self::new(server)
        }
    }

    fn send(&mut self, method: Method, path: &str, body: Option<(&str, Vec<u8>)>) -> Answer {
        let path = path.strip_prefix(&self.server).unwrap_or(path);
        let origin = self.origin.clone().unwrap_or_default();
        let path = path.strip_prefix(&origin).unwrap_or(path);
        assert!(path.starts_with('/'), "{path} is no path");
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.server));
        request = request.header("Accept", BROWSER);
        if !self.host.is_empty() {
            request = request.header("Host", &self.host);
        }
        for (name, value) in &self.extra {
            request = request.header(*name, value);
        }
        if !self.cookies.is_empty() {
            let pairs = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"));
            request = request.header("Cookie", pairs.collect::<Vec<_>>().join("; "));
        }
        if let Some((media_type, body)) = body {
            if let Some(origin) = &self.origin {
                request = request.header("Origin", origin);
            }
            request = request.header("Content-Type", media_type).body(body);
        }
        let answer = request
            .send()
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        for set in headers.get_all("Set-Cookie") {
            let set = set.to_str().unwrap();
            let (name, rest) = set.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if set.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = answer
            .bytes()
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        Answer {
            path: path.to_owned(),
            status,
            headers,
            body: body.to_vec(),
        }
    }

    /// Opens a page.
    pub fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None)
    }

    /// Sends a form.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        let form = "application/x-www-form-urlencoded";
        self.send(Method::POST, path, Some((form, body.finish().into_bytes())))
    }

    /// Opens a page and uploads a file by its form, as browsers do.
    #[track_caller]
    pub fn upload(&mut self, page: &str, name: &str, content: &[u8]) -> Answer {
        let disposition = format!("form-data; name=\"file\"; filename=\"{name}\"");
        self.upload_parts(page, &[(&disposition, content)])
    }

    /// Opens a page and sends its form to the same address, with these parts: their dispositions and contents.
    #[track_caller]
    pub fn upload_parts(&mut self, page: &str, parts: &[(&str, &[u8])]) -> Answer {
        let answer = self.get(page).ok();
        let hidden = hidden_fields(answer.text(), page);
        let mut body = Vec::new();
        for (field, value) in hidden {
            let part = format!(
                "--EnGrense\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
            );
            body.extend(part.into_bytes());
        }
        for (disposition, content) in parts {
            let head = format!("--EnGrense\r\nContent-Disposition: {disposition}\r\n");
            body.extend(head.into_bytes());
            if disposition.contains("filename=") {
                body.extend(b"Content-Type: image/jpeg\r\n");
            }
            body.extend(b"\r\n");
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--EnGrense--\r\n");
        let media_type = "multipart/form-data; boundary=EnGrense";
        self.send(Method::POST, page, Some((media_type, body)))
    }

    /// Opens a page and sends its form to `action` with the page's hidden fields and these.
    #[track_caller]
    pub fn fill(&mut self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.get(page).ok();
        let hidden = hidden_fields(answer.text(), action);
        let hidden = hidden
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let all: Vec<_> = hidden.chain(fields.iter().copied()).collect();
        self.post(action, &all)
    }

    /// Sends fields that were read from a page, as [`hidden_fields`] returns them.
    pub fn post_read(&mut self, path: &str, fields: &[(String, String)]) -> Answer {
        let fields = fields.iter();
        let fields = fields.map(|(name, value)| (name.as_str(), value.as_str()));
        self.post(path, &fields.collect::<Vec<_>>())
    }

    /// Asks for a code, up to the page that takes it.
    #[track_caller]
    pub fn ask_for_code(&mut self, email: &str) {
        let answer = self
            .fill("/login", "/login", &[("email", email)])
            .with_status(303);
        assert_eq!(answer.header("Location"), "/login/code");
    }

    /// Types a code.
    #[track_caller]
    pub fn type_code(&mut self, code: &str) -> Answer {
        self.fill("/login/code", "/login/code", &[("code", code)])
    }

    /// Signs in with the code from the mail.
    #[track_caller]
    pub fn sign_in(&mut self, mails: &SmtpServer, email: &str) {
        let before = mails.all().iter().filter(|mail| mail.to == email).count();
        self.ask_for_code(email);
        let code = mails.next_to(email, before).code();
        self.type_code(&code).with_status(303);
        assert!(self.is_signed_in(), "signed in as {email}");
    }

    /// Returns true if the account's page opens.
    pub fn is_signed_in(&mut self) -> bool {
        self.get("/account").status == 200
    }
}

/// Returns the hidden fields of the first form of a page that is sent to `action`.
#[track_caller]
pub fn hidden_fields(html: &str, action: &str) -> Vec<(String, String)> {
    let document = scraper::Html::parse_document(html);
    let form = format!("form[action=\"{action}\"]");
    let form = scraper::Selector::parse(&form).unwrap();
    let hidden = scraper::Selector::parse("input[type=hidden]").unwrap();
    let form = document.select(&form).next();
    let form = form.unwrap_or_else(|| panic!("no form to {action} in {html}"));
    let fields = form.select(&hidden).map(|select| {
        let value = |name: &str| select.value().attr(name).unwrap_or_default().to_owned();
        (value("name"), value("value"))
    });
    fields.collect()
}
