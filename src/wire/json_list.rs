//! Lists as JSON, assembled from finished items.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::JsonFragment;

/// A list in the making: an object with `items` and further members.
///
/// Its entity tag is a digest of the items' digests, so that the items need not be hashed again.
#[derive(Debug)]
pub struct JsonList {
    bytes: Vec<u8>,
    digest: Sha256,
    count: usize,
}

/// The members of a list beside its items.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct ListMembers<'a> {
    /// Where the list goes on; `null` at its end.
    pub next: Option<&'a str>,
    /// Address of the licence of the data; `null` if there is none. An event may have one of its own.
    pub licence: Option<&'a str>,
}

/// A finished list.
#[derive(Debug)]
pub struct FinishedList {
    /// The JSON.
    pub bytes: Vec<u8>,
    /// A strong entity tag (RFC 9110 8.8.3), with quotes.
    pub etag: String,
}

impl JsonList {
    /// Returns an empty list with room for about `capacity` bytes.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        let mut made = Self {
            bytes: Vec::with_capacity(capacity),
            digest: Sha256::new(),
            count: 0,
        };
        made.literal(b"{\"items\":[");
        made
    }

    /// Adds a finished item.
    pub fn push(&mut self, item: &JsonFragment) {
        self.separate();
        self.fragment(item);
    }

    /// Adds an item that contains a finished one as its last member `name`. `head` is an object with the other members, of
    /// which there has to be one.
    ///
    /// # Errors
    /// Errors if `head` cannot be serialized.
    pub fn push_around(
        &mut self,
        head: &impl Serialize,
        name: &str,
        item: &JsonFragment,
    ) -> serde_json::Result<()> {
        let mut head = serde_json::to_vec(head)?;
        // Without its closing brace.
        head.pop();
        self.separate();
        self.literal(&head);
        self.literal(format!(",\"{name}\":").as_bytes());
        self.fragment(item);
        self.literal(b"}");
        Ok(())
    }

    /// Adds an item.
    ///
    /// # Errors
    /// Errors if it cannot be serialized.
    pub fn push_value(&mut self, item: &impl Serialize) -> serde_json::Result<()> {
        let item = serde_json::to_vec(item)?;
        self.separate();
        self.literal(&item);
        Ok(())
    }

    /// Ends the items and adds the members of an object with at least one, such as [`ListMembers`].
    ///
    /// # Errors
    /// Errors if the object cannot be serialized.
    pub fn finish(mut self, members: &impl Serialize) -> serde_json::Result<FinishedList> {
        let members = serde_json::to_vec(members)?;
        self.literal(b"],");
        self.literal(members.get(1..).unwrap_or_default());
        let digest = self.digest.finalize();
        Ok(FinishedList {
            bytes: self.bytes,
            etag: format!("\"{}\"", hex::encode(&digest[..16])),
        })
    }

    fn separate(&mut self) {
        if self.count > 0 {
            self.literal(b",");
        }
        self.count += 1;
    }

    fn fragment(&mut self, item: &JsonFragment) {
        self.bytes.extend_from_slice(&item.bytes);
        self.digest.update(item.digest);
    }

    fn literal(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.digest.update(bytes);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fragment(text: &str) -> JsonFragment {
        JsonFragment {
            bytes: text.as_bytes().to_vec(),
            digest: Sha256::digest(text).into(),
            super_event: None,
        }
    }

    #[test]
    fn a_list_is_an_object_with_items_and_members() {
        let mut list = JsonList::with_capacity(0);
        list.push(&fragment(r#"{"id":1}"#));
        list.push_around(&json!({"type": "event"}), "event", &fragment("{}"))
            .unwrap();
        list.push_value(&json!(3)).unwrap();
        let list = list.finish(&json!({"next": null})).unwrap();
        let text = String::from_utf8(list.bytes).unwrap();
        assert_eq!(
            text,
            r#"{"items":[{"id":1},{"type":"event","event":{}},3],"next":null}"#
        );
    }

    #[test]
    fn the_tag_tells_lists_apart() {
        let tag = |items: &[&str]| {
            let mut list = JsonList::with_capacity(0);
            items.iter().for_each(|item| list.push(&fragment(item)));
            list.finish(&json!({"next": null})).unwrap().etag
        };
        assert_eq!(tag(&["1", "2"]), tag(&["1", "2"]));
        assert_ne!(tag(&["1", "2"]), tag(&["2", "1"]));
        assert_ne!(tag(&["12"]), tag(&["1", "2"]));
    }
}
