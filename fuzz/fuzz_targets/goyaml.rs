//! Reads any bytes as YAML: see `crates/goyaml/tests/properties/body.rs`.
//!
//! `cargo fuzz run goyaml`; `scripts/check-fuzz.sh` does so for some seconds with a stable
//! toolchain.

#![no_main]

#[path = "../../crates/goyaml/tests/properties/body.rs"]
mod body;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| body::holds(bytes));
