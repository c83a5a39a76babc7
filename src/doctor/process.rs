//! Runs a program with a time limit and bounded output, and leaves no process behind.
//!
//! The program runs in a process group of its own. When it has ended, when its time is over and when
//! a signal ends this program, the whole group is killed: also what the program started in turn.

use std::io::{self, IsTerminal, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::run::interrupt;

/// Limit on the bytes of standard output that are kept: a token is a few kilobytes.
const MAX_OUT: usize = 1 << 20;
/// Limit on the bytes of standard error that are kept, the last ones.
const MAX_ERR: usize = 16 << 10;
/// How long to wait for the pipes of a group that was killed.
const GRACE: Duration = Duration::from_millis(500);
/// The longest pause between two looks at the program.
const MAX_PAUSE: Duration = Duration::from_millis(20);

/// How a run ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// With this exit status.
    Exited(i32),
    /// By a signal.
    Signaled,
    /// It ran longer than it may.
    TimedOut,
    /// It ended, but something that it started kept its standard output open for longer than it may.
    KeptOpen,
    /// It could not be started; why.
    NotStarted(io::ErrorKind),
    /// A signal to this program ended it.
    Interrupted,
}

/// The result of a run.
#[derive(Debug)]
pub(super) struct Ran {
    /// How it ended.
    pub(super) ended: Ended,
    /// The first bytes of standard output.
    pub(super) out: Vec<u8>,
    /// Whether there was more.
    pub(super) is_out_cut: bool,
    /// The last bytes of standard error.
    pub(super) err: Vec<u8>,
    /// Whether there was more before them.
    pub(super) is_err_cut: bool,
    /// How long it took.
    pub(super) time: Duration,
}

impl Ran {
    /// Returns the text of standard output.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }
}

/// What standard input of a program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Input {
    /// Nothing.
    Null,
    /// The terminal of this program. Only the group in the foreground may read from it, so the
    /// program gets no group of its own: Ctrl-C reaches it as it reaches this program.
    Terminal,
}

/// Runs a command for at most `limit`.
pub(super) fn run(mut command: Command, input: Input, limit: Duration) -> Ran {
    command.stdin(match input {
        Input::Null => Stdio::null(),
        Input::Terminal => Stdio::inherit(),
    });
    // It may ask for a password there.
    let shows_errors = input == Input::Terminal && io::stderr().is_terminal();
    command.stderr(if shows_errors { Stdio::inherit() } else { Stdio::piped() });
    command.stdout(Stdio::piped());
    #[cfg(unix)]
    if input == Input::Null {
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
    }
    interrupt::hold(|| held(command, input, limit))
}

/// Runs a command while signals are held back.
fn held(mut command: Command, input: Input, limit: Duration) -> Ran {
    let begin = Instant::now();
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            let ended = Ended::NotStarted(error.kind());
            let time = begin.elapsed();
            let (out, err) = (Vec::new(), Vec::new());
            return Ran { ended, out, is_out_cut: false, err, is_err_cut: false, time };
        }
    };
    let out = child.stdout.take().map(|pipe| Drain::new(pipe, Keep::First(MAX_OUT)));
    let err = child.stderr.take().map(|pipe| Drain::new(pipe, Keep::Last(MAX_ERR)));
    let mut pause = Duration::from_millis(1);
    // kubectl, too, waits until the pipe is closed.
    let early = loop {
        let has_exited = has_exited(&mut child);
        if has_exited && out.as_ref().is_none_or(Drain::is_over) {
            break None;
        }
        if interrupt::is_pending() {
            break Some(Ended::Interrupted);
        }
        if begin.elapsed() >= limit {
            break Some(if has_exited { Ended::KeptOpen } else { Ended::TimedOut });
        }
        thread::sleep(pause);
        pause = (pause * 2).min(MAX_PAUSE);
    };
    let time = begin.elapsed();
    let status = end(child, input);
    let killed = Instant::now();
    let are_open = || [&out, &err].into_iter().flatten().any(|drain| !drain.is_over());
    while are_open() && killed.elapsed() < GRACE {
        thread::sleep(Duration::from_millis(1));
    }
    let (out, is_out_cut) = out.map(|drain| drain.kept()).unwrap_or_default();
    let (err, is_err_cut) = err.map(|drain| drain.kept()).unwrap_or_default();
    let ended = early.unwrap_or(match status.and_then(|status| status.code()) {
        Some(code) => Ended::Exited(code),
        None => Ended::Signaled,
    });
    Ran { ended, out, is_out_cut, err, is_err_cut, time }
}

/// Returns whether the program has ended. Leaves it to be waited for, so that its group keeps its
/// number.
#[cfg(unix)]
fn has_exited(child: &mut Child) -> bool {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    match waitid(WaitId::Pid(Pid::from_child(child)), options) {
        Ok(status) => status.is_some(),
        // Without a child, there is nothing to wait for.
        Err(error) => error != rustix::io::Errno::INTR,
    }
}

#[cfg(not(unix))]
fn has_exited(child: &mut Child) -> bool {
    child.try_wait().map_or(true, |status| status.is_some())
}

