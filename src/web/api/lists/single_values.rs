//! Values of parameters that only the API has, each at most once.

use url::form_urlencoded;

use crate::web::field_error::{FieldError, FieldProblem};
use crate::web::filters::QueryFields;

/// Maximum number of parameters per request.
const MOST_PARAMETERS: usize = 100;
/// Maximum length of a value in characters.
const LONGEST: usize = 300;
/// Maximum length of a cursor and of a list of fields, which are longer.
const LONGEST_OF_ALL: usize = 1_000;

/// Returns the decoded parameters of a query string.
///
/// # Errors
/// Returns one error per value that is too long, or one if there are too many parameters.
pub(super) fn decoded(query: &str) -> Result<QueryFields, Vec<FieldProblem>> {
    let fields = form_urlencoded::parse(query.as_bytes()).into_owned();
    // One more than the maximum, so that an excess is detected.
    let fields: QueryFields = fields.take(MOST_PARAMETERS + 1).collect();
    if fields.len() > MOST_PARAMETERS {
        let fault = FieldError::TooMany(MOST_PARAMETERS);
        return Err(vec![FieldProblem::new("?", fault)]);
    }
    let too_long = |(name, value): &(String, String)| {
        let most = match name.as_str() {
            "cursor" | "fields" => LONGEST_OF_ALL,
            _ => LONGEST,
        };
        let fault = FieldError::TooLong(most);
        (value.chars().count() > most).then(|| FieldProblem::new(name, fault))
    };
    let errors: Vec<FieldProblem> = fields.iter().filter_map(too_long).collect();
    if errors.is_empty() {
        Ok(fields)
    } else {
        Err(errors)
    }
}

/// Decoded parameters, with the errors found so far.
pub(super) struct SingleValues<'a> {
    fields: &'a [(String, String)],
    pub(super) errors: Vec<FieldProblem>,
}

impl<'a> SingleValues<'a> {
    pub(super) fn new(fields: &'a [(String, String)]) -> Self {
        Self {
            fields,
            errors: Vec::new(),
        }
    }

    /// Returns the value of a parameter without surrounding white space; `None` if it is absent or empty. A second one is an
    /// error.
    pub(super) fn get(&mut self, name: &str) -> Option<&'a str> {
        let mut found = self.fields.iter().filter(|(it, _)| it == name);
        let first = found.next().map(|(_, value)| value.trim());
        if found.next().is_some() {
            self.wrong(name, FieldError::TooMany(1));
        }
        first.filter(|value| !value.is_empty())
    }

    /// Parses a value. Records an error, and returns `None`, if that fails.
    pub(super) fn read<T, E: ToString>(
        &mut self,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let value = self.get(name)?;
        match read(value) {
            Ok(read) => Some(read),
            Err(error) => {
                self.wrong(name, FieldError::Said(error.to_string()));
                None
            }
        }
    }

    /// Returns the place of a value among the allowed ones. Records an error if it is none of them.
    pub(super) fn one_of(&mut self, name: &str, allowed: &[&str]) -> Option<usize> {
        let value = self.get(name)?;
        let found = allowed.iter().position(|it| *it == value);
        if found.is_none() {
            self.none_of(name, allowed);
        }
        found
    }

    /// Parses each of the values, which are separated by commas or in parameters of their own. `read` returns `None` for an
    /// invalid one, which is recorded as none of the allowed ones.
    pub(super) fn each_of<T>(
        &mut self,
        name: &str,
        allowed: &[&str],
        read: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        let given = self.fields.iter().filter(|(it, _)| it == name);
        let given = given.flat_map(|(_, value)| value.split(','));
        let given = given.map(str::trim).filter(|value| !value.is_empty());
        let read: Option<Vec<T>> = given.map(read).collect();
        read.unwrap_or_else(|| {
            self.none_of(name, allowed);
            Vec::new()
        })
    }

    fn none_of(&mut self, name: &str, allowed: &[&str]) {
        let allowed = allowed.iter().map(|it| (*it).to_owned()).collect();
        self.wrong(name, FieldError::NotOneOf(allowed));
    }

    /// Records an error.
    pub(super) fn wrong(&mut self, name: &str, fault: FieldError) {
        self.errors.push(FieldProblem::new(name, fault));
    }
}
