//! Keeps the memory of an open database small.

/// One block of each size in which the allocator gives out 10 to 512 KB, never touched.
///
/// sled's page table is 6 MB of zeros, of which a small database needs a few lines: fresh memory of the system
/// is zero and takes no room. But sled reads the log and frees what it read just before it makes the table, and
/// memory that was used before has to be cleared, which makes all of it real. While these blocks live, what sled frees
/// stays with blocks of its size, and the table is made of fresh memory.
///
/// Not for a new database, which has nothing to read, and is closed and opened again: once more, the table would be
/// made of what these left.
pub(super) fn kept_apart() -> Vec<Vec<u8>> {
    let doublings = (0..6).map(|doubling| 2048 << doubling);
    let sizes = doublings.flat_map(|unit: usize| (5..=8).map(move |count| unit * count));
    sizes.map(Vec::with_capacity).collect()
}
