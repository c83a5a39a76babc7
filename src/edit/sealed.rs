//! Finds texts that a checksum or a signature covers: editing them with anything but their own tool
//! breaks them.
//!
//! Source: getsops/sops v3.11.0: `Metadata.MessageAuthenticationCode` and `MACOnlyEncrypted` in
//! `sops.go`. The YAML and JSON stores keep these keys below `sops`, the dotenv store with the
//! prefix `sops_`, and the INI store in the section `[sops]`. RFC 9580, section 7, for text that is
//! signed in place.

use memchr::memmem;

use crate::finding::Finding;
use crate::kubectl::decode::view::{Field, View};
use crate::syntax::node::NodeId;
use crate::text::placeholder::is_encrypted;
use crate::text::source::{Span, lines};

/// A part of a text that must not be edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seal {
    /// The part.
    place: Span,
    /// What to do instead, without a full stop.
    help: &'static str,
}

const SOPS: &str = "edit this file with `sops edit FILE` or `sops set`: any other edit breaks \
                    its SOPS checksum";
const PGP: &str = "change the version, then sign the text again: any edit breaks its PGP signature";

const SIGNED: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE_END: &str = "-----END PGP SIGNATURE-----";

/// Returns the parts of a text that must not be edited. `view` is the text as YAML or JSON.
pub(crate) fn seals(view: View<'_>) -> Vec<Seal> {
    let text = view.text;
    let has = |word: &str| memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    let mut seals = Vec::new();
    if has("sops") && has("mac") {
        let roots = view.tree.documents.iter().filter_map(|document| document.root);
        let places =
            roots.filter(|root| has_mac(view, *root)).map(|root| view.tree.node(root).span);
        seals.extend(places.map(|place| Seal { place, help: SOPS }));
        // In a stream of JSON values, each is a file of its own.
        let is_stream = view.tree.is_json_like() && view.tree.documents.len() > 1;
        if !is_stream && (!seals.is_empty() || is_settings(text)) {
            return vec![Seal { place: Span::new(0, text.len()), help: SOPS }];
        }
    }
    if !has(SIGNED) {
        return seals;
    }
    let mut start = None;
    for (at, line) in lines(text) {
        let line = line.trim_end();
        if line == SIGNED {
            start = start.or(Some(at));
        } else if line == SIGNATURE_END {
            let place = start.take().map(|start| Span::new(start, at));
            seals.extend(place.map(|place| Seal { place, help: PGP }));
        }
    }
    // A signed message without an end covers the rest of the text.
    let open = start.map(|start| Span::new(start, text.len()));
    seals.extend(open.map(|place| Seal { place, help: PGP }));
    seals
}

/// Drops the fixes that would edit a sealed part, and says what to do instead.
pub(crate) fn respect<'a>(seals: &[Seal], findings: impl Iterator<Item = &'a mut Finding>) {
    if seals.is_empty() {
        return;
    }
    for finding in findings {
        let Some(fix) = &finding.fix else { continue };
        let is_sealed = |seal: &&Seal| {
            fix.changes.iter().any(|change| {
                let span = change.span();
                seal.place.start() <= span.end() && span.start() <= seal.place.end()
            })
        };
        if let Some(seal) = seals.iter().find(is_sealed) {
            finding.fix = None;
            finding.help.push(seal.help.into());
        }
    }
}

/// Returns whether a YAML or JSON document has SOPS's checksum of all its values.
fn has_mac(view: View<'_>, root: NodeId) -> bool {
    let fields = view.fields(root, None);
    let Some(sops) = fields.get("sops").map(|sops| view.fields(sops.value, None)) else {
        return false;
    };
    let string = |field: &Field| view.tree.scalar(field.value, view.text).unwrap_or("");
    sops.get("mac").is_some_and(|mac| is_encrypted(string(mac)))
        && sops.get("mac_only_encrypted").is_none_or(|only| string(only) != "true")
}

