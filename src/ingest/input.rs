//! Sources of an import.

use std::ffi::OsStr;
use std::path::PathBuf;

use url::Url;

/// A file or a URL, as given on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file.
    File(PathBuf),
    /// A URL.
    Address(Url),
}

impl From<&OsStr> for Input {
    /// Parses `http:` and `https:` URLs. `webcal:` and `webcals:` mean `https:`. Anything else is a path, which
    /// need not be UTF-8.
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
