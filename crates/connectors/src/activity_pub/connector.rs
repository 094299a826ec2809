//! The connector of ActivityPub.

use serde_json::Value;
use url::Url;

use super::event;
use super::event::ActivityReader;
use crate::connector::{
    Certainty, Connector, Detection, FetchContext, Listing, ParsedItem, ParsedPage,
    PartnerResponse, Request, Unreadable,
};
use crate::diagnostic::Diagnostic;
use crate::linked_data::{each, field, plain, plain_of, types};
use crate::parse;

/// The `Accept` header (ActivityPub section 3.2).
const ACCEPT: &str = "application/activity+json, application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\", application/json;q=0.5";

/// The purpose of a request for an object that an activity references.
const OBJECT: &str = "object";

/// Maximum number of referenced objects fetched per page.
const OBJECTS: usize = 100;

/// The connector of ActivityPub actors with events.
pub struct ActivityPub;

impl Connector for ActivityPub {
    fn id(&self) -> &'static str {
        "activity_pub"
    }

    fn about(&self) -> &'static str {
        "events of a Mobilizon group, a Gancio site or another ActivityPub actor, by its outbox"
    }

    fn first(&self, asking: &FetchContext<'_>) -> Request {
        Request::to(asking.url.clone()).accepting(ACCEPT)
    }

    fn read(
        &self,
        answer: &PartnerResponse<'_>,
        asking: &FetchContext<'_>,
    ) -> Result<ParsedPage, Unreadable> {
        let root = json(answer)?;
        let mut outbox = Outbox {
            answer,
            asking,
            number: 0,
            objects: 0,
            page: ParsedPage {
                // An outbox lists changes, so absent events may still exist.
                listing: Listing::Changes,
                latest_first: answer.purpose != OBJECT,
                ..ParsedPage::default()
            },
        };
        if let Some(url) = outbox_of(&root, answer.url) {
            outbox.ask(url, "");
        } else if types(&root).any(is_collection) {
            outbox.collection(&root);
        } else if kind(&root).is_some() {
            outbox.activity(&root, 0);
        } else {
            let why = "it is not an actor, collection, activity or event of ActivityStreams";
            return Err(Unreadable(why.into()));
        }
        Ok(outbox.page)
    }

    fn recognise(&self, answer: &PartnerResponse<'_>) -> Option<Detection> {
        let root = json(answer).ok()?;
        let context = field(&root, "context").to_string();
        if !context.contains("activitystreams") {
            return None;
        }
        let found = |why: &str, url| {
            Some(Detection {
                certainty: Certainty::Certain,
                why: why.into(),
                url,
            })
        };
        if let Some(outbox) = outbox_of(&root, answer.url) {
            return found(
                "it is an ActivityPub actor, whose outbox contains its events",
                Some(outbox),
            );
        }
        if types(&root).any(is_collection) {
            return found(
                "it is an ActivityStreams collection, such as an outbox",
                None,
            );
        }
        kind(&root).and_then(|_| {
            found(
                "it is an ActivityStreams event, or an activity about one",
                None,
            )
        })
    }

    /// The actor's outbox, and the relay actor of a Mobilizon server.
    fn candidate_urls(&self, url: &Url) -> Vec<Url> {
        let own = url.path().starts_with("/@").then(|| {
            let path = url.path().trim_end_matches('/');
            url.join(&format!("{path}/outbox")).ok()
        });
        let relay = url.join("/relay").ok();
        own.flatten().into_iter().chain(relay).collect()
    }
}

fn json(answer: &PartnerResponse<'_>) -> Result<Value, Unreadable> {
    if answer.first_byte() != Some(b'{') {
        return Err(Unreadable("it is not a JSON object".into()));
    }
    let bytes = answer
        .bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(answer.bytes);
    serde_json::from_slice(bytes).map_err(|error| Unreadable(format!("it is not JSON: {error}")))
}

fn is_collection(kind: &str) -> bool {
    matches!(
        kind,
        "OrderedCollection" | "OrderedCollectionPage" | "Collection" | "CollectionPage"
    )
}

/// Returns the outbox of an actor if it is on the same origin.
fn outbox_of(root: &Value, url: &Url) -> Option<Url> {
    let actors = ["Person", "Group", "Organization", "Service", "Application"];
    if !types(root).any(|kind| actors.contains(&kind)) {
        return None;
    }
    let outbox = parse::web(&plain_of(root, &["outbox"])?, url)?;
    (outbox.origin() == url.origin()).then_some(outbox)
}

/// The effect of an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It publishes or shares an event.
    Tells,
    /// It deletes or unshares an event.
    TakesBack,
    /// It is an event itself.
    Is,
}

