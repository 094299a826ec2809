//! Properties of every connector.

use std::collections::BTreeSet;

use calendar_connectors::CONNECTORS;
use calendar_connectors::connector::PartnerResponse;
use calendar_domain::ConnectorId;
use proptest::prelude::*;

use crate::support::{all_fixtures, asking, url};

fn answer<'a>(from: &'a url::Url, bytes: &'a [u8]) -> PartnerResponse<'a> {
    PartnerResponse {
        url: from,
        media_type: None,
        bytes,
        purpose: "",
    }
}

/// Returns an address that does not indicate a connector.
fn somewhere() -> url::Url {
    url("https://eksempel.no/data")
}

/// Returns the purpose of a fixture, which is the first part of its file name (`detail-2.json`). `list` is the
/// response at the partner's own address.
fn purpose(fixture: &std::path::Path) -> String {
    let name = fixture.file_stem().expect("a file").to_string_lossy();
    let word = name.split(['-', '.']).next().unwrap_or_default();
    if word == "list" {
        String::new()
    } else {
        word.to_owned()
    }
}

#[test]
fn each_connector_has_a_name_of_its_own_that_fits_a_file() {
    let names: BTreeSet<&str> = CONNECTORS.iter().map(|connector| connector.id()).collect();
    assert_eq!(names.len(), CONNECTORS.len());
    for name in names {
        assert!(name.parse::<ConnectorId>().is_ok(), "{name}");
    }
    for connector in CONNECTORS {
        let about = connector.about();
        assert!(!about.is_empty() && !about.ends_with('.'), "{about}");
    }
}

#[test]
fn each_fixture_is_recognised_by_its_own_connector_alone() {
    let from = somewhere();
    for (id, path, bytes) in all_fixtures() {
        let is_listing = purpose(&path).is_empty();
        for connector in CONNECTORS {
            let recognised = connector.recognise(&answer(&from, &bytes));
            if connector.id() != id {
                assert_eq!(recognised, None, "{} by {}", path.display(), connector.id());
            } else if is_listing {
                let why = recognised
                    .map(|recognised| recognised.why)
                    .unwrap_or_default();
                assert!(!why.is_empty(), "{}", path.display());
            }
        }
    }
}

/// An empty list can be recognized by its address only.
#[test]
fn an_empty_list_is_recognised_where_its_kind_has_its_address() {
    let cases = [
        ("gancio", "https://eksempel.no/api/events", "[]"),
        (
            "linked_events",
            "https://eksempel.no/v1/event/?page_size=1",
            r#"{"meta": {"count": 0, "next": null}, "data": []}"#,
        ),
        (
            "open_data_hub",
            "https://eksempel.no/v1/Event",
            r#"{"TotalResults": 0, "TotalPages": 0, "CurrentPage": 1, "Items": []}"#,
        ),
        (
            "open_agenda",
            "https://eksempel.no/v3/agendas/1/events",
            r#"{"data": [], "pagination": {"after": null, "limit": 20}}"#,
        ),
        ("", "https://eksempel.no/", "[]"),
        ("", "https://eksempel.no/", r#"{"data": []}"#),
        ("", "https://eksempel.no/", r#"{"events": []}"#),
    ];
    for (id, from, body) in cases {
        let from = url(from);
        let by: Vec<&str> = CONNECTORS
            .iter()
            .filter(|connector| {
                connector
                    .recognise(&answer(&from, body.as_bytes()))
                    .is_some()
            })
            .map(|connector| connector.id())
            .collect();
        assert_eq!(by.concat(), id, "{body}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let from = somewhere();
        for connector in CONNECTORS {
            connector.recognise(&answer(&from, &bytes));
            // An error is fine.
            drop(connector.read(&answer(&from, &bytes), &asking(&from)));
        }
    }

    /// Changes, removes or repeats some bytes of a fixture.
    #[test]
    fn a_damaged_fixture_never_panics(
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        length in 0usize..40,
        put in proptest::collection::vec(prop::sample::select(b"{}[]\",:0-9nul<>/TZ\xff".to_vec()), 0..8),
    ) {
        let fixtures = all_fixtures();
        let (id, path, mut bytes) = which.get(&fixtures).clone();
        if !bytes.is_empty() {
            let at = at.index(bytes.len());
            let until = (at + length).min(bytes.len());
            bytes.splice(at..until, put);
        }
        let from = somewhere();
        let purpose = purpose(&path);
        for connector in CONNECTORS.iter().filter(|connector| connector.id() == id) {
            connector.recognise(&answer(&from, &bytes));
            let answer = PartnerResponse { purpose: &purpose, ..answer(&from, &bytes) };
            drop(connector.read(&answer, &asking(&from)));
        }
    }
}
