//! Context and outcome of commands.

use crate::config::ConfigOverrides;

/// Context of every command.
pub(crate) struct CommandContext {
    /// Options that override the configuration.
    pub overrides: ConfigOverrides,
    /// The form of the output.
    pub output: Output,
}

/// The form of a command's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    /// Text for people.
    Text,
    /// JSON for programs.
    Json,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Success.
    Done,
    /// Success, with findings or refused items.
    Findings,
}

/// Why a command failed, in words for people.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;