fn kind(object: &Value) -> Option<Kind> {
    types(object).find_map(|kind| match kind {
        "Create" | "Update" | "Announce" | "Add" | "Accept" | "Offer" => Some(Kind::Tells),
        "Delete" | "Remove" | "Undo" | "Tombstone" => Some(Kind::TakesBack),
        kind if kind.ends_with("Event") => Some(Kind::Is),
        _ => None,
    })
}

/// An outbox while it is read.
struct Outbox<'a> {
    answer: &'a PartnerResponse<'a>,
    asking: &'a FetchContext<'a>,
    number: usize,
    objects: usize,
    page: ParsedPage,
}

impl Outbox<'_> {
    fn collection(&mut self, collection: &Value) {
        for name in ["orderedItems", "items"] {
            for activity in each(field(collection, name)) {
                self.activity(activity, 0);
            }
        }
        for name in ["first", "next"] {
            match field(collection, name) {
                page @ Value::Object(_) => self.collection_page(page),
                other => {
                    if let Some(url) = plain(other) {
                        self.follow(&url);
                    }
                }
            }
        }
    }

    /// Reads a first page that is embedded in the collection.
    fn collection_page(&mut self, page: &Value) {
        for name in ["orderedItems", "items"] {
            for activity in each(field(page, name)) {
                self.activity(activity, 0);
            }
        }
        if let Some(url) = plain_of(page, &["next"]) {
            self.follow(&url);
        }
    }

    fn follow(&mut self, url: &str) {
        match parse::web(url, self.answer.url) {
            Some(url) if url.origin() == self.answer.url.origin() => self.ask(url, ""),
            _ => self.page.remarks.push(Diagnostic::warning(
                "next",
                format!("«{}» is on another server; not fetched", parse::title(url)),
            )),
        }
    }

    fn ask(&mut self, url: Url, purpose: &'static str) {
        // An object's id is its address (ActivityPub section 3.1).
        let origin = url.to_string();
        let request = Request::to(url).accepting(ACCEPT).for_purpose(purpose);
        self.page.next.push(if purpose == OBJECT {
            request.detail_of(origin)
        } else {
            request
        });
    }

    /// Reads an activity or a bare event.
    fn activity(&mut self, activity: &Value, depth: usize) {
        match kind(activity) {
            Some(Kind::Is) => self.event(activity, None),
            Some(Kind::Tells) => {
                for object in each(field(activity, "object")) {
                    self.object(activity, object, depth);
                }
            }
            Some(Kind::TakesBack) => self.gone(activity),
            // Likes, follows and posts are not about events.
            None => {
                if let Value::String(url) = activity {
                    self.single(url);
                }
            }
        }
    }

    fn object(&mut self, activity: &Value, object: &Value, depth: usize) {
        match kind(object) {
            Some(Kind::Is) => self.event(object, Some(activity)),
            // A group announces the activities of its members.
            Some(_) if depth == 0 => self.activity(object, 1),
            _ => {
                if let Value::String(url) = object {
                    self.single(url);
                }
            }
        }
    }

    fn event(&mut self, object: &Value, activity: Option<&Value>) {
        self.number += 1;
        let published = activity.and_then(|activity| plain_of(activity, &["published", "updated"]));
        let reader = ActivityReader {
            base: self.answer.url,
            asking: self.asking,
            published: published.and_then(|published| event::instant(&published)),
        };
        let draft = reader.draft(object, self.number, &mut self.page.remarks);
        self.page
            .items
            .extend(draft.map(|draft| ParsedItem::Event(Box::new(draft))));
    }

    /// Requests a referenced object, if it is on the same origin.
    fn single(&mut self, url: &str) {
        let Some(url) = parse::web(url, self.answer.url) else {
            return;
        };
        if url.origin() != self.answer.url.origin() {
            let detail = format!(
                "{url} is on another server; add that server as a partner to read its events"
            );
            self.page
                .remarks
                .push(Diagnostic::warning("object", detail));
        } else if self.objects < OBJECTS && self.answer.purpose != OBJECT {
            self.objects += 1;
            self.ask(url, OBJECT);
        }
    }

    /// Reads a deletion, or the undoing of a share.
    fn gone(&mut self, activity: &Value) {
        let objects = field(activity, "object");
        let objects = if objects.is_null() { activity } else { objects };
        for object in each(objects) {
            let shared = types(object).any(|kind| kind == "Announce");
            let object = if shared {
                field(object, "object")
            } else {
                object
            };
            let other = types(object).next().is_some() && !is_event_or_ghost(object);
            if let Some(origin_id) = plain(object).or_else(|| plain_of(object, &["id"]))
                && !other
            {
                self.page.items.push(ParsedItem::Gone { origin_id });
            }
        }
    }
}

/// Returns true for an event or a tombstone.
fn is_event_or_ghost(object: &Value) -> bool {
    types(object).any(|kind| kind == "Tombstone" || kind.ends_with("Event"))
}
