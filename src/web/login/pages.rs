//! The pages of signing in, as finished texts and addresses.

use askama::Template;

use crate::login::{FormToken, OpenSession};
use crate::web::pages::{AccountBar, Layout, NavLink, PageContext, Paths, Section};
use calendar_domain::EditorScope;
use calendar_language::{Words, Year};

use super::SignedIn;
use super::oidc::{LinkedIdentity, ProviderButton};

/// Key of the sentence about cookies on pages that use one.
const PRIVACY: &str = "footer-privacy-signed-in";

/// Returns the path of a page of signing in, in the language of `paths`.
#[must_use]
pub fn page_path(paths: Paths, rest: &str) -> String {
    let start = paths.agenda();
    format!("{}{rest}", start.trim_end_matches('/'))
}

/// Returns the layout of a page. The title of a page with an error begins with «Feil:».
pub(super) fn layout(context: &PageContext, title: &str, rest: &str, has_error: bool) -> Layout {
    let title = context.words.say(title);
    let title = if has_error {
        let values = [("title", title.as_ref())];
        context.words.say_with("form-error-title", &values)
    } else {
        title.into_owned()
    };
    named_layout(context, title, rest)
}

/// Returns the layout of a page with a finished title.
pub(super) fn named_layout(context: &PageContext, title: String, rest: &str) -> Layout {
    let mut layout = context.layout(Section::Other, title, page_path(context.paths, rest));
    layout.indexed = false;
    layout.privacy = PRIVACY;
    layout
}

/// Returns the layout of a page for a person who is signed in. `rest` is its path without the language.
#[must_use]
pub fn personal_layout(
    context: &PageContext,
    person: &SignedIn,
    title: impl Into<String>,
    rest: &str,
) -> Layout {
    let own = page_path(context.paths, rest);
    let link = |label: &str, rest: &str| {
        let url = page_path(context.paths, rest);
        NavLink {
            label: context.words.say(label).into_owned(),
            current: if url == own {
                " aria-current=\"page\""
            } else {
                ""
            },
            url,
        }
    };
    let mut links = vec![
        link("work-mine", "/organizer/"),
        link("organisations-heading", "/organizer/organisations"),
    ];
    if person.account.editor.is_some() {
        links.push(link("work-editor", "/editor/"));
    }
    links.push(link("account-heading", "/account"));
    links.push(if rest.starts_with("/editor") {
        link("help-link", "/editor/help")
    } else {
        link("help-link", "/organizer/help")
    });
    let warning = person.account.bounce.as_ref().map(|bounce| {
        let day = bounce.at.with_timezone(&context.zone()).date_naive();
        let values = [
            ("email", person.account.email.to_string()),
            ("date", context.words.date(day, Year::Said)),
            ("reason", bounce.reason.clone()),
        ];
        context.words.say_with("account-bounced", &values)
    });
    let account = AccountBar {
        warning: warning.unwrap_or_default(),
        links,
        logout: page_path(context.paths, "/logout"),
        token: person.token.as_str().to_owned(),
    };
    let mut layout = context.layout(Section::Other, title, own);
    layout.indexed = false;
    layout.privacy = PRIVACY;
    layout.account = Some(account);
    layout
}

/// The page that asks for a mail address.
#[derive(Debug, Template)]
#[template(path = "login/sign_in.html")]
pub(super) struct SignInPage {
    pub(super) layout: Layout,
    pub(super) heading: String,
    pub(super) lead: String,
    pub(super) action: String,
    pub(super) token: String,
    /// What was typed.
    pub(super) email: String,
    /// The page to show afterwards; may be empty.
    pub(super) next: String,
    /// Text of the invitation's secret, if the page is for one.
    pub(super) invitation: Option<String>,
    pub(super) error: Option<String>,
    /// False where no mail can be sent, and the page explains it.
    pub(super) is_open: bool,
    /// The button that signs in with a passkey, as HTML; may be empty.
    pub(super) passkey: String,
    /// Other ways to sign in.
    pub(super) providers: Vec<ProviderButton>,
}

/// The page that asks for the code.
#[derive(Debug, Template)]
#[template(path = "login/code.html")]
pub(super) struct CodePage {
    pub(super) layout: Layout,
    pub(super) lead: String,
    pub(super) action: String,
    pub(super) again: String,
    pub(super) token: String,
    pub(super) error: Option<String>,
}

/// The page of the link in a mail, opened in the browser that requested the code: one button.
#[derive(Debug, Template)]
#[template(path = "login/confirm.html")]
pub(super) struct ConfirmPage {
    pub(super) layout: Layout,
    pub(super) lead: String,
    pub(super) action: String,
    pub(super) token: String,
    pub(super) code: String,
}

/// The page of the link in a mail, in any other browser: the code to type.
#[derive(Debug, Template)]
#[template(path = "login/show_code.html")]
pub(super) struct ShowCodePage {
    pub(super) layout: Layout,
    pub(super) code: String,
}

