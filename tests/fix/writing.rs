//! Replacing a file with its fixed version loses nothing, whatever the file is and whenever the run
//! ends.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::generator::Random;
use super::{GROUP, common, old_config, run};

/// Whenever the program is killed, the file is the old or the new one, as a whole.
#[test]
fn fix_leaves_a_whole_file_when_killed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config");
    let users: String = (0..200)
        .map(|at| {
            format!(
                "- name: u{at}\n  user:\n    exec:\n      apiVersion: {GROUP}/v1alpha1\n      \
                 command: aws\n      args: [eks, get-token]\n"
            )
        })
        .collect();
    let old = format!("kind: Config\nusers:\n{users}");
    let new = old.replace("v1alpha1", "v1beta1");
    let mut random = Random(7);
    let binary = env!("CARGO_BIN_EXE_kubeconfig-lint");
    fs::write(&file, &old).unwrap();
    let begin = std::time::Instant::now();
    run(folder.path(), &["--fix", "-q"]);
    let whole = begin.elapsed();
    assert_eq!(fs::read_to_string(&file).unwrap(), new);
    let kills = std::env::var("FIX_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    let (mut olds, mut news) = (0, 0);
    for _ in 0..kills {
        fs::write(&file, &old).unwrap();
        let mut child = Command::new(binary)
            .args(["--fix", "-q", "config"])
            .current_dir(folder.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let micros = whole.as_micros() as usize * 3 / 2;
        std::thread::sleep(Duration::from_micros(random.below(micros) as u64));
        child.kill().unwrap();
        child.wait().unwrap();
        let now = fs::read_to_string(&file).unwrap();
        assert!(now == old || now == new, "{now}");
        if now == old {
            olds += 1
        } else {
            news += 1
        }
        for entry in fs::read_dir(folder.path()).unwrap() {
            let path = entry.unwrap().path();
            // The temporary file is next to it, under its own name.
            if path != file {
                assert!(path.to_string_lossy().ends_with(".tmp"), "{path:?}");
                fs::remove_file(path).unwrap();
            }
        }
    }
    assert!(olds > 0 && news > 0, "{olds} old, {news} new");
}

#[test]
fn fix_keeps_mode_and_symlinks() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let (home, dotfiles) = (folder.path().join("home"), folder.path().join("dotfiles"));
    fs::create_dir_all(home.join(".kube")).unwrap();
    fs::create_dir_all(&dotfiles).unwrap();
    let file = dotfiles.join("kubeconfig");
    fs::write(&file, old_config("aws")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    symlink("../../dotfiles/kubeconfig", home.join(".kube/config")).unwrap();
    let outcome = run(&home, &["--fix", ".kube/config"]);
    assert_eq!(outcome.status, Some(0), "{}", outcome.err());
    let said = "fixed 1 finding in .kube/config\n\
                Nothing left to report in 1 file (1 kubeconfig, 1 exec config)\n\
                note: .kube/config: `v1beta1` needs at least aws-cli 1.23.9 or 2.6.3: check \
                `aws --version`\n";
    assert_eq!(outcome.err(), said);
    assert!(fs::symlink_metadata(home.join(".kube/config")).unwrap().is_symlink());
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o7777, 0o600);
    assert_eq!(fs::read_to_string(&file).unwrap(), old_config("aws").replace("alpha", "beta"));
}

