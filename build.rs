//! Links the program so that it takes little memory.
//!
//! A release has its functions in the order of `.cargo/start.ld`, which says why. GNU's linker and LLVM's read it; one
//! of them is what there is, unless somebody chooses another.
//!
//! The program has some 65,000 places that hold an address, and the usual table of them is 1.5 MB, which
//! every start reads into memory. The compact form (DT_RELR) is a thirtieth of it; glibc reads it from 2.36
//! on (Debian 12), so it is only taken where the machine that builds has that.

use std::path::Path;
use std::process::Command;

const ORDER: &str = ".cargo/start.ld";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let at_home = variable("HOST") == variable("TARGET");
    let linux =
        variable("CARGO_CFG_TARGET_OS") == "linux" && variable("CARGO_CFG_TARGET_ENV") == "gnu";
    if at_home && linux && glibc().is_some_and(|version| version >= (2, 36)) {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
    println!("cargo::rerun-if-changed={ORDER}");
    if linux && variable("PROFILE") == "release" && !is_linking_chosen() {
        let order = Path::new(&variable("CARGO_MANIFEST_DIR")).join(ORDER);
        let program = "cargo::rustc-link-arg-bin=elverum-calendar";
        println!("{program}=-Wl,-T,{}", order.display());
    }
}

/// Whether somebody said how to link, perhaps with another linker.
fn is_linking_chosen() -> bool {
    let flags = std::env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    std::env::var_os("RUSTC_LINKER").is_some() || flags.contains("link")
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
