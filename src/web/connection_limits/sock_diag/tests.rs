use proptest::prelude::*;

use super::*;

fn door(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

fn message(kind: u16, number: u32, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(HEAD + content.len()).unwrap();
    let mut bytes = length.to_ne_bytes().to_vec();
    bytes.extend(kind.to_ne_bytes());
    bytes.extend(2_u16.to_ne_bytes());
    bytes.extend(number.to_ne_bytes());
    bytes.extend(0_u32.to_ne_bytes());
    bytes.extend(content);
    bytes
}

/// A connection as the kernel reports it, with an irrelevant attribute before `tcp_info`.
fn connection(to: SocketAddr, from: IpAddr, inode: u32) -> Vec<u8> {
    let mut bytes = vec![0; MESSAGE];
    let mut put = |at: usize, field: &[u8]| bytes[at..at + field.len()].copy_from_slice(field);
    put(0, &[if to.is_ipv4() { AF_INET } else { AF_INET6 }, 1]);
    put(4, &to.port().to_be_bytes());
    for (place, address) in [(8, to.ip()), (24, from)] {
        match address {
            IpAddr::V4(address) => put(place, &address.octets()),
            IpAddr::V6(address) => put(place, &address.octets()),
        }
    }
    put(44, &0x0123_4567_89ab_cdef_u64.to_ne_bytes());
    put(60, &1234_u32.to_ne_bytes());
    put(68, &inode.to_ne_bytes());
    let mut info = vec![0xff; 232];
    let mut put = |at: usize, field: &[u8]| info[at..at + field.len()].copy_from_slice(field);
    put(44, &2_000_u32.to_ne_bytes());
    put(52, &3_500_u32.to_ne_bytes());
    put(120, &77_u64.to_ne_bytes());
    put(128, &99_u64.to_ne_bytes());
    for (kind, content) in [(8_u16, vec![1]), (INET_DIAG_INFO, info)] {
        let length = ATTRIBUTE + content.len();
        bytes.extend(u16::try_from(length).unwrap().to_ne_bytes());
        bytes.extend(kind.to_ne_bytes());
        bytes.extend(content);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    bytes
}

fn taken(bytes: &[u8], at: SocketAddr) -> std::io::Result<(bool, Vec<TcpSample>)> {
    let mut all = Vec::new();
    let whole = take(bytes, 5, at, &mut all)?;
    Ok((whole, all))
}

#[test]
fn a_connection_is_read_with_what_moved_on_it() {
    let (here, from) = (door("192.0.2.9:8000"), IpAddr::from([198, 51, 100, 4]));
    let mut bytes = message(SOCK_DIAG_BY_FAMILY, 5, &connection(here, from, 42));
    let (whole, all) = taken(&bytes, here).unwrap();
    let wanted = TcpSample {
        id: 0x0123_4567_89ab_cdef,
        inode: 42,
        from,
        received: 99,
        taken: 77,
        waiting: 1234,
        heard: Duration::from_millis(3_500),
        spoke: Duration::from_secs(2),
    };
    assert_eq!((whole, all.as_slice()), (false, &[wanted][..]));
    bytes.extend(message(NLMSG_DONE, 5, &0_u32.to_ne_bytes()));
    assert_eq!(taken(&bytes, here).unwrap(), (true, vec![wanted]));
}

#[test]
fn those_of_another_door_and_those_of_nobody_are_left_out() {
    let from = IpAddr::from([198, 51, 100, 4]);
    let of = |to: &str, inode| message(SOCK_DIAG_BY_FAMILY, 5, &connection(door(to), from, inode));
    let bytes = [
        of("192.0.2.9:8001", 1),
        of("192.0.2.8:8000", 2),
        of("192.0.2.9:8000", 0),
        of("192.0.2.9:8000", 3),
    ]
    .concat();
    let inodes = |at: &str| -> Vec<u32> {
        let all = taken(&bytes, door(at)).unwrap().1;
        all.iter().map(|item| item.inode).collect()
    };
    assert_eq!(inodes("192.0.2.9:8000"), [3]);
    assert_eq!(inodes("0.0.0.0:8000"), [2, 3]);
}

#[test]
fn an_old_address_that_came_through_a_new_door_is_the_old_address() {
    let from: IpAddr = "::ffff:198.51.100.4".parse().unwrap();
    let to = door("[::ffff:192.0.2.9]:8000");
    let bytes = message(SOCK_DIAG_BY_FAMILY, 5, &connection(to, from, 42));
    let (_, all) = taken(&bytes, door("[::]:8000")).unwrap();
    assert_eq!(all[0].from, IpAddr::from([198, 51, 100, 4]));
}

#[test]
fn what_answers_an_earlier_question_is_passed_over() {
    let here = door("192.0.2.9:8000");
    let late = connection(here, IpAddr::from([198, 51, 100, 4]), 42);
    let bytes = [
        message(SOCK_DIAG_BY_FAMILY, 4, &late),
        message(NLMSG_DONE, 4, &[]),
    ];
    assert_eq!(taken(&bytes.concat(), here).unwrap(), (false, Vec::new()));
}

#[test]
fn a_refusal_is_told_as_the_system_tells_it() {
    let here = door("192.0.2.9:8000");
    for kind in [NLMSG_ERROR, NLMSG_DONE] {
        let refusal = message(kind, 5, &(-2_i32).to_ne_bytes());
        let error = taken(&refusal, here).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{kind}");
    }
    let mut without = connection(here, IpAddr::from([198, 51, 100, 4]), 42);
    without.truncate(MESSAGE + 8);
    let error = taken(&message(SOCK_DIAG_BY_FAMILY, 5, &without), here).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

proptest! {
    #[test]
    fn an_answer_that_is_cut_off_or_changed_is_read_or_refused(
        cut in 0_usize..420,
        flips in prop::collection::vec((0_usize..420, any::<u8>()), 0..6),
    ) {
        let here = door("192.0.2.9:8000");
        let from = IpAddr::from([198, 51, 100, 4]);
        let mut bytes = message(SOCK_DIAG_BY_FAMILY, 5, &connection(here, from, 42));
        bytes.extend(message(NLMSG_DONE, 5, &0_u32.to_ne_bytes()));
        for (place, value) in flips {
            let place = place % bytes.len();
            bytes[place] = value;
        }
        bytes.truncate(cut);
        if let Ok((_, all)) = taken(&bytes, here) {
            prop_assert!(all.len() <= 1);
        }
    }
}
