//! kubectl's minor versions, and the range of them a run judges against.

use std::fmt;
use std::str::FromStr;

/// A minor version of Kubernetes 1: `Minor(24)` is 1.24.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minor(pub u16);

impl Minor {
    /// The first with exec plugins (client-go 7.0).
    pub const OLDEST: Self = Self(10);
    /// The newest whose behaviour is known, measured with kubectl 1.37.1.
    pub const NEWEST: Self = Self(37);
}

impl fmt::Display for Minor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.0)
    }
}

impl FromStr for Minor {
    type Err = String;

    /// Reads `1.24`, `v1.24` or `1.24.3` (the patch release makes no difference), with blanks
    /// around it or not.
    fn from_str(text: &str) -> Result<Self, String> {
        let plain = text.trim_matches(' ');
        let mut parts = plain.strip_prefix('v').unwrap_or(plain).split('.');
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let minor = match (parts.next(), parts.next()) {
            (Some("1"), Some(minor)) if is_number(minor) && !minor.starts_with('0') => {
                minor.parse::<u16>().ok()
            }
            _ => None,
        };
        let patch_is_sound = parts.next().is_none_or(is_number);
        match minor.map(Self) {
            Some(minor) if patch_is_sound && parts.next().is_none() => {
                if (Self::OLDEST..=Self::NEWEST).contains(&minor) {
                    Ok(minor)
                } else {
                    let (oldest, newest) = (Self::OLDEST, Self::NEWEST);
                    Err(format!("kubectl {minor} is not known; write one of {oldest} to {newest}"))
                }
            }
            _ => Err(format!("`{text}` is no kubectl version; write one such as 1.24")),
        }
    }
}

/// The kubectl versions that will read the files: every one of them must be content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The oldest.
    pub first: Minor,
    /// The newest.
    pub last: Minor,
}

impl Target {
    /// The minors in it, oldest first.
    pub fn minors(&self) -> impl DoubleEndedIterator<Item = Minor> + use<> {
        (self.first.0..=self.last.0).map(Minor)
    }

    /// The newest minor in it for which `holds` is true.
    pub fn newest_where(&self, holds: impl Fn(Minor) -> bool) -> Option<Minor> {
        self.minors().rev().find(|&minor| holds(minor))
    }
}

impl Default for Target {
    fn default() -> Self {
        Self { first: Minor::NEWEST, last: Minor::NEWEST }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

impl FromStr for Target {
    type Err = String;

    /// Reads one minor (`1.24`) or a range with both ends in it (`1.22-1.37`).
    fn from_str(text: &str) -> Result<Self, String> {
        let Some((first, last)) = text.split_once('-') else {
            let minor = text.parse()?;
            return Ok(Self { first: minor, last: minor });
        };
        let (first, last) = (first.parse()?, last.parse()?);
        if first > last {
            return Err(format!("the range {text} runs backwards; write {last}-{first}"));
        }
        Ok(Self { first, last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_minors_and_ranges() {
        assert_eq!("1.24".parse(), Ok(Target { first: Minor(24), last: Minor(24) }));
        assert_eq!(" v1.22.3 - 1.37 ".parse(), Ok(Target { first: Minor(22), last: Minor(37) }));
        for bad in [
            "",
            "1",
            "2.1",
            "1.9",
            "1.38",
            "1.x",
            "1.24.x",
            "1.24.1.1",
            "1.30-1.20",
            "1.24-",
            "1.+24",
            "1.024",
            "vv1.24",
            "1.24.",
            "1.24.+1",
            "1.24 .1",
            "\t1.24",
        ] {
            assert!(bad.parse::<Target>().is_err(), "{bad}");
        }
        assert_eq!(Target { first: Minor(22), last: Minor(37) }.to_string(), "1.22-1.37");
    }
}
