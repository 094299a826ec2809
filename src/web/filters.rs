//! The query string of pages, search feeds and the API, checked at the door.
//!
//! One table names every parameter. What is not in it, or has a value that nothing can match, is
//! refused with a list of what is known, one entry per wrong field.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use rocket::Request;
use rocket::request::{FromRequest, Outcome};

use crate::catalog::Bookmark;
use crate::catalog::{Calendar, Snapshot};
use crate::feeds::{Cancelled, Choices, Tentative};
use calendar_domain::query::words;
use calendar_domain::{Lang, PartnerId, Query, Slug};

use super::fault::{Fault, FieldProblem};
use super::problem::{Kind, Problem};

/// The parameters that the filters of `/`, of feeds and of the API share.
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

/// The parameters of a feed that is not a search: how it is given, not what is in it.
pub const CHOICES: &[&str] = &["lang", "cancelled", "tentative"];

/// How many values one request may carry.
const MAX_VALUES: usize = 100;
/// How long one value may be, in bytes.
const MAX_VALUE: usize = 300;

/// What a reader asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    /// What to find.
    pub query: Query,
    /// The words as they were typed, to be shown again.
    pub typed: String,
    /// How cancelled events are given.
    pub cancelled: Cancelled,
    /// Whether events with an unconfirmed date are given.
    pub tentative: Tentative,
    /// The language asked for; none where the address decides.
    pub lang: Option<Lang>,
    /// The day that this page of a long list begins with.
    pub page_from: Option<Bookmark>,
    /// Where this page of a long list ends, if it is one before another.
    pub page_to: Option<Bookmark>,
}

/// The parameters as they came, name and value, decoded.
pub type Fields = Vec<(String, String)>;

impl Filters {
    /// How to give it, in the language asked for, or else in this one.
    #[must_use]
    pub fn choices(&self, default: Lang) -> Choices {
        Choices {
            lang: self.lang.unwrap_or(default),
            cancelled: self.cancelled,
            tentative: self.tentative,
        }
    }

