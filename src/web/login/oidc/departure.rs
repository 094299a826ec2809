//! The page on the way to a provider.
//!
//! Browsers apply `form-action` of the content policy to the redirects of a form too, so a form can't lead to another site. It
//! leads to this page, which goes on by itself.

use askama::Template;
use rocket::Request;
use rocket::response::{self, Responder};
use url::Url;

use crate::web::login::pages::named_layout;
use crate::web::login::personal::PersonalPage;
use crate::web::pages::{Layout, PageContext};
use crate::web::problem::Problem;

/// The page.
#[derive(Debug, Template)]
#[template(path = "login/departure.html")]
struct DeparturePage {
    layout: Layout,
    heading: String,
    text: String,
    link: String,
    url: String,
}

/// A page that leads to another site by itself.
#[derive(Debug)]
pub(in crate::web::login) struct Departure {
    page: PersonalPage,
    url: Url,
}

impl Departure {
    /// Returns the page. `heading` and `text` are the keys of its texts, `here` is its path.
    pub(super) fn new(
        context: &PageContext,
        (heading, text): (&str, &str),
        here: &str,
        provider: &str,
        url: Url,
    ) -> Result<Self, Problem> {
        let words = context.words;
        let say = |key: &str| words.say_with(key, &[("provider", provider)]);
        let page = DeparturePage {
            layout: named_layout(context, say(heading), here),
            heading: say(heading),
            text: say(text),
            link: say("oidc-going-link"),
            url: url.to_string(),
        };
        Ok(Self {
            page: PersonalPage::new(&page, words.lang())?,
            url,
        })
    }
}

impl<'r> Responder<'r, 'static> for Departure {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let mut answer = self.page.respond_to(request)?;
        // HTML, the `Refresh` header. The serialized address has neither spaces nor quotes.
        answer.set_raw_header("Refresh", format!("0;url={}", self.url));
        Ok(answer)
    }
}
