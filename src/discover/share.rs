//! Shares work among threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Calls workers, one per thread, for the numbers from 0 to `count`, each number once.
pub(super) fn share<W: FnMut(usize)>(count: usize, threads: usize, worker: impl Fn() -> W + Sync) {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut work = worker();
        loop {
            match next.fetch_add(1, Ordering::Relaxed) {
                number if number < count => work(number),
                _ => break,
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads.min(count) {
            scope.spawn(work);
        }
        work();
    });
}
