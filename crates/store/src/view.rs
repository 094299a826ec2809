//! Read access to the stored versions and the index of claims.

use super::StoreError;

/// The parts of the store that planning reads.
pub(super) trait View {
    /// Returns the stored current version of a record, or of its removal.
    fn current(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError>;
    /// Returns an earlier version by its history key.
    fn earlier(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;
    /// Returns the stored form of the holders of a claim.
    fn holders(&self, claim: &str) -> Result<Option<Vec<u8>>, StoreError>;
}
