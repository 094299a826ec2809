//! Work that blocks, away from the threads that serve requests.

use rocket::tokio::task::spawn_blocking;

use super::problem::Problem;

/// Runs work on a thread where it may block.
///
/// # Errors
/// Returns the problem of the work's error, or an internal error if the work panics.
pub(super) async fn blocking<T, E>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, Problem>
where
    T: Send + 'static,
    E: Into<Problem> + Send + 'static,
{
    let done = spawn_blocking(work).await;
    done.map_err(|error| Problem::internal(&error))?
        .map_err(Into::into)
}
