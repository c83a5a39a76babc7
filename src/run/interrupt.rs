//! Holds back the signals that end the program while it must not end: while one file replaces
//! another, so that no temporary file is left behind, and while another program runs, so that none
//! is left behind either.

/// Runs `act` without interruption. A signal that arrives meanwhile ends the program afterwards. On
/// systems other than Unix, signals end the program at once.
pub(crate) fn hold<T>(act: impl FnOnce() -> T) -> T {
    #[cfg(unix)]
    return INTERRUPTS.hold(act);
    #[cfg(not(unix))]
    act()
}

/// Returns whether a signal arrived that is held back.
pub(crate) fn is_pending() -> bool {
    #[cfg(unix)]
    return INTERRUPTS.caught.load(std::sync::atomic::Ordering::SeqCst) != 0;
    #[cfg(not(unix))]
    false
}

/// A second one would end the program while the first holds back.
#[cfg(unix)]
static INTERRUPTS: std::sync::LazyLock<Interrupts> = std::sync::LazyLock::new(Interrupts::new);

/// Holds signals back, for one act at a time.
#[cfg(unix)]
struct Interrupts {
    /// Whether a signal has its default effect at once.
    is_free: std::sync::Arc<std::sync::atomic::AtomicBool>,
    /// The signal that was held back; 0 for none.
    caught: std::sync::Arc<std::sync::atomic::AtomicUsize>,
}

#[cfg(unix)]
impl Interrupts {
    /// Prepares to hold back SIGINT, SIGTERM and SIGHUP, except those that are ignored.
    fn new() -> Self {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
        use signal_hook::flag::{register_conditional_default, register_usize};
        use std::sync::Arc;
        let interrupts = Self { is_free: Arc::new(true.into()), caught: Arc::default() };
        for signal in [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| !is_ignored(*signal)) {
            let Ok(number) = usize::try_from(signal) else { continue };
            // If a signal cannot be held back, it ends the program as usual.
            let _ = register_conditional_default(signal, Arc::clone(&interrupts.is_free))
                .and_then(|_| register_usize(signal, Arc::clone(&interrupts.caught), number));
        }
        interrupts
    }

    fn hold<T>(&self, act: impl FnOnce() -> T) -> T {
        use std::sync::atomic::Ordering;
        self.is_free.store(false, Ordering::SeqCst);
        let result = act();
        self.is_free.store(true, Ordering::SeqCst);
        let caught = i32::try_from(self.caught.load(Ordering::SeqCst)).unwrap_or(0);
        if caught != 0 {
            let _ = signal_hook::low_level::emulate_default_handler(caught);
        }
        result
    }
}

/// Whether a signal is ignored, as `nohup` does with SIGHUP. Source: proc_pid_status(5).
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    mask & (1 << (signal - 1)) != 0
}
