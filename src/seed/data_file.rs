//! An open data file and the errors found in it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::PathBuf;
use std::str::FromStr;

use chrono::{NaiveDate, NaiveTime};
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::value::Datetime;
use url::Url;

use super::data_source::DataSource;
use super::error::{FilePosition, Mistake, SeedError};
use calendar_domain::bounds::is_writable;
use calendar_domain::nearest::did_you_mean;
use calendar_domain::serde_words;
use calendar_domain::{Lang, Text};

/// A data file. Reading an invalid value records an error and returns `None`, so that all errors of
/// a file are found at once.
pub(super) struct DataFile {
    path: PathBuf,
    text: String,
    pub errors: Vec<SeedError>,
}

impl DataFile {
    /// Opens the file `name`; records an error if it cannot be read.
    pub fn open(source: DataSource<'_>, name: &str) -> Self {
        let path = source.path(name);
        let read = source.text(name);
        let errors = match &read {
            Ok(_) => Vec::new(),
            Err(error) => vec![SeedError {
                file: path.clone(),
                at: None,
                field: String::new(),
                wrong: format!("cannot read the file: {error}"),
                allowed: "a readable TOML file in UTF-8".to_owned(),
            }],
        };
        Self {
            path,
            text: read.map(Cow::into_owned).unwrap_or_default(),
            errors,
        }
    }

