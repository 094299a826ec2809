//! Commands where there are no Unix domain sockets.

use crate::cli::calendar_command::Work;
use crate::cli::{CommandContext, Ending, Failure};

/// Returns `failure`: the command has to wait until the server is stopped, as it says.
pub fn ask(_: &CommandContext, _: &Work, failure: Failure) -> Result<Ending, Failure> {
    Err(failure)
}
