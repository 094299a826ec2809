//! Query strings of the API: known parameters only, of bounded number and length.

use rocket::Request;
use rocket::request::{FromRequest, Outcome};
use url::form_urlencoded;

use super::openapi::parameters::PageSize;
use crate::web::field_error::{FieldError, FieldProblem};
use crate::web::filters::{MAX_VALUE, MAX_VALUES, QueryFields};
use crate::web::problem::Problem;

/// Parameters whose values may be longer than others.
const LONG: [&str; 5] = ["cursor", "fields", "origin_id", "since", "url"];
/// Maximum length of their values in characters.
const MAX_LONG_VALUE: usize = 1_000;

/// The decoded parameters of a request, in order.
#[derive(Debug)]
pub struct QueryParams(QueryFields);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for QueryParams {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        Outcome::Success(Self::new(request))
    }
}

impl QueryParams {
    /// Returns the parameters of a request.
    #[must_use]
    pub fn new(request: &Request<'_>) -> Self {
        let query = request.uri().query().map(|query| query.as_str());
        Self::parse(query.unwrap_or_default())
    }

    /// Decodes a query string.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        // One more than the maximum, so that an excess is detected.
        let fields = form_urlencoded::parse(query.as_bytes()).into_owned();
        Self(fields.take(MAX_VALUES + 1).collect())
    }

    /// Returns the parameters without those of other names, for endpoints whose clients append their own.
    #[must_use]
    pub fn only(mut self, known: &[&str]) -> Self {
        self.0.retain(|(name, _)| known.contains(&name.as_str()));
        self
    }

    /// Returns the names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// Checks the parameters against the known names.
    pub fn of(&self, known: &[&str]) -> Values<'_> {
        let mut values = Values::default();
        if self.0.len() > MAX_VALUES {
            values.wrong("?", FieldError::TooMany(MAX_VALUES));
            return values;
        }
        for (name, value) in self.iter() {
            let most = if LONG.contains(&name) {
                MAX_LONG_VALUE
            } else {
                MAX_VALUE
            };
            let value = value.trim();
            if !known.contains(&name) {
                let known = known.iter().map(|known| (*known).to_owned()).collect();
                values.wrong(name, FieldError::Unknown(known));
            } else if value.chars().count() > most {
                values.wrong(name, FieldError::TooLong(most));
            } else if !value.is_empty() {
                values.fields.push((name, value));
            }
        }
        values
    }
}

/// The values of an endpoint's parameters, with the errors found so far.
///
/// Empty values count as absent, and white space around a value does not count.
#[derive(Default)]
pub struct Values<'a> {
    fields: Vec<(&'a str, &'a str)>,
    errors: Vec<FieldProblem>,
    unusable_cursor: Option<FieldProblem>,
}

impl<'a> Values<'a> {
    /// Returns the value of a parameter, if there is one. Records an error if there are several.
    pub fn get(&mut self, name: &str) -> Option<&'a str> {
        let mut found = self.all(name);
        let first = found.next();
        let has_more = found.next().is_some();
        drop(found);
        if has_more {
            self.wrong(name, FieldError::TooMany(1));
        }
        first
    }

    /// Returns the values of a parameter that may be repeated.
    fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let found = self.fields.iter().filter(move |(value, _)| *value == name);
        found.map(|(_, value)| *value)
    }

    /// Returns the parameters whose names are among `names`, decoded.
    pub fn among(&self, names: impl Fn(&str) -> bool) -> QueryFields {
        let found = self.fields.iter().filter(|(name, _)| names(name));
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        found.map(owned).collect()
    }

    /// Parses a value. Records an error, and returns `None`, if that fails.
    pub fn read<T, E: ToString>(
        &mut self,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        match read(self.get(name)?) {
            Ok(value) => Some(value),
            Err(error) => {
                self.wrong(name, FieldError::Said(error.to_string()));
                None
            }
        }
    }

    /// Parses a value that has to be there. Records an error, and returns `None`, if it is not, or if parsing fails.
    pub fn require<T, E: ToString>(
        &mut self,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let is_absent = self.all(name).next().is_none();
        if is_absent && self.errors.iter().all(|error| error.field != name) {
            self.wrong(name, FieldError::Said("is missing".to_owned()));
        }
        self.read(name, read)
    }

    /// Returns the place of a value among the allowed ones. Records an error if it is none of them.
    pub fn one_of(&mut self, name: &str, allowed: &[&str]) -> Option<usize> {
        let value = self.get(name)?;
        let found = allowed.iter().position(|allowed| *allowed == value);
        if found.is_none() {
            self.none_of(name, allowed);
        }
        found
    }

    /// Parses each of the values, which are separated by commas or in parameters of their own. `read` returns `None` for an
    /// invalid one, which is recorded as none of the allowed ones.
    pub fn each_of<T>(
        &mut self,
        name: &str,
        allowed: &[&str],
        read: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        let given = self.all(name).flat_map(|value| value.split(','));
        let given = given.map(str::trim).filter(|value| !value.is_empty());
        let read: Option<Vec<T>> = given.map(read).collect();
        read.unwrap_or_else(|| {
            self.none_of(name, allowed);
            Vec::new()
        })
    }

    fn none_of(&mut self, name: &str, allowed: &[&str]) {
        let allowed = allowed
            .iter()
            .map(|allowed| (*allowed).to_owned())
            .collect();
        self.wrong(name, FieldError::NotOneOf(allowed));
    }

    /// Parses `limit`, the page size.
    pub fn limit(&mut self, size: &PageSize) -> usize {
        let limit = self.read("limit", |text| match text.parse() {
            Ok(limit) if (1..=size.most).contains(&limit) => Ok(limit),
            _ => Err(format!("must be a number from 1 to {}", size.most)),
        });
        limit.unwrap_or(size.usual)
    }

    /// Parses a cursor. Returns `None` if it is absent, or unusable, which is recorded as a conflict.
    pub fn cursor<T, E: ToString>(
        &mut self,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        match read(self.get(name)?) {
            Ok(cursor) => Some(cursor),
            Err(error) => {
                let fault = FieldError::Said(error.to_string());
                self.unusable_cursor = Some(FieldProblem::new(name, fault));
                None
            }
        }
    }

    /// Records an error of a field.
    pub fn wrong(&mut self, name: &str, fault: FieldError) {
        self.errors.push(FieldProblem::new(name, fault));
    }

    /// Records errors of fields.
    pub fn extend(&mut self, errors: Vec<FieldProblem>) {
        self.errors.extend(errors);
    }

    /// Returns the recorded errors, if any, as a [`Problem`].
    pub fn done(mut self) -> Result<(), Problem> {
        let is_valid = self.errors.is_empty();
        match self.unusable_cursor.take() {
            None if is_valid => Ok(()),
            Some(cursor) if is_valid => Err(Problem::unusable_cursor(cursor)),
            cursor => {
                self.errors.extend(cursor);
                Err(Problem::invalid(self.errors))
            }
        }
    }
}