/// Kills what is left of the program and of its group, and returns its status.
fn end(mut child: Child, input: Input) -> Option<ExitStatus> {
    #[cfg(unix)]
    if input == Input::Null {
        use rustix::process::{Pid, Signal, kill_process_group};
        // Nothing may be left to kill.
        let _ = kill_process_group(Pid::from_child(&child), Signal::KILL);
    }
    if !cfg!(unix) || input == Input::Terminal {
        #[cfg(target_os = "linux")]
        descendants(&child).into_iter().for_each(|process| {
            let _ = rustix::process::kill_process(process, rustix::process::Signal::KILL);
        });
        // On other systems, and without a group, only the program itself is known.
        let _ = child.kill();
    }
    child.wait().ok()
}

/// Returns what a program has started, and what that has started in turn.
///
/// Source: proc_pid_children(5).
#[cfg(target_os = "linux")]
fn descendants(child: &Child) -> Vec<rustix::process::Pid> {
    let mut found = Vec::new();
    let mut parents = vec![child.id().to_string()];
    while let Some(parent) = parents.pop() {
        let threads = std::fs::read_dir(format!("/proc/{parent}/task")).into_iter().flatten();
        for thread in threads.flatten() {
            let children = std::fs::read_to_string(thread.path().join("children"));
            for child in children.unwrap_or_default().split_ascii_whitespace() {
                found.extend(child.parse().ok().and_then(rustix::process::Pid::from_raw));
                parents.push(child.to_owned());
            }
        }
    }
    found
}

/// Which bytes of a pipe are kept.
#[derive(Debug, Clone, Copy)]
enum Keep {
    First(usize),
    Last(usize),
}

/// Reads a pipe to its end in a thread, so that the program can always write.
struct Drain {
    kept: Arc<Mutex<(Vec<u8>, bool)>>,
    thread: JoinHandle<()>,
}

impl Drain {
    fn new(mut pipe: impl Read + Send + 'static, keep: Keep) -> Self {
        let kept: Arc<Mutex<(Vec<u8>, bool)>> = Arc::default();
        let shared = Arc::clone(&kept);
        let thread = thread::spawn(move || {
            let mut buffer = vec![0; 64 << 10];
            while let Ok(read @ 1..) = pipe.read(&mut buffer) {
                let new = buffer.get(..read).unwrap_or_default();
                let (bytes, is_cut) = &mut *shared.lock().unwrap_or_else(PoisonError::into_inner);
                match keep {
                    Keep::First(most) => {
                        let room = most.saturating_sub(bytes.len()).min(read);
                        bytes.extend(new.get(..room).unwrap_or_default());
                        *is_cut |= room < read;
                    }
                    Keep::Last(most) => {
                        bytes.extend(new);
                        let extra = bytes.len().saturating_sub(most);
                        bytes.drain(..extra);
                        *is_cut |= extra > 0;
                    }
                }
            }
        });
        Self { kept, thread }
    }

    fn is_over(&self) -> bool {
        self.thread.is_finished()
    }

    /// Returns what was kept, and whether something was left out. A process that left the group may
    /// still hold the pipe; the thread then ends with this program.
    fn kept(&self) -> (Vec<u8>, bool) {
        std::mem::take(&mut *self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn sh(script: &str, limit: Duration) -> Ran {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        run(command, Input::Null, limit)
    }

    const LONG: Duration = Duration::from_secs(60);
    const SHORT: Duration = Duration::from_secs(2);

    #[test]
    fn run_returns_output_and_status() {
        let ran = sh("echo out; echo err >&2; cat; exit 3", LONG);
        assert_eq!(
            (ran.ended, ran.out, ran.err),
            (Ended::Exited(3), b"out\n".into(), b"err\n".into())
        );
        assert_eq!(sh("kill -9 $$", LONG).ended, Ended::Signaled);
        let ran = run(Command::new("/nowhere/x"), Input::Null, LONG);
        assert_eq!(ran.ended, Ended::NotStarted(io::ErrorKind::NotFound));
    }

    #[test]
    fn run_keeps_the_first_output_and_the_last_errors() {
        let ran = sh(
            "head -c 3000000 /dev/zero | tr '\\0' a; yes err | head -n 9000 >&2; echo end >&2",
            LONG,
        );
        assert_eq!((ran.ended, ran.out.len(), ran.is_out_cut), (Ended::Exited(0), MAX_OUT, true));
        assert_eq!((ran.err.len(), ran.is_err_cut), (MAX_ERR, true));
        assert!(ran.err.ends_with(b"err\nend\n"));
    }

    #[test]
    fn run_ends_at_its_limit_with_all_that_it_started() {
        assert_eq!(sh("sleep 60 & wait", SHORT).ended, Ended::TimedOut);
        assert_eq!(sh("trap '' TERM INT; while :; do sleep 1; done", SHORT).ended, Ended::TimedOut);
        // kubectl waits for whoever holds the pipe.
        let ran = sh("echo out; sleep 60 &", SHORT);
        assert_eq!((ran.ended, ran.out), (Ended::KeptOpen, b"out\n".into()));
        assert_eq!(sh("sleep 60 >/dev/null 2>&1 &", LONG).ended, Ended::Exited(0));
    }
}
