//! Another calendar of this program, read through its changes feed.
//!
//! An event keeps its `UID` when it is passed on, so that every calendar recognizes it, including the one
//! where it originated.

use std::collections::HashMap;

use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

use crate::connector::{
    Certainty, Connector, Detection, FetchContext, Listing, ParsedItem, ParsedPage,
    PartnerResponse, Request, Unreadable,
};
use crate::diagnostic::Diagnostic;
use calendar_domain::wire::{self, WireEvent};

/// Path of the changes feed below the site's address.
const PATH: &str = "api/v1/changes";
/// Number of items per page.
const PAGE: &str = "1000";

/// The connector of other calendars of this program.
pub struct ElverumCalendar;

#[derive(Deserialize)]
struct Changes<'a> {
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
    next: String,
}

#[derive(Deserialize)]
struct Change<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(default)]
    uid: String,
    #[serde(default)]
    id: String,
    /// `uid` of the event that it is part of, if that is published.
    super_event_uid: Option<String>,
    #[serde(borrow)]
    event: Option<&'a RawValue>,
}

impl Connector for ElverumCalendar {
    fn id(&self) -> &'static str {
        "elverum_calendar"
    }

    fn about(&self) -> &'static str {
        "another elverum-calendar, by its change feed"
    }

    fn first(&self, asking: &FetchContext<'_>) -> Request {
        Request::to(page(&changes_of(asking.url), asking.resume))
    }

    fn read(
        &self,
        answer: &PartnerResponse<'_>,
        asking: &FetchContext<'_>,
    ) -> Result<ParsedPage, Unreadable> {
        let changes: Changes<'_> = serde_json::from_slice(answer.bytes).map_err(|error| {
            let error = wire::in_json_words(&error);
            Unreadable(format!("it is not a page of changes: {error}"))
        })?;
        let mut read = ParsedPage {
            // Without a cursor the feed lists all events, with a cursor only changes.
            listing: if asking.resume.is_some() {
                Listing::Changes
            } else {
                Listing::Whole
            },
            resume: Some(changes.next.clone()),
            ..ParsedPage::default()
        };
        if !changes.items.is_empty() {
            let next = page(&changes_of(asking.url), Some(&changes.next));
            read.next.push(Request::to(next));
        }
        let uids = uids_by_id(&changes.items);
        for (number, item) in (1..).zip(changes.items) {
            match one(item, asking.zone, &uids) {
                Ok((item, remark)) => {
                    read.items.push(item);
                    read.remarks.extend(remark);
                }
                Err(why) => read
                    .remarks
                    .push(Diagnostic::error(format!("item {number}"), why)),
            }
        }
        Ok(read)
    }

    fn recognise(&self, answer: &PartnerResponse<'_>) -> Option<Detection> {
        let changes: Changes<'_> = serde_json::from_slice(answer.bytes).ok()?;
        let known = |item: &&RawValue| {
            serde_json::from_str::<Change<'_>>(item.get()).is_ok_and(|parsed| {
                matches!(parsed.kind, "event" | "gone") && !parsed.uid.is_empty()
            })
        };
        let ours = answer.url.path().ends_with(PATH) && changes.items.iter().all(known);
        ours.then(|| Detection {
            certainty: Certainty::Certain,
            why: "it is a change feed of elverum-calendar".into(),
            url: None,
        })
    }

    fn candidate_urls(&self, url: &Url) -> Vec<Url> {
        vec![changes_of(url)]
    }
}

/// Returns the address of a site's changes feed, given the site's address or that of the feed.
fn changes_of(url: &Url) -> Url {
    let mut changes = url.clone();
    changes.set_query(None);
    changes.set_fragment(None);
    let path = changes.path().trim_end_matches('/').to_owned();
    if !path.ends_with(PATH) {
        changes.set_path(&format!("{path}/{PATH}"));
    }
    changes
}

fn page(changes: &Url, since: Option<&str>) -> Url {
    let mut url = changes.clone();
    let mut query = url.query_pairs_mut();
    query.append_pair("limit", PAGE);
    if let Some(since) = since {
        query.append_pair("since", since);
    }
    drop(query);
    url
}

/// Returns the `UID` by id of each event of a page.
fn uids_by_id(items: &[&RawValue]) -> HashMap<String, String> {
    let mut uids = HashMap::new();
    for item in items {
        if let Ok(change) = serde_json::from_str::<Change<'_>>(item.get()) {
            uids.insert(change.id, change.uid);
        }
    }
    uids
}

