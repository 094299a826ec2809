//! The entry in `meta` that tells which state the claims belong to.

use crate::body::State;

/// The key in `meta` of the state that the claims belong to.
pub(super) const CLAIMS_KEY: &str = "claims";

/// Version of the rules that derive claims. A different number causes a rebuild of the index.
const VERSION: u32 = 1;

/// Returns the value of [`CLAIMS_KEY`] for claims that match the records at `state`. A version without the
/// index doesn't update it, so the next opening notices.
pub(super) fn claims_mark(state: &State) -> Vec<u8> {
    let (number, fingerprint) = (state.number, state.totals.fingerprint());
    format!("{VERSION} {number} {fingerprint}").into_bytes()
}
