//! Search for organisations and for organizers of the catalog.

use crate::catalog::Calendar;
use calendar_domain::{OrganisationId, OrganisationNumber, OrganisationStanding, Slug};
use calendar_store::StoreError;

use super::organisations::all;

/// An organisation or organizer that a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundOrganisation {
    /// A registered organisation.
    Registered(OrganisationId, String),
    /// An organizer of the catalog without an organisation.
    Organizer(Slug, String),
}

/// Returns the organisations and organizers whose name contains the words or whose number is given, at most 20.
/// Organisations that an editor has not approved are left out.
///
/// # Errors
/// Errors if the store cannot be read.
pub fn search(calendar: &Calendar, words: &str) -> Result<Vec<FoundOrganisation>, StoreError> {
    let wanted = words.trim().to_lowercase();
    let digits: String = wanted.chars().filter(char::is_ascii_digit).collect();
    if wanted.chars().count() < 2 {
        return Ok(Vec::new());
    }
    let is_named = |name: &str| name.to_lowercase().contains(&wanted);
    let has_number = |number: Option<&OrganisationNumber>| {
        digits.len() == 9 && number.is_some_and(|number| number.as_str() == digits)
    };
    let (mut found, mut claimed) = (Vec::new(), Vec::new());
    for (one, _) in all(calendar)? {
        if one.standing != OrganisationStanding::Approved {
            continue;
        }
        if is_named(&one.name) || has_number(one.number.as_ref()) {
            found.push(FoundOrganisation::Registered(one.id, one.name));
        }
        claimed.extend(one.organizer);
    }
    let snapshot = calendar.snapshot();
    let mut organizers: Vec<_> = snapshot
        .organizers()
        .filter(|organizers| !claimed.contains(&organizers.slug))
        .filter(|organizers| {
            let mut names = std::iter::once(&organizers.name).chain(&organizers.aliases);
            names.any(|name| is_named(name)) || has_number(organizers.organisation_number.as_ref())
        })
        .map(|organizers| {
            FoundOrganisation::Organizer(organizers.slug.clone(), organizers.name.clone())
        })
        .collect();
    organizers.sort_by(|a, b| name_of(a).cmp(name_of(b)));
    found.extend(organizers);
    found.truncate(20);
    Ok(found)
}

fn name_of(found: &FoundOrganisation) -> &str {
    match found {
        FoundOrganisation::Registered(_, name) | FoundOrganisation::Organizer(_, name) => name,
    }
}