/// A job in a container runs as root on a checkout of another user.
#[test]
fn fix_as_root_keeps_owner_group_and_mode() {
    use std::io::Write;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    let folder = tempfile::tempdir().unwrap();
    let (checkout, shared) = (folder.path().join("checkout"), folder.path().join("shared"));
    let state = |path: &Path| {
        let metadata = fs::metadata(path).unwrap();
        (metadata.uid(), metadata.gid(), metadata.mode() & 0o7777)
    };
    // Files created in the second folder get its group.
    let folders = [(&checkout, (12345, 12345, 0o755)), (&shared, (12345, 23456, 0o2775))];
    let files = [
        (checkout.join("config"), (12345, 12345, 0o640)),
        (checkout.join("of-root"), (0, 0, 0o600)),
        (shared.join("config"), (12345, 12345, 0o640)),
        (shared.join("executable"), (12346, 23456, 0o2750)),
    ];
    for (path, _) in folders {
        fs::create_dir(path).unwrap();
    }
    for (path, _) in &files {
        fs::write(path, old_config("aws")).unwrap();
    }
    let all = || folders.into_iter().chain(files.iter().map(|(path, state)| (path, *state)));
    for (path, (uid, gid, mode)) in all() {
        // A user namespace may not have such a user.
        if let Err(error) = chown(path, Some(uid), Some(gid)) {
            // Bypass the capture of test output.
            writeln!(std::io::stderr(), "SKIPPED: files of others need root: {error}").unwrap();
            return;
        }
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    let outcome = run(folder.path(), &["--fix"]);
    assert_eq!(outcome.status, Some(0), "{}", outcome.err());
    for (path, expected) in all() {
        assert_eq!(state(path), expected, "{}", path.display());
    }
    for (path, _) in &files {
        assert_eq!(fs::read_to_string(path).unwrap(), old_config("aws").replace("alpha", "beta"));
    }
    let count = |path| fs::read_dir(path).unwrap().count();
    assert_eq!((count(&checkout), count(&shared)), (2, 2), "nothing is left beside the files");
}

/// Without root, a file cannot be given to its owner, so it is left unchanged.
#[test]
fn fix_without_root_leaves_files_of_others() {
    use std::io::Write;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    let folder = tempfile::tempdir().unwrap();
    let (binary, file) = (folder.path().join("kubeconfig-lint"), folder.path().join("config"));
    fs::write(&file, old_config("aws")).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_kubeconfig-lint"), &binary).unwrap();
    for (path, mode) in [(folder.path(), 0o777), (&binary, 0o755), (&file, 0o666)] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    if let Err(error) = chown(&file, Some(12345), Some(12345)) {
        writeln!(std::io::stderr(), "SKIPPED: files of others need root: {error}").unwrap();
        return;
    }
    let mut command = crate::common::command_of(&binary, folder.path());
    command.args(["--fix", "config"]);
    let outcome = crate::common::run_command(command.uid(12346).gid(12346), b"", super::LIMIT);
    assert_eq!(outcome.status, Some(2), "{}", outcome.err());
    let said = "it belongs to another user: let its owner fix it";
    assert!(outcome.err().contains(said), "{}", outcome.err());
    assert_eq!(fs::read_to_string(&file).unwrap(), old_config("aws"));
    let metadata = fs::metadata(&file).unwrap();
    assert_eq!((metadata.uid(), metadata.gid(), metadata.mode() & 0o7777), (12345, 12345, 0o666));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

/// Only root can make such files.
#[cfg(target_os = "linux")]
#[test]
fn fix_says_what_protects_a_file() {
    use std::io::Write;
    use std::os::unix::fs::{PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    let folder = tempfile::tempdir().unwrap();
    let (binary, inner) = (folder.path().join("kubeconfig-lint"), folder.path().join("inner"));
    let file = inner.join("config");
    fs::create_dir(&inner).unwrap();
    fs::write(&file, old_config("aws")).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_kubeconfig-lint"), &binary).unwrap();
    for path in [folder.path(), &inner, &binary] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    if let Err(error) = chown(&file, Some(12346), Some(12346)) {
        writeln!(std::io::stderr(), "SKIPPED: files of others need root: {error}").unwrap();
        return;
    }
    let fix = |uid: u32| {
        let mut command = crate::common::command_of(&binary, &inner);
        command.args(["--fix", "config"]).uid(uid).gid(uid);
        let outcome = crate::common::run_command(&mut command, b"", super::LIMIT);
        assert_eq!(fs::read_to_string(&file).unwrap(), old_config("aws"));
        (outcome.status, outcome.err())
    };
    let (status, said) = fix(12346);
    assert_eq!(status, Some(2), "{said}");
    let reason = ": --fix creates a file next to it, so its directory must be writable";
    assert!(said.contains(reason), "{said}");
    let chattr = |change: &str| Command::new("chattr").arg(change).arg(&file).output();
    if chattr("+i").is_ok_and(|output| output.status.success()) {
        let (status, said) = fix(0);
        chattr("-i").unwrap();
        assert_eq!(status, Some(2), "{said}");
        let reason = "its attribute `i` forbids changes: remove it with `chattr -i`";
        assert!(said.contains(reason), "{said}");
    }
}

/// The mode of a file with an access control list shows more permissions than its group has.
#[cfg(target_os = "linux")]
#[test]
fn fix_keeps_access_control_lists_and_attributes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config");
    fs::write(&file, old_config("aws")).unwrap();
    // u::rw-, u:1000:rw-, g::---, m::rw-, o::---: version 2, then tag, permissions and id.
    let entries: [(u16, u16, u32); 5] =
        [(1, 6, u32::MAX), (2, 6, 1000), (4, 0, u32::MAX), (16, 6, u32::MAX), (32, 0, u32::MAX)];
    let mut list = 2_u32.to_le_bytes().to_vec();
    for (tag, rights, who) in entries {
        list.extend(tag.to_le_bytes());
        list.extend(rights.to_le_bytes());
        list.extend(who.to_le_bytes());
    }
    let attributes = [("system.posix_acl_access", list.as_slice()), ("user.note", b"mine")];
    let taken = attributes.map(|(name, value)| xattr::set(&file, name, value).is_ok());
    let outcome = run(folder.path(), &["--fix", "config"]);
    assert_eq!(outcome.status, Some(0), "{}", outcome.err());
    for ((name, value), is_taken) in attributes.into_iter().zip(taken) {
        // If the file system does not support attributes, there are none to keep.
        let expected = is_taken.then_some(value);
        assert_eq!(xattr::get(&file, name).unwrap_or(None).as_deref(), expected, "{name}");
    }
}

#[test]
fn fix_reports_files_that_it_cannot_change() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let old = old_config("aws");
    for name in ["free", "linked", "locked"] {
        fs::write(folder.path().join(name), &old).unwrap();
    }
    let locked = folder.path().join("locked");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o444)).unwrap();
    fs::hard_link(folder.path().join("linked"), folder.path().join("other")).unwrap();
    let outcome = run(folder.path(), &["--fix", "--format", "json"]);
    assert_eq!(outcome.status, Some(2));
    let errors = outcome.err();
    for said in [
        "error: locked: cannot be fixed: it is read-only: make it writable first\n",
        "error: linked: cannot be fixed: it has 2 names (hard links)",
        "fixed 1 finding in free\n",
        "\n3 errors left in 3 of 4 files",
    ] {
        assert!(errors.contains(said), "{errors}");
    }
    assert_eq!(outcome.out().matches("\"title\"").count(), 3, "{}", outcome.out());
    for said in [
        ": it is read-only: make it writable first.",
        "(hard links), and a fix would change only one",
    ] {
        assert!(outcome.out().contains(said), "{}", outcome.out());
    }
    assert!(!errors.contains("fixable"), "{errors}");
    for name in ["linked", "locked", "other"] {
        assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), old);
    }
    let free = fs::read_to_string(folder.path().join("free")).unwrap();
    assert_eq!(free, old.replace("alpha", "beta"));
}

