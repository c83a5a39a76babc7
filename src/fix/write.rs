//! Replaces a file: with its fixed version, or with a new report or baseline. At every moment, one
//! of the two versions is there as a whole.

use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

use crate::text::escape::plain_reason;

/// Why a file was not written. The file is unchanged.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The file changed after it was read.
    Changed,
    /// The file is not a regular file of its own, or we must not change it; why.
    NotOurs(String),
    /// The file could not be read or written.
    Io(io::Error),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Changed => f.write_str("it changed during the run: run again"),
            Self::NotOurs(reason) => f.write_str(reason),
            Self::Io(error) => {
                f.write_str(&plain_reason(error))?;
                match error.kind() {
                    io::ErrorKind::PermissionDenied => f.write_str(
                        ": --fix creates a file next to it, so its directory must be writable",
                    ),
                    _ => Ok(()),
                }
            }
        }
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Replaces the file at `path`, following symbolic links; it must still contain `old`. A file that
/// already contains `new` is left as it is.
///
/// The new file is written next to the old one and synced to disk. Where the system can exchange
/// two files in one step, it exchanges them and compares the replaced file with `old` once more; if
/// it changed in that moment, they are exchanged back. Elsewhere, the file is compared directly
/// before the rename. On Unix, mode, owner, group and extended attributes are kept; elsewhere, the
/// new file has the permissions of its folder.
///
/// # Errors
///
/// Returns the [`Refusal`], with the file unchanged. A file with several names (hard links) is
/// refused, because a rename would separate them, and so is a file of another user if the new file
/// cannot be given to that user.
pub(crate) fn replace(path: &Path, old: &[u8], new: &[u8]) -> Result<(), Refusal> {
    let path = fs::canonicalize(path)?;
    let metadata = fs::symlink_metadata(&path)?;
    if !metadata.is_file() {
        return Err(Refusal::NotOurs("it is not a regular file".to_owned()));
    }
    if holds(&path, new)? {
        return Ok(());
    }
    if metadata.permissions().readonly() {
        return Err(Refusal::NotOurs("it is read-only: make it writable first".to_owned()));
    }
    if let Some(reason) = locked(&path) {
        return Err(Refusal::NotOurs(reason));
    }
    let folder = folder_of(&path);
    let mut file = beside(&path, false)?;
    give(&metadata, file.as_file())?;
    file.write_all(new)?;
    file.as_file().set_permissions(metadata.permissions())?;
    copy_attributes(&path, file.path())?;
    file.as_file().sync_all()?;
    if !holds(&path, old)? {
        return changed(&path, new);
    }
    if exchange(file.path(), &path) {
        // The temporary name now belongs to the old file, which is removed with `file`. A program
        // that had it open may still write to it, so do the slow part (the sync) before comparing.
        sync_folder(folder);
        if !holds(file.path(), old)? && exchange(file.path(), &path) {
            return changed(&path, new);
        }
    } else {
        file.persist(&path).map_err(|error| error.error)?;
    }
    sync_folder(folder);
    Ok(())
}

/// Writes `content` to the file at `path`, which need not exist.
///
/// The new file is written next to it and renamed, so that an error or the end of the program
/// leaves the old one. A symbolic link is replaced and not followed. On Unix, mode, owner, group and
/// extended attributes are kept as far as possible. A file whose folder nobody may write to, or that
/// is a mount point, is overwritten in place. So is what is not a regular file, such as a FIFO.
///
/// # Errors
///
/// Returns the errors of the file system and of `content`.
pub(crate) fn put(
    path: &Path,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let old = match fs::symlink_metadata(path) {
        Ok(old) if old.is_file() => Some(old),
        Ok(other) if !other.is_symlink() => return overwrite(File::create(path)?, content),
        _ => None,
    };
    // This fails if we must not change the file; a rename alone would succeed.
    let open = |_: &Metadata| without_links().write(true).open(path);
    let open = old.as_ref().map(open).transpose()?;
    let mut file = match (beside(path, old.is_none()), open) {
        (Ok(file), _) => file,
        (Err(error), Some(old)) if !is_full(&error) => return overwrite(old, content),
        (Err(error), _) => return Err(error),
    };
    let mut out = BufWriter::new(file.as_file_mut());
    content(&mut out)?;
    out.flush()?;
    drop(out);
    if let Some(old) = old {
        keep(&old, path, &file)?;
    }
    file.as_file().sync_all()?;
    match file.persist(path) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == io::ErrorKind::ResourceBusy => {
            let mut new = error.file;
            new.rewind()?;
            let mut place = without_links().write(true).truncate(true).open(path)?;
            io::copy(&mut new, &mut place).map(drop)
        }
        Err(error) => Err(error.error),
    }
}

