//! Where a reader of changes stands.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::domain::EventId;

/// The last change that a reader has read. As text it means nothing to anyone else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The commit of that change; 0 before the first.
    pub commit: u64,
    /// The event; absent where every change of the commit was read.
    pub event: Option<EventId>,
}

impl Cursor {
    /// After everything that a commit changed.
    #[must_use]
    pub fn after(commit: u64) -> Self {
        Self {
            commit,
            event: None,
        }
    }

    /// Whether a reader who stands here has read a change.
    #[must_use]
    pub fn covers(&self, commit: u64, event: &EventId) -> bool {
        match &self.event {
            _ if commit != self.commit => commit < self.commit,
            Some(last) => event <= last,
            None => true,
        }
    }
}

/// A text that is no cursor of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is no cursor: take what `next` said, as it is")]
pub struct CursorError;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let event = self.event.as_ref().map_or("", EventId::as_str);
        let text = format!("{}.{event}", self.commit);
        f.write_str(&URL_SAFE_NO_PAD.encode(text))
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError)?;
        let text = String::from_utf8(bytes).map_err(|_| CursorError)?;
        let (commit, event) = text.split_once('.').ok_or(CursorError)?;
        let event = (!event.is_empty()).then(|| event.parse());
        Ok(Self {
            commit: commit.parse().map_err(|_| CursorError)?,
            event: event.transpose().map_err(|_| CursorError)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_from_its_text() {
        let event = Some("konsert-2027".parse().unwrap());
        for cursor in [
            Cursor::default(),
            Cursor::after(u64::MAX),
            Cursor { commit: 7, event },
        ] {
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
        for text in ["", "MQ", "Ny4g", "//", "Ni4uLi8uLg", "LTEuYQ"] {
            assert_eq!(text.parse::<Cursor>(), Err(CursorError), "{text}");
        }
    }

    #[test]
    fn a_cursor_covers_what_stands_before_it_and_itself() {
        let id = |text: &str| text.parse::<EventId>().unwrap();
        let cursor = Cursor {
            commit: 5,
            event: Some(id("m")),
        };
        assert!(cursor.covers(4, &id("z")) && cursor.covers(5, &id("m")));
        assert!(!cursor.covers(5, &id("n")) && !cursor.covers(6, &id("a")));
        assert!(Cursor::after(5).covers(5, &id("z")));
    }
}
