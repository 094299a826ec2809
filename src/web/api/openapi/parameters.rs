//! Query parameters of operations.
//!
//! Handlers check their parameters themselves, each with its own error. A test compares what is described here with what
//! they accept.

use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

use calendar_domain::Lang;

/// Numbers of items on a page.
pub struct PageSize {
    /// Without `limit`.
    pub usual: usize,
    /// At most.
    pub most: usize,
}

/// Page size of lists of events and of their dates.
pub const LISTS: PageSize = PageSize {
    usual: 50,
    most: 500,
};
/// Page size of lists of resources.
pub const RESOURCES: PageSize = PageSize {
    usual: 100,
    most: 500,
};
/// Page size of the changes.
pub const CHANGES: PageSize = PageSize {
    usual: 200,
    most: 1_000,
};
/// Page size of a partner's events.
pub const PARTNER_EVENTS: PageSize = PageSize {
    usual: 100,
    most: 500,
};

/// `lang`.
pub struct LangParam;

/// `lang`, `limit` and `cursor` of a list of resources.
pub struct ListParams;

impl IntoParams for LangParam {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![lang()]
    }
}

impl IntoParams for ListParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![
            lang(),
            limit(&RESOURCES),
            cursor(
                "cursor",
                "`next` of the page before; the first page without it.",
            ),
        ]
    }
}

/// `since` and `limit` of the changes.
pub struct ChangesParams;

/// `cursor` and `limit` of a partner's events.
pub struct PartnerListParams;

/// `origin_id` of an event to be validated.
pub struct ValidateParams;

/// `If-Match` and `If-None-Match` of a write.
pub struct PreconditionParams;

impl IntoParams for ChangesParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![
            cursor(
                "since",
                "`next` of the response before; from the beginning without it.",
            ),
            limit(&CHANGES),
        ]
    }
}

impl IntoParams for PartnerListParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![
            cursor(
                "cursor",
                "`next` of the page before; the first page without it.",
            ),
            limit(&PARTNER_EVENTS),
        ]
    }
}

impl IntoParams for ValidateParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let id = text().max_length(Some(500));
        let description = "Your own id of the event; else the `uid` of the body.";
        vec![query(
            "origin_id",
            description,
            id.pattern(Some("^[A-Za-z0-9_~:@-]*$")),
        )]
    }
}

impl IntoParams for PreconditionParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let header = |name: &str, description: &str| {
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Header)
                .description(Some(description))
                .schema(Some(text()))
                .build()
        };
        vec![
            header(
                "If-Match",
                "Writes only if the event has this entity tag; otherwise 412.",
            ),
            header(
                "If-None-Match",
                "`*` writes only if there is no such event; otherwise 412.",
            ),
        ]
    }
}

/// Returns a query parameter.
pub fn query(name: &str, description: &str, schema: impl Into<RefOr<Schema>>) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .description(Some(description))
        .schema(Some(schema))
        .build()
}

/// Returns `lang`, which may also follow `Accept-Language`.
pub fn lang() -> Parameter {
    let tags = Lang::TAGS.iter().copied().chain(["auto"]);
    let description = "Leaves one entry of each text: the one in this language, or else in the next best, which the key \
        tells. Addresses lead to pages in this language. `auto` follows `Accept-Language`. Without it, texts are in all \
        languages.";
    query("lang", description, text().enum_values(Some(tags)))
}

/// Returns `limit`, the page size.
pub fn limit(size: &PageSize) -> Parameter {
    let number = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(size.most as f64))
        .default(Some(size.usual.into()));
    query("limit", "Maximum number of items.", number)
}

/// Returns a cursor. A text that no page gave is refused with 409.
pub fn cursor(name: &str, description: &str) -> Parameter {
    query(name, description, text().max_length(Some(1_000)))
}

/// Returns the schema of a text.
pub fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}
