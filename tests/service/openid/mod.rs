//! Signing in with OpenID Connect, at a real provider and at one that forges tokens.

mod account;
mod attacks;
mod logout;
mod pages;
mod races;
mod settings;
mod sign_in;

use chrono::Utc;
use elverum_calendar::config::LoginConfig;
use serde_json::{Value, json};
use url::Url;

use crate::support::openid::{OpenIdServer, ProviderBrowser, SECRET, private_key, public_key};
use crate::support::person::Person;
use crate::support::smtp::SmtpServer;
use crate::support::{Answer, TestServer};

/// A calendar and a provider that know each other.
pub struct Realm {
    pub app: TestServer,
    pub provider: OpenIdServer,
    pub mails: SmtpServer,
    pub id: &'static str,
}

/// Returns the settings of providers: id, issuer, and levels of assurance.
pub fn settings(providers: &[(&str, String, &[&str])]) -> LoginConfig {
    let all = providers.iter().map(|(id, issuer, levels)| {
        json!({
            "id": id, "name": format!("Innlogging i {id}"), "issuer": issuer, "client_id": "calendar",
            "acr_values": levels,
        })
    });
    serde_json::from_value(json!({ "oidc": all.collect::<Vec<_>>() })).unwrap()
}

impl Realm {
    fn new(id: &'static str, provider: OpenIdServer, levels: &[&str], can_mail: bool) -> Self {
        let mails = SmtpServer::start();
        let login = settings(&[(id, provider.issuer(), levels)]);
        let mut builder = TestServer::builder().with_empty_region().with_login(login);
        if can_mail {
            builder = builder.with_mail(&mails.url());
        }
        let app = builder.start();
        let realm = Self {
            app,
            provider,
            mails,
            id,
        };
        realm.tell_the_time();
        realm
    }

    /// A real provider that knows the calendar by a secret (`kommunen`) or a key (`fylket`: RSA, `staten`: P-256).
    pub fn real(id: &'static str) -> Self {
        Self::with_settings(id, json!({}), true)
    }

    fn with_settings(id: &'static str, more: Value, can_mail: bool) -> Self {
        let realm = Self::new(
            id,
            OpenIdServer::provider(),
            &["high", "substantial"],
            can_mail,
        );
        let base = realm
            .app
            .address()
            .as_str()
            .trim_end_matches('/')
            .to_owned();
        let mut client = json!({
            "client_id": "calendar",
            "redirect_uris": [format!("{base}/login/oidc/{id}/callback")],
            "backchannel_logout_uri": format!("{base}/login/oidc/{id}/backchannel-logout"),
            "backchannel_logout_session_required": true,
            "post_logout_redirect_uris": [format!("{base}/")],
        });
        let known_by = match id {
            "kommunen" => json!({
                "client_secret": SECRET,
                "token_endpoint_auth_method": "client_secret_basic",
            }),
            _ => json!({
                "key": public_key(private_key(id == "fylket")),
                "token_endpoint_auth_method": "private_key_jwt",
                "id_token_signed_response_alg": if id == "fylket" { "PS256" } else { "ES256" },
                "require_pushed_authorization_requests": true,
            }),
        };
        let known_by = known_by.as_object().unwrap().clone();
        client.as_object_mut().unwrap().extend(known_by);
        let mut settings = json!({ "clients": [client], "email": "somebody@example.org" });
        settings
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        realm.provider.control(&json!({ "settings": settings }));
        realm
    }

    /// The provider that forges tokens, `falsk`.
    pub fn forged() -> Self {
        Self::new("falsk", OpenIdServer::forger(), &["high"], true)
    }

    /// Sets the calendar's clock to that of the provider, which is the machine's.
    pub fn tell_the_time(&self) {
        self.app.wait(Utc::now() - self.app.now());
    }

    pub fn person(&self) -> Person {
        Person::new(self.app.address().as_str())
    }

    fn action(&self) -> String {
        format!("/login/oidc/{}", self.id)
    }

    /// Presses the button of the sign-in page. Returns where it leads.
    #[track_caller]
    pub fn depart(&self, person: &mut Person) -> Url {
        self.tell_the_time();
        let action = self.action();
        leads_to(&person.fill("/login", &action, &[]).ok())
    }

    /// Signs in at the provider and comes back. Returns the calendar's answer.
    #[track_caller]
    pub fn arrive(&self, person: &mut Person, browser: &mut ProviderBrowser) -> Answer {
        let url = self.depart(person);
        let back = browser.sign_in(&url);
        person.get(back.as_str())
    }

    /// Signs in at the provider for the first time, and proves an address by a code.
    #[track_caller]
    pub fn join(&self, person: &mut Person, browser: &mut ProviderBrowser, email: &str) {
        let answer = self.arrive(person, browser).with_status(303);
        assert_eq!(answer.header("Location"), "/login/link");
        let before = self
            .mails
            .all()
            .iter()
            .filter(|mail| mail.to == email)
            .count();
        let asked = person.fill("/login/link", "/login/link", &[("email", email)]);
        assert_eq!(asked.with_status(303).header("Location"), "/login/code");
        let code = self.mails.next_to(email, before).code();
        person.type_code(&code).with_status(303);
        assert!(person.is_signed_in());
    }

    /// Tells the provider who signs in next.
    pub fn next_is(&self, account: &str) {
        let login = json!({ "accountId": account, "acr": "high" });
        self.provider.control(&json!({ "login": login }));
    }

    /// Returns the account with an address.
    pub fn account(&self, email: &str) -> Option<calendar_domain::Account> {
        let email = email.parse().unwrap();
        let found = elverum_calendar::login::accounts::with_email(self.app.calendar(), &email);
        found.unwrap().map(|(account, _)| account)
    }
}

/// Returns the address to which a page leads by itself.
#[track_caller]
pub fn leads_to(answer: &Answer) -> Url {
    let refresh = answer.header("Refresh");
    let url = refresh
        .strip_prefix("0;url=")
        .unwrap_or_else(|| panic!("{refresh}"));
    url.parse().unwrap()
}
