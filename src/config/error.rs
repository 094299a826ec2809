//! What can be wrong with the configuration.

use std::path::PathBuf;

use super::explain;

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value is missing, of the wrong kind, or a key of ours is unknown.
    #[error("the configuration is wrong: {}", explain::explain(.0))]
    Figment(Box<rocket::figment::Error>),
    /// A key that neither Rocket nor we know.
    #[error("the configuration has an unknown key «{key}»{from}; known are {known}{hint}")]
    UnknownKey {
        /// The key.
        key: String,
        /// Where it is from, or nothing.
        from: String,
        /// What would be right.
        known: String,
        /// What may have been meant, or nothing.
        hint: String,
    },
    /// The file named on the command line is not there.
    #[error("there is no configuration file {}", .0.display())]
    NoFile(PathBuf),
    /// The file named in the environment is not there.
    #[error("{variable} names {}, and there is no such file", file.display())]
    NoFileOf {
        /// The variable.
        variable: &'static str,
        /// The file.
        file: PathBuf,
    },
    /// A configuration file cannot be read.
    #[error("the configuration file {} cannot be read: {cause}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// A key stands at the top of a file, where profiles stand.
    #[error("{}: «{key}» stands outside of a profile; write {right}", file.display())]
    OutsideProfile {
        /// The file.
        file: PathBuf,
        /// The key.
        key: String,
        /// Where it belongs.
        right: String,
    },
    /// No file has the profile that the environment names.
    #[error("{variable} = {name}, and no configuration file has this profile; known are {known}")]
    UnknownProfile {
        /// The variable.
        variable: &'static str,
        /// The profile.
        name: String,
        /// Those that there are.
        known: String,
    },
    /// A variable is to hold a table and holds something else. The value may be a secret, so it is not shown.
    #[error(
        "the environment variable {variable} is no table; write {{key=\"value\", …}} with every brace and \
         quote closed, or a variable for each key, such as {example}"
    )]
    NoTable {
        /// The variable.
        variable: String,
        /// The other way.
        example: String,
    },
    /// A variable begins with a bracket that is not closed.
    #[error(
        "the environment variable {variable} begins with a bracket or brace that is not closed"
    )]
    Bracket {
        /// The variable.
        variable: String,
    },
    /// A variable is no UTF-8.
    #[error("the environment variable {variable} is no UTF-8")]
    NotText {
        /// The variable.
        variable: String,
    },
    /// A setting of Rocket's makes no sense.
    #[error("{key} = {value} makes no sense: {allowed}")]
    Server {
        /// The key.
        key: String,
        /// What it is set to.
        value: String,
        /// What would be right.
        allowed: String,
    },
    /// Nothing to listen on is called so.
    #[error(
        "address = {given} ({from}) is neither an IP address, such as 127.0.0.1 or ::1, nor a name that this \
         machine knows; a port goes into port or --port"
    )]
    NoAddress {
        /// What was given.
        given: String,
        /// Where.
        from: String,
    },
    /// A number that makes no sense.
    #[error("calendar.{key} = {value} makes no sense: {allowed}")]
    Range {
        /// The key.
        key: &'static str,
        /// What it is set to.
        value: String,
        /// What would be right.
        allowed: &'static str,
    },
}
