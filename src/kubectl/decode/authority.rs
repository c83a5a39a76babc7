//! Reads `certificate-authority-data`, and finds out whether client-go finds a certificate in it.
//!
//! Source: client-go `transport/transport.go` (`rootCertPool`) and Go's `crypto/x509/cert_pool.go`
//! (`AppendCertsFromPEM`); measured with kubectl 1.22 to 1.37. Older kubectls load what they find.

use std::collections::HashMap;

use crate::go::base64::decode;
use crate::go::pem::Blocks;
use crate::go::x509::parse_error;
use crate::model::{AuthorityData, AuthorityFault};
use crate::syntax::node::NodeId;
use crate::text::placeholder;
use crate::text::source::Spanned;

use super::view::{Field, View};

/// Reads the certificate authorities of one file, and each value once: aliases may repeat a long one
/// thousands of times.
pub(super) struct Authorities<'a> {
    view: View<'a>,
    known: HashMap<NodeId, AuthorityData>,
}

impl<'a> Authorities<'a> {
    pub(super) fn of(view: View<'a>) -> Self {
        Self { view, known: HashMap::new() }
    }

    /// Returns what is in the field of a cluster; `None` if it is empty.
    pub(super) fn read(&mut self, field: Option<&Field>) -> Option<Spanned<AuthorityData>> {
        let span = self.view.bytes(field)?;
        let field = field?;
        let view = self.view;
        let value = *self.known.entry(field.value).or_insert_with(|| data(view, field.value));
        Some(Spanned { value, span, alias: field.alias })
    }
}

fn data(view: View<'_>, node: NodeId) -> AuthorityData {
    let written = view.string(node).unwrap_or_default();
    let bytes = match view.tree.items(node) {
        [] => decode(&written),
        items => items.iter().map(|&item| byte(view, item)).collect(),
    };
    let text = bytes.as_deref().map(String::from_utf8_lossy);
    let is_placeholder = placeholder::is_in_data(&written)
        || text.as_ref().is_some_and(|text| placeholder::is_in(text));
    // kubectl cannot decode a file with invalid base64 at all.
    AuthorityData { fault: text.as_deref().and_then(fault), is_placeholder }
}

/// Returns an item of a list of bytes; kubectl reads null as 0.
fn byte(view: View<'_>, item: NodeId) -> Option<u8> {
    let (item, _) = view.tree.resolve(item);
    if view.is_null(item) { Some(0) } else { view.integer(item)?.try_into().ok() }
}

/// Returns why client-go finds no certificate in a PEM file. It takes those that it can parse, and
/// looks for an error only if there are none.
pub(crate) fn fault(text: &str) -> Option<AuthorityFault> {
    let mut blocks = Blocks { rest: text };
    let mut first = None;
    for block in &mut blocks {
        if block.kind == "CERTIFICATE" && !block.has_headers {
            let error = parse_error(&block.bytes)?;
            first.get_or_insert(AuthorityFault::Malformed(error));
        }
    }
    let end = match blocks.rest {
        "" => AuthorityFault::NoCertificate,
        _ => AuthorityFault::NoBlock,
    };
    Some(first.unwrap_or(end))
}
