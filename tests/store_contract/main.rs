//! What every storage backend owes, and what the journal and sled do when files are damaged or
//! the process is killed.

mod child;
mod contract;
mod damage;
mod kill;
mod support;
