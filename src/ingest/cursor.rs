//! Stored cursors of incremental fetches. Each is bound to the connector and address that issued it, so that a
//! cursor is discarded when either changes.

use sha2::{Digest, Sha256};

use calendar_domain::Connection;

use crate::ingest::fetch::FetchedBatch;

/// Returns the prefix of a stored cursor: a digest of the connector and the address.
fn mark(connection: &Connection) -> String {
    let url = connection.url.as_ref().map_or("", |url| url.as_str());
    let digest = Sha256::digest(format!("{} {url}", connection.connector));
    hex::encode(&digest[..8])
}

/// Returns the cursor in a stored text if this connection issued it.
pub(super) fn own_cursor<'t>(connection: &Connection, stored: Option<&'t str>) -> Option<&'t str> {
    let (mark_of, cursor) = stored?.split_once(' ')?;
    (mark_of == mark(connection)).then_some(cursor)
}

impl FetchedBatch {
    /// Returns the batch with its cursor in the stored form.
    #[must_use]
    pub(super) fn with_cursor_of(mut self, connection: &Connection) -> Self {
        let resume = self.resume.take();
        self.resume = resume.map(|cursor| format!("{} {cursor}", mark(connection)));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_that_of_the_address_that_gave_it() {
        let at = |kind: &str, url: &str| Connection::new(kind.parse().unwrap(), url.parse().ok());
        let old = at("open_agenda", "https://a.example/");
        let told = FetchedBatch {
            resume: Some("2027-01-01 x".into()),
            ..FetchedBatch::default()
        };
        let stored = told.with_cursor_of(&old).resume;
        let found =
            |connection: &Connection| own_cursor(connection, stored.as_deref()).map(str::to_owned);
        assert_eq!(found(&old).as_deref(), Some("2027-01-01 x"));
        assert_eq!(found(&at("open_agenda", "https://b.example/")), None);
        assert_eq!(found(&at("ticketco", "https://a.example/")), None);
        assert_eq!(own_cursor(&old, Some("2027-01-01T00:00:00Z")), None);
    }
}
