use std::net::IpAddr;

use proptest::prelude::*;

use super::*;

const LIMITS: ConnectionLimits = ConnectionLimits {
    most: None,
    most_per_address: None,
    idle: Some(Duration::from_secs(75)),
    slow: Some(Duration::from_secs(60)),
    bytes_a_second: 500,
};

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// A connection that is sampled once a second.
struct Told {
    watch: Watch,
    now: u64,
    seen: TcpSample,
    limits: ConnectionLimits,
}

impl Told {
    fn new() -> Self {
        let seen = TcpSample {
            id: 7,
            inode: 70,
            from: IpAddr::from([192, 0, 2, 1]),
            received: 0,
            taken: 0,
            waiting: 0,
            heard: Duration::ZERO,
            spoke: Duration::ZERO,
        };
        Self {
            watch: Watch::default(),
            now: 1_000,
            seen,
            limits: LIMITS,
        }
    }

    /// Advances one second with these bytes received, acknowledged and left unacknowledged.
    fn second(&mut self, came: u64, taken: u64, waiting: u32) -> Option<CloseReason> {
        self.now += 1;
        self.seen.received += came;
        self.seen.taken += taken;
        self.seen.waiting = waiting;
        self.seen.heard = match came {
            0 => self.seen.heard + seconds(1),
            _ => Duration::from_millis(300),
        };
        self.seen.spoke = match taken {
            0 => self.seen.spoke + seconds(1),
            _ => Duration::from_millis(200),
        };
        let closing = self
            .watch
            .look(seconds(self.now), &self.limits, &[self.seen]);
        closing.first().map(|closing| closing.reason)
    }

    /// Returns the seconds until the connection is closed under this traffic, and the reason.
    fn until_closed(&mut self, came: u64, taken: u64, waiting: u32) -> Option<(u64, CloseReason)> {
        (1..10_000).find_map(|count| Some((count, self.second(came, taken, waiting)?)))
    }
}

#[test]
fn one_that_never_says_anything_is_closed_when_it_has_been_idle_for_long_enough() {
    assert_eq!(
        Told::new().until_closed(0, 0, 0),
        Some((75, CloseReason::Idle))
    );
}

#[test]
fn one_that_was_answered_is_closed_when_it_has_been_idle_for_long_enough_after_it() {
    let mut told = Told::new();
    for _ in 0..40 {
        assert_eq!(told.second(300, 4_000, 0), None);
        assert_eq!(told.until_quiet(50), None);
    }
    let (after, reason) = told.until_closed(0, 0, 0).unwrap();
    assert_eq!((after, reason), (25, CloseReason::Idle));
}

impl Told {
    /// Advances this many seconds without traffic.
    fn until_quiet(&mut self, count: u64) -> Option<CloseReason> {
        (0..count).find_map(|_| self.second(0, 0, 0))
    }
}

#[test]
fn one_that_was_there_before_the_first_look_has_been_idle_since_it_last_moved() {
    let mut told = Told::new();
    told.seen.received = 200;
    told.seen.taken = 900;
    (told.seen.heard, told.seen.spoke) = (seconds(74), seconds(74));
    assert_eq!(told.second(0, 0, 0), Some(CloseReason::Idle));
}

#[test]
fn a_request_that_drips_is_closed_although_bytes_come_all_the_time() {
    let closed = Told::new().until_closed(1, 0, 0);
    assert_eq!(closed, Some((62, CloseReason::SlowRequest)));
    // Just under the rate is also closed, only later.
    let (after, reason) = Told::new().until_closed(450, 0, 0).unwrap();
    assert_eq!(reason, CloseReason::SlowRequest);
    assert!((550..650).contains(&after), "{after}");
}

#[test]
fn an_upload_that_is_slow_and_steady_goes_on_for_ever() {
    assert_eq!(Told::new().until_closed(500, 0, 0), None);
}

#[test]
fn an_upload_that_stops_in_a_tunnel_goes_on_behind_it() {
    let mut told = Told::new();
    for _ in 0..10 {
        for _ in 0..10 {
            assert_eq!(told.second(20_000, 0, 0), None);
        }
        for _ in 0..50 {
            assert_eq!(told.second(0, 0, 0), None);
        }
    }
    // Earlier credit does not extend the time without progress.
    for _ in 0..10 {
        assert_eq!(told.second(20_000, 0, 0), None);
    }
    assert_eq!(
        told.until_closed(0, 0, 0),
        Some((61, CloseReason::SlowRequest))
    );
}

#[test]
fn a_request_that_comes_right_after_an_answer_has_all_of_its_time() {
    let mut told = Told::new();
    for _ in 0..20 {
        for _ in 0..50 {
            assert_eq!(told.second(1, 0, 0), None);
        }
        // The response and the start of the next request fall between two samples.
        told.seen.taken += 5_000;
    }
}