    /// Reads the parameters of a query string.
    ///
    /// Empty values are passed over, since a form without JavaScript sends them.
    ///
    /// # Errors
    /// One entry per wrong field.
    pub fn parse(
        fields: &Fields,
        known: &[&str],
        snapshot: &Snapshot,
    ) -> Result<Self, Vec<FieldProblem>> {
        let mut reader = Reader {
            filters: Self::default(),
            errors: Vec::new(),
            snapshot,
        };
        if fields.len() > MAX_VALUES {
            return Err(vec![FieldProblem::new("?", Fault::TooMany(MAX_VALUES))]);
        }
        for (name, value) in fields {
            if value.len() > MAX_VALUE {
                reader.wrong(name, Fault::TooLong(MAX_VALUE));
            } else if !known.contains(&name.as_str()) {
                reader.wrong(name, Fault::Unknown(strings(known)));
            } else if !value.trim().is_empty() {
                reader.read(name, value.trim());
            }
        }
        if let (Some(from), Some(to)) = (reader.filters.query.from, reader.filters.query.to)
            && to < from
        {
            reader.wrong("to", Fault::BeforeStart);
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
    fn wrong(&mut self, field: &str, fault: Fault) {
        self.errors.push(FieldProblem::new(field, fault));
    }

    fn read(&mut self, name: &str, value: &str) {
        match name {
            "from" => self.filters.query.from = self.date(name, value),
            "to" => self.filters.query.to = self.date(name, value),
            "page_from" => self.filters.page_from = self.bookmark(name, value),
            "page_to" => self.filters.page_to = self.bookmark(name, value),
            "q" => {
                self.filters.query.words.extend(words(value));
                value.clone_into(&mut self.filters.typed);
            }
            "free" => self.filters.query.free = self.yes(name, value),
            "accessible" => self.accessible(value),
            "lang" => match value.parse() {
                Ok(lang) => self.filters.lang = Some(lang),
                Err(_) => self.wrong(name, one_of(&["nb", "nn", "en"])),
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

    /// A parameter whose value names a record.
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
            None => self.wrong("partner", Fault::NothingCalled(value.to_owned())),
        }
    }

    /// The short lists of words are told; the long ones have pages of their own.
    fn no_such_word(&self, name: &str, value: &str) -> Fault {
        let snapshot = self.snapshot;
        let list: Vec<&str> = match name {
            "category" => snapshot
                .categories()
                .iter()
                .map(|it| it.slug.as_str())
                .collect(),
            "audience" => snapshot
                .audiences()
                .iter()
                .map(|it| it.slug.as_str())
                .collect(),
            "series" => snapshot
                .all_series()
                .iter()
                .map(|it| it.slug.as_str())
                .collect(),
            "municipality" => {
                let all = snapshot.region().municipalities.iter();
                all.map(|it| it.slug.as_str()).collect()
            }
            _ => return Fault::NothingCalled(value.to_owned()),
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
            self.wrong(name, Fault::NotADate);
        }
        sane
    }

    fn bookmark(&mut self, name: &str, value: &str) -> Option<Bookmark> {
        let (day, shown) = value.split_once('.').unwrap_or((value, "0"));
        let Ok(shown) = shown.parse::<u32>() else {
            self.wrong(name, Fault::NotADate);
            return None;
        };
        let shown = shown as usize;
        self.date(name, day).map(|day| Bookmark { day, shown })
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

    /// `accessible=1` asks for a way in without steps; a feature's name asks for that feature.
    fn accessible(&mut self, value: &str) {
        let features: BTreeSet<String> = match value {
            "1" | "true" | "yes" | "on" => ["step-free".to_owned()].into(),
            "0" | "false" | "no" | "off" => BTreeSet::new(),
            other => other
                .split(',')
                .map(|it| it.trim().replace('_', "-"))
                .collect(),
        };
        for feature in features {
            match feature.parse() {
                Ok(slug) => {
                    self.filters.query.accessibility.insert(slug);
                }
                Err(_) => self.wrong("accessible", Fault::NotAName),
            }
        }
    }
}

fn one_of(allowed: &[&str]) -> Fault {
    Fault::NotOneOf(strings(allowed))
}

fn strings(all: &[&str]) -> Vec<String> {
    all.iter().map(|it| (*it).to_owned()).collect()
}

/// The parameters of a request, decoded.
fn fields(request: &Request<'_>) -> Fields {
    let raw = request
        .uri()
        .query()
        .map(|query| query.as_str())
        .unwrap_or_default();
    url::form_urlencoded::parse(raw.as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// The query string of a request, to be read as whatever the address takes.
#[derive(Clone, Copy)]
pub struct Asking<'r>(pub &'r Request<'r>);

impl Asking<'_> {
    /// All filters.
    ///
    /// # Errors
    /// One entry per wrong field.
    pub fn filters(&self, snapshot: &Snapshot) -> Result<Filters, Problem> {
        self.read(KNOWN, snapshot)
    }

    /// The choices of a feed whose address already says what is in it.
    ///
    /// # Errors
    /// One entry per wrong field.
    pub fn choices(&self, snapshot: &Snapshot, default: Lang) -> Result<Choices, Problem> {
        // Most feeds are asked for without any, and filters are large to make and to let go.
        if self.0.uri().query().is_none() {
            return Ok(Choices::of(default));
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
            return Outcome::Error((Kind::Internal.status(), problem));
        };
        // Pages are linked from letters and other sites, which add what only they know, such as utm_source.
        let mut fields = fields(request);
        fields.retain(|(name, _)| KNOWN.contains(&name.as_str()));
        let filters = Filters::parse(&fields, KNOWN, &calendar.snapshot());
        match filters.map_err(Problem::invalid) {
            Ok(filters) => Outcome::Success(filters),
            Err(problem) => Outcome::Error((problem.kind.status(), problem)),
        }
    }
}
