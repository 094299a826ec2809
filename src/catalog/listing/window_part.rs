//! The parts of a window.

use calendar_domain::Window;

/// A part of the window that is walked in one way.
#[derive(Debug, Clone, Copy)]
pub(super) enum WindowPart {
    /// What began before the window.
    Running,
    /// Days of the day index.
    Indexed(Window),
    /// Days outside of it.
    Beyond(Window),
}

impl WindowPart {
    /// Returns true if it has no days.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Running => false,
            Self::Indexed(days) | Self::Beyond(days) => days.from >= days.until,
        }
    }
}
