//! JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>). What a program wants to know of an event
//! beside the text stands in `_event`, as the format provides for extensions.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::news::{Item, News};
use super::{Feed, FeedRequest};

/// `.json`.
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
    items: Vec<Entry<'a>>,
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
    date_published: String,
    date_modified: String,
    language: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'a [String],
    _event: Details<'a>,
}

#[derive(Serialize)]
struct Details<'a> {
    start: &'a str,
    end: Option<&'a str>,
    time_zone: Option<&'a str>,
    status: &'a str,
    location: Option<&'a str>,
    organizer: Option<&'a str>,
}

impl Feed for Json {
    fn extension(&self) -> &'static str {
        "json"
    }

    fn media_type(&self) -> &'static str {
        "application/feed+json; charset=utf-8"
    }

    fn render(&self, request: &FeedRequest<'_>) -> Vec<u8> {
        let news = News::of(request, self.extension());
        let document = Document {
            version: "https://jsonfeed.org/version/1.1",
            title: &news.title,
            home_page_url: &news.page,
            feed_url: &news.address,
            description: &news.description,
            language: news.lang,
            authors: [Author { name: &news.author }],
            items: news.items.iter().map(entry).collect(),
        };
        // Strings and lists alone: there is nothing that JSON cannot say.
        serde_json::to_vec(&document).unwrap_or_default()
    }
}

fn entry(item: &Item) -> Entry<'_> {
    let said = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    Entry {
        id: &item.permanent,
        url: &item.page,
        title: &item.title,
        content_text: &item.text,
        summary: &item.when,
        image: item.image.as_deref(),
        date_published: said(item.published),
        date_modified: said(item.updated),
        language: item.lang,
        tags: &item.categories,
        _event: Details {
            start: &item.start,
            end: item.end.as_deref(),
            time_zone: item.zone,
            status: item.status.as_str(),
            location: item.location.as_deref(),
            organizer: item.organizer.as_deref(),
        },
    }
}
