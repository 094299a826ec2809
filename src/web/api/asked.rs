//! The query string of an interface: few parameters, each by its name, nothing else.

use rocket::Request;
use rocket::request::{FromRequest, Outcome};

use crate::web::fault::{Fault, FieldProblem};
use crate::web::problem::Problem;

/// How many parameters one request may carry.
const MAX_VALUES: usize = 20;
/// How long one value may be, in bytes.
const MAX_VALUE: usize = 1_000;

/// The parameters of a request, decoded, in their order.
pub struct Asked(Vec<(String, String)>);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Asked {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Self::Error> {
        let raw = request.uri().query().map(|query| query.as_str());
        let fields = url::form_urlencoded::parse(raw.unwrap_or_default().as_bytes());
        // One more than is taken, so that too many are noticed.
        let fields = fields.take(MAX_VALUES + 1);
        Outcome::Success(Self(
            fields
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        ))
    }
}

/// The values of the parameters that an address knows.
pub struct Values<'a> {
    fields: &'a [(String, String)],
    errors: Vec<FieldProblem>,
}

impl Asked {
    /// Checks the names. An empty value is as none.
    pub fn of(&self, known: &[&str]) -> Values<'_> {
        let mut errors = Vec::new();
        if self.0.len() > MAX_VALUES {
            errors.push(FieldProblem::new("?", Fault::TooMany(MAX_VALUES)));
        }
        for (at, (name, value)) in self.0.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let known = known.iter().map(|it| (*it).to_owned()).collect();
                errors.push(FieldProblem::new(name, Fault::Unknown(known)));
            } else if value.len() > MAX_VALUE {
                errors.push(FieldProblem::new(name, Fault::TooLong(MAX_VALUE)));
            } else if self.0[..at].iter().any(|(other, _)| other == name) {
                errors.push(FieldProblem::new(name, Fault::TooMany(1)));
            }
        }
        Values {
            fields: &self.0,
            errors,
        }
    }
}

impl Values<'_> {
    /// A value, read in the caller's way; `default` where it is not given or wrong, which is noted.
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

    /// How many items a page may have, between 1 and `most`.
    pub fn limit(&mut self, default: usize, most: usize) -> usize {
        self.read("limit", default, |text| match text.parse() {
            Ok(limit) if (1..=most).contains(&limit) => Ok(limit),
            _ => Err(format!("has to be a number from 1 to {most}")),
        })
    }

    /// Notes that a field is wrong.
    pub fn wrong(&mut self, name: &str, said: impl Into<String>) {
        self.errors
            .push(FieldProblem::new(name, Fault::Said(said.into())));
    }

    /// Whether all of it was right.
    pub fn done(self) -> Result<(), Problem> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Problem::invalid(self.errors))
        }
    }
}
