//! Contract tests of storage backends, and tests of the journal and sled with damaged files and killed
//! processes.

#![expect(
    clippy::unwrap_used,
    reason = "a test that can't go on says so by stopping"
)]

mod backup;
mod child;
mod claims;
mod contract;
mod damage;
mod disk;
mod ephemeral;
mod erase;
mod failing_disk;
mod files;
mod history;
mod images;
mod kill;
mod power_loss;
mod random_damage;
mod releases;
mod support;
mod writers;
