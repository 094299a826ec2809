//! Parses the query strings of pages, search feeds and the API.
//!
//! [`KNOWN`] names every parameter. An unknown parameter, or a value that can match nothing, is an error that lists the
//! known ones; there is one error per invalid field.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use rocket::Request;
use rocket::request::{FromRequest, Outcome};

use crate::catalog::AgendaCursor;
use crate::catalog::{Calendar, Snapshot};
use crate::feeds::{Cancelled, Tentative, WriteOptions};
use calendar_domain::query::words;
use calendar_domain::{Lang, PartnerId, Query, Slug};

use super::field_error::{FieldError, FieldProblem};
use super::problem::{Problem, ProblemKind};

/// Parameters shared by the filters of `/`, of feeds and of the API.
pub const KNOWN: &[&str] = &[
    "from",
    "to",
    "category",
    "audience",
    "place",
    "municipality",
    "organizer",
    "series",
    "partner",
    "q",
    "free",
    "accessible",
    "lang",
    "cancelled",
    "tentative",
    "page_from",
    "page_to",
];

/// Parameters of a feed whose path selects its events.
pub const CHOICES: &[&str] = &["lang", "cancelled", "tentative"];

/// Maximum number of values per request.
pub const MAX_VALUES: usize = 100;
/// Maximum length of a value in characters.
pub const MAX_VALUE: usize = 300;

/// Filters of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    /// The search query.
    pub query: Query,
    /// The search words as typed, to fill the form with.
    pub typed: String,
    /// How cancelled events are presented.
    pub cancelled: Cancelled,
    /// Whether events with an unconfirmed date are included.
    pub tentative: Tentative,
    /// The requested language; `None` if the path decides.
    pub lang: Option<Lang>,
    /// Start of this page of a long list.
    pub page_from: Option<AgendaCursor>,
    /// End of this page of a long list, if it precedes another page.
    pub page_to: Option<AgendaCursor>,
}

/// Parameters of a request: decoded names and values.
pub type QueryFields = Vec<(String, String)>;

impl Filters {
    /// Returns the choices of presentation, with `default` if no language was requested.
    #[must_use]
    pub fn choices(&self, default: Lang) -> WriteOptions {
        WriteOptions {
            lang: self.lang.unwrap_or(default),
            cancelled: self.cancelled,
            tentative: self.tentative,
        }
    }

    /// Parses the parameters of a query string.
    ///
    /// Skips empty values, which forms without JavaScript send.
    ///
    /// # Errors
    /// Returns one error per invalid field.
    pub fn parse(
        fields: &QueryFields,
        known: &[&str],
        snapshot: &Snapshot,
    ) -> Result<Self, Vec<FieldProblem>> {
        let mut reader = Reader {
            filters: Self::default(),
            errors: Vec::new(),
            snapshot,
        };
        if fields.len() > MAX_VALUES {
            return Err(vec![FieldProblem::new(
                "?",
                FieldError::TooMany(MAX_VALUES),
            )]);
        }
        for (name, value) in fields {
            if value.chars().count() > MAX_VALUE {
                reader.wrong(name, FieldError::TooLong(MAX_VALUE));
            } else if !known.contains(&name.as_str()) {
                reader.wrong(name, FieldError::Unknown(strings(known)));
            } else if !value.trim().is_empty() {
                reader.read(name, value.trim());
            }
        }
        if let (Some(from), Some(to)) = (reader.filters.query.from, reader.filters.query.to)
            && to < from
        {
            reader.wrong("to", FieldError::BeforeStart);
        }
        if reader.errors.is_empty() {
            Ok(reader.filters)
        } else {
            Err(reader.errors)
        }
    }
}

struct Reader<'a> {
    filters: Filters,
    errors: Vec<FieldProblem>,
    snapshot: &'a Snapshot,
}

