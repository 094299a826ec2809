//! Atom, RFC 4287.

use askama::Template;

use super::news::{News, filters};
use super::{Feed, FeedRequest};

/// `.atom`.
pub struct Atom;

#[derive(Template)]
#[template(path = "feeds/atom.xml")]
struct Document {
    news: News,
}

impl Feed for Atom {
    fn extension(&self) -> &'static str {
        "atom"
    }

    fn media_type(&self) -> &'static str {
        "application/atom+xml; charset=utf-8"
    }

    fn render(&self, request: &FeedRequest<'_>) -> Vec<u8> {
        let news = News::of(request, self.extension());
        super::news::rendered(&Document { news })
    }
}
