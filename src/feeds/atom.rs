//! Atom, RFC 4287.

use std::sync::Arc;

use askama::Template;

use crate::catalog::Entry;

use super::syndication::{self, ITEMS, News, filters};
use super::{Feed, FeedFrame, FeedRequest, Fragment, Freshness, Order, Summary};

/// Feed format `.atom`.
pub struct Atom;

#[derive(Template)]
#[template(path = "feeds/atom.xml")]
struct Document {
    news: News,
}

#[derive(Template)]
#[template(path = "feeds/atom_item.xml")]
struct Item {
    item: syndication::SyndicationItem,
}

impl Feed for Atom {
    fn extension(&self) -> &'static str {
        "atom"
    }

    fn name(&self) -> &'static str {
        "Atom"
    }

    fn media_type(&self) -> &'static str {
        "application/atom+xml; charset=utf-8"
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