impl Reader<'_> {
    fn wrong(&mut self, field: &str, fault: FieldError) {
        self.errors.push(FieldProblem::new(field, fault));
    }

    fn read(&mut self, name: &str, value: &str) {
        match name {
            "from" => self.filters.query.from = self.date(name, value),
            "to" => self.filters.query.to = self.date(name, value),
            "page_from" => self.filters.page_from = self.bookmark(name, value),
            "page_to" => self.filters.page_to = self.bookmark(name, value),
            "q" => self.read_words(value),
            "free" => self.filters.query.free = self.yes(name, value),
            "accessible" => self.accessible(value),
            "lang" => match value.parse() {
                Ok(lang) => self.filters.lang = Some(lang),
                Err(_) => self.wrong(name, one_of(Lang::TAGS)),
            },
            "cancelled" => match value {
                "mark" => self.filters.cancelled = Cancelled::Mark,
                "status" => self.filters.cancelled = Cancelled::Status,
                "omit" => self.filters.cancelled = Cancelled::Omit,
                _ => self.wrong(name, one_of(&["mark", "status", "omit"])),
            },
            "tentative" => match value {
                "include" => self.filters.tentative = Tentative::Include,
                "omit" => self.filters.tentative = Tentative::Omit,
                _ => self.wrong(name, one_of(&["include", "omit"])),
            },
            _ => self.read_word(name, value),
        }
    }

    /// Reads words to search for. Without any, everything would match.
    fn read_words(&mut self, value: &str) {
        let found = words(value);
        if found.is_empty() {
            self.wrong("q", FieldError::NoWord);
        }
        self.filters.query.words.extend(found);
        value.clone_into(&mut self.filters.typed);
    }

    /// Reads a parameter whose value names a record.
    fn read_word(&mut self, name: &str, value: &str) {
        let snapshot = self.snapshot;
        let found = match name {
            "category" => self.slug(value, |s| snapshot.category(s).is_some()),
            "audience" => self.slug(value, |s| snapshot.audience(s).is_some()),
            "place" => self.slug(value, |s| snapshot.place(s).is_some()),
            "organizer" => self.slug(value, |s| snapshot.organizer(s).is_some()),
            "series" => self.slug(value, |s| snapshot.series(s).is_some()),
            "municipality" => snapshot
                .region()
                .municipality(value)
                .map(|municipality| municipality.slug.clone()),
            _ => None,
        };
        let query = &mut self.filters.query;
        let set = match name {
            "category" => &mut query.categories,
            "audience" => &mut query.audiences,
            "place" => &mut query.places,
            "organizer" => &mut query.organizers,
            "series" => &mut query.series,
            "municipality" => &mut query.municipalities,
            _ => return self.read_partner(value),
        };
        match found {
            Some(slug) => {
                set.insert(slug);
            }
            None => {
                let fault = self.no_such_word(name, value);
                self.wrong(name, fault);
            }
        }
    }

    fn read_partner(&mut self, value: &str) {
        let known = value.parse::<PartnerId>().ok();
        match known.filter(|id| self.snapshot.partner(id).is_some()) {
            Some(id) => {
                self.filters.query.partners.insert(id);
            }
            None => self.wrong("partner", FieldError::NothingCalled(value.to_owned())),
        }
    }

    /// Returns the error for an unknown name. It lists the known names unless the list is long.
    fn no_such_word(&self, name: &str, value: &str) -> FieldError {
        let snapshot = self.snapshot;
        let list: Vec<&str> = match name {
            "category" => snapshot
                .categories()
                .iter()
                .map(|category| category.slug.as_str())
                .collect(),
            "audience" => snapshot
                .audiences()
                .iter()
                .map(|audience| audience.slug.as_str())
                .collect(),
            "series" => snapshot
                .all_series()
                .iter()
                .map(|series| series.slug.as_str())
                .collect(),
            "municipality" => {
                let all = snapshot.region().municipalities.iter();
                all.map(|municipality| municipality.slug.as_str()).collect()
            }
            _ => return FieldError::NothingCalled(value.to_owned()),
        };
        one_of(&list)
    }

    fn slug(&self, value: &str, exists: impl Fn(&Slug) -> bool) -> Option<Slug> {
        value.parse().ok().filter(exists)
    }

    fn date(&mut self, name: &str, value: &str) -> Option<NaiveDate> {
        let date = NaiveDate::parse_from_str(value, "%Y-%m-%d").ok();
        let sane = date.filter(|date| (1..=9998).contains(&chrono::Datelike::year(date)));
        if sane.is_none() {
            self.wrong(name, FieldError::NotADate);
        }
        sane
    }

    fn bookmark(&mut self, name: &str, value: &str) -> Option<AgendaCursor> {
        let (day, shown) = value.split_once('.').unwrap_or((value, "0"));
        let Ok(shown) = shown.parse::<u32>() else {
            self.wrong(name, FieldError::NotADate);
            return None;
        };
        let shown = shown as usize;
        self.date(name, day).map(|day| AgendaCursor { day, shown })
    }

    fn yes(&mut self, name: &str, value: &str) -> bool {
        match value {
            "1" | "true" | "yes" | "on" => true,
            "0" | "false" | "no" | "off" => false,
            _ => {
                self.wrong(name, one_of(&["1", "0"]));
                false
            }
        }
    }

    /// Reads `accessible`: `1` means step-free access, other values are names of features.
    fn accessible(&mut self, value: &str) {
        let features: BTreeSet<String> = match value {
            "1" | "true" | "yes" | "on" => ["step-free".to_owned()].into(),
            "0" | "false" | "no" | "off" => BTreeSet::new(),
            other => other
                .split(',')
                .map(|part| part.trim().replace('_', "-"))
                .collect(),
        };
        for feature in features {
            match feature.parse() {
                Ok(slug) => {
                    self.filters.query.accessibility.insert(slug);
                }
                Err(_) => self.wrong("accessible", FieldError::NotAName),
            }
        }
    }
}

