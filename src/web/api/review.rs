//! `/api/v1/review`: matters left open by exchange with partners, and decisions on them. Requests need a key made by
//! `partner key --review`. The decisions are carried out by `editorial`.

use std::collections::BTreeSet;

use rocket::data::{Data, ToByteUnit};
use rocket::serde::json::Json;
use rocket::{get, post, routes};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::catalog::Calendar;
use crate::editorial::{self, DecisionError, Editor, Later, OpenReview};
use crate::web::blocking::blocking;
use crate::web::guards::Reviewer;
use crate::web::policy::{Policy, PolicyRoute};
use crate::web::problem::{Problem, ProblemKind};
use calendar_domain::wire::in_json_words;
use calendar_domain::{EventId, Field, PartnerId, Run};
use calendar_store::CommitNumber;

use super::openapi::problems::{DecisionProblems, KeyedProblems};
use super::query_params::QueryParams;

/// Maximum length of a body in bytes.
const MOST_BYTES: u64 = 16 * 1024;

/// A decision that was carried out.
#[derive(Serialize, ToSchema)]
#[schema(as = Decided)]
struct Done {
    /// The commit of the decision.
    commit: u64,
}

/// A run that was rolled back.
#[derive(Serialize, ToSchema)]
#[schema(as = RolledBack)]
struct TakenBack {
    /// The commit of the rollback.
    commit: u64,
    /// Number of events that are as before the run.
    restored: usize,
    /// Number of events that the run had created.
    withdrawn: usize,
    /// Events changed since the run, which stay unchanged.
    #[schema(value_type = Vec<String>)]
    kept: Vec<EventId>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = RunList)]
struct Runs {
    /// The runs that changed something or were refused, latest first.
    #[schema(value_type = Vec<Object>)]
    runs: Vec<Run>,
}

/// Fields of a suggestion to accept; all if empty.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default, expecting = "an object")]
#[schema(as = AcceptInput)]
struct Accepting {
    /// The fields; all if empty.
    #[schema(value_type = Vec<Field>)]
    fields: BTreeSet<Field>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, expecting = "an object")]
#[schema(as = JoinInput)]
struct Joining {
    /// The event that is merged into the other.
    #[schema(value_type = String)]
    with: EventId,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, expecting = "an object")]
#[schema(as = SplitInput)]
struct Splitting {
    /// The partner whose event is split off.
    #[schema(value_type = String)]
    partner: PartnerId,
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default, expecting = "an object")]
#[schema(as = RollbackInput)]
struct TakingBack {
    /// Leave events unchanged that were changed since the run.
    keep_changed: bool,
}

impl From<DecisionError> for Problem {
    fn from(error: DecisionError) -> Self {
        let why = error.to_string();
        match error {
            DecisionError::Unknown(_)
            | DecisionError::UnknownEvent(_)
            | DecisionError::UnknownRun(_) => Self::not_found().because(why),
            DecisionError::Decided(_)
            | DecisionError::NotHeld(_)
            | DecisionError::NotJoined { .. }
            | DecisionError::NotWaiting(_)
            | DecisionError::Itself(_)
            | DecisionError::NotThere(_)
            | DecisionError::AllChanged
            | DecisionError::ChangedSince(_)
            | DecisionError::NothingWritten(_)
            | DecisionError::Forgotten(_) => Self::new(ProblemKind::Conflict).because(why),
            DecisionError::Store(error) => error.into(),
        }
    }
}

/// Parses a body; an empty one counts as `{}`.
async fn read<T: DeserializeOwned>(body: Data<'_>) -> Result<T, Problem> {
    let wrong = |why: String| Problem::new(ProblemKind::BadRequest).because(why);
    let bytes = body.open(MOST_BYTES.bytes()).into_bytes().await;
    let bytes = bytes.map_err(|_| wrong("the body broke off".into()))?;
    if !bytes.is_complete() {
        return Err(Problem::new(ProblemKind::TooLarge));
    }
    let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
    serde_json::from_slice(text).map_err(|error| wrong(in_json_words(&error)))
}

