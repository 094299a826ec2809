//! A partner's own id of an event.

use rocket::request::FromParam;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};

use crate::web::api::openapi::parameters::text;
use crate::web::field_error::{FieldError, FieldProblem};
use crate::web::problem::Problem;

/// Maximum length in characters.
const LONGEST: usize = 500;

/// The last segment of the path for validation, which is no id.
const RESERVED: &str = "validate";

/// A path segment with a partner's own id; percent-encoded, it may contain any characters.
pub struct OriginId(Option<String>);

impl<'r> FromParam<'r> for OriginId {
    type Error = ();

    /// Fails for [`RESERVED`], so that the path has no other methods than that of its own route.
    fn from_param(param: &'r str) -> Result<Self, ()> {
        if param == RESERVED {
            Err(())
        } else {
            Ok(Self(read(param)))
        }
    }
}

impl IntoParams for OriginId {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        // Other ids are refused too, of which a pattern cannot be shown on one line: `.`, `..`, control characters.
        let id = text().min_length(Some(1)).max_length(Some(LONGEST));
        let parameter = ParameterBuilder::new()
            .name("origin_id")
            .parameter_in(ParameterIn::Path)
            .description(Some("Your own id of the event, percent-encoded."))
            .schema(Some(id.pattern(Some("^[A-Za-z0-9_~:@-]+$"))))
            .example(Some("konsert-42".into()));
        vec![parameter.build()]
    }
}

impl OriginId {
    /// Returns the id.
    ///
    /// # Errors
    /// Returns the problem of a segment that is no id.
    pub fn known(self) -> Result<String, Problem> {
        self.0.ok_or_else(wrong_id)
    }

    /// Returns the id of an event to be written. Rejects `.` and `..`, since intermediaries may remove these segments,
    /// encoded or not (RFC 3986 6.2.2.3).
    ///
    /// # Errors
    /// Returns the problem of a segment that is no id.
    pub fn new_id(self) -> Result<String, Problem> {
        self.0.filter(|id| is_usable(id)).ok_or_else(wrong_id)
    }
}

/// Returns the id of an event to be written, from a query parameter.
///
/// # Errors
/// Returns what is allowed.
pub fn read_new_id(text: &str) -> Result<String, String> {
    read(text).filter(|id| is_usable(id)).ok_or_else(allowed)
}

fn read(text: &str) -> Option<String> {
    let fits = !text.trim().is_empty() && text.chars().count() <= LONGEST;
    // Invalid UTF-8 is decoded to this character, which would make two ids equal.
    let is_whole = !text.contains(char::REPLACEMENT_CHARACTER);
    (fits && is_whole).then(|| text.to_owned())
}

fn is_usable(id: &str) -> bool {
    !matches!(id, "." | "..") && !id.contains(char::is_control)
}

fn wrong_id() -> Problem {
    let said = FieldError::Said(allowed());
    Problem::invalid(vec![FieldProblem::new("origin_id", said)])
}

fn allowed() -> String {
    format!(
        "must be UTF-8 of 1 to {LONGEST} characters, without control characters, and neither «.» nor «..»"
    )
}
