//! Whether a read that returns less than it was asked for has reached the end of a file. If so,
//! the walk saves a second read of every file, which only says that nothing is left.
//!
//! Disks, and the page cache in front of them, read as much as there is. Files in `/proc` and of
//! file systems in user space may return less at any time.

use std::path::PathBuf;

#[cfg(target_os = "linux")]
use std::{
    collections::HashSet,
    ffi::{OsStr, OsString},
    os::fd::AsFd,
};

/// Returns whether short reads end the files below these folders, which are canonical paths: each
/// is on a file system of a disk or in memory, and no other is mounted below it.
#[cfg(target_os = "linux")]
pub(super) fn short_reads_end_files<'a>(mut folders: impl Iterator<Item = &'a PathBuf>) -> bool {
    let Some(mounts) = mount_points(|_| true) else { return false };
    folders.all(|folder| {
        let has_mount = mounts.iter().any(|mount| mount.starts_with(folder) && mount != folder);
        !has_mount && rustix::fs::statfs(folder).is_ok_and(|found| is_disk(found.f_type as u64))
    })
}

/// Returns the names of all files that something may be mounted on, if they are known.
#[cfg(target_os = "linux")]
pub(super) fn names_on_files() -> Option<HashSet<OsString>> {
    let names = mount_points(may_be_on_file)?.into_iter();
    Some(names.filter_map(|mount| mount.file_name().map(OsStr::to_owned)).collect())
}

/// Returns whether a line of a `mountinfo` may be about a file, not a folder: it is a part of a file
/// system, or one of a program.
///
/// Source: `proc(5)`: the fourth field is the folder or file that is mounted.
#[cfg(target_os = "linux")]
fn may_be_on_file(mount: &[u8]) -> bool {
    let is_whole = mount.split(|byte| *byte == b' ').nth(3).is_some_and(|root| root == b"/");
    !is_whole || memchr::memmem::find(mount, b" - fuse").is_some()
}

/// Returns whether an open folder is on a file system of a disk or in memory.
#[cfg(target_os = "linux")]
pub(super) fn is_of_disk(folder: &impl AsFd) -> bool {
    rustix::fs::fstatfs(folder).is_ok_and(|found| is_disk(found.f_type as u64))
}

/// Returns whether short reads end the files below these folders.
#[cfg(not(target_os = "linux"))]
pub(super) fn short_reads_end_files<'a>(_: impl Iterator<Item = &'a PathBuf>) -> bool {
    false
}

/// Source: `statfs(2)`, `include/uapi/linux/magic.h`; OpenZFS `sys/fs/zfs.h`.
#[cfg(target_os = "linux")]
fn is_disk(magic: u64) -> bool {
    const EXT: u64 = 0xef53;
    const XFS: u64 = 0x5846_5342;
    const BTRFS: u64 = 0x9123_683e;
    const F2FS: u64 = 0xf2f5_2010;
    const ZFS: u64 = 0x2fc1_2fc1;
    const TMPFS: u64 = 0x0102_1994;
    const OVERLAYFS: u64 = 0x794c_7630;
    [EXT, XFS, BTRFS, F2FS, ZFS, TMPFS, OVERLAYFS].contains(&magic)
}

/// Returns the mount points of the wanted lines of the `mountinfo`, if they are known.
#[cfg(target_os = "linux")]
fn mount_points(is_wanted: fn(&[u8]) -> bool) -> Option<Vec<PathBuf>> {
    let mounts = std::fs::read("/proc/self/mountinfo").ok()?;
    Some(mount_points_in(&mounts, is_wanted))
}

/// Returns the mount points in a `mountinfo`.
///
/// Source: `proc(5)`: the fifth field, with blanks, line breaks and `\` as octal numbers.
#[cfg(target_os = "linux")]
fn mount_points_in(mountinfo: &[u8], is_wanted: fn(&[u8]) -> bool) -> Vec<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    let unescaped = |field: &[u8]| {
        let mut bytes = Vec::with_capacity(field.len());
        let mut rest = field;
        while let Some((&byte, after)) = rest.split_first() {
            let code = after.get(..3).and_then(|code| std::str::from_utf8(code).ok());
            let code = code.and_then(|code| u8::from_str_radix(code, 8).ok());
            let code = code.filter(|_| byte == b'\\');
            bytes.push(code.unwrap_or(byte));
            rest = if code.is_some() { after.get(3..).unwrap_or_default() } else { after };
        }
        PathBuf::from(OsString::from_vec(bytes))
    };
    let lines = mountinfo.split(|byte| *byte == b'\n').filter(|line| is_wanted(line));
    lines.filter_map(|line| line.split(|byte| *byte == b' ').nth(4)).map(unescaped).collect()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn mount_points_are_unescaped() {
        let mounts = b"1 2 0:3 / / rw - ext4 x\n2 1 0:4 / /a\\040b\\134 rw - tmpfs y\n";
        assert_eq!(mount_points_in(mounts, |_| true), [Path::new("/"), Path::new("/a b\\")]);
    }

    #[test]
    fn only_parts_of_file_systems_are_mounted_on_files() {
        let mounts =
            b"1 2 0:3 / / rw - ext4 x\n2 1 0:3 /a /b rw - ext4 x\n3 1 0:4 / /c rw - fuse.d e\n\
            4 1 0:5 net:[6] /f rw - nsfs nsfs\n5 1 0:6 / /g rw master:7 - tmpfs y\n";
        let found = mount_points_in(mounts, may_be_on_file);
        assert_eq!(found, [Path::new("/b"), Path::new("/c"), Path::new("/f")]);
    }

    #[test]
    fn short_reads_do_not_end_files_of_the_kernel() {
        for folder in ["/proc", "/proc/self", "/"] {
            assert!(!short_reads_end_files([PathBuf::from(folder)].iter()), "{folder}");
        }
    }
}
