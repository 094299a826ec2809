//! Where calendars are read from.

use std::ffi::OsStr;
use std::path::PathBuf;

use url::Url;

/// A file or an address, as the command line takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file.
    File(PathBuf),
    /// An address.
    Address(Url),
}

impl From<&OsStr> for Input {
    /// `http:` and `https:` addresses, and `webcal:`, which stands for https; else a path, which need not be UTF-8.
    fn from(input: &OsStr) -> Self {
        let Some(text) = input.to_str() else {
            return Self::File(input.into());
        };
        let text = match text.split_once("://") {
            Some(("webcal" | "webcals", rest)) => format!("https://{rest}"),
            _ => text.to_owned(),
        };
        match Url::parse(&text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Self::Address(url),
            _ => Self::File(text.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(text: &str) -> Input {
        Input::from(OsStr::new(text))
    }

    #[test]
    fn a_webcal_address_is_read_over_https() {
        let Input::Address(url) = input("webcal://example.org/all.ics") else {
            panic!()
        };
        assert_eq!(url.as_str(), "https://example.org/all.ics");
    }

    #[test]
    fn what_is_no_address_is_a_file() {
        for text in ["all.ics", "./a:b/all.ics", "C:\\all.ics", "file:///all.ics"] {
            assert!(matches!(input(text), Input::File(_)), "{text}");
        }
    }
}
