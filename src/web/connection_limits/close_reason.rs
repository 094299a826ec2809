//! Reasons for closing connections.

/// Why a connection is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CloseReason {
    /// No traffic for too long.
    Idle,
    /// The request arrived too slowly.
    SlowRequest,
    /// The client read the response too slowly.
    SlowAnswer,
    /// Too many connections in total.
    Crowded,
    /// Too many connections of one client.
    OneAddress,
}

impl CloseReason {
    /// All reasons, in order of declaration.
    pub const ALL: [Self; 5] = [
        Self::Idle,
        Self::SlowRequest,
        Self::SlowAnswer,
        Self::Crowded,
        Self::OneAddress,
    ];

    /// Returns the name in the metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::SlowRequest => "slow_request",
            Self::SlowAnswer => "slow_answer",
            Self::Crowded => "crowded",
            Self::OneAddress => "one_address",
        }
    }
}
