//! The messages of kubectl, or of the program that reads the files in its place, and which release
//! prints them.

use std::sync::Arc;

use crate::kubernetes::reader::Reader;
use crate::text::message::Message;
use crate::text::source::floor_boundary;

/// A message of kubectl's, or of the other program that reads the file, and who prints it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KubectlMessage {
    /// The release that prints it.
    pub by: Reader,
    /// The message, possibly of several lines. A long one is cut off.
    pub message: Arc<str>,
}

impl KubectlMessage {
    /// Limit on the message in bytes: a broken file may have thousands of findings, each with a
    /// message that repeats itself for all of them.
    const MAX_BYTES: usize = 500;

    /// Cuts a long message off with `…`, at the end of a line if it has several.
    pub(crate) fn clipped(mut self) -> Self {
        if self.message.len() > Self::MAX_BYTES {
            let message = self.message.split_at(floor_boundary(&self.message, Self::MAX_BYTES)).0;
            let end = message.rfind('\n').filter(|end| *end > Self::MAX_BYTES / 2);
            let message = end.map_or(message, |end| message.split_at(end + 1).0);
            self.message = format!("{message}…").into();
        }
        self
    }
}

/// What kubectl prints about a problem.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KubectlMessages {
    /// What it prints now.
    pub now: Option<KubectlMessage>,
    /// What the newest kubectl of a range prints, if `now` is about an older one and this one refuses
    /// the user for another reason.
    pub newest: Option<KubectlMessage>,
    /// What it prints once another problem, which hides this one, is fixed.
    pub once_fixed: Option<KubectlMessage>,
    /// How that other problem ends, if no error in a report shows it: `… is fixed`.
    pub fixed_first: Option<&'static str>,
    /// The condition under which kubectl meets the problem, such as a flag; `None` if it always does.
    pub condition: Option<Message>,
}
