//! Chooses the connections to close when there are too many. Pure.
//!
//! The total is shared evenly among clients, so one client cannot displace others: a client with fewer connections than
//! its share keeps all of them. Of one client's connections, and where every client has just one, those without
//! progress for the longest time are closed: idle ones, and those that only simulate activity.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use super::ConnectionLimits;
use super::close_reason::CloseReason;
use super::tcp_sample::TcpSample;
use crate::web::client::client_prefix;

/// A connection that breaks no limit by itself.
#[derive(Debug, Clone, Copy)]
pub struct EvictionCandidate<'a> {
    /// The sample of the connection.
    pub seen: &'a TcpSample,
    /// Time since its last useful progress.
    pub unserved: Duration,
}

/// Returns the connections that exceed the limits, with the reason for each.
pub fn too_many<'a>(
    all: Vec<EvictionCandidate<'a>>,
    limits: &ConnectionLimits,
) -> impl Iterator<Item = (&'a TcpSample, CloseReason)> + use<'a> {
    let mut gone = Vec::new();
    if limits.most_per_address.is_none() && limits.most.is_none_or(|most| all.len() <= most) {
        return gone.into_iter();
    }
    let mut groups: HashMap<IpAddr, Vec<EvictionCandidate<'_>>> = HashMap::new();
    for standing in all {
        let group = groups.entry(client_prefix(standing.seen.from)).or_default();
        group.push(standing);
    }
    let mut groups: Vec<(IpAddr, Vec<EvictionCandidate<'_>>)> = groups.into_iter().collect();
    for (address, group) in &mut groups {
        group.sort_by_key(|group| (group.unserved, group.seen.id));
        // A proxy on this machine connects for all clients.
        let bound = limits.most_per_address.filter(|_| !address.is_loopback());
        let over = group.split_off(bound.unwrap_or(usize::MAX).min(group.len()));
        gone.extend(
            over.into_iter()
                .map(|over| (over.seen, CloseReason::OneAddress)),
        );
    }
    if let Some(most) = limits.most {
        let groups = groups.into_iter().map(|(_, group)| group).collect();
        gone.extend(
            share_out(groups, most).map(|share_out| (share_out.seen, CloseReason::Crowded)),
        );
    }
    gone.into_iter()
}

/// Returns the connections that exceed `most` when it is shared evenly among the groups. Each group is sorted with the
/// connections to keep first.
fn share_out(
    groups: Vec<Vec<EvictionCandidate<'_>>>,
    most: usize,
) -> impl Iterator<Item = EvictionCandidate<'_>> {
    let share = even_share(groups.iter().map(Vec::len), most);
    let mut over: Vec<(usize, EvictionCandidate<'_>)> = Vec::new();
    let mut places = most;
    for group in groups {
        places -= group.len().min(share);
        over.extend(group.into_iter().skip(share).enumerate());
    }
    // The remainder of the division is less than one per group; it goes to the most recently active connections.
    over.sort_by_key(|(turn, value)| (*turn, value.unserved, value.seen.id));
    over.into_iter().skip(places).map(|(_, value)| value)
}

/// Returns the largest number per group whose sum over all groups is at most `most`.
fn even_share(counts: impl Iterator<Item = usize>, most: usize) -> usize {
    let mut counts: Vec<usize> = counts.collect();
    counts.sort_unstable();
    let mut left = most;
    for (place, count) in counts.iter().enumerate() {
        let sharing = counts.len() - place;
        if count * sharing > left {
            return left / sharing;
        }
        left -= count;
    }
    usize::MAX
}

#[cfg(test)]
mod tests;
