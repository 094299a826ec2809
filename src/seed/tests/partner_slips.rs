//! The mistakes that `files` makes in the shipped `partners.toml`.

/// Mistakes as people make them: file, right text, wrong text, and the field, words and advice
/// that the answer has to give.
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
