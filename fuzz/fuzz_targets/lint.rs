//! Lints any bytes as a file: see `body.rs`.
//!
//! `cargo fuzz run lint`, with the files of `tests/cases` as the initial corpus;
//! `scripts/check-fuzz.sh` does so for some seconds with a stable toolchain.

#![no_main]

#[path = "../body.rs"]
mod body;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| body::holds(bytes));
