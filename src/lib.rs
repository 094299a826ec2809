//! # elverum-calendar
//!
//! An event calendar and destination service for a region: one program, one embedded store. It
//! keeps the region's events, shows them to visitors, and publishes them as feeds that calendar
//! programs subscribe to. Nothing about Elverum is in the code: the region, its places, categories,
//! partners and flagship events are the files in `data/`.
//!
//! ## The house
//!
//! Ground up. A layer imports only layers that stand above it in this table, and of those only
//! the ones it names; `tests/layers.rs` reads the table and holds the code to it.
//!
//! | layer | may import | what it is for |
//! |---|---|---|
//! | `domain` | nothing of ours | events, times, recurrence, series, places, queries; pure |
//! | `clock` | `domain` | the time, and new identities |
//! | `language` | `domain` | interface texts (Fluent), and dates said in words; pure |
//! | `ical` | `domain`, `language` | RFC 5545: read from anyone, written for everyone, checked; pure |
//! | `store` | `domain` | records kept for good: a journal, and sled behind it |
//! | `catalog` | `domain`, `clock`, `store` | the published calendar in memory, and its indexes |
//! | `seed` | `domain`, `store` | the files in `data/`, and tentative editions by rule |
//! | `wire` | `domain`, `catalog` | the event as JSON, one shape in and out |
//! | `feeds` | `domain`, `language`, `ical`, `catalog`, `wire` | feed formats, and finished bytes kept ready |
//! | `sync` | `domain`, `clock`, `language`, `ical`, `store`, `catalog`, `wire` | other people's calendars in, changes of ours out |
//! | `editorial` | `domain`, `clock`, `store`, `catalog`, `sync` | what people decide: suggestions, pairs, runs taken back |
//! | `config` | `domain` | settings, read once |
//! | `web` | all above | pages and feeds over HTTP |
//! | `cli` | all above | the command line |
//!
//! Seven plug points are one small trait or table and one file per choice: a feed format
//! ([`feeds::FEEDS`]), a kind of partner ([`sync::connectors::CONNECTORS`]), a kind of calendar that
//! events are sent to ([`sync::push::PUSHES`]), a storage backend ([`store::BACKENDS`]), a rule of `ics check`
//! ([`ical::check::RULES`]), a page ([`web::pages`]) and a command ([`cli`]). Each module's own text
//! says how to add one.
//!
//! ## One request
//!
//! A calendar program asks for `/feeds/category/music.ics?lang=en`. Rocket matches a route of
//! `web::feeds`, whose signature says what it needs: the file name as a feed format and the query
//! string, to be checked against what the address takes ([`web::filters`]). An unknown parameter ends
//! here as a [`web::problem::Problem`] that names the known ones. The handler takes the present
//! [`catalog::Snapshot`], which never changes and for which it never waits, makes a
//! [`feeds::Scope`] of the address and asks [`feeds::Feeds`] for the feed as of that snapshot or a
//! later one. Mostly it is there. If something was written since, only what the changed events touch
//! is made anew: a feed is stitched of blocks of some 32 events, a block of pieces, one an event
//! ([`feeds`] tells how). `web::feed_answer` compares the reader's validators, chooses among the
//! codings that the reader takes, and answers 304, the bytes, or the part asked for.
//!
//! ## One write
//!
//! `elverum-calendar import spring.ics` reads bytes ([`ical::read`]) into drafts in the domain's own
//! words; [`sync::reconcile`] compares them with what is kept, a pure function that never
//! overwrites what a person set; the plan becomes a [`store::Commit`]. The store checks the
//! revision of each record, writes the commit to its journal and syncs it to the disk, then brings
//! sled after it. [`catalog::Calendar`] puts the change into the next snapshot before the call
//! returns: whoever wrote sees it in the next read.
//!
//! ## One exchange with a partner
//!
//! Its time has come ([`sync::schedule`]), or somebody types `sync kino`. [`sync::run`] takes the partner's
//! turn, and [`sync::fetch`] asks what the connector wants to know, request after request, through
//! [`sync::http`], the only HTTP client. The connector, which touches nothing, makes drafts of the answers;
//! [`sync::reconcile`] says what they mean: whose event each is, whose word counts for each field, what an
//! absence means and whether the answer can be true. The plan becomes one commit, with the events, what is
//! left for people to decide, where the exchange stands, and the record by which the run can be taken
//! back. What people decide is [`editorial`]'s.
//!
//! ## Decisions worth knowing
//!
//! - **sled alone does not promise enough**: its `flush` does not sync on Linux. A commit is
//!   answered once it stands in the journal, synced; sled can be rebuilt from it. The journal writes
//!   over zeros that were made ahead, which spares each sync the file system's own journal, and
//!   commits that come together share one sync.
//! - **A backup only reads files**: the journal is append-only and its mark says how far commits were
//!   acknowledged, so a backup beside the running server needs nothing of it ([`store::backup()`]).
//! - **sled needs to write even to be read**: where the disk is full or read-only at the start, the journal is
//!   brought into memory, readers are served from that, and the store goes on by itself once it can write.
//! - **An empty calendar is never begun by mistake**: only `serve`, `import` and `seed` create a store, and where one
//!   was, not without `--new`.
//! - **A command beside the running server is done by it**: only one process has the store open, so the
//!   command line goes to the server over a socket and is the same code there ([`cli`], `work`).
//! - **The `icalendar` crate** gives the writer its model of properties, parameters and values.
//!   The bytes are ours: the crate's output depends on the clock, its folding and quoting leave
//!   gaps, and it knows neither VTIMEZONE nor recurrence in local time ([`ical::write`] lists them).
//! - **The recurrence engine is ours** ([`domain::recurrence`]): the `rrule` crate bounds only one
//!   of its iterators, and a DTSTART out of step with its rule has to give the rule's own set.
//! - **Tentative editions are events**, made by a series' rule with the identity that the confirmed
//!   edition will keep; they never confirm themselves. Editions without any known date stand in
//!   their series alone, since no date is ever invented.
//! - **Two layers stand beside the first plan**: `language`, because the iCalendar writer needs words
//!   too, and `seed` and `wire`, because several layers above need what they do.
//! - **How the program is built makes it quick and small**: `.cargo/config.toml` lets the compiler put hashing in its
//!   place, a tenth fewer instructions for a small answer, and `build.rs` has the linker gather what a start
//!   runs (`.cargo/start.ld`), 6 to 9 MB less of memory. Built without them it does the same, slower or larger.
//! - **`Last-Modified` is the last commit or the last midnight**, whichever is later: a feed's
//!   window moves with the day. It is withheld within the second in which it arose, since a second
//!   change in that second could not be told from the first (RFC 9110 8.8.2.2), and while a commit is under
//!   way. Times of commits never run backwards, and each is later than what any reader was told.
//! - **A commit number names a commit only within its generation**: after a restore other commits get the same
//!   numbers. Whatever leaves the store with a commit number has the store's generation with it, and what comes
//!   back from another generation is refused or done anew ([`store::Generation`]).
//! - **A feed's entity tag is made of its blocks' digests**, so that a changed event costs the
//!   hashing of its own block; where blocks begin follows from the events in them, so that equal
//!   feeds have equal tags. Each coding has a tag of its own, and any of them answers 304.
//! - **The gzip form is put together of deflated blocks.** One that is not deflated yet stands in
//!   it as it is: no reader waits for compression, none gets what is old.
//! - **Feeds that go out as they should are no line in the log** by default; they are counted. A line
//!   costs as much as the answer.
//! - **Names are unique among all that is stored**: the store refuses a commit that gives a record a slug or `UID`
//!   which another record has, published or not ([`store::StoreError::Taken`]). Whoever plans events knows the
//!   published ones; where the store refuses, the event gets the next free name.
//! - **The commit is the outbox**: a webhook remembers the commit that it stands at, and its messages are
//!   the events that changed since. Nothing can be committed without its message, and none is kept twice.
//! - **Who has an event second-hand keeps nothing alive**: a calendar that passes on what it has from others says
//!   so, and its word neither outweighs nor outlives that of whoever has it first-hand. Without this, two
//!   calendars that read each other would hold on to each other's copies for ever.
//! - **A run that finds everything as it was leaves no record** in the store; how the exchange goes stands in a
//!   file beside it, which may be thrown away.
//! - **Connections are bounded from outside Rocket**, which opens its listener itself and has no times for idle or
//!   slow clients: a thread looks at what the system tells of each connection and shuts down those that have to
//!   go ([`web::doorman`]). No request is touched by it.
//! - **HTTP/1.1 alone**: Rocket 0.5 bounds neither the streams of an HTTP/2 connection nor their headers below 16 MB, and
//!   has no setting for either. A proxy in front gives HTTP/2 to browsers.
//! - **Another certificate takes another launch**: Rocket 0.5 reads it once. At a hangup the old launch stops listening,
//!   the new one listens, and the old one finishes what it has begun; calendar, feeds and delivery go on
//!   ([`web::Server`]).
//! - **What anyone may set in motion is bounded for each client** ([`web::client`]): an IPv4 address or an IPv6 /64, as
//!   a proxy nearby names it.
//! - **Fuzzing compiles the pure layers alone** (`cfg(fuzzing)`, set by `fuzz/run`), which takes seconds
//!   instead of minutes. One target alone, `door`, has all of them.
//! - **A panic costs one event** ([`catalog`]): what is derived of an event is made on a copy that a panic
//!   throws away, and the event is left out, told to the log and listed by `store check`.

pub mod catalog;
pub mod cli;
pub mod config;
pub mod delivery;
pub mod editorial;
pub mod feeds;
pub mod http;
pub mod ingest;
pub mod seed;
pub mod web;
pub mod wire;
