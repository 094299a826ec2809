//! All records as lines of JSON (NDJSON), for moving a calendar: `export --format ndjson` writes them, `import` reads
//! them.
//!
//! Records of private kinds are written only with `--with-private`. The first line is a heading. Each other line is a
//! record: `{"kind": …, "record": …, "changed_at": …, "commit": …}`. Records come before those that refer to them. History is
//! not included; use a backup for that. Commit numbers differ in the importing store; `receivers` adapts records that
//! contain some. The images that they refer to follow as `{"image": …}`.

mod absent_images;
mod image_lines;
mod names;
mod receivers;
mod taken;
mod transfer;

pub use transfer::{are_records, export, import};
