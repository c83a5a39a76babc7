//! The carriers: the ways in which an exec config, or what governs it, sits in a file. One file a
//! carrier.
//!
//! To add one: write `src/carrier/NAME.rs` with a `CARRIER`, and put its name into the list
//! below. A carrier knows files and nothing of rules; it yields [`Subject`]s, whose API versions
//! claim the places where they stand.

use crate::carrier::input::Input;
use crate::language::Language;
use crate::model::Subject;
use crate::role::Role;
use crate::text::offsets::Mapped;
use crate::text::source::Span;

use std::sync::LazyLock;

mod choice;
mod comment;
mod fallback;
pub(crate) mod heuristics;
pub mod input;
pub(crate) mod key;
pub(crate) mod vocabulary;

pub(crate) use kubeconfig::{SIGNS, names_plugin};

/// The variable by which kubectl tells a plugin what is wanted.
pub(crate) const EXEC_INFO: &str = "KUBERNETES_EXEC_INFO";

/// Something that an exec API version of Terraform refers to, in any file of the module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// `var.NAME`, `local.NAME`, or `provider.NAME` where v1 needs a release that knows it.
    pub name: String,
    /// The command and the arguments of the exec config that takes its version from it; `None`
    /// where its group is written beside it.
    pub command_line: Option<Vec<String>>,
}

/// What a carrier found.
#[derive(Debug, Default)]
pub struct Reading {
    /// What rules are to judge, in the order of the file.
    pub subjects: Vec<Subject>,
    /// How many kubeconfigs it was found in.
    pub kubeconfigs: usize,
    /// The texts in it that are to be read as texts of their own.
    pub texts: Vec<Embedded>,
    /// What exec API versions refer to here.
    pub references: Vec<Reference>,
    /// The variables and locals of Terraform that hold exec API versions here.
    pub declared: Vec<String>,
    /// The places that were understood, and hold nothing but mentions.
    pub done: Vec<Span>,
    /// Why the file, though it is the carrier's, could not be read, without a full stop.
    pub skipped: Option<String>,
    /// What must happen to the file before kubectl reads it, if anything must: `rendered` or
    /// `decrypted`.
    pub once: Option<&'static str>,
}

/// A text in a text: in a string, a heredoc, a fence, base64.
#[derive(Debug)]
pub struct Embedded {
    /// The text, and where its bytes come from.
    pub content: Mapped,
    /// What it is written in.
    pub language: Language,
    /// What it is there for, by the syntax around it.
    pub role: Role,
    /// Whether it was base64: no place in it can be shown.
    pub base64: bool,
    /// Whether it is the value of `KUBERNETES_EXEC_INFO`.
    pub is_request: bool,
}

impl Embedded {
    /// A text of unknown kind.
    pub fn new(content: Mapped) -> Self {
        let (language, role) = (Language::Data, Role::Live);
        Self { content, language, role, base64: false, is_request: false }
    }
}

/// A carrier: its name, and how it reads.
pub struct Carrier {
    /// The name in reports.
    pub name: &'static str,
    /// Reads a file; an empty [`Reading`] where it is not the carrier's.
    pub read: fn(&Input<'_>) -> Reading,
}

/// Lists the carriers, in the order in which they are asked.
macro_rules! carriers {
    ($($module:ident),+ $(,)?) => {
        $(pub(crate) mod $module;)+
        /// All carriers, in the order in which they are asked.
        pub static CARRIERS: LazyLock<Vec<&'static Carrier>> =
            LazyLock::new(|| vec![$(&$module::CARRIER),+]);
    };
}

carriers![
    kubeconfig,
    exec_credential,
    kuberc,
    documentation,
    terraform,
    exec_config,
    base64,
    heredoc,
    pattern,
];

/// The name in reports of what no carrier claims.
pub const TEXT: &str = "text";