impl Reviewer {
    /// Carries out a decision in the name of the key, on a blocking thread.
    async fn decide<T: Send + 'static>(
        self,
        decision: impl FnOnce(&Calendar, &Editor) -> Result<T, DecisionError> + Send + 'static,
    ) -> Result<T, Problem> {
        let editor = Editor {
            name: format!("key {}", self.key),
            now: self.calendar.clock().now(),
        };
        blocking(move || decision(&self.calendar, &editor)).await
    }

    /// Carries out a decision and returns the number of its commit.
    async fn commit(
        self,
        decision: impl FnOnce(&Calendar, &Editor) -> Result<CommitNumber, DecisionError>
        + Send
        + 'static,
    ) -> Answer {
        let commit = self.decide(decision).await?.0;
        Ok(Json(Done { commit }))
    }
}

type Answer = Result<Json<Done>, Problem>;

fn event_id(text: &str) -> Result<EventId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// Lists what waits for an editor.
#[utoipa::path(
    tag = "review",
    operation_id = "review_list_open",
    responses((status = 200, description = "`suggestions`, `queued` events and `held` partners.", body = Object), KeyedProblems),
    security(("key" = [])),
)]
#[get("/api/v1/review")]
async fn list_open(reviewer: Reviewer, asked: QueryParams) -> Result<Json<OpenReview>, Problem> {
    asked.of(&[]).done()?;
    let open = reviewer.decide(|store, _| Ok(editorial::open_matters(store)?));
    Ok(Json(open.await?))
}

/// Lists runs of the exchange with partners.
#[utoipa::path(
    tag = "review",
    operation_id = "review_list_runs",
    responses((status = 200, description = "The runs.", body = Runs), KeyedProblems),
    security(("key" = [])),
)]
#[get("/api/v1/review/runs")]
async fn list_runs(reviewer: Reviewer, asked: QueryParams) -> Result<Json<Runs>, Problem> {
    asked.of(&[]).done()?;
    let runs = reviewer.decide(|store, _| Ok(editorial::runs(store)?));
    Ok(Json(Runs { runs: runs.await? }))
}

/// Accepts a suggestion, or some fields of it.
#[utoipa::path(
    tag = "review",
    operation_id = "review_accept",
    params(("id", Path, description = "Id of the suggestion.", example = "none")),
    request_body(content = Accepting, example = json!({"fields": ["title"]})),
    responses((status = 200, description = "The decision was carried out.", body = Done), DecisionProblems),
    security(("key" = [])),
)]
#[post("/api/v1/review/suggestions/<id>/accept", data = "<body>")]
async fn accept(reviewer: Reviewer, id: String, body: Data<'_>) -> Answer {
    let Accepting { fields } = read(body).await?;
    let decision =
        move |store: &Calendar, editor: &Editor| editorial::accept(store, editor, &id, &fields);
    reviewer.commit(decision).await
}

/// Dismisses a suggestion.
#[utoipa::path(
    tag = "review",
    operation_id = "review_dismiss",
    params(("id", Path, description = "Id of the suggestion.", example = "none")),
    responses((status = 200, description = "The decision was carried out.", body = Done), DecisionProblems),
    security(("key" = [])),
)]
#[post("/api/v1/review/suggestions/<id>/dismiss")]
async fn dismiss(reviewer: Reviewer, id: String) -> Answer {
    let decision = move |store: &Calendar, editor: &Editor| editorial::dismiss(store, editor, &id);
    reviewer.commit(decision).await
}

/// Publishes an event that waits.
#[utoipa::path(
    tag = "review",
    operation_id = "review_approve",
    params(("id", Path, description = "Id of the event.", example = "none")),
    responses((status = 200, description = "The decision was carried out.", body = Done), DecisionProblems),
    security(("key" = [])),
)]
#[post("/api/v1/review/events/<id>/approve")]
async fn approve(reviewer: Reviewer, id: &str) -> Answer {
    let id = event_id(id)?;
    let decision = move |store: &Calendar, editor: &Editor| editorial::approve(store, editor, &id);
    reviewer.commit(decision).await
}

