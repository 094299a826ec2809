//! Strict query strings of the API: known parameters only, each at most once.

use rocket::Request;
use rocket::request::{FromRequest, Outcome};

use super::openapi::parameters::PageSize;
use crate::web::field_error::{FieldError, FieldProblem};
use crate::web::problem::Problem;

/// Maximum number of parameters per request.
const MAX_VALUES: usize = 20;
/// Maximum length of a value in characters.
const MAX_VALUE: usize = 1_000;

/// The decoded parameters of a request, in order.
pub struct QueryParams(Vec<(String, String)>);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for QueryParams {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        let raw = request.uri().query().map(|query| query.as_str());
        let fields = url::form_urlencoded::parse(raw.unwrap_or_default().as_bytes());
        // One more than the maximum, so that an excess is detected.
        let fields = fields.take(MAX_VALUES + 1);
        Outcome::Success(Self(
            fields
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        ))
    }
}

/// The values of an endpoint's parameters, with the errors found so far.
pub struct Values<'a> {
    fields: &'a [(String, String)],
    errors: Vec<FieldProblem>,
    unusable_cursor: Option<FieldProblem>,
}

impl QueryParams {
    /// Returns the parameters without those of other names, for endpoints whose clients append their own.
    #[must_use]
    pub fn only(mut self, known: &[&str]) -> Self {
        self.0.retain(|(name, _)| known.contains(&name.as_str()));
        self
    }

    /// Checks the parameters against the known names. Empty values are ignored.
    pub fn of(&self, known: &[&str]) -> Values<'_> {
        let mut errors = Vec::new();
        if self.0.len() > MAX_VALUES {
            errors.push(FieldProblem::new("?", FieldError::TooMany(MAX_VALUES)));
        }
        for (at, (name, value)) in self.0.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let known = known.iter().map(|it| (*it).to_owned()).collect();
                errors.push(FieldProblem::new(name, FieldError::Unknown(known)));
            } else if value.chars().count() > MAX_VALUE {
                errors.push(FieldProblem::new(name, FieldError::TooLong(MAX_VALUE)));
            } else if self.0[..at].iter().any(|(other, _)| other == name) {
                errors.push(FieldProblem::new(name, FieldError::TooMany(1)));
            }
        }
        Values {
            fields: &self.0,
            errors,
            unusable_cursor: None,
        }
    }
}

impl Values<'_> {
    /// Parses a value. Returns `default` if it is absent, or invalid, which is recorded as an error.
    pub fn read<T>(
        &mut self,
        name: &str,
        default: T,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> T {
        let found = self.fields.iter().find(|(known, _)| known == name);
        let Some((_, value)) = found.filter(|(_, value)| !value.is_empty()) else {
            return default;
        };
        read(value).unwrap_or_else(|said| {
            self.wrong(name, said);
            default
        })
    }

    /// Parses `limit`, the page size.
    pub fn limit(&mut self, size: &PageSize) -> usize {
        self.read("limit", size.usual, |text| match text.parse() {
            Ok(limit) if (1..=size.most).contains(&limit) => Ok(limit),
            _ => Err(format!("must be a number from 1 to {}", size.most)),
        })
    }

    /// Parses a cursor. Returns `None` if it is absent, or unusable, which is recorded as a conflict.
    pub fn cursor<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let found = self.fields.iter().find(|(known, _)| known == name);
        let (_, value) = found.filter(|(_, value)| !value.is_empty())?;
        match read(value) {
            Ok(cursor) => Some(cursor),
            Err(said) => {
                let fault = FieldError::Said(said);
                self.unusable_cursor = Some(FieldProblem::new(name, fault));
                None
            }
        }
    }

    /// Records an error of a field.
    pub fn wrong(&mut self, name: &str, said: impl Into<String>) {
        self.errors
            .push(FieldProblem::new(name, FieldError::Said(said.into())));
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
