//! RSS 2.0, with start, end and place of each event in the event module
//! (<http://purl.org/rss/1.0/modules/event/>).

use std::sync::Arc;

use askama::Template;

use crate::catalog::Entry;

use super::news::{self, ITEMS, News, filters};
use super::{Ages, Feed, FeedRequest, Frame, Gist, Order, Piece};

/// Feed format `.rss`.
pub struct Rss;

#[derive(Template)]
#[template(path = "feeds/rss.xml")]
struct Document {
    news: News,
}

#[derive(Template)]
#[template(path = "feeds/rss_item.xml")]
struct Item {
    item: news::Item,
}

impl Feed for Rss {
    fn extension(&self) -> &'static str {
        "rss"
    }

    fn media_type(&self) -> &'static str {
        "application/rss+xml; charset=utf-8"
    }

    fn order(&self) -> Order {
        Order::LastChangedFirst
    }

    fn ages(&self) -> Ages {
        Ages::WithTheDay
    }

    fn piece(&self, entry: &Arc<Entry>, request: &FeedRequest<'_>) -> Option<Piece> {
        let item = news::Item::of(entry, request)?;
        Some(news::rendered(&Item { item }).into())
    }

    fn frame(&self, request: &FeedRequest<'_>, gist: &Gist) -> Frame {
        let news = News::of(request, self.extension(), gist);
        news::frame(&Document { news })
    }
}