    /// Deserializes the file to `T`; returns `None` if it is not TOML or has other keys or types.
    pub fn parse<T: DeserializeOwned>(&mut self) -> Option<T> {
        if !self.errors.is_empty() {
            return None;
        }
        match toml::from_str(&self.text) {
            Ok(read) => Some(read),
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                let message = serde_words::in_plain_words(error.message().trim(), "table");
                let (wrong, expected) = message.split_once(", expected ").unwrap_or((&message, ""));
                let allowed = in_plain_words(expected);
                let field = self.key_at(span.start);
                self.mistake(&field, span, Mistake::new(wrong, allowed));
                None
            }
        }
    }

    /// Records an error at a position in the file.
    pub fn mistake(&mut self, field: &str, at: Range<usize>, mistake: impl Into<Mistake>) {
        let Mistake { wrong, allowed } = mistake.into();
        self.errors.push(SeedError {
            file: self.path.clone(),
            at: Some(FilePosition::new(&self.text, at.start)),
            field: field.to_owned(),
            wrong,
            allowed,
        });
    }

    /// Returns the value, or records its error.
    pub fn checked<T, E: Into<Mistake>>(
        &mut self,
        field: &str,
        at: Range<usize>,
        value: Result<T, E>,
    ) -> Option<T> {
        value.map_err(|error| self.mistake(field, at, error)).ok()
    }

    /// Parses a value of a type that validates its text: slugs, numbers, rules.
    pub fn read<T>(&mut self, field: &str, text: &Spanned<String>) -> Option<T>
    where
        T: FromStr,
        T::Err: Into<Mistake>,
    {
        self.checked(field, text.span(), text.get_ref().parse())
    }

    /// Parses an identifier that must be unique for its kind in this file.
    pub fn read_unique<T>(
        &mut self,
        field: &str,
        text: &Spanned<String>,
        seen: &mut BTreeSet<T>,
    ) -> Option<T>
    where
        T: FromStr + Ord + Clone,
        T::Err: Into<Mistake>,
    {
        let id: T = self.read(field, text)?;
        if seen.insert(id.clone()) {
            return Some(id);
        }
        let wrong = format!("«{}» occurs twice", text.get_ref());
        self.mistake(field, text.span(), Mistake::new(wrong, "unique values"));
        None
    }

    /// Parses an identifier of a record in another file. If that file has errors, `known` is `None`
    /// and every identifier is accepted, so that each error is reported once.
    pub fn read_known<T>(
        &mut self,
        field: &str,
        text: &Spanned<String>,
        known: Option<&BTreeSet<T>>,
    ) -> Option<T>
    where
        T: FromStr + Ord + AsRef<str>,
        T::Err: Into<Mistake>,
    {
        let id: T = self.read(field, text)?;
        let Some(known) = known.filter(|known| !known.contains(&id)) else {
            return Some(id);
        };
        let allowed: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
        let hint = did_you_mean(text.get_ref(), allowed.iter().copied());
        let wrong = format!("«{}» is unknown{hint}", text.get_ref());
        self.mistake(field, text.span(), Mistake::new(wrong, allowed.join(", ")));
        None
    }

    /// Parses several such identifiers without duplicates.
    pub fn read_all_known<T>(
        &mut self,
        field: &str,
        texts: &[Spanned<String>],
        known: Option<&BTreeSet<T>>,
    ) -> Vec<T>
    where
        T: FromStr + Ord + AsRef<str> + Clone,
        T::Err: Into<Mistake>,
    {
        let mut seen = BTreeSet::new();
        let mut read = Vec::new();
        for text in texts {
            let Some(id) = self.read_known(field, text, known) else {
                continue;
            };
            if seen.insert(id.clone()) {
                read.push(id);
            } else {
                let wrong = format!("«{}» occurs twice", text.get_ref());
                self.mistake(field, text.span(), Mistake::new(wrong, "each value once"));
            }
        }
        read
    }

    /// Parses a mail address: a name, `@`, and a host.
    pub fn read_email(&mut self, field: &str, text: &Spanned<String>) -> Option<String> {
        let email = text.get_ref().trim();
        let right = email.split_once('@').is_some_and(|(name, host)| {
            let host_is_one = host.contains('.') && !host.contains('@') && !host.starts_with('.');
            !name.is_empty() && host_is_one && !email.contains(char::is_whitespace)
        });
        let wrong = || {
            let wrong = format!("«{email}» is not a mail address");
            Mistake::new(wrong, "name@example.no")
        };
        let email = right.then(|| email.to_owned());
        self.checked(field, text.span(), email.ok_or_else(wrong))
    }

    /// Returns the position of a key with a value after another position in the file; that position
    /// if it is not found.
    pub fn place_of(&self, behind: &Range<usize>, key: &str, word: &str) -> Range<usize> {
        let rest = self.text.get(behind.start..).unwrap_or_default();
        let mut at = behind.start;
        for line in rest.split_inclusive('\n') {
            let has_key = line
                .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                .any(|part| part == key);
            if has_key && let Some(offset) = line.find(if word.is_empty() { key } else { word }) {
                return at + offset..at + line.trim_end().len();
            }
            at += line.len();
        }
        behind.clone()
    }

    /// Parses a web address.
    pub fn read_url(&mut self, field: &str, text: &Spanned<String>) -> Option<Url> {
        let url = Url::parse(text.get_ref())
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let wrong = || {
            let wrong = format!("«{}» is not a web address", text.get_ref());
            Mistake::new(wrong, "an address that begins with https:// or http://")
        };
        let url = self.checked(field, text.span(), url.ok_or_else(wrong))?;
        if url.username().is_empty() && url.password().is_none() {
            return Some(url);
        }
        let mistake = Mistake::new("contains a user or password", "https://example.no/");
        self.mistake(field, text.span(), mistake);
        None
    }

    /// Returns a name that is not blank.
    pub fn read_name(&mut self, field: &str, text: &Spanned<String>) -> Option<String> {
        let name = text.get_ref().trim();
        let wrong = || Mistake::new("is blank", "a name");
        let name = if name.is_empty() {
            Err(wrong())
        } else {
            Ok(name.to_owned())
        };
        self.checked(field, text.span(), name)
    }

    /// Returns a text that must exist in bokmål.
    pub fn read_text(&mut self, field: &str, text: &Spanned<Text>) -> Option<Text> {
        let missing = text
            .get_ref()
            .exact(Lang::default())
            .is_none_or(|nb| nb.trim().is_empty());
        if missing {
            let wrong = Mistake::new("has no text in bokmål", "nb, and optionally nn and en");
            self.mistake(field, text.span(), wrong);
            return None;
        }
        Some(text.get_ref().clone())
    }

    /// Parses a date without a time of day.
    pub fn read_date(&mut self, field: &str, value: &Spanned<Datetime>) -> Option<NaiveDate> {
        let date = match value.get_ref() {
            Datetime {
                date: Some(date),
                time: None,
                offset: None,
            } => NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
                .filter(|day| is_writable(*day)),
            _ => None,
        };
        let wrong = || {
            Mistake::new(
                format!("{} is not a date", value.get_ref()),
                "a date: 2027-03-04",
            )
        };
        self.checked(field, value.span(), date.ok_or_else(wrong))
    }

    /// Parses a time of day.
    pub fn read_time(&mut self, field: &str, value: &Spanned<Datetime>) -> Option<NaiveTime> {
        let time = match value.get_ref() {
            Datetime {
                date: None,
                time: Some(time),
                offset: None,
            } => {
                let second = time.second.unwrap_or(0).into();
                NaiveTime::from_hms_opt(time.hour.into(), time.minute.into(), second)
            }
            _ => None,
        };
        let wrong = || {
            Mistake::new(
                format!("{} is not a time", value.get_ref()),
                "a time: 15:15:00",
            )
        };
        self.checked(field, value.span(), time.ok_or_else(wrong))
    }

    /// Returns the key of the value at `offset`, or the key at `offset` itself.
    fn key_at(&self, offset: usize) -> String {
        let is_key = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        let (before, rest) = self
            .text
            .split_at_checked(offset)
            .unwrap_or((&self.text, ""));
        let line = before
            .rfind('\n')
            .map_or(before, |newline| &before[newline + 1..]);
        if let Some((key, value)) = line.rsplit_once('=')
            && (value.trim().is_empty() || value.trim_start().starts_with('['))
        {
            let key = key.trim_end();
            return key.rsplit(|c| !is_key(c)).next().unwrap_or(key).to_owned();
        }
        let rest = rest.trim_start_matches('[');
        rest.split(|c| !is_key(c)).next().unwrap_or(rest).to_owned()
    }
}

/// Returns an expectation of serde without Rust terms.
fn in_plain_words(expected: &str) -> &str {
    match expected {
        "a string" | "string" => "a text in quotation marks",
        "a list" => "a list in square brackets",
        text if text.starts_with(Text::EXPECTED) => {
            "a text in each language: { nb = \"…\", en = \"…\" }"
        }
        other => other,
    }
}
