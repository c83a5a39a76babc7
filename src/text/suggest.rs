//! Which of several names a wrong one was meant to be.

use crate::kubernetes::api_versions::edit_distance;

/// The name that a wrong spelling is near to; `None` where two are as near.
pub(crate) fn meant_by(word: &str, names: &[&'static str]) -> Option<&'static str> {
    let word: String = word.chars().take(64).collect::<String>().to_lowercase().replace('_', "-");
    let distance = |name: &&&'static str| edit_distance(&word, name);
    let nearest = names.iter().map(|name| distance(&name)).min()?;
    let mut nearest_ones = names.iter().filter(|name| distance(name) == nearest);
    let first = nearest_ones.next()?;
    // A third of the letters may be wrong, and of a short word one.
    let is_near = nearest <= (word.chars().count() / 3).max(1);
    (is_near && nearest_ones.next().is_none()).then_some(*first)
}
