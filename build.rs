//! Links the program so that its relocations take little room.
//!
//! The program has some 65,000 places that hold an address, and the usual table of them is 1.5 MB, which
//! every start reads into memory. The compact form (DT_RELR) is a thirtieth of it; glibc reads it from 2.36
//! on (Debian 12), so it is only taken where the machine that builds has that.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let at_home = variable("HOST") == variable("TARGET");
    let linux =
        variable("CARGO_CFG_TARGET_OS") == "linux" && variable("CARGO_CFG_TARGET_ENV") == "gnu";
    if at_home && linux && glibc().is_some_and(|version| version >= (2, 36)) {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// The version of this machine's C library, as `getconf` says it: `glibc 2.36`.
fn glibc() -> Option<(u32, u32)> {
    let said = Command::new("getconf")
        .arg("GNU_LIBC_VERSION")
        .output()
        .ok()?;
    let said = String::from_utf8(said.stdout).ok()?;
    let (major, rest) = said.strip_prefix("glibc ")?.trim().split_once('.')?;
    let minor = rest.split('.').next()?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
