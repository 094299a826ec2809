//! Pages of partners, and how current their events are.

use askama::Template;
use chrono::{DateTime, Utc};

use super::event_list::{Month, by_month};
use super::links::{OutLink, out_link};
use super::{LocalizedText, PageContext, Section, Shell};
use crate::ingest::run::{Health, PartnerHealth};
use calendar_domain::partner::Permission;
use calendar_domain::zone::to_local;
use calendar_domain::{Partner, Query};
use calendar_language::Year;

/// The list of all partners.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/partners.html")]
pub struct PartnersPage {
    /// The layout.
    pub shell: Shell,
    /// Partners that are connected or have events in the calendar.
    pub connected: Vec<PartnerListRow>,
    /// Partners that are not connected yet.
    pub planned: Vec<PartnerListRow>,
}

/// A partner in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerListRow {
    /// The name.
    pub name: String,
    /// Address of its page.
    pub url: String,
    /// How current its events are.
    pub fresh: Fresh,
    /// «3 arrangementer», or empty.
    pub count: String,
}

/// How current a partner's events are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fresh {
    /// The description.
    pub text: String,
    /// Whether the last exchange failed.
    pub troubled: bool,
}

/// The page of a partner.
#[derive(Debug, Clone, Template)]
#[template(path = "pages/partner.html")]
pub struct PartnerPage {
    /// The layout.
    pub shell: Shell,
    /// The name.
    pub name: String,
    /// The description; may be empty.
    pub description: LocalizedText,
    /// Other names; may be empty.
    pub aliases: String,
    /// The partner's website.
    pub website: Option<OutLink>,
    /// How current its events are.
    pub fresh: Fresh,
    /// The terms of use, a sentence each.
    pub terms: Vec<String>,
    /// Upcoming events.
    pub months: Vec<Month>,
    /// «3 arrangementer».
    pub count: String,
    /// Address of the feed.
    pub feed: String,
    /// Address of the subscription page.
    pub subscribe: String,
}

impl PartnersPage {
    /// Returns the list of all partners.
    #[must_use]
    pub fn new(visit: &PageContext, health: &Health) -> Self {
        let title = visit.words.say("partners-heading").into_owned();
        let mut shell = visit.shell(Section::Other, title, visit.paths.partners(None));
        shell.description = visit.words.say("partners-lead").into_owned();
        let rows = |connected: bool| {
            let all = visit.snapshot.partners();
            let some = all.filter(|it| !it.internal && is_connected(visit, it) == connected);
            let mut rows: Vec<PartnerListRow> =
                some.map(|it| row(visit, it, &health.of(&it.id))).collect();
            rows.sort_by_cached_key(|it| calendar_domain::query::fold(&it.name));
            rows
        };
        Self {
            shell,
            connected: rows(true),
            planned: rows(false),
        }
    }
}

impl PartnerPage {
    /// Returns the page of a partner.
    #[must_use]
    pub fn new(visit: &PageContext, partner: &Partner, health: &PartnerHealth) -> Self {
        let id = partner.id.as_str();
        let path = visit.paths.partners(Some(id));
        let mut shell = visit.shell(Section::Other, partner.name.clone(), path);
        shell.feed = visit.paths.feed("partner", id);
        shell.indexed = partner.policy.indexing == Permission::Allowed;
        let coming = visit.snapshot.happenings(&told_by(partner), visit.ahead());
        let rows = visit.rows(&coming);
        let names: Vec<&str> = partner.aliases.iter().map(String::as_str).collect();
        Self {
            feed: shell.feed.clone(),
            name: partner.name.clone(),
            description: visit.said(&partner.description),
            aliases: visit.words.listed(&names),
            website: partner.website.as_ref().map(out_link),
            fresh: fresh(visit, partner, health),
            terms: terms(visit, partner),
            months: by_month(rows, visit.today(), visit.words),
            count: visit.count(coming.len()),
            subscribe: visit.paths.subscribe_to(&[("partner", id)]),
            shell,
        }
    }
}

fn told_by(partner: &Partner) -> Query {
    Query {
        partners: [partner.id.clone()].into(),
        ..Query::default()
    }
}

/// Returns true if the partner is connected or has events in the calendar.
fn is_connected(visit: &PageContext, partner: &Partner) -> bool {
    partner.connection.is_some() || visit.snapshot.gives(&partner.id)
}

fn row(visit: &PageContext, partner: &Partner, health: &PartnerHealth) -> PartnerListRow {
    let coming = visit.snapshot.happenings(&told_by(partner), visit.ahead());
    PartnerListRow {
        name: partner.name.clone(),
        url: visit.paths.partners(Some(partner.id.as_str())),
        fresh: fresh(visit, partner, health),
        count: if coming.is_empty() {
            String::new()
        } else {
            visit.count(coming.len())
        },
    }
}

fn fresh(visit: &PageContext, partner: &Partner, health: &PartnerHealth) -> Fresh {
    let words = visit.words;
    let plain = |key: &str| Fresh {
        text: words.say(key).into_owned(),
        troubled: false,
    };
    let Some(connection) = &partner.connection else {
        return plain(if visit.snapshot.gives(&partner.id) {
            "partner-by-hand"
        } else {
            "partner-not-connected"
        });
    };
    if connection.url.is_none() {
        return plain("partner-sends");
    }
    let troubled = health.failures > 0;
    let key = match (&health.good_at, troubled) {
        (None, false) => return plain("partner-not-yet"),
        (None, true) => "partner-never-answered",
        (Some(_), true) => "partner-troubled",
        (Some(_), false) => "partner-in-step",
    };
    let (date, time) = said_at(visit, health.good_at.unwrap_or_default());
    Fresh {
        text: words.say_with(key, &[("date", &date), ("time", &time)]),
        troubled,
    }
}

fn said_at(visit: &PageContext, at: DateTime<Utc>) -> (String, String) {
    let local = to_local(at, visit.snapshot.region().time_zone);
    let date = visit.words.date(local.date(), Year::Said);
    (date, visit.words.clock(local.time()))
}

/// Returns the terms of use of a partner's events.
fn terms(visit: &PageContext, partner: &Partner) -> Vec<String> {
    let policy = &partner.policy;
    let say = |key: &str| visit.words.say(key).into_owned();
    let mut terms = Vec::new();
    if let Some(credit) = &policy.credit {
        terms.push(
            visit
                .words
                .say_with("partner-credit", &[("credit", credit)]),
        );
    }
    if let Some(licence) = &policy.licence {
        terms.push(
            visit
                .words
                .say_with("partner-licence", &[("licence", licence)]),
        );
    }
    if policy.passing_on == Permission::Refused {
        terms.push(say("partner-not-passed-on"));
    }
    if policy.indexing == Permission::Refused {
        terms.push(say("partner-not-indexed"));
    }
    terms
}
