//! An open folder: what it contains, and its files, opened relative to it.
//!
//! On Linux, the kernel looks up only the name of a file in its open folder, not the whole path
//! again, and a link that takes the place of a file is not followed.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

#[cfg(target_os = "linux")]
use std::{ffi::OsStr, os::fd::OwnedFd};

#[cfg(target_os = "linux")]
use super::mounts;
#[cfg(target_os = "linux")]
use crate::language;

/// What an entry of a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// Something that is never opened; the name of its kind.
    Special(&'static str),
}

/// An entry of a folder.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its name in the folder.
    pub(super) name: OsString,
    /// What it is.
    pub(super) kind: Kind,
}

/// An open folder.
#[derive(Debug)]
pub(crate) struct OpenFolder {
    path: PathBuf,
    #[cfg(target_os = "linux")]
    handle: OwnedFd,
}

/// Opens a regular file, in its folder if that is open.
///
/// # Errors
/// Fails if the file is gone or may not be read.
pub(crate) fn open(path: &Path, folder: Option<&OpenFolder>) -> io::Result<File> {
    folder.map_or_else(|| File::open(path), |folder| folder.file(path))
}

impl OpenFolder {
    /// Returns the path by which the folder was opened.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

#[cfg(target_os = "linux")]
impl OpenFolder {
    /// Opens a folder; a symbolic link to one only if `follows`.
    ///
    /// # Errors
    /// Fails if the path is not a folder, or may not be read. Returns the path as well.
    pub(super) fn open(path: PathBuf, follows: bool) -> Result<Self, (PathBuf, io::Error)> {
        use rustix::fs::{Mode, OFlags};
        let mut flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        flags.set(OFlags::NOFOLLOW, !follows);
        match rustix::fs::open(&path, flags, Mode::empty()) {
            Ok(handle) => Ok(Self { path, handle }),
            Err(error) => Err((path, error.into())),
        }
    }

    /// Returns the entries in no particular order, and the error that ended the reading, if any.
    pub(super) fn entries(&self) -> (Vec<Entry>, Option<io::Error>) {
        use std::os::unix::ffi::OsStrExt;
        // As large as the buffer of readdir(3) in glibc.
        let mut buffer = Vec::with_capacity(32 << 10);
        let mut listing = rustix::fs::RawDir::new(&self.handle, buffer.spare_capacity_mut());
        let mut entries = Vec::new();
        loop {
            match listing.next() {
                // Someone removed the folder.
                None | Some(Err(rustix::io::Errno::NOENT)) => return (entries, None),
                Some(Err(error)) => return (entries, Some(error.into())),
                Some(Ok(entry)) => {
                    let name = entry.file_name();
                    if !matches!(name.to_bytes(), b"." | b"..") {
                        let kind = self.kind(name, entry.file_type());
                        let name = std::ffi::OsStr::from_bytes(name.to_bytes()).to_owned();
                        entries.push(Entry { name, kind });
                    }
                }
            }
        }
    }

    /// Calls `found` with the names and inodes of the regular files among the first `max` entries,
    /// if the folder is on a file system of a disk: others need not say the truth here.
    pub(super) fn regular_files(&self, max: usize, mut found: impl FnMut(&OsStr, u64)) {
        use std::os::unix::ffi::OsStrExt;
        if !mounts::is_of_disk(&self.handle) {
            return;
        }
        const BYTES_PER_ENTRY: usize = 32;
        let size = (max * BYTES_PER_ENTRY).clamp(1 << 10, 32 << 10);
        let mut buffer = Vec::with_capacity(size);
        let mut listing = rustix::fs::RawDir::new(&self.handle, buffer.spare_capacity_mut());
        for _ in 0..max {
            let Some(Ok(entry)) = listing.next() else { break };
            if entry.file_type() == rustix::fs::FileType::RegularFile {
                found(OsStr::from_bytes(entry.file_name().to_bytes()), entry.ino());
            }
        }
    }

    /// Returns what an entry is, given what the listing says of it: some file systems do not say.
    fn kind(&self, name: &std::ffi::CStr, listed: rustix::fs::FileType) -> Kind {
        use rustix::fs::{AtFlags, FileType};
        match listed {
            FileType::RegularFile => Kind::File,
            FileType::Directory => Kind::Folder,
            FileType::Symlink => Kind::Link,
            FileType::Fifo => Kind::Special("a FIFO"),
            FileType::Socket => Kind::Special("a socket"),
            FileType::CharacterDevice | FileType::BlockDevice => Kind::Special("a device"),
            FileType::Unknown => {
                let found = rustix::fs::statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW);
                let found = found.map(|found| FileType::from_raw_mode(found.st_mode));
                match found.unwrap_or(FileType::Unknown) {
                    FileType::Unknown => Kind::Special("not a regular file"),
                    found => self.kind(name, found),
                }
            }
        }
    }

    /// Opens a regular file of the folder, and nothing behind a link. `path` is its path, of which
    /// only the name is looked up.
    ///
    /// # Errors
    /// Fails if the file is gone, is a link, or may not be read.
    pub(super) fn file(&self, path: &Path) -> io::Result<File> {
        use rustix::fs::{Mode, OFlags};
        let name = language::name_bytes(path);
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(rustix::fs::openat(&self.handle, name, flags, Mode::empty())?.into())
    }
}

#[cfg(not(target_os = "linux"))]
impl OpenFolder {
    /// Opens a folder.
    ///
    /// # Errors
    /// Does not fail: [`Self::entries`] does.
    pub(super) fn open(path: PathBuf, _: bool) -> Result<Self, (PathBuf, io::Error)> {
        Ok(Self { path })
    }

    /// Returns the entries in no particular order, and the error that ended the reading, if any.
    pub(super) fn entries(&self) -> (Vec<Entry>, Option<io::Error>) {
        let mut entries = Vec::new();
        let listing = match std::fs::read_dir(&self.path) {
            Ok(listing) => listing,
            Err(error) => return (entries, Some(error)),
        };
        for entry in listing {
            match entry.and_then(|entry| Ok((entry.file_type()?, entry.file_name()))) {
                Ok((kind, name)) => entries.push(Entry { name, kind: kind.into() }),
                Err(error) => return (entries, Some(error)),
            }
        }
        (entries, None)
    }

    /// Opens a regular file of the folder by its path.
    ///
    /// # Errors
    /// Fails if the file is gone or may not be read.
    pub(super) fn file(&self, path: &Path) -> io::Result<File> {
        File::open(path)
    }
}

#[cfg(not(target_os = "linux"))]
impl From<std::fs::FileType> for Kind {
    fn from(kind: std::fs::FileType) -> Self {
        if kind.is_file() {
            Self::File
        } else if kind.is_dir() {
            Self::Folder
        } else if kind.is_symlink() {
            Self::Link
        } else {
            Self::Special(special(kind))
        }
    }
}

/// Names the kind of a special file.
#[cfg(unix)]
pub(super) fn special(kind: std::fs::FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a FIFO"
    } else if kind.is_socket() {
        "a socket"
    } else if kind.is_char_device() || kind.is_block_device() {
        "a device"
    } else {
        "not a regular file"
    }
}

/// Names the kind of a special file.
#[cfg(not(unix))]
pub(super) fn special(_: std::fs::FileType) -> &'static str {
    "not a regular file"
}
