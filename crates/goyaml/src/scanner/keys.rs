//! Simple keys: keys without `?`, recognized only by the `:` after them.

use std::collections::VecDeque;

use super::{Error, Scanner, SimpleKey};

/// Limit on the characters between the start of a simple key and its `:`.
const MAX_KEY_LENGTH: usize = 1024;

impl Scanner<'_> {
    /// Returns whether the simple key of the flow level `level` may still get its `:` here.
    pub(super) fn is_key_valid(&mut self, level: usize) -> Result<bool, Error> {
        let here = self.reader.mark;
        let Some(key) = self.simple_keys.get_mut(level) else {
            return Ok(false);
        };
        if !key.possible {
            return Ok(false);
        }
        if key.mark.line < here.line || key.mark.index + MAX_KEY_LENGTH < here.index {
            if key.required {
                return Err(self.error("could not find expected ':'"));
            }
            key.possible = false;
            return Ok(false);
        }
        Ok(true)
    }

    /// Records that a simple key may start here.
    pub(super) fn save_key(&mut self) -> Result<(), Error> {
        if !self.simple_key_allowed {
            return Ok(());
        }
        let mark = self.reader.mark;
        let required = self.flow_level == 0 && self.indent == mark.column as isize;
        let token = self.next_number();
        self.remove_key()?;
        let level = self.simple_keys.len().saturating_sub(1);
        if let Some(key) = self.simple_keys.last_mut() {
            *key = SimpleKey { possible: true, required, token, mark };
        }
        self.keys.insert(token, level);
        Ok(())
    }

    /// Gives up the simple key of the current flow level.
    pub(super) fn remove_key(&mut self) -> Result<(), Error> {
        match self.simple_keys.last() {
            Some(key) if key.possible && key.required => {
                Err(self.error("could not find expected ':'"))
            }
            Some(key) if key.possible => {
                self.forget_key(self.simple_keys.len() - 1);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    pub(super) fn forget_key(&mut self, level: usize) {
        if let Some(key) = self.simple_keys.get_mut(level) {
            key.possible = false;
            self.keys.remove(key.token);
        }
    }
}

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
    fn find_drops_the_entries_of_tokens_that_were_taken() {
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
