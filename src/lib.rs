//! # elverum-calendar
//!
//! An event calendar and destination service for a region: one program with an embedded store. It keeps the region's
//! events, shows them to visitors, and publishes them as feeds that calendar programs subscribe to. Nothing about
//! Elverum is in the code: the region, its places, categories, partners and flagship events are the files in `data/`.
//!
//! ## Crates
//!
//! Pure parts and the storage are crates of their own, so that Cargo enforces what they may depend on.
//!
//! | crate | depends on | purpose |
//! |---|---|---|
//! | [`calendar_domain`] | nothing of ours | events, times, recurrence, series, places, queries, the JSON form of an event; the clock |
//! | [`calendar_language`] | domain | interface texts (Fluent), dates in words; pure |
//! | [`calendar_ical`] | domain, language | RFC 5545: reader, checker, expansion, writer; pure |
//! | [`calendar_store`] | domain | records on disk: a synced journal, and sled behind it |
//! | [`calendar_images`] | nothing of ours | uploaded pictures: recognized, bounded, cleaned, resized; pure |
//! | [`calendar_search`] | domain | full-text search that forgives: stems, compounds, synonyms, typing errors; pure |
//! | [`calendar_connectors`] | domain, ical | partners' formats, translated into event drafts; pure |
//!
//! ## Layers
//!
//! The rest is in this crate. A layer imports only the layers above it that its row names; `tests/layers.rs` checks the
//! code against this table. Every layer may use the crates.
//!
//! | layer | may import | purpose |
//! |---|---|---|
//! | `random` | nothing of ours | random bytes for keys and secrets |
//! | `rate_limit` | nothing of ours | limits per key |
//! | `catalog` | nothing of ours | the published calendar in memory, and its indexes |
//! | `audit` | `catalog` | who read personal data of others |
//! | `seed` | nothing of ours | the files in `data/`, and tentative editions by rule |
//! | `wire` | `catalog` | writes published events as JSON |
//! | `feeds` | `catalog`, `wire` | feed formats, rendered feeds in a cache, dumps |
//! | `http` | nothing of ours | the only HTTP client |
//! | `media` | `catalog`, `http` | images: cleaned, kept as files, copied from partners, removed when unused |
//! | `delivery` | `random`, `catalog`, `wire`, `http` | changes of ours to others: webhooks, WebSub, push |
//! | `ingest` | `random`, `catalog`, `http`, `delivery` | events of others to us: fetch, reconcile, import, partner interface, schedule |
//! | `editorial` | `catalog`, `media`, `ingest` | organisations, submissions and their review, decisions about partners' events |
//! | `config` | nothing of ours | settings, read once |
//! | `business_register` | `rate_limit`, `http`, `config` | looks organisation numbers up |
//! | `notify` | `catalog`, `delivery`, `config` | mail: texts, the outbox, codes |
//! | `login` | `random`, `rate_limit`, `catalog`, `http`, `config`, `notify` | signing in: codes, OpenID Connect, sessions, accounts |
//! | `visitors` | `random`, `rate_limit`, `catalog`, `editorial`, `config`, `notify`, `login` | suggestions and reports of visitors without an account |
//! | `personal_data` | `catalog`, `audit`, `media`, `config`, `notify`, `login` | one's own data: its export, and its deletion from every file |
//! | `retention` | `catalog`, `editorial`, `config`, `notify`, `login`, `personal_data` | deletes personal data whose time has ended |
//! | `web` | all above | pages, feeds and interfaces over HTTP |
//! | `cli` | all above | the command line |
//!
//! One trait or table and one file per choice make these extensible: feed formats ([`feeds::FEEDS`]), connectors
//! ([`calendar_connectors::CONNECTORS`]), calendars that events are pushed to ([`delivery::push::PUSHES`]), storage backends
//! ([`calendar_store::BACKENDS`]), rules of `ics check` ([`calendar_ical::check::RULES`]), pages ([`web::pages`]) and commands
//! ([`cli`]). `CONTRIBUTING.md` describes the steps; `docs/decisions.md` gives the reasons for the design.
//!
//! ## A read
//!
//! A calendar program requests `/feeds/category/music.ics?lang=en`. Rocket matches a route of `web::feeds`, whose
//! signature parses the file name as a feed format and checks the query string against the parameters of the address
//! ([`web::filters`]). An unknown parameter becomes a [`web::problem::Problem`] that names the known ones. The handler
//! takes the current [`catalog::Snapshot`], which is immutable and never waited for, turns the address into a
//! [`feeds::Scope`], and asks [`feeds::Feeds`] for that feed at this snapshot or a later one. A cached feed is returned as it
//! is. After a write, only the blocks of the feed that contain changed events are rendered again. `web::feed_answer`
//! evaluates the request's preconditions, chooses a content encoding, and answers 304, the bytes, or a range.
//!
//! ## A write
//!
//! `elverum-calendar import spring.ics` parses bytes ([`calendar_ical::read`]) into event drafts. [`ingest::reconcile`], a pure
//! function, compares them with the stored records; it never overwrites what a person set. The plan becomes a
//! [`calendar_store::Commit`]. The store checks the revision of each record, appends the commit to its journal, syncs it to disk
//! and updates sled. [`catalog::Calendar`] publishes the next snapshot before the call returns, so the writer's next read
//! sees the change.
//!
//! ## A sync
//!
//! A partner is due ([`ingest::schedule`]), or someone runs `sync kino`. [`ingest::run`] locks the partner, and
//! [`ingest::fetch`] sends the connector's requests through [`http`]. The connector turns responses into drafts and does no I/O.
//! [`ingest::reconcile`] decides which event each draft belongs to, which source wins for each field, what a missing event
//! means, and whether the response is plausible. The plan becomes one commit: the events, suggestions for
//! editors, the state of the exchange, and the record that a rollback needs. [`editorial`] carries out what editors decide.

pub mod audit;
pub mod business_register;
pub mod catalog;
pub mod cli;
pub mod config;
pub mod delivery;
pub mod editorial;
pub mod feeds;
pub mod http;
pub mod ingest;
pub mod login;
pub mod media;
pub mod notify;
pub mod personal_data;
pub mod random;
pub mod rate_limit;
pub mod retention;
pub mod seed;
pub mod visitors;
pub mod web;
pub mod wire;
