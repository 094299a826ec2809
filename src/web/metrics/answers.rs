//! Counts responses by route and status.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use rocket::fairing::{Fairing, Info, Kind};
use rocket::http::Status;
use rocket::{Orbit, Request, Rocket, Route};

use super::{head, line};

/// Statuses with a counter of their own, sorted. One more counter holds all others.
const STATUSES: [u16; 34] = [
    200, 201, 202, 204, 206, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 406, 408, 409,
    410, 411, 412, 413, 414, 415, 416, 422, 429, 431, 500, 501, 502, 503, 507,
];
const PLACES: usize = STATUSES.len() + 1;

/// Counters of responses by route and status.
#[derive(Debug, Default)]
pub struct Answers {
    rows: OnceLock<Vec<Row>>,
    /// Responses to requests without a matching route.
    none: Counts,
}

#[derive(Debug)]
struct Row {
    /// Address of the route in memory, which identifies it; rows are sorted by it.
    address: usize,
    method: String,
    uri: String,
    counts: Counts,
}

#[derive(Debug)]
struct Counts([AtomicU64; PLACES]);

impl Default for Counts {
    fn default() -> Self {
        Self(std::array::from_fn(|_| AtomicU64::new(0)))
    }
}

impl Answers {
    /// Counts a response, without locks or allocations.
    pub(in crate::web) fn count(&self, request: &Request<'_>, status: Status) {
        let row = request.route().and_then(|route| {
            let rows = self.rows.get()?;
            let found = rows.binary_search_by_key(&address(route), |row| row.address);
            rows.get(found.ok()?)
        });
        let counts = row.map_or(&self.none, |row| &row.counts);
        let place = STATUSES.binary_search(&status.code);
        let place = place.unwrap_or(STATUSES.len());
        counts.0[place].fetch_add(1, Ordering::Relaxed);
    }

    fn learn(&self, rocket: &Rocket<Orbit>) {
        let mut rows: Vec<Row> = rocket.routes().map(Row::new).collect();
        rows.sort_by_key(|row| row.address);
        // Set once: liftoff happens once per launch.
        let _ = self.rows.set(rows);
    }

    pub(super) fn write(&self, out: &mut String) {
        head(
            out,
            "requests_total",
            "counter",
            "Responses by route and status.",
        );
        for row in self.rows.get().into_iter().flatten() {
            row.counts.write(out, &row.method, &row.uri);
        }
        self.none.write(out, "", "");
    }
}

impl Row {
    fn new(route: &Route) -> Self {
        Self {
            address: address(route),
            method: route.method.to_string(),
            uri: route.uri.to_string().replace(['"', '\\', '\n'], "_"),
            counts: Counts::default(),
        }
    }
}

fn address(route: &Route) -> usize {
    std::ptr::from_ref(route).addr()
}

impl Counts {
    fn write(&self, out: &mut String, method: &str, uri: &str) {
        for (place, count) in self.0.iter().enumerate() {
            let count = count.load(Ordering::Relaxed);
            if count == 0 {
                continue;
            }
            let status = STATUSES
                .get(place)
                .map_or("other".to_owned(), u16::to_string);
            line(
                out,
                "requests_total",
                &format!("method=\"{method}\",route=\"{uri}\",status=\"{status}\""),
                count,
            );
        }
    }
}

/// Fairing that builds the table of routes at liftoff.
pub struct Learn;

#[rocket::async_trait]
impl Fairing for Learn {
    fn info(&self) -> Info {
        Info {
            name: "routes for metrics",
            kind: Kind::Liftoff,
        }
    }

    async fn on_liftoff(&self, rocket: &Rocket<Orbit>) {
        if let Some(answers) = rocket.state::<Answers>() {
            answers.learn(rocket);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::STATUSES;
    use crate::web::problem;

    #[test]
    fn every_status_of_a_problem_is_counted_by_itself() {
        assert!(STATUSES.is_sorted(), "found by binary search");
        for kind in problem::ProblemKind::ALL {
            let status = kind.status().code;
            assert!(STATUSES.binary_search(&status).is_ok(), "{status}");
        }
    }
}
