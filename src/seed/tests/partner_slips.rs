//! Errors that `files` makes in the shipped `partners.toml`.

/// Typical errors: file, right text, wrong text, and the field, message and allowed value to
/// report.
pub const SLIPS: &[[&str; 6]] = &[
    [
        "partners.toml",
        "indexing = \"allowed\"",
        "indexing = \"yes\"",
        "indexing",
        "unknown variant `yes`",
        "`refused`",
    ],
    [
        "partners.toml",
        "policy = { credit = \"Visit Øst-Norge\" }",
        "policy = 5",
        "policy",
        "invalid type: integer `5`",
        "a table",
    ],
    [
        "partners.toml",
        "aliases = [\"Visit Innlandet\", \"Visit Elverum-Regionen\"]",
        "aliases = [\"Elverum Vekst\"]",
        "aliases",
        "«Elverum Vekst» is already",
        "elverum-vekst",
    ],
];
