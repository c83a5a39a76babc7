//! Tracks the tokens at which a key without `?` may start: only the `:` after the key shows that it
//! was one.

use std::collections::VecDeque;

/// The tokens that may be the start of a key: token number to flow level.
///
/// This table is not derived from the keys, because go-yaml's table is not always in step with
/// them.
#[derive(Debug, Default)]
pub(super) struct KeyTable {
    /// By ascending token number; `None` once removed.
    entries: VecDeque<(usize, Option<usize>)>,
}

impl KeyTable {
    /// Returns the level recorded for `token`. Drops entries of earlier tokens, which have been
    /// taken.
    pub(super) fn find(&mut self, token: usize) -> Option<usize> {
        while self.entries.front().is_some_and(|entry| entry.0 < token) {
            self.entries.pop_front();
        }
        self.entries.front().and_then(|entry| if entry.0 == token { entry.1 } else { None })
    }

    pub(super) fn insert(&mut self, token: usize, level: usize) {
        self.entries.push_back((token, Some(level)));
    }

    pub(super) fn remove(&mut self, token: usize) {
        let at = self.entries.partition_point(|entry| entry.0 < token);
        match self.entries.get_mut(at) {
            Some(entry) if entry.0 == token => entry.1 = None,
            _ => return,
        }
        while self.entries.back().is_some_and(|entry| entry.1.is_none()) {
            self.entries.pop_back();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_table_find_drops_taken_tokens() {
        let mut table = KeyTable::default();
        for (token, level) in [(1, 0), (3, 1), (4, 2)] {
            table.insert(token, level);
        }
        assert_eq!(table.find(1), Some(0));
        assert_eq!(table.find(2), None);
        table.remove(3);
        table.remove(7);
        assert_eq!(table.find(3), None);
        assert_eq!(table.find(4), Some(2));
    }
}