/// The page of something that has ended: a code or an invitation.
#[derive(Debug, Template)]
#[template(path = "login/ended.html")]
pub(super) struct EndedPage {
    layout: Layout,
    heading: String,
    text: String,
    again: String,
}

impl EndedPage {
    /// Returns the page. `heading` and `text` are the keys of its texts, `here` is its path.
    pub(super) fn new(
        context: &PageContext,
        here: &str,
        heading: &'static str,
        text: &'static str,
    ) -> Self {
        Self {
            layout: layout(context, heading, here, true),
            heading: context.words.say(heading).into_owned(),
            text: context.words.say(text).into_owned(),
            again: page_path(context.paths, "/login"),
        }
    }
}

/// The page of an account.
#[derive(Debug, Template)]
#[template(path = "login/account.html")]
pub(super) struct AccountPage {
    pub(super) layout: Layout,
    pub(super) email: String,
    pub(super) name: String,
    /// What an editor decides on.
    pub(super) role: Option<String>,
    pub(super) token: FormToken,
    /// Whether the last mail to the address was refused.
    pub(super) is_bounced: bool,
    pub(super) save: String,
    pub(super) end: String,
    pub(super) sessions: Vec<SessionLine>,
    /// The list of passkeys, as HTML.
    pub(super) passkeys: String,
    /// Address of the form that adds and removes identities.
    pub(super) logins: String,
    pub(super) identities: Vec<LinkedIdentity>,
    /// Providers at which the account has no identity.
    pub(super) providers: Vec<ProviderButton>,
    /// Address of the form that asks for a new code before an identity may be added; empty if none is needed.
    pub(super) confirm: String,
    /// Pages about one's own data.
    pub(super) own_data: String,
    pub(super) delete_account: String,
}

/// A session in the list.
#[derive(Debug)]
pub(super) struct SessionLine {
    pub(super) id: String,
    /// «Firefox på Windows», or as much as the browser tells.
    pub(super) browser: String,
    pub(super) times: String,
    pub(super) is_current: bool,
}

impl AccountPage {
    pub(super) fn new(
        context: &PageContext,
        person: &SignedIn,
        sessions: &[OpenSession],
        (passkeys, is_recent): (String, bool),
        (identities, providers): (Vec<LinkedIdentity>, Vec<ProviderButton>),
    ) -> Self {
        let (account, title) = (&person.account, context.words.say("account-heading"));
        let words = context.words;
        let role = account.editor.as_ref().map(|scope| match scope {
            EditorScope::All => words.say("account-editor-all").into_owned(),
            EditorScope::Municipalities(numbers) => {
                let names = numbers
                    .iter()
                    .map(|number| context.municipality(Some(number)));
                let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let values = [("places", words.listed(&names))];
                words.say_with("account-editor-places", &values)
            }
        });
        let line = |session: &OpenSession| {
            let zone = context.zone();
            let day = |at: chrono::DateTime<chrono::Utc>| {
                words.date(at.with_timezone(&zone).date_naive(), Year::Said)
            };
            let values = [("begun", day(session.begun)), ("seen", day(session.seen))];
            SessionLine {
                id: session.id.as_str().to_owned(),
                browser: browser(words, &session.agent),
                times: words.say_with("account-session-times", &values),
                is_current: session.id == person.session,
            }
        };
        Self {
            layout: personal_layout(context, person, title, "/account"),
            email: account.email.to_string(),
            name: account.name.clone(),
            role,
            token: person.token.clone(),
            is_bounced: account.bounce.is_some(),
            save: page_path(context.paths, "/account"),
            end: page_path(context.paths, "/account/sessions"),
            sessions: sessions.iter().map(line).collect(),
            passkeys,
            logins: page_path(context.paths, "/account/logins"),
            identities,
            providers,
            confirm: if is_recent {
                String::new()
            } else {
                page_path(context.paths, "/account/confirm")
            },
            own_data: page_path(context.paths, "/account/data"),
            delete_account: page_path(context.paths, "/account/delete"),
        }
    }

    /// Returns true if there are sessions elsewhere.
    fn has_others(&self) -> bool {
        self.sessions.iter().any(|session| !session.is_current)
    }
}

/// Returns browser and system by their names in `User-Agent`.
pub(super) fn browser(words: Words, agent: &str) -> String {
    let find = |names: &[(&str, &'static str)]| {
        let found = names.iter().find(|(part, _)| agent.contains(part));
        found.map(|(_, name)| *name)
    };
    // More specific names first: each of these browsers also names those after it.
    let browser = find(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = find(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => {
            let values = [("browser", browser), ("system", system)];
            words.say_with("account-browser", &values)
        }
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => words.say("account-browser-unknown").into_owned(),
    }
}
