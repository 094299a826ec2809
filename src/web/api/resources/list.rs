//! Paging of lists.
//!
//! The cursor is the position of the last item in the order of the list. So a page continues behind it although records
//! were added or removed in between.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use rocket::Request;
use rocket::request::{FromRequest, Outcome};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::ResourceView;
use crate::catalog::caught;
use crate::web::api::openapi::parameters::RESOURCES;
use crate::web::api::query_params::QueryParams;
use crate::web::api::text_language::{TextLanguage, preferred_language};
use crate::web::conditional::Finished;
use crate::web::guards::outcome;
use crate::web::problem::Problem;

/// Maximum length of the key in a cursor.
const KEY: usize = 100;

/// A page of a list.
#[derive(Serialize, ToSchema)]
#[schema(as = Page)]
pub struct ResourcePage<T> {
    /// The items, in order.
    items: Vec<T>,
    /// The cursor of the next page; `null` on the last one.
    next: Option<String>,
    /// Address of the licence of the data, if it has one.
    licence: Option<String>,
}

/// The position of a record in a list: ordered by rank, then by key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListPosition {
    rank: u64,
    key: String,
}

impl ListPosition {
    /// Returns the position of a record in a list in display order.
    pub fn ranked(rank: u32, key: &str) -> Self {
        Self {
            rank: rank.into(),
            key: key.to_owned(),
        }
    }

    /// Returns the position of a record in a list by key.
    pub fn by_key(key: &str) -> Self {
        Self::ranked(0, key)
    }
}

impl fmt::Display for ListPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.rank, self.key)
    }
}

impl FromStr for ListPosition {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (rank, key) = text.split_once('.').ok_or(())?;
        let is_number = (1..=10).contains(&rank.len()) && rank.bytes().all(|b| b.is_ascii_digit());
        let is_key = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let is_key = (1..=KEY).contains(&key.len()) && key.bytes().all(is_key);
        match rank.parse() {
            Ok(rank) if is_number && is_key => Ok(Self {
                rank,
                key: key.to_owned(),
            }),
            _ => Err(()),
        }
    }
}

/// Request guard: a requested page of a list.
pub struct ListRequest {
    /// Writes the items.
    pub view: ResourceView,
    after: Option<ListPosition>,
    limit: usize,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for ListRequest {
    type Error = Problem;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Problem> {
        outcome(request, Self::new(request))
    }
}

impl ListRequest {
    fn new(request: &Request<'_>) -> Result<Self, Problem> {
        let query = QueryParams::new(request);
        let mut values = query.of(&["lang", "limit", "cursor"]);
        let language = TextLanguage::read(&mut values, preferred_language(request));
        let limit = values.limit(&RESOURCES);
        let after = values.cursor("cursor", |text| {
            let position = text.parse();
            position.map_err(|()| "is not a value of `next`; begin again without it")
        });
        values.done()?;
        Ok(Self {
            view: ResourceView::new(request, language)?,
            after,
            limit,
        })
    }

    /// Returns the response with the page of `records`, which are in any order.
    pub fn page<'a, R: 'a, T: Serialize>(
        &self,
        records: impl IntoIterator<Item = (ListPosition, &'a Arc<R>)>,
        item: impl Fn(&ResourceView, &R) -> T,
    ) -> Finished {
        let later = |at: &ListPosition| self.after.as_ref().is_none_or(|after| at > after);
        let mut records: Vec<_> = records.into_iter().filter(|(at, _)| later(at)).collect();
        records.sort_by(|(one, _), (other, _)| one.cmp(other));
        let has_more = records.len() > self.limit;
        records.truncate(self.limit);
        let last = records.last().filter(|_| has_more);
        let next = last.map(|(at, _)| at.to_string());
        // A record that cannot be written must not hide the others.
        let written = |(_, record): &(_, &'a Arc<R>)| caught(|| item(&self.view, record)).ok();
        let licence = self.view.snapshot.region().licence_url();
        self.view.finished(&ResourcePage {
            items: records.iter().filter_map(written).collect(),
            next,
            licence: licence.map(str::to_owned),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_orders_by_rank_and_then_by_key() {
        let (first, second) = (
            ListPosition::ranked(2, "z-1"),
            ListPosition::ranked(10, "a"),
        );
        assert!(first < second);
        assert!(ListPosition::by_key("a") < ListPosition::by_key("b"));
        assert_eq!(first.to_string().parse(), Ok(first));
        assert_eq!(second.to_string().parse(), Ok(second));
    }

    #[test]
    fn a_text_that_no_page_gave_is_no_cursor() {
        for text in [
            "",
            "a",
            "1",
            "1.",
            ".a",
            "-1.a",
            "+1.a",
            "1.A",
            "1.å",
            "12345678901.a",
        ] {
            assert_eq!(text.parse::<ListPosition>(), Err(()), "{text}");
        }
        assert!(
            format!("1.{}", "a".repeat(101))
                .parse::<ListPosition>()
                .is_err()
        );
    }
}