/// Rejects an event that waits.
#[utoipa::path(
    tag = "review",
    operation_id = "review_reject",
    params(("id", Path, description = "Id of the event.", example = "none")),
    responses((status = 200, description = "The decision was carried out.", body = Done), DecisionProblems),
    security(("key" = [])),
)]
#[post("/api/v1/review/events/<id>/reject")]
async fn reject(reviewer: Reviewer, id: &str) -> Answer {
    let id = event_id(id)?;
    let decision = move |store: &Calendar, editor: &Editor| editorial::reject(store, editor, &id);
    reviewer.commit(decision).await
}

/// Merges an event with another.
#[utoipa::path(
    tag = "review",
    operation_id = "review_join",
    params(("id", Path, description = "Id of the event.", example = "none")),
    request_body(content = Joining, example = json!({"with": "konsert-2027"})),
    responses((status = 200, description = "The decision was carried out.", body = Done), DecisionProblems),
    security(("key" = [])),
)]
#[post("/api/v1/review/events/<id>/join", data = "<body>")]
async fn join(reviewer: Reviewer, id: &str, body: Data<'_>) -> Answer {
    let id = event_id(id)?;
    let Joining { with } = read(body).await?;
    let decision =
        move |store: &Calendar, editor: &Editor| editorial::join(store, editor, &id, &with);
    reviewer.commit(decision).await
}

/// Splits the event of a partner off.
#[utoipa::path(
    tag = "review",
    operation_id = "review_split",
    params(("id", Path, description = "Id of the event.", example = "none")),
    request_body(content = Splitting, example = json!({"partner": "kino"})),
    responses((status = 200, description = "The decision was carried out.", body = Done), DecisionProblems),
    security(("key" = [])),
)]
#[post("/api/v1/review/events/<id>/split", data = "<body>")]
async fn split(reviewer: Reviewer, id: &str, body: Data<'_>) -> Answer {
    let id = event_id(id)?;
    let Splitting { partner } = read(body).await?;
    let decision =
        move |store: &Calendar, editor: &Editor| editorial::split(store, editor, &id, &partner);
    reviewer.commit(decision).await
}

/// Lets the exchange with a partner go on.
#[utoipa::path(
    tag = "review",
    operation_id = "review_release",
    params(("id", Path, description = "Id of the partner.", example = "none")),
    responses((status = 200, description = "The decision was carried out.", body = Done), DecisionProblems),
    security(("key" = [])),
)]
#[post("/api/v1/review/partners/<id>/release")]
async fn release(reviewer: Reviewer, id: &str) -> Answer {
    let id: PartnerId = id.parse().map_err(|_| Problem::not_found())?;
    let decision = move |store: &Calendar, editor: &Editor| editorial::release(store, editor, &id);
    reviewer.commit(decision).await
}

/// Undoes a run.
#[utoipa::path(
    tag = "review",
    operation_id = "review_roll_back",
    params(("id", Path, description = "Id of the run.", example = "none")),
    request_body(content = TakingBack, example = json!({"keep_changed": true})),
    responses((status = 200, description = "The run was rolled back.", body = TakenBack), DecisionProblems),
    security(("key" = [])),
)]
#[post("/api/v1/review/runs/<id>/rollback", data = "<body>")]
async fn roll_back(
    reviewer: Reviewer,
    id: String,
    body: Data<'_>,
) -> Result<Json<TakenBack>, Problem> {
    let TakingBack { keep_changed } = read(body).await?;
    let later = if keep_changed {
        Later::Keep
    } else {
        Later::Stop
    };
    let back =
        reviewer.decide(move |store, editor| editorial::roll_back(store, editor, &id, later));
    let back = back.await?;
    Ok(Json(TakenBack {
        commit: back.commit.0,
        restored: back.restored,
        withdrawn: back.withdrawn,
        kept: back.kept.into_iter().map(|kept| kept.event).collect(),
    }))
}

/// The operations of review.
#[derive(OpenApi)]
#[openapi(paths(
    list_open, list_runs, accept, dismiss, approve, reject, join, split, release, roll_back
))]
pub struct ReviewDoc;

/// Returns the routes, to be mounted at the root.
pub fn routes() -> Vec<PolicyRoute> {
    Policy::Api.on(routes![
        list_open, list_runs, accept, dismiss, approve, reject, join, split, release, roll_back
    ])
}
