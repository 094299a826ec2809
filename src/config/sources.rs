//! Sources of settings in ascending precedence: Rocket's defaults, the shipped `Rocket.toml`,
//! the one in the current folder or above it, the file of
//! `--config`, the environment, the options of the command line.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rocket::figment::providers::{Format, Toml};
use rocket::figment::util::nest;
use rocket::figment::value::{Dict, Map, Value};
use rocket::figment::{Error, Figment, Metadata, Profile, Provider};

use super::ConfigError;
use super::origin::{DEFAULT, origin};
use super::settings::{CalendarConfig, ConfigOverrides};

/// Rocket's own keys (`rocket::Config` of 0.5), and the calendar's table.
pub(super) const KNOWN_KEYS: [&str; 17] = [
    "address",
    "port",
    "workers",
    "max_blocking",
    "ident",
    "ip_header",
    "proxy_proto_header",
    "limits",
    "tls",
    "temp_dir",
    "keep_alive",
    "shutdown",
    "log_level",
    "cli_colors",
    "secret_key",
    "profile",
    "calendar",
];

/// Prefix of the variables.
const PREFIX: &str = "ROCKET_";
/// Separator of a table and its key in the name of a variable.
const SEPARATOR: &str = "__";
/// The variables that select a file and a profile and are not settings.
const FILE: &str = "ROCKET_CONFIG";
const PROFILE: &str = "ROCKET_PROFILE";
/// The calendar's table and those of Rocket.
const TABLES: [&str; 4] = ["calendar", "limits", "shutdown", "tls"];
/// The profiles that need not be in a file.
const PROFILES: [&str; 4] = ["default", "global", "debug", "release"];

/// The shipped `Rocket.toml`, whose settings are the defaults.
pub const SHIPPED_SETTINGS: &str = include_str!("../../Rocket.toml");

/// Provides the shipped settings.
struct ShippedSettings;

impl Provider for ShippedSettings {
    fn metadata(&self) -> Metadata {
        Metadata::named(DEFAULT)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        Toml::string(SHIPPED_SETTINGS).nested().data()
    }
}

/// One setting from a variable or an option.
pub(super) struct Given {
    /// The key, as in `calendar.base_url`.
    pub key: String,
    /// The value.
    pub value: Value,
    /// The origin in words.
    pub from: String,
}

impl Provider for Given {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.from.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let nested = nest(&self.key, self.value.clone()).into_dict();
        Ok(Profile::Global.collect(nested.unwrap_or_default()))
    }
}

/// Returns all settings, each value with its origin.
pub(super) fn all(overrides: &ConfigOverrides) -> Result<Figment, ConfigError> {
    let mut figment = in_files(overrides)?;
    for given in variables(std::env::vars_os())? {
        figment = figment.merge(given);
    }
    for given in options(overrides) {
        figment = figment.merge(given);
    }
    select_profile(figment)
}

/// Returns the settings of the files in all profiles. They suffice to report an error in the
/// environment or the profile.
pub(super) fn in_files(overrides: &ConfigOverrides) -> Result<Figment, ConfigError> {
    let mut figment = Figment::from(rocket::Config::default()).merge(ShippedSettings);
    for file in files(overrides)? {
        refuse_keys_outside_profiles(&file)?;
        figment = figment.merge(Toml::file_exact(file).nested());
    }
    Ok(figment)
}

/// Returns the files to read, in order.
fn files(overrides: &ConfigOverrides) -> Result<Vec<PathBuf>, ConfigError> {
    let mut files = Vec::new();
    match std::env::var_os(FILE) {
        Some(named) => match search(Path::new(&named)) {
            Some(file) => files.push(file),
            None => {
                let file = PathBuf::from(named);
                return Err(ConfigError::NoFileOf {
                    variable: FILE,
                    file,
                });
            }
        },
        None => files.extend(search(Path::new("Rocket.toml"))),
    }
    if let Some(file) = &overrides.file {
        if !file.is_file() {
            return Err(ConfigError::NoFile(file.clone()));
        }
        files.push(file.clone());
    }
    Ok(files)
}

/// Searches for the file in the current folder and its ancestors, as Rocket does.
fn search(file: &Path) -> Option<PathBuf> {
    if file.is_absolute() {
        return file.is_file().then(|| file.to_owned());
    }
    let here = std::env::current_dir().ok()?;
    let all = here.ancestors().map(|folder| folder.join(file));
    all.into_iter().find(|path| path.is_file())
}