/// Returns whether dotenv or INI text has SOPS's checksum. A script or a document that only shows
/// such a line also has lines of other kinds.
fn is_settings(text: &str) -> bool {
    const QUOTES: &str = "\"\"\"";
    let (mut section, mut is_quoted) = (None, false);
    let (mut has_mac, mut is_partial) = (false, false);
    for (_, line) in lines(text) {
        let line = line.trim();
        if is_quoted {
            is_quoted = !line.contains(QUOTES);
            continue;
        }
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with('[') && line.ends_with(']') {
            section = Some(line);
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { return false };
        let (key, value) = (key.trim(), value.trim());
        // An INI value extends to its closing quotes.
        is_quoted = value.strip_prefix(QUOTES).is_some_and(|rest| !rest.contains(QUOTES));
        let key = match section {
            None => key.strip_prefix("sops_"),
            Some(section) => (section == "[sops]").then_some(key),
        };
        match key {
            Some("mac") => has_mac |= is_encrypted(value),
            Some("mac_only_encrypted") => is_partial |= value == "true",
            _ => {}
        }
    }
    has_mac && !is_partial
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::yaml;

    const MAC: &str = "ENC[AES256_GCM,data:JK0=,iv:AAAA,tag:BBBB==,type:str]";

    fn is_sealed(text: &str) -> bool {
        let tree = yaml::parse(text);
        !seals(View { tree: &tree, text }).is_empty()
    }

    #[test]
    fn seals_cover_files_with_a_sops_checksum() {
        for text in [
            "kind: Config\nsops:\n  mac: MAC\n",
            "{\"kind\": \"Config\", \"sops\": {\"mac\": \"MAC\", \"version\": \"3.11.0\"}}",
            "#ENC[AES256_GCM,data:JK0=,iv:AA,tag:BB==,type:comment]\nKUBECONFIG=x\nsops_mac=MAC\n",
            "; a\n[a]\nb = c\nd = \"\"\"e\nf\n\"\"\"\n\n[sops]\nmac   = MAC\n",
            "a: b\n---\nsops: {mac: 'MAC', mac_only_encrypted: false}\n",
        ] {
            let text = text.replace("MAC", MAC);
            assert!(is_sealed(&text), "{text}");
        }
    }

    #[test]
    fn seals_ignore_mentions_of_a_sops_checksum() {
        for text in [
            "kind: Config\nsops:\n  mac: MAC\n  mac_only_encrypted: true\n",
            "kind: Config\nsops:\n  version: 3.11.0\nmac: MAC\n",
            "kind: Config\nsops:\n  mac: true\n",
            "kind: Config\nsops:\n  # mac: MAC\n  version: 3.11.0\n",
            "kind: Config\ntool:\n  sops:\n    mac: 'MAC'\n",
            "kind: Config\n# sops_mac=MAC\n",
            "kind: Config\nnote: |\n  [sops]\n  mac = MAC\n",
            "sops_mac=MAC\nsops_mac_only_encrypted=true\n",
            "#!/bin/sh\nsops_mac=MAC\nkubectl get pods\n",
            "sops_mac=$(sops --extract '[\"sops\"][\"mac\"]' -d x)\n",
            "# About\n\nIt looks so:\n\n    sops_mac=MAC\n",
            "[sops]\nversion = 3\n[other]\nmac = MAC\n",
            "# run sops to see the mac\nkind: Config\n",
        ] {
            let text = text.replace("MAC", MAC);
            assert!(!is_sealed(&text), "{text}");
        }
    }

    #[test]
    fn seals_cover_the_text_between_pgp_lines() {
        let text = format!(
            "a\n{SIGNED}\nHash: SHA256\n\nb\n-----BEGIN PGP SIGNATURE-----\n\nx\n{SIGNATURE_END}\nc\n"
        );
        let tree = yaml::parse("");
        let seals = seals(View { tree: &tree, text: &text });
        let places: Vec<_> = seals.iter().map(|seal| seal.place).collect();
        assert_eq!(places, [Span::new(2, text.len() - SIGNATURE_END.len() - 3)]);
    }
}
