//! `lang`: the language of texts.

use rocket::Request;

use calendar_domain::Lang;

use crate::web::accept_language::preferred;
use crate::web::conditional::Finished;

use super::query_params::Values;

/// `lang` for the language that the client prefers.
const AUTO: &str = "auto";

/// The language of the texts in a response.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TextLanguage {
    /// The only language; `None` for all.
    pub lang: Option<Lang>,
    /// Whether the client prefers it.
    is_negotiated: bool,
}

impl TextLanguage {
    /// Reads `lang`. `preferred` is the language that the client prefers.
    pub fn read(values: &mut Values<'_>, preferred: Lang) -> Self {
        let mut allowed: Vec<&str> = Lang::TAGS.to_vec();
        allowed.push(AUTO);
        let Some(at) = values.one_of("lang", &allowed) else {
            return Self::default();
        };
        let named = Lang::ALL.get(at).copied();
        Self {
            lang: Some(named.unwrap_or(preferred)),
            is_negotiated: named.is_none(),
        }
    }

    /// Sets the headers of a response that depend on the language.
    pub fn apply(self, finished: Finished) -> Finished {
        let finished = match self.lang {
            Some(lang) => finished.in_language(lang),
            None => finished,
        };
        if self.is_negotiated {
            finished.negotiated()
        } else {
            finished
        }
    }
}

/// Returns the language that the client prefers, if the query string may ask for it; otherwise the default one, so that
/// responses that do not depend on it are kept once.
pub fn preferred_language(request: &Request<'_>) -> Lang {
    let query = request.uri().query();
    if query.is_some_and(|query| query.as_str().contains(AUTO)) {
        preferred(request.headers().get("Accept-Language"))
    } else {
        Lang::default()
    }
}
