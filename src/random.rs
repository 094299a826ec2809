//! Random bytes for keys and secrets.
//!
//! **May import:** nothing of ours. No other file asks the system for randomness.

/// Returns bytes from the operating system's random source.
///
/// # Errors
/// If the system has no such source.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