#[test]
fn who_takes_nothing_of_an_answer_is_closed_and_so_is_who_takes_it_in_drips() {
    let mut told = Told::new();
    told.second(300, 60_000, 90_000);
    assert_eq!(
        told.until_closed(0, 0, 90_000),
        Some((61, CloseReason::SlowAnswer))
    );
    let mut told = Told::new();
    let (after, reason) = told.until_closed(0, 10, 90_000).unwrap();
    assert_eq!(reason, CloseReason::SlowAnswer);
    assert!((60..65).contains(&after), "{after}");
}

#[test]
fn who_takes_an_answer_slowly_and_steadily_gets_all_of_it() {
    assert_eq!(Told::new().until_closed(0, 500, 90_000), None);
}

#[test]
fn who_goes_on_asking_without_reading_is_closed() {
    let mut told = Told::new();
    told.second(300, 60_000, 90_000);
    let closed = told.until_closed(1_000, 0, 90_000);
    assert_eq!(closed, Some((61, CloseReason::SlowAnswer)));
}

#[test]
fn what_is_not_bounded_is_not_closed() {
    for (came, taken, waiting) in [(0, 0, 0), (1, 0, 0), (0, 1, 9), (0, 0, 9)] {
        let mut told = Told::new();
        (told.limits.idle, told.limits.slow) = (None, None);
        assert_eq!(told.until_closed(came, taken, waiting), None);
    }
}

#[test]
fn only_where_bytes_wait_are_bytes_thrown_away() {
    let limits = ConnectionLimits {
        idle: Some(seconds(1)),
        ..LIMITS
    };
    let mut seen = Told::new().seen;
    (seen.heard, seen.spoke) = (seconds(2), seconds(2));
    for waiting in [0, 9] {
        seen.waiting = waiting;
        let closing = Watch::default().look(seconds(9), &limits, &[seen]);
        assert_eq!((closing[0].id, closing[0].inode), (7, 70));
        assert_eq!(closing[0].unread, waiting > 0);
    }
}

#[test]
fn where_there_are_too_many_those_stay_that_get_something_done() {
    let limits = ConnectionLimits {
        most: Some(2),
        ..LIMITS
    };
    let mut watch = Watch::default();
    let mut all: Vec<TcpSample> = (0..5)
        .map(|id| TcpSample {
            id,
            ..Told::new().seen
        })
        .collect();
    let closing = watch.look(
        seconds(1_000),
        &ConnectionLimits {
            most: None,
            ..limits
        },
        &all,
    );
    assert!(closing.is_empty());
    for seen in &mut all {
        (seen.heard, seen.spoke) = (seconds(10), seconds(10));
    }
    // A slow request, a slow response, a response read at full speed, and a request at full speed.
    (all[1].received, all[1].heard) = (5, Duration::ZERO);
    (all[2].taken, all[2].waiting, all[2].spoke) = (5, 9_000, Duration::ZERO);
    (all[3].taken, all[3].waiting, all[3].spoke) = (40_000, 9_000, Duration::ZERO);
    (all[4].received, all[4].heard) = (6_000, Duration::ZERO);
    let closing = watch.look(seconds(1_010), &limits, &all);
    let mut gone: Vec<u64> = closing.iter().map(|closing| closing.id).collect();
    gone.sort_unstable();
    assert_eq!(gone, [0, 1, 2]);
    assert!(
        closing
            .iter()
            .all(|closing| closing.reason == CloseReason::Crowded)
    );
}

#[test]
fn what_is_gone_is_forgotten() {
    let mut watch = Watch::default();
    let seen = Told::new().seen;
    watch.look(seconds(1), &LIMITS, &[seen]);
    assert_eq!(watch.known.len(), 1);
    watch.look(seconds(2), &LIMITS, &[]);
    assert!(watch.known.is_empty());
}

#[test]
fn each_reason_stands_at_its_own_place() {
    for (place, reason) in CloseReason::ALL.into_iter().enumerate() {
        assert_eq!(place, reason as usize);
    }
}

proptest! {
    #[test]
    fn whoever_keeps_to_the_rate_over_the_time_is_never_closed(
        // Bytes in each of up to 59 seconds; the last second makes up the difference to the rate.
        spans in prop::collection::vec(prop::collection::vec(0_u64..500, 0..58), 1..20),
        reads in any::<bool>(),
    ) {
        let mut told = Told::new();
        let mut second = |bytes| {
            if reads { told.second(0, bytes, 1) } else { told.second(bytes, 0, 0) }
        };
        prop_assert_eq!(second(500), None);
        for span in spans {
            let lacking: u64 = span.iter().map(|span| 500 - span).sum();
            for bytes in span {
                prop_assert_eq!(second(bytes), None);
            }
            prop_assert_eq!(second(500 + lacking), None);
        }
    }

    #[test]
    fn whoever_stays_under_half_the_rate_is_closed_before_long(
        bytes in prop::collection::vec(0_u64..250, 130),
        reads in any::<bool>(),
    ) {
        let mut told = Told::new();
        let wanted = if reads { CloseReason::SlowAnswer } else { CloseReason::SlowRequest };
        let closed = bytes.into_iter().find_map(|bytes| {
            if reads { told.second(0, bytes + 1, 1) } else { told.second(bytes + 1, 0, 0) }
        });
        prop_assert_eq!(closed, Some(wanted));
    }
}
