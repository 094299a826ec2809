//! JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>), with the structured data of an event in
//! the extension `_event`.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use crate::catalog;
use calendar_domain::{Availability, LicenceLink};

use super::occurrences::ListedOccurrence;
use super::syndication::{ImageFacts, News, SyndicationItem};
use super::{Feed, FeedFrame, FeedRequest, Fragment, Freshness, Numbering, Order, Summary};

/// Feed format `.json`.
pub struct Json;

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: &'a str,
    description: &'a str,
    language: &'a str,
    authors: [Author<'a>; 1],
    /// Extension: the licence of the data.
    #[serde(rename = "_licence", skip_serializing_if = "Option::is_none")]
    licence: Option<&'a LicenceLink>,
    /// Always empty: the items are inserted later.
    items: [(); 0],
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    url: &'a str,
    title: &'a str,
    content_text: &'a str,
    summary: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    /// Extension: what is said about the image.
    #[serde(rename = "_image", skip_serializing_if = "Option::is_none")]
    image_facts: Option<&'a ImageFacts>,
    date_published: String,
    date_modified: String,
    language: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'a [String],
    /// Extension: the licence that the event's partner states.
    #[serde(rename = "_licence", skip_serializing_if = "Option::is_none")]
    licence: Option<&'a LicenceLink>,
    _event: Details<'a>,
}

#[derive(Serialize)]
struct Details<'a> {
    start: Option<&'a str>,
    end: Option<&'a str>,
    time_zone: Option<&'a str>,
    status: &'a str,
    /// `few_left` or `sold_out`.
    #[serde(skip_serializing_if = "Option::is_none")]
    availability: Option<&'static str>,
    location: Option<&'a str>,
    organizer: Option<&'a str>,
    #[serde(skip_serializing_if = "<[ListedOccurrence]>::is_empty")]
    occurrences: &'a [ListedOccurrence],
    /// Whether there are more occurrences than the listed ones.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    more_occurrences: bool,
}

impl Feed for Json {
    fn extension(&self) -> &'static str {
        "json"
    }

    fn name(&self) -> &'static str {
        "JSON"
    }

    fn media_type(&self) -> &'static str {
        "application/feed+json; charset=utf-8"
    }

    fn order(&self) -> Order {
        Order::LastChangedFirst
    }

    fn ages(&self) -> Freshness {
        Freshness::WithTheDay
    }

    fn numbering(&self) -> Numbering {
        Numbering::FirstDiffers
    }

    fn lead(&self, number: usize, out: &mut Vec<u8>) {
        if number > 0 {
            out.push(b',');
        }
    }

    fn piece(&self, event: &Arc<catalog::Entry>, request: &FeedRequest<'_>) -> Option<Fragment> {
        let item = SyndicationItem::new(event, request)?;
        // Strings and lists only, so serialization never fails.
        Some(serde_json::to_vec(&entry(&item)).unwrap_or_default().into())
    }

    fn frame(&self, request: &FeedRequest<'_>, gist: &Summary) -> FeedFrame {
        let news = News::new(request, self.extension(), gist);
        let document = Document {
            version: "https://jsonfeed.org/version/1.1",
            title: &news.title,
            home_page_url: &news.page,
            feed_url: &news.address,
            description: &news.description,
            language: news.lang,
            authors: [Author { name: &news.author }],
            licence: news.licence.as_ref(),
            items: [],
        };
        around_list(serde_json::to_vec(&document).unwrap_or_default())
    }
}

/// Splits an object whose last member is an empty list into the bytes before and after the list's
/// items.
pub(super) fn around_list(mut object: Vec<u8>) -> FeedFrame {
    let tail = object.split_off(object.len().saturating_sub(2));
    FeedFrame { head: object, tail }
}

fn entry(item: &SyndicationItem) -> Entry<'_> {
    let said = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    Entry {
        id: &item.permanent,
        url: &item.page,
        title: &item.title,
        content_text: &item.text,
        summary: &item.when,
        image: item.image.as_deref(),
        image_facts: item.image_facts.as_ref(),
        date_published: said(item.published),
        date_modified: said(item.updated),
        language: item.lang,
        tags: &item.categories,
        licence: item.licence.as_ref(),
        _event: Details {
            start: item.start.as_deref(),
            end: item.end.as_deref(),
            time_zone: item.zone,
            status: item.status.as_str(),
            availability: Some(item.availability)
                .filter(|availability| *availability != Availability::Available)
                .map(Availability::as_str),
            location: item.location.as_deref(),
            organizer: item.organizer.as_deref(),
            occurrences: &item.occurrences,
            more_occurrences: item.more_occurrences,
        },
    }
}
