//! ExecCredentials: what credential plugins print, kept as a file, in YAML or JSON.

use super::{Carrier, Input, Reading};
use crate::decode::document;
use crate::decode::fields::{Fields, View};
use crate::kubernetes::api_versions::GROUP;
use crate::model::{Evidence, ExecCredential, Subject};
use crate::syntax::node::Document;

pub(super) static CARRIER: Carrier = Carrier { name: "exec-credential", read };

fn read(input: &Input<'_>) -> Reading {
    let view = input.lenient();
    let documents = view.tree.documents.iter();
    let subjects = documents.filter_map(|document| credential(view, document));
    Reading { subjects: subjects.map(Subject::ExecCredential).collect(), skipped: None }
}

fn credential(view: View<'_>, document: &Document) -> Option<ExecCredential> {
    let root = document.root?;
    if document::unbounded(view, root).is_some() {
        return None;
    }
    let top = view.fields(root, None);
    let kind = view.spanned(top.get("kind"));
    let api_version = view.spanned(top.get("apiVersion"));
    let kind = match kind {
        Some(kind) if kind.value == "ExecCredential" => kind.span,
        Some(_) => return None,
        // kubectl does not ask for the kind: a status of that group is one all the same.
        None => {
            let of_group = api_version.as_ref()?.value.starts_with(GROUP);
            let status = top.get("status").filter(|_| of_group && has_status(&top, view))?;
            view.tree.node(status.key).span
        }
    };
    let evidence =
        if document.error.is_none() { Evidence::Parsed } else { Evidence::Pattern };
    Some(ExecCredential { kind, api_version, evidence })
}

fn has_status(top: &Fields, view: View<'_>) -> bool {
    top.get("status").is_some_and(|status| view.is_mapping(status.value))
}