/// Overwrites a file in place.
fn overwrite(file: File, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    if file.metadata()?.is_file() {
        file.set_len(0)?;
    }
    let mut out = BufWriter::new(file);
    content(&mut out)?;
    out.flush()
}

/// Returns whether there is no room for another file.
fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Returns options that do not follow a link, which somebody may put in place of a file at any time.
fn without_links() -> fs::OpenOptions {
    let mut options = File::options();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flag = rustix::fs::OFlags::NOFOLLOW.bits();
        options.custom_flags(i32::try_from(flag).unwrap_or_default());
    }
    options
}

/// Returns the folder of a file.
fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Creates a file next to another, which is removed when it is dropped. A new file has the mode of
/// all files; one that replaces another may only be read by its owner at first.
fn beside(path: &Path, is_new: bool) -> io::Result<NamedTempFile> {
    let name = path.file_name().unwrap_or_default();
    let mut prefix = std::ffi::OsString::from(".");
    // The name may already have the maximum length.
    prefix.push(if name.len() < 128 { name } else { "kubeconfig".as_ref() });
    prefix.push(".kubeconfig-lint-");
    let mut builder = Builder::new();
    builder.prefix(&prefix).suffix(".tmp");
    #[cfg(unix)]
    if is_new {
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = is_new;
    builder.tempfile_in(folder_of(path))
}

/// Gives the new file the mode of the old one, and its owner, group and extended attributes where
/// that is possible.
#[cfg(unix)]
fn keep(old: &Metadata, path: &Path, new: &NamedTempFile) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let _ = fchown(new.as_file(), Some(old.uid()), Some(old.gid()));
    let _ = copy_attributes(path, new.path());
    new.as_file().set_permissions(old.permissions())
}

#[cfg(not(unix))]
fn keep(_: &Metadata, _: &Path, _: &NamedTempFile) -> io::Result<()> {
    Ok(())
}

/// Handles a file that is no longer the old one: another run may have written the same bytes.
fn changed(path: &Path, new: &[u8]) -> Result<(), Refusal> {
    if holds(path, new)? { Ok(()) } else { Err(Refusal::Changed) }
}

/// Exchanges two files in one step; `false` if the system or the file system cannot.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(one: &Path, other: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> bool {
    false
}

/// Says why nobody can replace the file, whatever its mode; `None` if no reason is known.
#[cfg(target_os = "linux")]
fn locked(path: &Path) -> Option<String> {
    use rustix::fs::{IFlags, ioctl_getflags};
    let flags = ioctl_getflags(File::open(path).ok()?).ok()?;
    let attribute = |flag, name| flags.contains(flag).then_some(name);
    let name = attribute(IFlags::IMMUTABLE, 'i').or(attribute(IFlags::APPEND, 'a'))?;
    Some(format!("its attribute `{name}` forbids changes: remove it with `chattr -{name}`"))
}

#[cfg(not(target_os = "linux"))]
fn locked(_: &Path) -> Option<String> {
    None
}

/// Returns whether the file contains exactly these bytes.
fn holds(path: &Path, old: &[u8]) -> io::Result<bool> {
    let mut bytes = Vec::with_capacity(old.len());
    let most = u64::try_from(old.len()).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes == old)
}

