//! Shortening of personal data in lines of the log: network addresses of clients, and mail addresses.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Bits of an address that remain: a network of many households, not one of them.
const IPV4_BITS: u32 = 24;
const IPV6_BITS: u32 = 48;
/// Begins a colour on a terminal.
const ESCAPE: char = '\u{1b}';

/// Returns the network of an address: the /24 of an IPv4 address, the /48 of an IPv6 address. Addresses of this machine
/// stay as they are, since they are nobody's.
///
/// ```
/// use calendar_domain::shortening::shortened_network;
///
/// assert_eq!(shortened_network("203.0.113.77".parse().unwrap()), "203.0.113.0/24");
/// assert_eq!(shortened_network("2001:db8:1:2::3".parse().unwrap()), "2001:db8:1::/48");
/// assert_eq!(shortened_network("127.0.0.1".parse().unwrap()), "127.0.0.1");
/// ```
#[must_use]
pub fn shortened_network(address: IpAddr) -> String {
    match address.to_canonical() {
        address if address.is_loopback() || address.is_unspecified() => address.to_string(),
        IpAddr::V4(address) => {
            let kept = address.to_bits() >> (32 - IPV4_BITS) << (32 - IPV4_BITS);
            format!("{}/{IPV4_BITS}", Ipv4Addr::from_bits(kept))
        }
        IpAddr::V6(address) => {
            let kept = address.to_bits() >> (128 - IPV6_BITS) << (128 - IPV6_BITS);
            format!("{}/{IPV6_BITS}", Ipv6Addr::from_bits(kept))
        }
    }
}

/// Returns a mail address with the first character of its local part only: `k…@example.org`.
#[must_use]
pub fn shortened_mail(address: &str) -> String {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return "…".to_owned();
    };
    let first: String = local.chars().take(1).collect();
    format!("{first}…@{domain}")
}

