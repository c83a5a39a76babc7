//! Random bytes for the bodies.

/// Numbers that look random and are the same for the same seed.
pub(crate) struct Random(u64);

/// Returns how many random cases of a body `cargo test` runs. Those that write files are slow.
pub(crate) fn cases_of(name: &str) -> u64 {
    match name {
        "discovery" | "baseline" => 20,
        "configuration" => 100,
        "lint" | "fix" | "reports" | "base64" => 100,
        _ => 1_000,
    }
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_f491_4f6c_dd1d))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % end.max(1)
    }

    /// Returns decisions for a generator, or a file of the cases that was changed a little.
    pub(crate) fn bytes(&mut self, cases: &[Vec<u8>]) -> Vec<u8> {
        if self.below(3) > 0 {
            let length = 1 + self.below(120);
            let mut bytes: Vec<u8> = (0..length).map(|_| self.next().to_le_bytes()[0]).collect();
            bytes.push(0x80 | self.next().to_le_bytes()[0]);
            return bytes;
        }
        let mut bytes = cases[self.below(cases.len())].clone();
        for _ in 0..self.below(6) {
            let at = self.below(bytes.len() + 1);
            match self.below(5) {
                0 => bytes.insert(at, self.next().to_le_bytes()[0]),
                1 => bytes.truncate(at),
                2 => {
                    let end = (at + self.below(20)).min(bytes.len());
                    bytes.drain(at..end);
                }
                3 => {
                    let end = (at + self.below(200)).min(bytes.len());
                    let part = bytes[at..end].to_vec();
                    let to = self.below(bytes.len() + 1);
                    bytes.splice(to..to, part);
                }
                _ => {
                    let other = &cases[self.below(cases.len())];
                    let from = self.below(other.len() + 1);
                    let end = (from + self.below(300)).min(other.len());
                    bytes.splice(at..at, other[from..end].iter().copied());
                }
            }
        }
        bytes
    }
}

/// Prints the bytes if the body that reads them panics.
pub(crate) struct Shown<'a> {
    pub(crate) name: &'a str,
    pub(crate) bytes: &'a [u8],
    pub(crate) seed: u64,
}

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Self { name, bytes, seed } = self;
            let file = std::env::temp_dir().join(format!("fuzz-{name}-{seed}"));
            let kept = std::fs::write(&file, bytes);
            eprintln!("{name} fails with FUZZ_SEED={seed}: {} {kept:?}", file.display());
        }
    }
}
