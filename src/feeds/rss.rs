//! RSS 2.0, with start, end and place of each event in the event module
//! (<http://purl.org/rss/1.0/modules/event/>).

use std::sync::Arc;

use askama::Template;

use crate::catalog::Entry;

use super::syndication::{self, ITEMS, News, filters};
use super::{Feed, FeedFrame, FeedRequest, Fragment, Freshness, Order, Summary};

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
    item: syndication::SyndicationItem,
}

impl Feed for Rss {
    fn extension(&self) -> &'static str {
        "rss"
    }

    fn name(&self) -> &'static str {
        "RSS"
    }

    fn media_type(&self) -> &'static str {
        "application/rss+xml; charset=utf-8"
    }

    fn order(&self) -> Order {
        Order::LastChangedFirst
    }

    fn ages(&self) -> Freshness {
        Freshness::WithTheDay
    }

    fn piece(&self, entry: &Arc<Entry>, request: &FeedRequest<'_>) -> Option<Fragment> {
        let item = syndication::SyndicationItem::new(entry, request)?;
        Some(syndication::rendered(&Item { item }).into())
    }

    fn frame(&self, request: &FeedRequest<'_>, gist: &Summary) -> FeedFrame {
        let news = News::new(request, self.extension(), gist);
        syndication::frame(&Document { news })
    }
}
