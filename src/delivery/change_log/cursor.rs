//! The position of a reader of changes.

use std::fmt;
use std::ops::Bound;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use calendar_domain::EventId;
use calendar_store::GenerationId;

/// The last change that a reader has read. Its text form is opaque to clients.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The generation of the commit number; `None` in cursors of earlier versions of this program.
    pub generation: Option<GenerationId>,
    /// The commit of the change; 0 before the first.
    pub commit: u64,
    /// The event; `None` if all changes of the commit were read.
    pub event: Option<EventId>,
}

impl Cursor {
    /// Returns the position after all changes of a commit.
    #[must_use]
    pub fn after(generation: GenerationId, commit: u64) -> Self {
        Self {
            generation: Some(generation),
            commit,
            event: None,
        }
    }

    /// Returns the first commit that may have changes after this position.
    #[must_use]
    pub fn first_commit(&self) -> u64 {
        match self.event {
            Some(_) => self.commit,
            None => self.commit.saturating_add(1),
        }
    }

    /// Returns the bound after which the events of a commit from [`Cursor::first_commit`] on are after this position.
    #[must_use]
    pub fn after_in(&self, commit: u64) -> Bound<&EventId> {
        match &self.event {
            Some(last) if commit == self.commit => Bound::Excluded(last),
            _ => Bound::Unbounded,
        }
    }
}

/// Prefix of a cursor with a generation.
const MARK: char = '~';

/// The error of parsing a [`Cursor`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor; use the value of `next` unchanged")]
pub struct CursorError;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let event = self.event.as_ref().map_or("", EventId::as_str);
        let text = match self.generation {
            Some(generation) => format!("{MARK}{generation}.{}.{event}", self.commit),
            None => format!("{}.{event}", self.commit),
        };
        f.write_str(&URL_SAFE_NO_PAD.encode(text))
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError)?;
        let text = String::from_utf8(bytes).map_err(|_| CursorError)?;
        let (generation, text) = match text.strip_prefix(MARK) {
            Some(text) => {
                let (generation, text) = text.split_once('.').ok_or(CursorError)?;
                (Some(generation.parse().map_err(|_| CursorError)?), text)
            }
            None => (None, &*text),
        };
        let (commit, event) = text.split_once('.').ok_or(CursorError)?;
        let event = (!event.is_empty()).then(|| event.parse());
        Ok(Self {
            generation,
            commit: commit.parse().map_err(|_| CursorError)?,
            event: event.transpose().map_err(|_| CursorError)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generation() -> GenerationId {
        "00ff00ff00ff00ff".parse().unwrap()
    }

    #[test]
    fn a_cursor_comes_back_from_its_text() {
        let event = Some("konsert-2027".parse().unwrap());
        let old = Cursor {
            generation: None,
            commit: 7,
            event,
        };
        let new = Cursor {
            generation: Some(generation()),
            ..old.clone()
        };
        let last = Cursor::after(generation(), u64::MAX);
        for cursor in [Cursor::default(), last, old, new] {
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
        for text in ["", "MQ", "Ny4g", "//", "Ni4uLi8uLg", "LTEuYQ"] {
            assert_eq!(text.parse::<Cursor>(), Err(CursorError), "{text}");
        }
        for text in [
            "~",
            "~.7.",
            "~12.7.",
            "~00ff00ff00ff00ff",
            "~00ff00ff00ff00ff.7",
        ] {
            let text = URL_SAFE_NO_PAD.encode(text);
            assert_eq!(text.parse::<Cursor>(), Err(CursorError), "{text}");
        }
    }

    #[test]
    fn a_cursor_of_an_earlier_version_is_read() {
        let read: Cursor = URL_SAFE_NO_PAD.encode("7.a").parse().unwrap();
        assert_eq!((read.generation, read.commit), (None, 7));
    }

    #[test]
    fn a_reader_continues_after_the_event_of_a_cursor() {
        let id = |text: &str| text.parse::<EventId>().unwrap();
        let cursor = Cursor {
            event: Some(id("m")),
            ..Cursor::after(generation(), 5)
        };
        assert_eq!(cursor.first_commit(), 5);
        assert_eq!(cursor.after_in(5), Bound::Excluded(&id("m")));
        assert_eq!(cursor.after_in(6), Bound::Unbounded);
        assert_eq!(Cursor::after(generation(), 5).first_commit(), 6);
    }
}