/// Refuses keys outside of profiles: `[calendar]` would be an unused profile of that name.
fn refuse_keys_outside_profiles(file: &Path) -> Result<(), ConfigError> {
    let text = std::fs::read_to_string(file).map_err(|cause| ConfigError::Unreadable {
        file: file.to_owned(),
        cause,
    })?;
    // A syntax error is reported with its line by the actual parser.
    let Ok(tables) = text.parse::<toml::Table>() else {
        return Ok(());
    };
    let outside = tables
        .iter()
        .find(|(key, value)| KNOWN_KEYS.contains(&key.as_str()) || !value.is_table());
    match outside {
        Some((key, value)) => Err(ConfigError::OutsideProfile {
            file: file.to_owned(),
            key: key.clone(),
            right: if value.is_table() {
                format!("[default.{key}]")
            } else {
                format!("{key} below [default]")
            },
        }),
        None => Ok(()),
    }
}

/// Returns the settings from the environment, tables before their keys.
fn variables(
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<Vec<Given>, ConfigError> {
    let mut all = Vec::new();
    for (name, value) in environment {
        let Some(name) = name.to_str().map(str::trim) else {
            continue;
        };
        let upper = name.to_ascii_uppercase();
        let Some(rest) = upper.strip_prefix(PREFIX) else {
            continue;
        };
        if rest.is_empty() || upper == FILE || upper == PROFILE {
            continue;
        }
        let key = rest.replace(SEPARATOR, ".").to_ascii_lowercase();
        let text = value.to_str().ok_or_else(|| ConfigError::NotText {
            variable: name.to_owned(),
        })?;
        all.push(Given {
            value: parse(name, &key, text)?,
            key,
            from: format!("the environment variable {name}"),
        });
    }
    all.sort_by_key(|given| (given.key.matches('.').count(), given.key.clone()));
    Ok(all)
}

/// Parses the value of a variable. A value of no other type is text, so that `base_url=https://x`
/// needs no quotes. Errors if a table is expected, or if a table or list is not closed.
fn parse(variable: &str, key: &str, text: &str) -> Result<Value, ConfigError> {
    let value: Value = text.parse().unwrap_or_else(|never| match never {});
    if is_table(key) && value.as_dict().is_none() {
        return Err(ConfigError::NoTable {
            variable: variable.to_owned(),
            example: format!("{}{SEPARATOR}KEY=value", variable.to_ascii_uppercase()),
        });
    }
    let begins = text.trim_start().starts_with(['{', '[']);
    if begins && value.as_str().is_some() {
        return Err(ConfigError::Bracket {
            variable: variable.to_owned(),
        });
    }
    Ok(value)
}

fn is_table(key: &str) -> bool {
    let ours = || {
        let path = key.strip_prefix("calendar.")?;
        let all = Value::serialize(CalendarConfig::default()).ok()?;
        Some(all.find(path)?.as_dict().is_some())
    };
    TABLES.contains(&key) || ours().unwrap_or(false)
}

fn options(overrides: &ConfigOverrides) -> Vec<Given> {
    let given = |option: &str, key: &str, value: Option<Value>| {
        Some(Given {
            key: key.to_owned(),
            value: value?,
            from: format!("the option {option}"),
        })
    };
    let text = |text: &Option<String>| text.clone().map(Value::from);
    let store = overrides
        .store
        .as_ref()
        .map(|store| store.to_string_lossy().into_owned());
    let data = overrides.data.as_ref();
    let data = data.and_then(|path| Value::serialize(path).ok());
    [
        given("--store", "calendar.store", store.map(Value::from)),
        given("--data", "calendar.data", data),
        given("--address", "address", text(&overrides.address)),
        given("--port", "port", overrides.port.map(Value::from)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Selects the profile from the environment, which has to be in a file.
fn select_profile(figment: Figment) -> Result<Figment, ConfigError> {
    let Some(name) = std::env::var_os(PROFILE) else {
        return Ok(figment.select(rocket::Config::DEFAULT_PROFILE));
    };
    let name = name.to_string_lossy().trim().to_owned();
    let profile = Profile::new(&name);
    let mut known: Vec<String> = figment.profiles().map(ToString::to_string).collect();
    known.extend(PROFILES.map(str::to_owned));
    known.sort();
    known.dedup();
    if known.iter().any(|text| profile == text.as_str()) {
        return Ok(figment.select(profile));
    }
    Err(ConfigError::UnknownProfile {
        variable: PROFILE,
        name,
        known: known.join(", "),
    })
}

/// Returns the origin of a key in parentheses; empty if unknown.
pub(super) fn from(figment: &Figment, key: &str) -> String {
    let found = figment.find_metadata(key);
    found.map_or_else(String::new, |metadata| {
        format!(" (from {})", origin(metadata))
    })
}
