//! Full and failing disks: commits are refused with an error, and no acknowledged one is lost.

use crate::child::Child;
use crate::disk::FailingDisk;
use crate::kill::{Acknowledged, WRITERS, check};
use crate::support::Address;

/// Reads lines up to and including one that begins with `start`.
fn until(child: &mut Child, start: &str) -> Vec<String> {
    let mut lines = Vec::new();
    loop {
        let line = child.next_line();
        assert!(
            !line.is_empty(),
            "it ended before it said {start}: {lines:?}"
        );
        let is_it = line.starts_with(start);
        lines.push(line);
        if is_it {
            return lines;
        }
    }
}

fn fail_and_recover(how: &str, words: &str) {
    let address = Address::sled();
    let disk = FailingDisk::below(address.folder.path());
    let mut child = Child::on_disk(&address.url, WRITERS, &disk);
    let mut lines = until(&mut child, "ready");
    for round in 0..3 {
        lines.extend((0..50).map(|_| child.next_line()));
        disk.becomes(how);
        let refused = until(&mut child, "refused");
        let told = refused.last().unwrap();
        assert!(told.contains(words), "{how}, round {round}: {told}");
        lines.extend(refused);
        disk.becomes("0");
        lines.extend(until(&mut child, "ack"));
    }
    lines.extend(child.kill());
    let log = Acknowledged::among(&lines);
    let head = check(&address, &log, 0, how);
    // Additional commits are at most those whose acknowledgement was not printed before the kill.
    let untold = head - log.len() as u64;
    assert!(
        untold <= u64::from(WRITERS),
        "{untold} refused commits have a number"
    );
}

#[test]
fn a_full_disk_refuses_until_there_is_room() {
    fail_and_recover("F", " is full");
}

#[test]
fn a_disk_that_can_not_be_written_refuses_until_it_can() {
    fail_and_recover("W", "check the disk");
}

#[test]
fn a_disk_that_can_not_sync_refuses_until_it_can() {
    fail_and_recover("S", "check the disk");
}