/// Returns a line of the log with every network address and mail address in it shortened.
///
/// ```
/// use calendar_domain::shortening::without_addresses;
///
/// let line = "refused 203.0.113.77:51234 as kari@example.org";
/// assert_eq!(without_addresses(line), "refused 203.0.113.0/24:51234 as k…@example.org");
/// ```
#[must_use]
pub fn without_addresses(line: &str) -> Cow<'_, str> {
    // Most lines have neither.
    if !line.contains(['@', ':', '.']) {
        return Cow::Borrowed(line);
    }
    let mut out = String::new();
    let mut rest = line;
    let mut is_changed = false;
    while let Some(at) = rest.find(|c| is_part(c) || c == ESCAPE) {
        let (before, from) = rest.split_at(at);
        if from.starts_with(ESCAPE) {
            // A colour of the terminal, up to its letter.
            let end = from.find(|c: char| c.is_ascii_alphabetic());
            let end = end.map_or(from.len(), |end| end + 1);
            out.push_str(before);
            out.push_str(&from[..end]);
            rest = &from[end..];
            continue;
        }
        let end = from.find(|c| !is_part(c)).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        out.push_str(before);
        match shortened_word(word) {
            Some(short) => {
                is_changed = true;
                out.push_str(&short);
            }
            None => out.push_str(word),
        }
        rest = after;
    }
    if !is_changed {
        return Cow::Borrowed(line);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Returns true for characters of addresses: of networks, and of mail addresses (RFC 5322 3.2.3).
fn is_part(c: char) -> bool {
    c.is_alphanumeric() || "@.:!#$%&'*+-_`{|}~^".contains(c)
}

/// Returns a word with the address in it shortened, or `None` if there is none.
fn shortened_word(word: &str) -> Option<String> {
    if let Some((before, after)) = word.split_once('@') {
        return shortened_mails(before, after);
    }
    // The characters around an address, as in `peer:203.0.113.7.` or `[2001:db8::1]`.
    let inner = word.trim_matches(|c: char| !c.is_ascii_hexdigit() && c != ':');
    let inner = if inner.parse::<IpAddr>().is_ok() {
        inner
    } else {
        inner.trim_end_matches(':')
    };
    let at = word.find(inner)?;
    let (before, behind) = (&word[..at], &word[at + inner.len()..]);
    if let Ok(address) = inner.parse::<IpAddr>() {
        return Some(format!("{before}{}{behind}", shortened_network(address)));
    }
    // `203.0.113.7:51234`, `peer:203.0.113.7:51234`, `::ffff:203.0.113.7`: the parts between colons.
    let is_address = |part: &str| part.parse::<Ipv4Addr>().is_ok();
    if !word.split(':').any(is_address) {
        return None;
    }
    let short = |part: &str| match part.parse::<Ipv4Addr>() {
        Ok(address) => shortened_network(address.into()),
        Err(_) => part.to_owned(),
    };
    Some(word.split(':').map(short).collect::<Vec<_>>().join(":"))
}

/// Returns the text around an `@` as a shortened mail address, or `None` if it is none.
fn shortened_mails(before: &str, after: &str) -> Option<String> {
    // `to:kari@example.org`, as structured texts write it.
    let (label, local) = match before.rsplit_once([':', '\'', '{', '|']) {
        Some((label, local)) => (&before[..=label.len()], local),
        None => ("", before),
    };
    let end = after.find(|c: char| !c.is_alphanumeric() && c != '.' && c != '-');
    let (domain, rest) = after.split_at(end.unwrap_or(after.len()));
    let is_address = !local.is_empty() && !domain.is_empty();
    // What follows may be another one, `a@example.org|b@example.org`.
    let rest = shortened_word(rest).unwrap_or_else(|| rest.to_owned());
    is_address.then(|| {
        format!(
            "{label}{}{rest}",
            shortened_mail(&format!("{local}@{domain}"))
        )
    })
}

#[cfg(test)]
mod tests {
    use super::without_addresses;

    #[test]
    fn no_address_of_a_client_or_person_remains_in_a_line() {
        for (line, short) in [
            ("client=203.0.113.77", "client=203.0.113.0/24"),
            (
                "client\u{1b}[0m\u{1b}[2m=\u{1b}[0m203.0.113.77",
                "client\u{1b}[0m\u{1b}[2m=\u{1b}[0m203.0.113.0/24",
            ),
            ("from 203.0.113.77.", "from 203.0.113.0/24."),
            (
                "{\"client\":\"203.0.113.77\"}",
                "{\"client\":\"203.0.113.0/24\"}",
            ),
            (
                "peer 203.0.113.77:51234: reset",
                "peer 203.0.113.0/24:51234: reset",
            ),
            ("peer:203.0.113.77:51234", "peer:203.0.113.0/24:51234"),
            ("::ffff:203.0.113.77", "203.0.113.0/24"),
            ("[2001:db8:1:2::3]:51234", "[2001:db8:1::/48]:51234"),
            (
                "client 2001:db8:1:2:3:4:5:6, gone",
                "client 2001:db8:1::/48, gone",
            ),
            ("client 2001:db8:1:2::", "client 2001:db8:1::/48"),
            (
                "client 2001:db8:1:2::3: gone",
                "client 2001:db8:1::/48: gone",
            ),
            ("fe80::1234 and ::1", "fe80::/48 and ::1"),
            ("to=kari.nordmann+x@example.org", "to=k…@example.org"),
            (
                "<Kari@Example.org>: no such user",
                "<K…@Example.org>: no such user",
            ),
            ("åse@blåbær.no", "å…@blåbær.no"),
            ("mailto:kari@example.org", "mailto:k…@example.org"),
            (
                "kari@example.org,ola@example.org",
                "k…@example.org,o…@example.org",
            ),
            (
                "kari@example.org|ola@example.org",
                "k…@example.org|o…@example.org",
            ),
        ] {
            assert_eq!(without_addresses(line), short, "{line}");
        }
    }

    #[test]
    fn what_is_no_address_stays() {
        for line in [
            "2027-03-01T12:00:00.123456Z  INFO answered id=4f micros=120",
            "a thread panicked place=src/cli/log.rs:12:5",
            "elverum_calendar::requests and calendar_store::sled::open",
            "listening on http://127.0.0.1:8000 and http://[::1]:8000",
            "address=http://0.0.0.0:8000",
            "https://…@x.no/all.ics",
            "version 0.34.7, 12:30 to 14:00, ratio 1:2",
            "@elverum is on the wall",
            "",
        ] {
            assert_eq!(without_addresses(line), line);
        }
    }
}