fn one_of(allowed: &[&str]) -> FieldError {
    FieldError::NotOneOf(strings(allowed))
}

fn strings(all: &[&str]) -> Vec<String> {
    all.iter().map(|text| (*text).to_owned()).collect()
}

/// Returns the decoded parameters of a request.
pub(super) fn fields(request: &Request<'_>) -> QueryFields {
    let raw = request
        .uri()
        .query()
        .map(|query| query.as_str())
        .unwrap_or_default();
    decoded(raw)
}

/// Returns the decoded parameters of a query string.
pub(super) fn decoded(query: &str) -> QueryFields {
    url::form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// The query string of a request, parsed on demand by what the path permits.
#[derive(Clone, Copy)]
pub struct QueryString<'r>(pub &'r Request<'r>);

impl QueryString<'_> {
    /// Parses all filters.
    ///
    /// # Errors
    /// Returns a [`Problem`] with one error per invalid field.
    pub fn filters(&self, snapshot: &Snapshot) -> Result<Filters, Problem> {
        self.read(KNOWN, snapshot)
    }

    /// Parses the choices of a feed whose path selects its events.
    ///
    /// # Errors
    /// Returns a [`Problem`] with one error per invalid field.
    pub fn choices(&self, snapshot: &Snapshot, default: Lang) -> Result<WriteOptions, Problem> {
        // Fast path: most feeds are requested without parameters.
        if self.0.uri().query().is_none() {
            return Ok(WriteOptions::new(default));
        }
        Ok(self.read(CHOICES, snapshot)?.choices(default))
    }

    fn read(&self, known: &[&str], snapshot: &Snapshot) -> Result<Filters, Problem> {
        if self.0.uri().query().is_none() {
            return Ok(Filters::default());
        }
        Filters::parse(&fields(self.0), known, snapshot).map_err(Problem::invalid)
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Filters {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        let Some(calendar) = request.rocket().state::<Arc<Calendar>>() else {
            let problem = Problem::internal(&"no calendar is managed");
            return Outcome::Error((ProblemKind::Internal.status(), problem));
        };
        // Newsletters and other sites append parameters of their own, such as `utm_source`, to links to pages.
        let mut fields = fields(request);
        fields.retain(|(name, _)| KNOWN.contains(&name.as_str()));
        let filters = Filters::parse(&fields, KNOWN, &calendar.snapshot());
        match filters.map_err(Problem::invalid) {
            Ok(filters) => Outcome::Success(filters),
            Err(problem) => Outcome::Error((problem.kind.status(), problem)),
        }
    }
}
