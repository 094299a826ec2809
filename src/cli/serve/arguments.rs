//! The arguments of `serve`.

use clap::Args;

use crate::web::OutgoingDelivery;

#[derive(Debug, Args)]
pub struct ServeArguments {
    /// Address to listen on [default: 127.0.0.1]
    #[arg(long, value_name = "A")]
    pub(super) address: Option<String>,

    /// Port to listen on; 0 chooses a free one [default: 8000]
    #[arg(long, value_name = "N")]
    pub(super) port: Option<u16>,

    /// Check the configuration and the region's files, then exit
    #[arg(long)]
    pub(super) check: bool,

    /// Create a new store even if the previous one is missing
    #[arg(long)]
    pub(super) new: bool,

    /// Suspend all delivery, for example to try a restored store
    ///
    /// Stops webhooks, WebSub, pushes to partners' calendars, scheduled syncs and scheduled backups. The WebSub hub
    /// responds to subscription requests with 503; existing subscriptions stay. Pending deliveries are kept, and sent
    /// after the next start without this option.
    #[arg(long)]
    pub(super) no_delivery: bool,
}

impl ServeArguments {
    /// Merges options given before and after `serve`; these take precedence.
    pub fn or(self, other: Self) -> Self {
        Self {
            address: self.address.or(other.address),
            port: self.port.or(other.port),
            check: self.check || other.check,
            new: self.new || other.new,
            no_delivery: self.no_delivery || other.no_delivery,
        }
    }

    /// Returns whether anything is delivered.
    pub(super) fn delivery(&self) -> OutgoingDelivery {
        if self.no_delivery {
            OutgoingDelivery::Off
        } else {
            OutgoingDelivery::On
        }
    }
}
