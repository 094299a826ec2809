//! Errors in the configuration.

use std::path::PathBuf;

use super::explain;

/// An error in the configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value is missing or of the wrong type, or a key of the calendar is unknown.
    #[error("the configuration is invalid: {}", explain::explain(.0))]
    Figment(Box<rocket::figment::Error>),
    /// The key is unknown to Rocket and to the calendar.
    #[error("the configuration has an unknown key «{key}»{from}; the keys are {known}{hint}")]
    UnknownKey {
        /// The key.
        key: String,
        /// The origin of the key, or empty.
        from: String,
        /// The known keys.
        known: String,
        /// A suggestion, or empty.
        hint: String,
    },
    /// The file from the command line does not exist.
    #[error("there is no configuration file {}", .0.display())]
    NoFile(PathBuf),
    /// The file from the environment does not exist.
    #[error("{variable} names {}, which does not exist", file.display())]
    NoFileOf {
        /// The variable.
        variable: &'static str,
        /// The file.
        file: PathBuf,
    },
    /// A configuration file cannot be read.
    #[error("cannot read the configuration file {}: {cause}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// The cause.
        cause: std::io::Error,
    },
    /// A key is outside of a profile.
    #[error("{}: «{key}» is outside a profile; write {right}", file.display())]
    OutsideProfile {
        /// The file.
        file: PathBuf,
        /// The key.
        key: String,
        /// The correct place.
        right: String,
    },
    /// The profile from the environment is in no file.
    #[error(
        "{variable} = {name}, but no configuration file has this profile; the profiles are {known}"
    )]
    UnknownProfile {
        /// The variable.
        variable: &'static str,
        /// The profile.
        name: String,
        /// The known profiles.
        known: String,
    },
    /// A variable for a table has another type. Its value may be a secret and is not shown.
    #[error(
        "the environment variable {variable} is not a table; write {{key=\"value\", …}} with every brace and \
         quote closed, or a variable for each key, such as {example}"
    )]
    NoTable {
        /// The variable.
        variable: String,
        /// An example with a variable for each key.
        example: String,
    },
    /// The value of a variable starts with a bracket that is not closed.
    #[error("the environment variable {variable} has an unclosed bracket or brace")]
    Bracket {
        /// The variable.
        variable: String,
    },
    /// The value of a variable is not UTF-8.
    #[error("the environment variable {variable} is not UTF-8")]
    NotText {
        /// The variable.
        variable: String,
    },
    /// A setting of Rocket is out of range or unusable.
    #[error("{key} = {value} is invalid; expected {allowed}")]
    Server {
        /// The key.
        key: String,
        /// The value.
        value: String,
        /// What is allowed.
        allowed: String,
    },
    /// The address to listen on is neither an IP address nor a known host name.
    #[error(
        "address = {given} ({from}) is neither an IP address, such as 127.0.0.1 or ::1, nor a name that this \
         machine knows; set a port with port or --port"
    )]
    NoAddress {
        /// The value.
        given: String,
        /// The origin of the value.
        from: String,
    },
    /// A setting of the calendar is out of range or unusable.
    #[error("calendar.{key} = {value} is invalid; expected {allowed}")]
    Range {
        /// The key.
        key: &'static str,
        /// The value.
        value: String,
        /// What is allowed.
        allowed: &'static str,
    },
}
