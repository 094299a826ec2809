//! A number of days by which a programme is moved.

/// Maximum number of days by which a programme is moved.
pub const MOST_DAYS_MOVED: u32 = 366;
/// Parses a number of days: `3`, `+3`, `-3`.
pub(super) fn parse_days(typed: &str) -> Option<i64> {
    let typed = typed.trim().replace(['−', '–'], "-");
    let digits = typed.trim_start_matches(['+', '-']).trim();
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let days = digits
        .parse::<u32>()
        .ok()
        .filter(|parse| *parse <= MOST_DAYS_MOVED)?;
    match typed.len() - typed.trim_start_matches(['+', '-']).len() {
        0 => Some(days.into()),
        1 if typed.starts_with('-') => Some(-i64::from(days)),
        1 => Some(days.into()),
        _ => None,
    }
}
