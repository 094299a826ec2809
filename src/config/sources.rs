//! Where settings come from, the later over the earlier: Rocket's defaults, `Rocket.toml`, the file of
//! `--config`, the environment, the options of the command line.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use rocket::figment::providers::{Format, Toml};
use rocket::figment::util::nest;
use rocket::figment::value::{Dict, Map, Value};
use rocket::figment::{Error, Figment, Metadata, Profile, Provider, Source};

use super::{CalendarConfig, ConfigError, KNOWN_KEYS, Overrides};

/// What every variable of ours begins with.
const PREFIX: &str = "ROCKET_";
/// What stands between a table and its key in the name of a variable.
const SEPARATOR: &str = "__";
/// The variables that choose a file and a profile, and are no settings themselves.
const FILE: &str = "ROCKET_CONFIG";
const PROFILE: &str = "ROCKET_PROFILE";
/// Where a value is from that nobody set.
pub const DEFAULT: &str = "default";
/// Rocket's own tables, beside `calendar`.
const TABLES: [&str; 4] = ["calendar", "limits", "shutdown", "tls"];
/// The profiles that need not stand in a file.
const PROFILES: [&str; 4] = ["default", "global", "debug", "release"];

/// One setting from a variable or an option.
pub(super) struct Given {
    /// As in `calendar.base_url`.
    pub key: String,
    /// Its value.
    pub value: Value,
    /// Where it is from, for people.
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

/// Everything that was set, each value with where it is from.
pub(super) fn all(overrides: &Overrides) -> Result<Figment, ConfigError> {
    let mut figment = in_files(overrides)?;
    for given in variables(std::env::vars_os())? {
        figment = figment.merge(given);
    }
    for given in options(overrides) {
        figment = figment.merge(given);
    }
    select_profile(figment)
}

/// What was set in files, for every profile alike. Says enough where a variable or the profile is wrong and the
/// error has to be written somehow.
pub(super) fn in_files(overrides: &Overrides) -> Result<Figment, ConfigError> {
    let mut figment = Figment::from(rocket::Config::default());
    for file in files(overrides)? {
        refuse_keys_outside_profiles(&file)?;
        figment = figment.merge(Toml::file_exact(file).nested());
    }
    Ok(figment)
}

/// Returns where a value is from, for people; [`DEFAULT`] where nobody set it.
#[must_use]
pub fn origin(metadata: &Metadata) -> String {
    match &metadata.source {
        Some(source @ Source::File(_)) => source.to_string(),
        // Rocket's own, and places in source code, say nothing to anyone.
        Some(Source::Code(_)) => DEFAULT.to_owned(),
        _ if metadata.name.starts_with("rocket::Config") => DEFAULT.to_owned(),
        _ => metadata.name.to_string(),
    }
}

/// The files to read, in order.
fn files(overrides: &Overrides) -> Result<Vec<PathBuf>, ConfigError> {
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

/// The file here or in the nearest folder above, as Rocket looks for it.
fn search(file: &Path) -> Option<PathBuf> {
    if file.is_absolute() {
        return file.is_file().then(|| file.to_owned());
    }
    let here = std::env::current_dir().ok()?;
    let all = here.ancestors().map(|folder| folder.join(file));
    all.into_iter().find(|path| path.is_file())
}

/// Refuses what stands in no profile: `[calendar]` would be a profile of that name, and be ignored.
fn refuse_keys_outside_profiles(file: &Path) -> Result<(), ConfigError> {
    let text = std::fs::read_to_string(file).map_err(|cause| ConfigError::Unreadable {
        file: file.to_owned(),
        cause,
    })?;
    // A file that is no TOML is told of with its line when it is read.
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

/// The settings among the variables of the environment, tables before what stands in them.
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

/// The value of a variable. What is no value is taken for a text, so that `base_url=https://x` needs no
/// quotes; a table with a missing brace must not be one.
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

fn options(overrides: &Overrides) -> Vec<Given> {
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
        .map(|it| it.to_string_lossy().into_owned());
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

/// Selects the profile that the environment names, which has to stand in a file.
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
    if known.iter().any(|it| profile == it.as_str()) {
        return Ok(figment.select(profile));
    }
    Err(ConfigError::UnknownProfile {
        variable: PROFILE,
        name,
        known: known.join(", "),
    })
}
