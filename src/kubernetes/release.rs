//! Releases of programs, and the words that stand for them.

use std::fmt;

/// A release of a program: major, minor and patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release(pub u32, pub u32, pub u32);

impl Release {
    /// Before all others.
    pub const FIRST: Self = Self(0, 0, 0);
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// The releases that a word such as `1.22` or `v0.5.3-rc.1` stands for: with fewer than three
/// numbers, all of them that begin with those.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Releases {
    /// The first of them.
    pub first: Release,
    /// The last of them.
    pub last: Release,
}

impl Releases {
    /// Reads `1`, `1.22`, `v1.22.5`, and three numbers with a suffix (`1.22.5-rc.1`,
    /// `v3.8.1+g5cb9af4`).
    pub fn of(word: &str) -> Option<Self> {
        let rest = word.strip_prefix('v').unwrap_or(word);
        let end = rest.find(['-', '+']).unwrap_or(rest.len());
        let (numbers, suffix) = rest.split_at(end);
        let is_of_suffix = |c: char| c.is_ascii_alphanumeric() || ".-+_".contains(c);
        let number = |part: &str| -> Option<u32> {
            let is_number = part.bytes().all(|b| b.is_ascii_digit()) && part.len() <= 4;
            let is_padded = part.len() > 1 && part.starts_with('0');
            part.parse().ok().filter(|_| is_number && !is_padded)
        };
        let numbers: Option<Vec<u32>> = numbers.split('.').map(number).collect();
        let (first, last) = match *numbers? {
            [major] => (Release(major, 0, 0), Release(major, u32::MAX, u32::MAX)),
            [major, minor] => (Release(major, minor, 0), Release(major, minor, u32::MAX)),
            [major, minor, patch] => {
                let release = Release(major, minor, patch);
                let is_valid = suffix.len() != 1 && suffix.chars().all(is_of_suffix);
                return is_valid.then_some(release.into());
            }
            _ => return None,
        };
        suffix.is_empty().then_some(Self { first, last })
    }

    /// Returns all releases of the minor release that a release belongs to.
    pub(super) fn of_minor(Release(major, minor, _): Release) -> Self {
        Self { first: Release(major, minor, 0), last: Release(major, minor, u32::MAX) }
    }

    /// Returns whether all of them are newer than all of `other`.
    pub(super) fn are_after(self, other: Self) -> bool {
        self.first > other.last
    }
}

impl From<Release> for Releases {
    fn from(release: Release) -> Self {
        Self { first: release, last: release }
    }
}

impl fmt::Display for Releases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Release(major, minor, patch) = self.last;
        match (minor, patch) {
            (u32::MAX, _) => write!(f, "{major}"),
            (_, u32::MAX) => write!(f, "{major}.{minor}"),
            _ => write!(f, "{}", self.last),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_stand_for_all_that_begin_with_their_numbers() {
        let read = |word| Releases::of(word).map(|r| (r.first, r.last, r.to_string()));
        let one = Release(1, 22, 5);
        for word in ["1.22.5", "v1.22.5-rc.1+x", "v1.22.5+g5cb9af4"] {
            assert_eq!(read(word), Some((one, one, "1.22.5".to_owned())), "{word}");
        }
        let last = Release(1, 22, u32::MAX);
        assert_eq!(read("1.22"), Some((Release(1, 22, 0), last, "1.22".to_owned())));
        let last = Release(2, u32::MAX, u32::MAX);
        assert_eq!(read("2"), Some((Release(2, 0, 0), last, "2".to_owned())));
        for word in [
            "",
            "v",
            "x",
            "1.",
            "1..2",
            ".1",
            "1.2.3.4",
            "1.x",
            "+1",
            "1 2",
            "99999",
            "1.02",
            "1.22-rc.1",
            "1.22.5-",
            "1.22.5-é",
            "1.22.5-a b",
            "-1",
            "1.+2",
        ] {
            assert_eq!(read(word), None, "{word}");
        }
    }
}
