//! The values of the form, as typed.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::FormField;
use crate::typed_text::{cleaned, is_blank};

/// Maximum number of values of one field. A table has at most that many rows.
pub const MOST_ROWS: usize = 60;
/// Maximum number of characters that are kept of a value beyond its limit, so that the error shows what was typed.
const KEPT_BEYOND_LIMIT: usize = 2_000;

/// Values as typed, by field. Never public.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventForm(BTreeMap<FormField, Vec<String>>);

impl EventForm {
    /// Returns the form with these names and values. Unknown names, images, further values of fields with one value, and
    /// characters that cannot be seen are left out, and what goes far beyond a limit is cut off.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            // Images are set by their own page.
            if let Some(field) = FormField::named(name).filter(|named| !named.is_image()) {
                form.push(field, value);
            }
        }
        form.tidy();
        form
    }

    fn push(&mut self, field: FormField, value: &str) {
        let values = self.0.entry(field).or_default();
        let is_one = !field.is_column() && !field.is_choice_of_many();
        let most_values = if is_one { 1 } else { MOST_ROWS };
        if values.len() < most_values {
            let limit = field.limit();
            let most = limit + limit.min(KEPT_BEYOND_LIMIT);
            values.push(cleaned(value).chars().take(most).collect());
        }
    }

    /// Removes values that say nothing: blank ones, and blank rows at the end of a table.
    fn tidy(&mut self) {
        for (field, values) in &mut self.0 {
            if field.is_column() {
                while values.last().is_some_and(|value| is_blank(value)) {
                    values.pop();
                }
            } else {
                values.retain(|value| !is_blank(value));
            }
            if field.is_choice_of_many() {
                values.sort();
                values.dedup();
            }
        }
        self.0.retain(|_, values| !values.is_empty());
    }

    /// Returns the form with one more value.
    #[must_use]
    pub fn with(mut self, field: FormField, value: impl Into<String>) -> Self {
        self.push(field, &value.into());
        self.tidy();
        self
    }

    /// Sets the values of a field, at most [`MOST_ROWS`].
    pub fn set(&mut self, field: FormField, mut values: Vec<String>) {
        values.truncate(MOST_ROWS);
        self.0.insert(field, values);
        self.tidy();
    }

    /// Returns the only or first value as typed; empty if there is none.
    #[must_use]
    pub fn get(&self, field: FormField) -> &str {
        self.all(field).first().map_or("", String::as_str)
    }

    /// Returns the first value without surrounding white space; `None` if it is blank.
    #[must_use]
    pub fn filled(&self, field: FormField) -> Option<&str> {
        Some(self.get(field).trim()).filter(|value| !value.is_empty())
    }

    /// Returns every value of a field.
    #[must_use]
    pub fn all(&self, field: FormField) -> &[String] {
        self.0.get(&field).map_or(&[], Vec::as_slice)
    }

    /// Returns the value of a row of a table; empty if there is none.
    #[must_use]
    pub fn cell(&self, field: FormField, row: usize) -> &str {
        self.all(field).get(row).map_or("", |value| value.trim())
    }

    /// Returns true if a field has a value.
    #[must_use]
    pub fn has(&self, field: FormField, value: &str) -> bool {
        self.all(field).iter().any(|item| item == value)
    }

    /// Returns true if nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the number of rows of the table with these columns.
    #[must_use]
    pub fn rows(&self, columns: &[FormField]) -> usize {
        let lengths = columns.iter().map(|column| self.all(*column).len());
        lengths.max().unwrap_or(0)
    }
}

/// Keeps private facts and unpublished texts out of logs.
impl fmt::Debug for EventForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EventForm({} fields)", self.0.len())
    }
}
