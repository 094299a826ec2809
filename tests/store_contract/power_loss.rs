//! Power loss: unsynced data is lost entirely or in part; see `disk.c`.

use std::os::unix::process::ExitStatusExt;

use crate::child::Child;
use crate::disk::FailingDisk;
use crate::kill::{Acknowledged, WRITERS, check, rounds};
use crate::random_damage::Dice;
use crate::support::Address;

const SIGKILL: i32 = 9;

#[test]
fn power_losses_take_no_acknowledged_commit_of_a_store_in_new_folders() {
    for cut in (0..120).step_by(7) {
        let mut address = Address::sled();
        let nested = address.folder.path().join("new/and/nested/store");
        address.url = format!("sled:{}", nested.display());
        let mut disk = FailingDisk::below(address.folder.path());
        disk.cut = Some(cut);
        let (lines, status) = Child::on_disk(&address.url, WRITERS, &disk).ended();
        assert_eq!(status.signal(), Some(SIGKILL), "cut {cut}: {lines:?}");
        let log = Acknowledged::among(&lines);
        if !log.is_empty() {
            assert!(nested.exists(), "cut {cut}: the store's folder is gone");
        }
        check(&address, &log, 0, &format!("cut {cut}"));
    }
}

fn lose_power_again_and_again(keep: usize, rounds: usize) {
    let mut dice = Dice(0x9E6C_63D0_876A_9A4F);
    let (mut address, mut before, mut acknowledged) = (Address::sled(), 0, 0);
    for round in 0..rounds {
        if round % 10 == 0 {
            (address, before) = (Address::sled(), 0);
        }
        let mut disk = FailingDisk::below(address.folder.path());
        // Anywhere between the creation or opening of the store and a hundred commits later.
        disk.cut = Some(dice.below(400));
        (disk.keep, disk.seed) = (keep, round + 1);
        let (lines, status) = Child::on_disk(&address.url, WRITERS, &disk).ended();
        assert_eq!(status.signal(), Some(SIGKILL), "round {round}: {lines:?}");
        let log = Acknowledged::among(&lines);
        acknowledged += log.len();
        before = check(&address, &log, before, &format!("round {round}"));
    }
    assert!(
        acknowledged > 100,
        "the writers hardly wrote: {acknowledged} commits"
    );
}

#[test]
fn power_losses_that_take_all_that_was_not_synced_lose_no_acknowledged_commit() {
    lose_power_again_and_again(0, rounds("POWER_LOSSES", 150));
}

#[test]
fn power_losses_that_take_some_of_what_was_not_synced_lose_no_acknowledged_commit() {
    lose_power_again_and_again(50, rounds("POWER_LOSSES", 150));
}
