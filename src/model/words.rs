//! kubectl's words, and whose they are.

/// kubectl's words, and whose they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KubectlSays {
    /// The kubectl that says so, such as `1.37`.
    pub version: String,
    /// Its words; may be several lines. Of a long answer only the beginning.
    pub words: String,
}

impl KubectlSays {
    /// Limit on kubectl's words in bytes: a broken file may have thousands of findings, each with
    /// an answer that repeats itself for all of them.
    const MOST: usize = 500;

    /// The same with no more than the beginning of a long answer: whole lines, where it has
    /// several, and `…`.
    pub(crate) fn clipped(mut self) -> Self {
        if self.words.len() > Self::MOST {
            let end = (0..=Self::MOST).rev().find(|&end| self.words.is_char_boundary(end));
            self.words.truncate(end.unwrap_or(0));
            if let Some(end) = self.words.rfind('\n').filter(|end| *end > Self::MOST / 2) {
                self.words.truncate(end + 1);
            }
            self.words.push('…');
        }
        self
    }
}

/// What kubectl prints because of a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// What it prints first.
    pub now: Option<KubectlSays>,
    /// What it prints after that is fixed, where the problem hides behind another.
    pub then: Option<String>,
    /// When kubectl meets the problem, if not always.
    pub only: Option<String>,
}
