//! The service over HTTP: the server in this process with a temporary store and a fixed clock, and the built
//! program.

#![expect(
    clippy::unwrap_used,
    reason = "a test that unwraps fails with the line that did"
)]

mod accounts;
mod agenda_walk;
mod agreement;
mod api_client;
mod api_docs;
mod api_document;
mod api_lists;
mod api_quotas;
mod api_resources;
mod api_schemathesis;
#[path = "../attack/mod.rs"]
mod attack;
mod browser;
mod choices;
mod codings;
mod command_line;
mod conditional;
mod corpus;
mod dates;
#[path = "../store_contract/disk.rs"]
mod disk;
mod doorman;
mod embeds;
mod exceptions;
mod exchange;
mod facts;
mod feeds;
mod forgiving_search;
mod formats;
mod fresh;
mod full_disk;
mod headers;
mod hostile;
mod images;
mod importing;
mod importing_moved;
mod live_and_fresh;
mod methods;
mod midnight;
mod monitoring;
mod occurrences;
mod open_data;
mod openid;
mod operation;
mod operator_day;
mod organizers;
mod outgo;
mod page_codings;
mod pages;
#[path = "../peers/mod.rs"]
mod peers;
mod privacy;
mod proxies;
mod readers;
mod refusals;
mod restart;
mod route_policies;
mod short_addresses;
mod signals;
mod soak;
mod suggestions;
mod support;
mod tls;
mod validators;
