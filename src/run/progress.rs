//! The progress bar, which shows that a long run is alive.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar on the terminal that appears once the run takes longer than half a second.
pub(super) struct Progress {
    enabled: AtomicBool,
    start: Instant,
    files: AtomicUsize,
    bar: OnceLock<ProgressBar>,
}

impl Progress {
    pub(super) fn new(enabled: bool) -> Self {
        Self {
            enabled: AtomicBool::new(enabled),
            start: Instant::now(),
            files: AtomicUsize::new(0),
            bar: OnceLock::new(),
        }
    }

    pub(super) fn tick(&self) {
        let files = self.files.fetch_add(1, Ordering::Relaxed) + 1;
        if !self.enabled.load(Ordering::Relaxed)
            || self.start.elapsed() < Duration::from_millis(500)
        {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            match ProgressStyle::with_template("{spinner} {pos} files in {elapsed}") {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        });
        bar.set_position(files as u64);
    }

    /// Removes the bar for good.
    pub(super) fn finish(&self) {
        self.enabled.store(false, Ordering::Relaxed);
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
