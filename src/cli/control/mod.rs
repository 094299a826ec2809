//! The control socket: commands while the server runs.
//!
//! Only one process can have a store open, and the server holds it while it runs. It therefore listens on a Unix domain
//! socket in the store's directory. A command that finds the store in use sends its command line to the server
//! (`client`). The server parses it with the same grammar, runs it on its own calendar (`server`, `command`), and
//! returns its output and result (`message`).
//!
//! Guarantees:
//! - Only the server's user and root are accepted, by file mode and by peer credentials.
//! - Files are sent over the socket, so the server opens no path that a client names.
//! - Commits are atomic, and a started command runs to its end even if the client disconnects.
//! - The server's settings apply, not the client's.
//! - Slow clients have no timeout while there are free slots (`waits`).

#[cfg(unix)]
mod client;
#[cfg(unix)]
mod command;
#[cfg(unix)]
mod message;
#[cfg(not(unix))]
mod no_client;
#[cfg(unix)]
mod permit;
#[cfg(unix)]
mod server;
#[cfg(unix)]
mod socket;
#[cfg(unix)]
mod waits;
#[cfg(unix)]
mod writer;

#[cfg(unix)]
pub use client::ask;
#[cfg(not(unix))]
pub use no_client::ask;
#[cfg(unix)]
pub use server::Control;
