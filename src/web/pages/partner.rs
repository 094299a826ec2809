//! Pages of partners, and how current their events are.

use askama::Template;
use chrono::{DateTime, Utc};

use super::event_list::{Month, by_month};
use super::links::{OutLink, out_link};
use super::{Layout, LocalizedText, PageContext, Section};
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
    pub layout: Layout,
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
    pub layout: Layout,
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
    pub fn new(context: &PageContext, health: &Health) -> Self {
        let title = context.words.say("partners-heading").into_owned();
        let mut layout = context.layout(Section::Other, title, context.paths.partners(None));
        layout.description = context.words.say("partners-lead").into_owned();
        let rows = |connected: bool| {
            let all = context.snapshot.partners();
            let some = all
                .filter(|partner| !partner.internal && is_connected(context, partner) == connected);
            let mut rows: Vec<PartnerListRow> = some
                .map(|partner| row(context, partner, &health.of(&partner.id)))
                .collect();
            rows.sort_by_cached_key(|row| calendar_domain::query::fold(&row.name));
            rows
        };
        Self {
            layout,
            connected: rows(true),
            planned: rows(false),
        }
    }
}

impl PartnerPage {
    /// Returns the page of a partner.
    #[must_use]
    pub fn new(context: &PageContext, partner: &Partner, health: &PartnerHealth) -> Self {
        let id = partner.id.as_str();
        let path = context.paths.partners(Some(id));
        let stated = partner.policy.licence.as_deref();
        let layout = context.layout(Section::Other, partner.name.clone(), path);
        let mut layout = layout.with_licence_of_partner(stated);
        layout.feed = context.paths.feed("partner", id);
        layout.indexed = partner.policy.indexing == Permission::Allowed;
        let coming = context
            .snapshot
            .happenings(&told_by(partner), context.ahead());
        let rows = context.rows(&coming);
        let names: Vec<&str> = partner.aliases.iter().map(String::as_str).collect();
        Self {
            feed: layout.feed.clone(),
            name: partner.name.clone(),
            description: context.said(&partner.description),
            aliases: context.words.listed(&names),
            website: partner.website.as_ref().map(out_link),
            fresh: fresh(context, partner, health),
            terms: terms(context, partner),
            months: by_month(rows, context.today(), context.words),
            count: context.count(coming.len()),
            subscribe: context.paths.subscribe_to(&[("partner", id)]),
            layout,
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
fn is_connected(context: &PageContext, partner: &Partner) -> bool {
    partner.connection.is_some() || context.snapshot.gives(&partner.id)
}

fn row(context: &PageContext, partner: &Partner, health: &PartnerHealth) -> PartnerListRow {
    let coming = context
        .snapshot
        .happenings(&told_by(partner), context.ahead());
    PartnerListRow {
        name: partner.name.clone(),
        url: context.paths.partners(Some(partner.id.as_str())),
        fresh: fresh(context, partner, health),
        count: if coming.is_empty() {
            String::new()
        } else {
            context.count(coming.len())
        },
    }
}

fn fresh(context: &PageContext, partner: &Partner, health: &PartnerHealth) -> Fresh {
    let words = context.words;
    let plain = |key: &str| Fresh {
        text: words.say(key).into_owned(),
        troubled: false,
    };
    let Some(connection) = &partner.connection else {
        return plain(if context.snapshot.gives(&partner.id) {
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
    let (date, time) = said_at(context, health.good_at.unwrap_or_default());
    Fresh {
        text: words.say_with(key, &[("date", &date), ("time", &time)]),
        troubled,
    }
}

fn said_at(context: &PageContext, at: DateTime<Utc>) -> (String, String) {
    let local = to_local(at, context.snapshot.region().time_zone);
    let date = context.words.date(local.date(), Year::Said);
    (date, context.words.clock(local.time()))
}

/// Returns the terms of use of a partner's events.
fn terms(context: &PageContext, partner: &Partner) -> Vec<String> {
    let policy = &partner.policy;
    let say = |key: &str| context.words.say(key).into_owned();
    let mut terms = Vec::new();
    if let Some(credit) = &policy.credit {
        terms.push(
            context
                .words
                .say_with("partner-credit", &[("credit", credit)]),
        );
    }
    if let Some(licence) = &policy.licence {
        terms.push(
            context
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
