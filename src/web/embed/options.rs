//! What is embedded, and how it looks.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::Serialize;

use crate::catalog::{EventOccurrence, Snapshot};
use crate::web::field_error::{FieldError, FieldProblem};
use crate::web::filters::{Filters, KNOWN, QueryFields};
use crate::web::pages::filter_params::Param;
use crate::web::pages::{FilterParams, PageContext};
use calendar_domain::Lang;
use calendar_ical::write::WriteOptions;

use super::month_days::shown_months;
use super::theme::EmbedTheme;

/// Parameters besides the filters.
const OWN: [&str; 7] = [
    "layout",
    "limit",
    "month",
    "scheme",
    "accent",
    "background",
    "text",
];
/// Filters that embeds have not: the position in a long list.
const WITHOUT: [&str; 2] = ["page_from", "page_to"];
/// Default number of events in a list.
pub const EVENTS: usize = 10;
/// Maximum number of events in a list.
pub const MOST_EVENTS: usize = 100;

/// Arrangement of the events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EmbedLayout {
    /// By day, in one column.
    #[default]
    List,
    /// A card for each event, in columns.
    Cards,
    /// A month as a table, or as a list where a table has no room.
    Month,
}

impl EmbedLayout {
    /// Every layout.
    pub const ALL: [Self; 3] = [Self::List, Self::Cards, Self::Month];

    /// Returns its name in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Cards => "cards",
            Self::Month => "month",
        }
    }

    /// Returns true for cards.
    #[must_use]
    pub fn is_cards(self) -> bool {
        self == Self::Cards
    }
}

impl fmt::Display for EmbedLayout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for EmbedLayout {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        let found = Self::ALL.into_iter().find(|item| item.as_str() == text);
        let names = || Self::ALL.iter().map(ToString::to_string).collect();
        found.ok_or_else(|| FieldError::NotOneOf(names()))
    }
}

/// A selection of events and its appearance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbedOptions {
    /// The filters.
    pub filters: FilterParams,
    /// The language, and whether cancelled and tentative events are shown.
    pub choices: WriteOptions,
    /// The arrangement.
    pub layout: EmbedLayout,
    /// Maximum number of events in a list. A month has all.
    pub limit: usize,
    /// The first day of the month, if it is not the current one.
    pub month: Option<NaiveDate>,
    /// The colors.
    pub theme: EmbedTheme,
}

impl Default for EmbedOptions {
    fn default() -> Self {
        Self {
            filters: FilterParams::default(),
            choices: WriteOptions::new(Lang::default()),
            layout: EmbedLayout::default(),
            limit: EVENTS,
            month: None,
            theme: EmbedTheme::default(),
        }
    }
}

impl EmbedOptions {
    /// Parses the parameters of a query string. Empty values are skipped; of repeated parameters besides filters the last
    /// one counts.
    ///
    /// # Errors
    /// Returns one error per invalid field.
    pub fn parse(fields: &QueryFields, snapshot: &Snapshot) -> Result<Self, Vec<FieldProblem>> {
        let (own, others): (QueryFields, QueryFields) = fields
            .iter()
            .cloned()
            .partition(|(name, _)| OWN.contains(&name.as_str()));
        let known = KNOWN.iter().filter(|name| !WITHOUT.contains(name));
        let known: Vec<&str> = known.chain(&OWN).copied().collect();
        let (mut options, mut errors) = match Filters::parse(&others, &known, snapshot) {
            Ok(filters) => (Self::from(filters), Vec::new()),
            Err(errors) => (Self::default(), errors),
        };
        for (name, value) in &own {
            let value = value.trim();
            if !value.is_empty()
                && let Err(error) = options.read(name, value, snapshot)
            {
                errors.push(FieldProblem::new(name, error));
            }
        }
        if errors.is_empty() {
            Ok(options)
        } else {
            Err(errors)
        }
    }

    /// Parses what is valid of the parameters. Returns it with one error per invalid field.
    #[must_use]
    pub fn parse_valid(fields: &QueryFields, snapshot: &Snapshot) -> (Self, Vec<FieldProblem>) {
        let errors = match Self::parse(fields, snapshot) {
            Ok(options) => return (options, Vec::new()),
            Err(errors) => errors,
        };
        let is_named = |name: &str, errors: &[FieldProblem]| {
            let mut named = errors.iter().map(|error| &error.field);
            named.any(|field| field == name)
        };
        // Of several values of a filter, one may be invalid.
        let is_valid = |field: &(String, String)| {
            !is_named(&field.0, &errors) || Self::parse(&vec![field.clone()], snapshot).is_ok()
        };
        let mut valid: QueryFields = fields
            .iter()
            .filter(|field| is_valid(field))
            .cloned()
            .collect();
        let options = Self::parse(&valid, snapshot).or_else(|others| {
            // They are invalid beside each other, such as a last day before the first.
            valid.retain(|(name, _)| !is_named(name, &others));
            Self::parse(&valid, snapshot)
        });
        (options.unwrap_or_default(), errors)
    }

    fn read(&mut self, name: &str, value: &str, snapshot: &Snapshot) -> Result<(), FieldError> {
        match name {
            "layout" => self.layout = value.parse()?,
            "limit" => {
                let limit = value.parse().ok();
                let limit = limit.filter(|limit| (1..=MOST_EVENTS).contains(limit));
                self.limit = limit.ok_or(FieldError::NotBetween(1, MOST_EVENTS))?;
            }
            "month" => {
                let first = NaiveDate::parse_from_str(&format!("{value}-01"), "%Y-%m-%d").ok();
                // Signs and single digits are refused.
                let first = first.filter(|first| first.format("%Y-%m").to_string() == value);
                let shown = first.filter(|first| shown_months(snapshot).contains(first));
                self.month = Some(shown.ok_or(FieldError::NotAMonth)?);
            }
            _ => self.theme.read(name, value)?,
        }
        Ok(())
    }

    /// Returns true if an occurrence may be shown on other sites, and the selection includes its status.
    #[must_use]
    pub fn admits(&self, context: &PageContext, occurrence: &EventOccurrence) -> bool {
        self.choices.admit(occurrence.status()) && context.snapshot.may_pass_on(&occurrence.event)
    }

    /// Returns the filters as parameters, those of the presentation of cancelled and tentative events included.
    #[must_use]
    pub fn filter_params(&self) -> Vec<Param> {
        let choices = self.choices.params().into_iter();
        let mut params = self.filters.params();
        params.extend(choices.filter(|(name, _)| *name != "lang"));
        params
    }

    /// Returns the parameters that differ from the defaults, except the month.
    #[must_use]
    pub fn params(&self) -> Vec<Param> {
        let mut params = self.filter_params();
        let lang = self.choices.lang;
        if lang != Lang::default() {
            params.push(("lang", lang.to_string()));
        }
        if self.layout != EmbedLayout::default() {
            params.push(("layout", self.layout.to_string()));
        }
        if self.limit != EVENTS && self.layout != EmbedLayout::Month {
            params.push(("limit", self.limit.to_string()));
        }
        params.extend(self.theme.params());
        params
    }
}

impl From<Filters> for EmbedOptions {
    fn from(filters: Filters) -> Self {
        Self {
            choices: filters.choices(Lang::default()),
            filters: filters.into(),
            ..Self::default()
        }
    }
}
