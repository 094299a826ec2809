//! RSS 2.0, with the start, end and place of each event in the words of the event module
//! (<http://purl.org/rss/1.0/modules/event/>).

use askama::Template;

use super::news::{News, filters};
use super::{Feed, FeedRequest};

/// `.rss`.
pub struct Rss;

#[derive(Template)]
#[template(path = "feeds/rss.xml")]
struct Document {
    news: News,
}

impl Feed for Rss {
    fn extension(&self) -> &'static str {
        "rss"
    }

    fn media_type(&self) -> &'static str {
        "application/rss+xml; charset=utf-8"
    }

    fn render(&self, request: &FeedRequest<'_>) -> Vec<u8> {
        let news = News::of(request, self.extension());
        super::news::rendered(&Document { news })
    }
}