/// Reads one item. `uids` has the `UID` by id of each event of its page.
fn one(
    item: &RawValue,
    zone: Tz,
    uids: &HashMap<String, String>,
) -> Result<(ParsedItem, Option<Diagnostic>), String> {
    let change: Change<'_> =
        serde_json::from_str(item.get()).map_err(|e| wire::in_json_words(&e))?;
    if change.kind == "gone" && !change.uid.is_empty() {
        let origin_id = change.uid;
        return Ok((ParsedItem::Gone { origin_id }, None));
    }
    let event = change
        .event
        .ok_or("it is neither an event nor a deletion")?;
    let mut event: WireEvent =
        serde_json::from_str(event.get()).map_err(|e| wire::in_json_words(&e))?;
    let secondhand = !event.sources.is_empty();
    // The slugs of places and organizers are the other calendar's and have no meaning here.
    for place in event.place.iter_mut().chain(&mut event.other_places) {
        if place.name.is_some() {
            place.slug = None;
        }
    }
    if let Some(organizer) = &mut event.organizer
        && organizer.name.is_some()
    {
        organizer.slug = None;
    }
    let own_page = event.url.take();
    // Its ids are the other calendar's; here its events are known by their `UID`.
    let whole = event.super_event.take();
    let told = change
        .super_event_uid
        .filter(|super_event_uid| !super_event_uid.is_empty());
    event.super_event = whole
        .as_ref()
        .and_then(|id| told.or_else(|| uids.get(id).cloned()));
    let is_lost = whole.is_some() && event.super_event.is_none();
    let remark = is_lost.then(|| {
        let detail = "super_event is left out: the response does not contain that event";
        Diagnostic::note(format!("event «{}»", change.uid), detail)
    });
    let mut draft = wire::read(event, zone).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        errors.join("; ")
    })?;
    if draft.origin_id.is_empty() {
        return Err("uid: is required".into());
    }
    draft.secondhand = secondhand;
    if draft.website.is_none() {
        draft.website = own_page.and_then(|own_page| own_page.parse().ok());
    }
    Ok((ParsedItem::Event(Box::new(draft)), remark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_with_a_date_that_no_feed_can_write_is_told_with_its_field() {
        let item = r#"{"type":"event","uid":"a@b","event":{"uid":"a@b","title":{"nb":"x"},
            "start":"2027-05-01","recurrence":{"rrule":"FREQ=WEEKLY","rdates":["+262142-12-31"]}}}"#;
        let raw: &RawValue = serde_json::from_str(item).unwrap();
        let why = one(raw, chrono_tz::Europe::Oslo, &HashMap::new()).unwrap_err();
        assert!(
            why.starts_with("recurrence.rdates: ") && why.contains("9999"),
            "{why}"
        );
    }

    #[test]
    fn an_event_is_part_of_another_by_its_uid() {
        let item = |uid: &str, whole: &str, more: &str| {
            format!(
                r#"{{"type":"event","id":"id-{uid}","uid":"{uid}@b"{more},"event":{{"id":"id-{uid}","uid":"{uid}@b",
                "title":{{"nb":"x"}},"start":"2027-05-01","super_event":{whole}}}}}"#
            )
        };
        let page = format!(
            r#"{{"items":[{},{},{},{}],"next":"n"}}"#,
            item("part", r#""id-whole""#, ""),
            item("whole", "null", ""),
            item("other", r#""id-away""#, r#","super_event_uid":"away@b""#),
            item("lost", r#""id-away""#, ""),
        );
        let url: Url = "https://example.org/".parse().unwrap();
        let answer = PartnerResponse {
            url: &url,
            media_type: None,
            bytes: page.as_bytes(),
            purpose: "",
        };
        let asking = FetchContext {
            url: &url,
            zone: chrono_tz::Europe::Oslo,
            language: calendar_domain::Lang::Nb,
            today: "2027-01-01".parse().unwrap(),
            now: "2027-01-01T12:00:00Z".parse().unwrap(),
            resume: Some("n"),
        };
        let read = ElverumCalendar.read(&answer, &asking).unwrap();
        let wholes = read.items.iter().map(|item| match item {
            ParsedItem::Event(draft) => draft.super_event.as_deref(),
            other => panic!("{other:?}"),
        });
        let expected = [Some("whole@b"), None, Some("away@b"), None];
        assert_eq!(wholes.collect::<Vec<_>>(), expected);
        assert_eq!(read.remarks.len(), 1, "{:?}", read.remarks);
    }
}
