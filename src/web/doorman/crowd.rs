//! Who goes where there are too many. Pure.
//!
//! Those go of whom there are most, so that one address can't crowd out another: the connections in all are
//! shared out evenly among the addresses, and who has fewer than that keeps all. Of one address, and where
//! each has but one, those go that have got nothing done for longest: idle ones, and those that pretend to
//! ask or to read.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use super::Limits;
use super::watch::{Reason, Seen};
use crate::web::client::client_prefix;

/// A connection that may stay, as far as it alone is concerned.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// What is seen of it.
    pub seen: &'a Seen,
    /// For how long it has got nothing done.
    pub unserved: Duration,
}

/// Those that have to go.
pub fn too_many<'a>(
    all: Vec<Standing<'a>>,
    limits: &Limits,
) -> impl Iterator<Item = (&'a Seen, Reason)> + use<'a> {
    let mut gone = Vec::new();
    if limits.most_per_address.is_none() && limits.most.is_none_or(|most| all.len() <= most) {
        return gone.into_iter();
    }
    let mut groups: HashMap<IpAddr, Vec<Standing<'_>>> = HashMap::new();
    for standing in all {
        let group = groups.entry(client_prefix(standing.seen.from)).or_default();
        group.push(standing);
    }
    let mut groups: Vec<(IpAddr, Vec<Standing<'_>>)> = groups.into_iter().collect();
    for (address, group) in &mut groups {
        group.sort_by_key(|it| (it.unserved, it.seen.id));
        // A proxy on this machine speaks for everyone.
        let bound = limits.most_per_address.filter(|_| !address.is_loopback());
        let over = group.split_off(bound.unwrap_or(usize::MAX).min(group.len()));
        gone.extend(over.into_iter().map(|it| (it.seen, Reason::OneAddress)));
    }
    if let Some(most) = limits.most {
        let groups = groups.into_iter().map(|(_, group)| group).collect();
        gone.extend(share_out(groups, most).map(|it| (it.seen, Reason::Crowded)));
    }
    gone.into_iter()
}

/// Those for whom there is no room when `most` places are shared out evenly among the groups. Each group
/// begins with those that should stay.
fn share_out(groups: Vec<Vec<Standing<'_>>>, most: usize) -> impl Iterator<Item = Standing<'_>> {
    let share = even_share(groups.iter().map(Vec::len), most);
    let mut over: Vec<(usize, Standing<'_>)> = Vec::new();
    let mut places = most;
    for group in groups {
        places -= group.len().min(share);
        over.extend(group.into_iter().skip(share).enumerate());
    }
    // What is left after even shares is less than one for each: it goes to the busiest of those next in turn.
    over.sort_by_key(|(turn, it)| (*turn, it.unserved, it.seen.id));
    over.into_iter().skip(places).map(|(_, it)| it)
}

/// The most that each may have so that all together have no more than `most`.
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
