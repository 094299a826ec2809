//! The feed format: a list of events.

use std::sync::Arc;

use serde::Serialize;

use super::event::event;
use crate::catalog::Entry;
use crate::feeds::json::around_list;
use crate::feeds::occurrences::{LISTED, coming};
use crate::feeds::{
    Feed, FeedFrame, FeedRequest, Fragment, Freshness, Numbering, ResolvedEvent, Summary,
};

/// Feed format `.jsonld`.
pub struct JsonLd;

impl Feed for JsonLd {
    fn extension(&self) -> &'static str {
        "jsonld"
    }

    fn name(&self) -> &'static str {
        "JSON-LD"
    }

    fn media_type(&self) -> &'static str {
        "application/ld+json; charset=utf-8"
    }

    fn ages(&self) -> Freshness {
        Freshness::WithTheDay
    }

    fn numbering(&self) -> Numbering {
        Numbering::Each
    }

    fn lead(&self, number: usize, out: &mut Vec<u8>) {
        let comma = if number > 0 { "," } else { "" };
        let position = number + 1;
        let item = format!("{comma}{{\"@type\":\"ListItem\",\"position\":{position},\"item\":");
        out.extend(item.into_bytes());
    }

    fn piece(&self, entry: &Arc<Entry>, request: &FeedRequest<'_>) -> Option<Fragment> {
        let resolved = ResolvedEvent::new(entry, request);
        if !request.choices.admit(entry.status()) || !resolved.may_be_passed_on() {
            return None;
        }
        let mut listed = coming(entry, request).listed;
        listed.truncate(LISTED);
        let event = event(entry, &resolved, request, &listed);
        let mut bytes = serde_json::to_vec(&event).unwrap_or_default();
        // Closes the item opened by `lead`.
        bytes.push(b'}');
        Some(bytes.into())
    }

    fn frame(&self, request: &FeedRequest<'_>, gist: &Summary) -> FeedFrame {
        let list = List {
            context: "https://schema.org",
            kind: "ItemList",
            name: &request.title(),
            url: &request.address(&request.page()),
            number_of_items: gist.count,
            item_list_element: [],
        };
        around_list(serde_json::to_vec(&list).unwrap_or_default())
    }
}

/// The list around the events.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct List<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    url: &'a str,
    number_of_items: usize,
    /// Always empty: the items are inserted later.
    item_list_element: [(); 0],
}
