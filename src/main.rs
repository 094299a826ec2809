//! The program; see the library for what it does.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Where the system gives pages of 2 MB unasked, a small calendar fills a tenth of each: twice the memory, and
    // a third of the start spent on clearing it. Where this can't be had, nothing is lost but that.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
    elverum_calendar::cli::run()
}
