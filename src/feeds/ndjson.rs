//! Newline-delimited JSON: the JSON form of one event on each line.

use std::sync::Arc;

use crate::catalog::Entry;
use crate::wire;

use super::{Feed, FeedFrame, FeedRequest, Fragment, ResolvedEvent, Summary};

/// The lines of a dump. Not a feed that clients subscribe to.
pub struct Ndjson;

impl Feed for Ndjson {
    fn extension(&self) -> &'static str {
        "ndjson"
    }

    fn name(&self) -> &'static str {
        "NDJSON"
    }

    fn media_type(&self) -> &'static str {
        "application/x-ndjson"
    }

    fn piece(&self, entry: &Arc<Entry>, request: &FeedRequest<'_>) -> Option<Fragment> {
        let resolved = ResolvedEvent::new(entry, request);
        if !resolved.may_be_passed_on() {
            return None;
        }
        let base = request.base.as_str().trim_end_matches('/');
        let event = wire::write(entry, request.snapshot, base);
        // Strings, numbers, lists and maps only, so serialization never fails.
        let mut line = serde_json::to_vec(&event).unwrap_or_default();
        line.push(b'\n');
        Some(line.into())
    }

    fn frame(&self, _: &FeedRequest<'_>, _: &Summary) -> FeedFrame {
        FeedFrame::default()
    }
}