/// Gives the new file the owner and group of the old one.
#[cfg(unix)]
fn give(old: &Metadata, new: &File) -> Result<(), Refusal> {
    use std::os::unix::fs::{MetadataExt, fchown};
    if old.nlink() > 1 {
        let reason = format!(
            "it has {} names (hard links), and a fix would change only one: copy it first",
            old.nlink()
        );
        return Err(Refusal::NotOurs(reason));
    }
    let own = new.metadata()?;
    let refused = |reason: &str| Refusal::NotOurs(reason.to_owned());
    if old.uid() != own.uid() {
        fchown(new, Some(old.uid()), None)
            .map_err(|_| refused("it belongs to another user: let its owner fix it"))?;
    }
    if old.gid() != own.gid() {
        fchown(new, None, Some(old.gid()))
            .map_err(|_| refused("it belongs to another group: let its owner fix it"))?;
    }
    Ok(())
}

/// Attributes that only the system sets.
#[cfg(unix)]
const OF_SYSTEM: [&str; 4] =
    ["com.apple.provenance", "com.apple.macl", "security.ima", "security.evm"];

/// Copies the extended attributes of the old file, including access control lists: the mode alone
/// may grant more than the list does.
#[cfg(unix)]
fn copy_attributes(old: &Path, new: &Path) -> Result<(), Refusal> {
    let names = match xattr::list(old) {
        Ok(names) => names,
        // The file system does not support attributes.
        Err(error) if error.kind() == io::ErrorKind::Unsupported => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    for name in names {
        let value = xattr::get(old, &name)?;
        // The system sets some itself, or for the program that wrote the file.
        let is_of_system = OF_SYSTEM.iter().any(|other| *other == name);
        if is_of_system || value == xattr::get(new, &name)? {
            continue;
        }
        let set = value.map_or(Ok(()), |value| xattr::set(new, &name, &value));
        set.map_err(|_| {
            let name = name.to_string_lossy();
            Refusal::NotOurs(format!(
                "its extended attribute {name} cannot be given to the new file: take it away, or \
                 let its user fix it"
            ))
        })?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn copy_attributes(_: &Path, _: &Path) -> Result<(), Refusal> {
    Ok(())
}

#[cfg(not(unix))]
fn give(_: &Metadata, _: &File) -> Result<(), Refusal> {
    Ok(())
}

/// Syncs the rename to disk, on systems that can sync folders.
fn sync_folder(folder: &Path) {
    if cfg!(unix) {
        // Ignore errors: the file exists either way, but after a power cut it may be the old one.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replace_refuses_a_file_that_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        fs::write(&path, "old").unwrap();
        replace(&path, b"old", b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        replace(&path, b"old", b"new").unwrap();
        assert!(matches!(replace(&path, b"old", b"newer"), Err(Refusal::Changed)));
        assert!(matches!(replace(&path, b"new!", b"newer"), Err(Refusal::Changed)));
        assert_eq!(fs::read(&path).unwrap(), b"new");
        let names = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(names, 1);
    }

    #[cfg(unix)]
    #[test]
    fn replace_keeps_mode_and_links() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("f"), folder.path().join("link"));
        fs::write(&path, "old").unwrap();
        symlink("f", &link).unwrap();
        for mode in [0o600, 0o644, 0o755, 0o640] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            replace(&link, b"old", b"new").unwrap();
            replace(&link, b"new", b"old").unwrap();
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, mode);
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
        assert!(matches!(replace(&path, b"old", b"new"), Err(Refusal::NotOurs(_))));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        fs::hard_link(&path, folder.path().join("second")).unwrap();
        assert!(matches!(replace(&path, b"old", b"new"), Err(Refusal::NotOurs(_))));
        assert!(matches!(replace(folder.path(), b"", b""), Err(Refusal::NotOurs(_))));
        assert!(matches!(replace(&folder.path().join("none"), b"", b""), Err(Refusal::Io(_))));
        assert_eq!(fs::read(&path).unwrap(), b"old");
    }
}
