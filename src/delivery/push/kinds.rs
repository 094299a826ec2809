//! Table of the kinds of calendars.

use calendar_domain::ConnectorId;
use calendar_domain::nearest::did_you_mean;

use super::translator::Push;
use super::{linked_events, tribe};

/// All kinds of calendars.
pub const PUSHES: &[&dyn Push] = &[&linked_events::LinkedEventsPush, &tribe::TribePush];

/// Returns the kind with this name.
///
/// # Errors
/// Returns [`UnknownPush`], whose message lists the known names.
pub fn find(id: &ConnectorId) -> Result<&'static dyn Push, UnknownPush> {
    let found = PUSHES.iter().find(|push| push.id() == id.as_str());
    found.copied().ok_or_else(|| UnknownPush(id.clone()))
}

/// The error of a kind that events can't be pushed to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "cannot send events to «{0}»{hint}; the kinds are {known}",
    hint = did_you_mean(.0.as_str(), names()), known = names().join(", ")
)]
pub struct UnknownPush(pub ConnectorId);

fn names() -> Vec<&'static str> {
    PUSHES.iter().map(|push| push.id()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        for push in PUSHES {
            assert_eq!(
                find(&push.id().parse().unwrap()).unwrap().about(),
                push.about()
            );
        }
        let unknown = find(&"ics".parse().unwrap()).err().unwrap();
        assert!(unknown.to_string().contains("linked_events, tribe"));
    }
}
