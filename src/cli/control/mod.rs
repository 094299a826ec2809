//! The control socket: a command beside the running server.
//!
//! One process at a time has a store open, and the server has it as long as it runs. So it listens on a
//! Unix domain socket in the store's folder, and a command that finds the store in use sends it its
//! command line (`client`). The server reads that with the same grammar, does the work with its own
//! calendar (`server`, `command`) and sends back what the command says and how it ended (`frame`).
//!
//! What holds:
//! - Only the server's own user and root are listened to: the socket can be opened by nobody else, and
//!   who connects is asked for by the system all the same.
//! - The caller's file goes over the socket. The server reads no path that somebody names, and needs
//!   no right to read it.
//! - Commits are whole. What a command has begun is done to its end, whether or not anyone still listens.
//! - The settings are the server's own, whatever the caller's say.
//! - A caller is waited for as long as it lives, however slow its pipe or its reader is (`waits`).

#[cfg(unix)]
mod client;
#[cfg(unix)]
mod command;
#[cfg(unix)]
mod frame;
#[cfg(unix)]
mod out;
#[cfg(unix)]
mod server;
#[cfg(unix)]
mod socket;
#[cfg(unix)]
mod waits;

#[cfg(unix)]
pub use client::ask;
#[cfg(unix)]
pub use server::Control;

/// The socket's name in the store's folder.
#[cfg(unix)]
const SOCKET: &str = "control";

#[cfg(not(unix))]
pub fn ask(
    _: &super::Context,
    _: &super::work::Work,
    failure: super::Failure,
) -> Result<super::Ending, super::Failure> {
    // Without such sockets a command has to wait until the server is stopped, as the failure says.
    Err(failure)
}
