//! Repetition in words: «hver torsdag kl. 18.00 til 17. desember, ikke 29. oktober».

use super::Words;
use crate::domain::Schedule;

impl Words {
    /// How an event repeats; empty where it happens once.
    #[must_use]
    pub fn repetition(self, _schedule: &Schedule) -> String {
        String::new()
    }
}
