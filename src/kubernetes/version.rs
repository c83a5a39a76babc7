//! kubectl's minor versions.

use std::fmt;

/// A minor version of Kubernetes 1: `Minor(24)` is 1.24.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minor(pub u16);

impl Minor {
    /// The oldest supported minor: older ones were never measured.
    pub const OLDEST: Self = Self(20);
    /// The newest minor whose behavior is known, measured with kubectl 1.37.1.
    pub const NEWEST: Self = Self(37);

    /// Reads one release: `1.24`, `v1.24.3`, `latest`, and the variants that `kubectl version`,
    /// clouds and packages print (`1.30+`, `1.30.4-eks-a737599`, `1.30.4+k3s1`, `1.24.1-00`). Only
    /// the minor matters.
    pub(crate) fn of_release(word: &str) -> Option<Self> {
        if word == "latest" {
            return Some(Self::NEWEST);
        }
        let rest = word.strip_prefix('v').unwrap_or(word).strip_prefix("1.")?;
        let (minor, rest) = leading_digits(rest);
        if minor.is_empty() || minor.starts_with('0') || minor.len() > 3 {
            return None;
        }
        let is_suffix = |text: &str| {
            let is_of_one = |c: char| c.is_ascii_alphanumeric() || ".-+~_".contains(c);
            text.starts_with(['-', '+']) && text.len() > 1 && text.chars().all(is_of_one)
        };
        let is_complete = match rest.strip_prefix('.').map(leading_digits) {
            None => matches!(rest, "" | "+"),
            Some((patch, rest)) => {
                !patch.is_empty() && (matches!(rest, "" | "+") || is_suffix(rest))
            }
        };
        if is_complete { minor.parse().ok().map(Self) } else { None }
    }
}

fn leading_digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

impl fmt::Display for Minor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.0)
    }
}
