//! What must hold for any bytes. The fuzz targets call these bodies, and so does `tests/fuzz.rs`,
//! which includes this file.
//!
//! Bytes come in; a body panics if something does not hold. Bytes whose last one is 0x80 or more
//! are decisions for a generator, so a fuzzer and a random number generator can use both; others
//! are a file as it is, so that every text can be a seed. Each body has a `check` function that
//! takes what it checks as a parameter: `tests/fuzz.rs` shows with broken ones that it fails.

pub mod base64;
pub mod baseline;
pub mod choices;
pub mod comments;
pub mod configuration;
pub mod discovery;
pub mod fix;
pub mod folder;
pub mod hcl;
pub mod html;
pub mod json;
pub mod kubeconfigs;
pub mod lint;
pub mod maps;
pub mod reports;
pub mod tree;
pub mod yaml;

use std::time::{Duration, Instant};

/// A body: its name, which is that of the fuzz target, and what it runs.
pub type Body = (&'static str, fn(&[u8]));

/// All bodies.
pub const BODIES: [Body; 13] = [
    ("base64", base64::holds),
    ("baseline", baseline::holds),
    ("comments", comments::holds),
    ("configuration", configuration::holds),
    ("discovery", discovery::holds),
    ("fix", fix::holds),
    ("hcl", hcl::holds),
    ("html", html::holds),
    ("json", json::holds),
    ("lint", lint::holds),
    ("maps", maps::holds),
    ("reports", reports::holds),
    ("yaml", yaml::holds),
];

/// Runs the body of that name, and checks that it takes no more time than its bytes are worth.
pub fn run(name: &str, bytes: &[u8]) {
    let (_, holds) = BODIES.iter().find(|(other, _)| *other == name).expect("a body of that name");
    // Generous: what is quadratic takes far longer for 20 kB.
    let most = Duration::from_secs(3)
        + Duration::from_micros(500) * u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let begin = Instant::now();
    holds(bytes);
    if begin.elapsed() < most {
        return;
    }
    // A busy machine may have let it wait.
    let (begin, used) = (Instant::now(), processor_time());
    holds(bytes);
    let used = processor_time().zip(used).map(|(now, before)| now.saturating_sub(before));
    let took = used.map_or(begin.elapsed(), |used| used.min(begin.elapsed()));
    assert!(took < most, "{name} takes {took:?} for {} bytes", bytes.len());
}

/// Returns the processor time of this process; `None` without `/proc`.
fn processor_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in parentheses, may hold blanks. utime and stime are the 12th and the
    // 13th field behind it, in hundredths of a second: see proc_pid_stat(5).
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field)?.parse::<u64>().ok();
    Some(Duration::from_millis(10) * u32::try_from(ticks(11)? + ticks(12)?).ok()?)
}
