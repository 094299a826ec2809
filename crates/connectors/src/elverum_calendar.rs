//! Another calendar of this program, read through its changes feed.
//!
//! An event keeps its `UID` when it is passed on, so that every calendar recognizes it, including the one
//! where it originated.

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
    #[serde(borrow)]
    event: Option<&'a RawValue>,
}

impl Connector for ElverumCalendar {
    fn id(&self) -> &'static str {
        "elverum_calendar"
    }

    fn about(&self) -> &'static str {
        "another calendar of this program, through its feed of changes"
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
            Unreadable(format!("it is no page of changes: {error}"))
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
        for (number, item) in (1..).zip(changes.items) {
            match one(item, asking.zone) {
                Ok(item) => read.items.push(item),
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
            serde_json::from_str::<Change<'_>>(item.get())
                .is_ok_and(|it| matches!(it.kind, "event" | "gone") && !it.uid.is_empty())
        };
        let ours = answer.url.path().ends_with(PATH) && changes.items.iter().all(known);
        ours.then(|| Detection {
            certainty: Certainty::Certain,
            why: "it has a feed of changes as this program gives one".into(),
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

fn one(item: &RawValue, zone: Tz) -> Result<ParsedItem, String> {
    let change: Change<'_> =
        serde_json::from_str(item.get()).map_err(|e| wire::in_json_words(&e))?;
    if change.kind == "gone" && !change.uid.is_empty() {
        let origin_id = change.uid;
        return Ok(ParsedItem::Gone { origin_id });
    }
    let event = change.event.ok_or("it is neither an event nor gone")?;
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
    let mut draft = wire::read(event, zone).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        errors.join("; ")
    })?;
    if draft.origin_id.is_empty() {
        return Err("uid: is required".into());
    }
    draft.secondhand = secondhand;
    if draft.website.is_none() {
        draft.website = own_page.and_then(|it| it.parse().ok());
    }
    Ok(ParsedItem::Event(Box::new(draft)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_with_a_date_that_no_feed_can_write_is_told_with_its_field() {
        let item = r#"{"type":"event","uid":"a@b","event":{"uid":"a@b","title":{"nb":"x"},
            "start":"2027-05-01","recurrence":{"rrule":"FREQ=WEEKLY","rdates":["+262142-12-31"]}}}"#;
        let raw: &RawValue = serde_json::from_str(item).unwrap();
        let why = one(raw, chrono_tz::Europe::Oslo).unwrap_err();
        assert!(
            why.starts_with("recurrence.rdates: ") && why.contains("9999"),
            "{why}"
        );
    }
}
