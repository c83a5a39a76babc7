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
    let Some(mounts) = mount_points() else { return false };
    folders.all(|folder| {
        let has_mount = mounts.iter().any(|mount| mount.starts_with(folder) && mount != folder);
        !has_mount && rustix::fs::statfs(folder).is_ok_and(|found| is_disk(found.f_type as u64))
    })
}

/// Returns the names of everything that something is mounted on, if they are known.
#[cfg(target_os = "linux")]
pub(super) fn names() -> Option<HashSet<OsString>> {
    let names = mount_points()?.into_iter();
    Some(names.filter_map(|mount| mount.file_name().map(OsStr::to_owned)).collect())
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

/// Returns all mount points, if they are known.
#[cfg(target_os = "linux")]
fn mount_points() -> Option<Vec<PathBuf>> {
    std::fs::read("/proc/self/mountinfo").ok().map(|mounts| mount_points_in(&mounts))
}

/// Returns the mount points in a `mountinfo`.
///
/// Source: `proc(5)`: the fifth field, with blanks, line breaks and `\` as octal numbers.
#[cfg(target_os = "linux")]
fn mount_points_in(mountinfo: &[u8]) -> Vec<PathBuf> {
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
    let lines = mountinfo.split(|byte| *byte == b'\n');
    lines.filter_map(|line| line.split(|byte| *byte == b' ').nth(4)).map(unescaped).collect()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn mount_points_are_unescaped() {
        let found =
            mount_points_in(b"1 2 0:3 / / rw - ext4 x\n2 1 0:4 / /a\\040b\\134 rw - tmpfs y\n");
        assert_eq!(found, [Path::new("/"), Path::new("/a b\\")]);
    }

    #[test]
    fn short_reads_do_not_end_files_of_the_kernel() {
        for folder in ["/proc", "/proc/self", "/"] {
            assert!(!short_reads_end_files([PathBuf::from(folder)].iter()), "{folder}");
        }
    }
}
