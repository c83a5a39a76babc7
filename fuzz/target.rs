//! Every fuzz target: it runs the body of its own name, and checks how much memory that takes.
//!
//! `cargo fuzz run NAME`; `scripts/check-fuzz.sh` runs all with a stable toolchain.

#![no_main]

use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What a body may take at its peak, in bytes: the constant part, and the part for each byte.
const MOST: (usize, usize) = (48 << 20, 2_000);

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let name = env!("CARGO_BIN_NAME");
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    kubeconfig_lint_fuzz::run(name, bytes);
    let took = MEMORY.peak_usage().saturating_sub(before);
    let most = MOST.0 + MOST.1 * bytes.len();
    assert!(took <= most, "{name} takes {took} bytes for {}", bytes.len());
    if std::env::var_os("FUZZ_SHOW_MEMORY").is_some() {
        eprintln!("memory: {} {took}", bytes.len());
    }
});