/// Needs the right to give files away. Root fixes files of other users, who stay their owners;
/// nobody else may fix them.
#[test]
fn fix_keeps_the_owner_or_refuses() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config");
    fs::write(&file, old_config("aws")).unwrap();
    if chown(&file, Some(12345), Some(12346)).is_err() {
        return;
    }
    for path in [folder.path(), &file] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
    }
    let binary = folder.path().join("kubeconfig-lint");
    fs::copy(env!("CARGO_BIN_EXE_kubeconfig-lint"), &binary).unwrap();
    let fix = |uid| {
        let mut command = Command::new(&binary);
        command.args(["--fix", "config"]).current_dir(folder.path()).uid(uid).output().unwrap()
    };
    let outcome = fix(54321);
    let said = String::from_utf8_lossy(&outcome.stderr).into_owned();
    assert_eq!(outcome.status.code(), Some(2), "{said}");
    let reason = "error: config: cannot be fixed: it belongs to another user: let its owner fix it";
    assert!(said.contains(reason), "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), old_config("aws"));
    assert_eq!(fix(0).status.code(), Some(0));
    assert_eq!(fs::read_to_string(&file).unwrap(), old_config("aws").replace("alpha", "beta"));
    let metadata = fs::metadata(&file).unwrap();
    assert_eq!((metadata.uid(), metadata.gid()), (12345, 12346));
    assert_eq!(metadata.permissions().mode() & 0o777, 0o777);
}

