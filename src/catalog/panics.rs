//! Conversion of panics to errors.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a function and converts a panic to its message. The panic hook has already logged it.
///
/// After a panic, data changed by the function may be inconsistent and must be discarded.
///
/// # Errors
/// Returns the message of the panic.
pub fn caught<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        let text = panic
            .downcast_ref::<&str>()
            .map(|value| (*value).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        format!("internal error: {}", text.unwrap_or_default())
    })
}
