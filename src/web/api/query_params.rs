//! Strict query strings of the API: known parameters only, each at most once.

use rocket::Request;
use rocket::request::{FromRequest, Outcome};

use crate::web::field_error::{FieldError, FieldProblem};
use crate::web::problem::Problem;

/// Maximum number of parameters per request.
const MAX_VALUES: usize = 20;
/// Maximum length of a value in bytes.
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
}

impl QueryParams {
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
            } else if value.len() > MAX_VALUE {
                errors.push(FieldProblem::new(name, FieldError::TooLong(MAX_VALUE)));
            } else if self.0[..at].iter().any(|(other, _)| other == name) {
                errors.push(FieldProblem::new(name, FieldError::TooMany(1)));
            }
        }
        Values {
            fields: &self.0,
            errors,
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

    /// Parses `limit`, the page size, between 1 and `most`.
    pub fn limit(&mut self, default: usize, most: usize) -> usize {
        self.read("limit", default, |text| match text.parse() {
            Ok(limit) if (1..=most).contains(&limit) => Ok(limit),
            _ => Err(format!("must be a number from 1 to {most}")),
        })
    }

    /// Records an error of a field.
    pub fn wrong(&mut self, name: &str, said: impl Into<String>) {
        self.errors
            .push(FieldProblem::new(name, FieldError::Said(said.into())));
    }

    /// Returns the recorded errors, if any, as a [`Problem`].
    pub fn done(self) -> Result<(), Problem> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Problem::invalid(self.errors))
        }
    }
}