/// A run need not write what another has already written.
#[test]
fn fix_succeeds_in_two_concurrent_runs() {
    let folder = tempfile::tempdir().unwrap();
    for at in 0..200 {
        fs::write(folder.path().join(format!("{at}.yaml")), old_config("aws")).unwrap();
    }
    let start = || {
        Command::new(env!("CARGO_BIN_EXE_kubeconfig-lint"))
            .args(["--fix", "--quiet", "."])
            .current_dir(folder.path())
            .spawn()
            .unwrap()
    };
    for mut child in [start(), start()] {
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    for at in 0..200 {
        let now = fs::read_to_string(folder.path().join(format!("{at}.yaml"))).unwrap();
        assert_eq!(now, old_config("aws").replace("alpha", "beta"));
    }
}

/// An interrupted run ends by the signal, and leaves no temporary file behind.
#[test]
fn fix_leaves_no_temporary_file_when_interrupted() {
    use std::os::unix::process::ExitStatusExt;
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random(11);
    let mut interrupted = 0;
    for at in 0..60 {
        for file in 0..60 {
            fs::write(folder.path().join(format!("{file}.yaml")), old_config("aws")).unwrap();
        }
        let mut child = Command::new(env!("CARGO_BIN_EXE_kubeconfig-lint"))
            .args(["--fix", "--quiet", "."])
            .current_dir(folder.path())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(random.below(120_000) as u64));
        let (name, number) = [("-INT", 2), ("-TERM", 15), ("-HUP", 1)][at % 3];
        let id = child.id().to_string();
        let _ = Command::new("kill").args([name, &id]).stderr(std::process::Stdio::null()).status();
        let status = child.wait().unwrap();
        assert!(status.code() == Some(0) || status.signal() == Some(number), "{status}");
        interrupted += usize::from(status.signal().is_some());
        let names = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let names: Vec<_> = names.filter(|name| name.to_string_lossy().ends_with("tmp")).collect();
        assert!(names.is_empty(), "{names:?}");
    }
    assert!(interrupted > 0);
}

/// Only searched files are changed; the target of a symbolic link to elsewhere must be named.
#[test]
fn fix_follows_no_link_out_of_the_tree() {
    let folder = tempfile::tempdir().unwrap();
    let (tree, home) = (folder.path().join("tree"), folder.path().join("home"));
    fs::create_dir_all(&tree).unwrap();
    fs::create_dir_all(&home).unwrap();
    let file = home.join("config");
    fs::write(&file, old_config("aws")).unwrap();
    std::os::unix::fs::symlink("../home/config", tree.join("k")).unwrap();
    let outcome = run(&tree, &["--fix", "."]);
    assert!(outcome.err().contains("warning: k: not fixed: a symbolic link"), "{}", outcome.err());
    assert_eq!(fs::read_to_string(&file).unwrap(), old_config("aws"));
    run(&tree, &["--fix", "k"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), old_config("aws").replace("alpha", "beta"));
}

/// `--fix -` passes on what it does not fix, byte for byte, and keeps the encoding of what it does.
#[test]
fn fix_passes_standard_input_on() {
    let folder = tempfile::tempdir().unwrap();
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let (old, new) = (old_config("aws"), old_config("aws").replace("alpha", "beta"));
    for (given, expected) in [
        (b"\0\xff\r\n binary".to_vec(), b"\0\xff\r\n binary".to_vec()),
        (b"\n".to_vec(), b"\n".to_vec()),
        (new.clone().into_bytes(), new.clone().into_bytes()),
        (old.clone().into_bytes(), new.clone().into_bytes()),
        (utf16(&format!("\u{feff}{old}")), utf16(&format!("\u{feff}{new}"))),
    ] {
        let limit = Duration::from_secs(60);
        let outcome = common::run(folder.path(), &["--fix", "-"], &given, limit);
        assert_eq!(outcome.stdout, expected, "{}", outcome.err());
    }
}
