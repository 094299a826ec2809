//! Reduction of the memory use of an open database.

/// Allocates one untouched block of each of the allocator's size classes from 10 to 512 KB.
///
/// sled's page table is a large zeroed allocation, of which a small database uses little. Zeroed memory that
/// comes fresh from the system uses no physical memory. sled frees its log buffers just before it allocates
/// the table; recycled buffers have to be cleared and become resident. While these blocks are alive, the
/// freed buffers stay in the blocks' size classes, and the table gets fresh memory.
///
/// Don't use it for a new database. That one has nothing to read and is closed and opened again, and then the
/// table would recycle these blocks.
pub(super) fn kept_apart() -> Vec<Vec<u8>> {
    let doublings = (0..6).map(|doubling| 2048 << doubling);
    let sizes = doublings.flat_map(|unit: usize| (5..=8).map(move |count| unit * count));
    sizes.map(Vec::with_capacity).collect()
}
