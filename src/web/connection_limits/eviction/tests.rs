use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

fn limits(most: Option<usize>, most_per_address: Option<usize>) -> ConnectionLimits {
    ConnectionLimits {
        most,
        most_per_address,
        idle: None,
        slow: None,
        bytes_a_second: 1,
    }
}

fn seen(id: u64, from: &str) -> TcpSample {
    TcpSample {
        id,
        inode: 1,
        from: from.parse().unwrap(),
        received: 0,
        taken: 0,
        waiting: 0,
        heard: Duration::ZERO,
        spoke: Duration::ZERO,
    }
}

/// Returns the ids of the closed connections. Each connection is an address and the seconds since its last progress.
fn gone(all: &[(&str, u64)], limits: &ConnectionLimits) -> Vec<u64> {
    let seen: Vec<TcpSample> = (0..)
        .zip(all)
        .map(|(id, value)| seen(id, value.0))
        .collect();
    let seconds = all.iter().map(|text| Duration::from_secs(text.1));
    let standing = seen.iter().zip(seconds);
    let standing = standing.map(|(seen, unserved)| EvictionCandidate { seen, unserved });
    let gone = too_many(standing.collect(), limits);
    let mut ids: Vec<u64> = gone.map(|(seen, _)| seen.id).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn where_there_is_room_all_stay() {
    let all = [("192.0.2.1", 5), ("192.0.2.1", 900), ("192.0.2.2", 0)];
    assert_eq!(gone(&all, &limits(Some(3), None)), [0; 0]);
    assert_eq!(gone(&all, &limits(None, None)), [0; 0]);
    assert_eq!(gone(&all, &limits(Some(3), Some(2))), [0; 0]);
}

#[test]
fn of_one_address_those_go_that_have_got_nothing_done_for_longest() {
    let all = [
        ("192.0.2.1", 5),
        ("192.0.2.1", 900),
        ("192.0.2.1", 0),
        ("192.0.2.1", 60),
    ];
    assert_eq!(gone(&all, &limits(Some(2), None)), [1, 3]);
}

#[test]
fn who_has_few_keeps_them_beside_one_who_has_many() {
    let mut all = vec![("192.0.2.1", 70), ("192.0.2.1", 60), ("2001:db8::1", 74)];
    all.extend([("198.51.100.7", 0); 50]);
    let gone = gone(&all, &limits(Some(10), None));
    assert_eq!(gone.len(), 43);
    assert!(gone.iter().all(|id| *id > 2), "{gone:?}");
}

#[test]
fn where_each_has_but_one_the_longest_idle_go() {
    let all = [("192.0.2.1", 8), ("192.0.2.2", 70), ("192.0.2.3", 1)];
    assert_eq!(gone(&all, &limits(Some(2), None)), [1]);
    assert_eq!(gone(&all, &limits(Some(1), None)), [0, 1]);
}

#[test]
fn the_addresses_of_one_network_of_the_new_kind_are_one_client_and_those_of_the_old_are_not() {
    let new = [
        ("2001:db8:0:1::1", 3),
        ("2001:db8:0:1:ffff::2", 9),
        ("2001:db8:0:2::3", 4),
    ];
    assert_eq!(gone(&new, &limits(None, Some(1))), [1]);
    let old = [
        ("192.0.2.1", 3),
        ("192.0.2.2", 9),
        ("::ffff:192.0.2.2", 1),
        ("::ffff:192.0.2.3", 4),
    ];
    assert_eq!(gone(&old, &limits(None, Some(1))), [1]);
}

#[test]
fn a_proxy_on_this_machine_may_have_more_than_an_address_may() {
    for address in ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"] {
        let all = [(address, 1), (address, 2), (address, 3)];
        assert_eq!(gone(&all, &limits(None, Some(1))), [0; 0], "{address}");
        assert_eq!(gone(&all, &limits(Some(2), Some(1))), [2], "{address}");
    }
}

#[test]
fn the_reason_is_the_limit_that_was_broken() {
    let all: Vec<TcpSample> = (0..5).map(|id| seen(id, "192.0.2.1")).collect();
    let standing = all.iter().map(|seen| EvictionCandidate {
        seen,
        unserved: Duration::from_secs(seen.id),
    });
    let gone = too_many(standing.collect(), &limits(Some(2), Some(3)));
    let mut gone: Vec<_> = gone.map(|(seen, reason)| (seen.id, reason)).collect();
    gone.sort_by_key(|gone| gone.0);
    let wanted = [
        (2, CloseReason::Crowded),
        (3, CloseReason::OneAddress),
        (4, CloseReason::OneAddress),
    ];
    assert_eq!(gone, wanted);
}

proptest! {
    #[test]
    fn no_more_go_than_have_to_and_nobody_for_one_who_has_more(
        all in prop::collection::vec((0_u8..12, 0_u64..100), 0..200),
        most in 1_usize..60,
    ) {
        let addresses: Vec<String> = all.iter().map(|sample| format!("192.0.2.{}", sample.0)).collect();
        let told: Vec<(&str, u64)> = addresses.iter().map(String::as_str).zip(all.iter().map(|sample| sample.1)).collect();
        let gone: HashSet<u64> = gone(&told, &limits(Some(most), None)).into_iter().collect();
        prop_assert_eq!(gone.len(), all.len().saturating_sub(most));
        let count = |address: u8, goes: bool| {
            (0..).zip(&all).filter(|(id, value)| value.0 == address && gone.contains(id) == goes).count()
        };
        for loser in (0..12).filter(|value| count(*value, true) > 0) {
            for other in 0..12 {
                prop_assert!(count(other, false) <= count(loser, false) + 1);
            }
        }
        for (id, pair) in (0..).zip(&all).filter(|(id, _)| gone.contains(id)) {
            for (other, stays) in (0..).zip(&all).filter(|(id, _)| !gone.contains(id)) {
                prop_assert!(pair.0 != stays.0 || pair.1 >= stays.1, "{} went, {} stayed", id, other);
            }
        }
    }
}
