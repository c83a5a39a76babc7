//! Reads one text with every carrier, and the texts embedded in it.
//!
//! An embedded text is read as a file of its own; all places in the result are then translated
//! into the text that holds it.

use std::collections::{BTreeSet, HashSet, VecDeque};

use crate::carrier::enclosing::EnclosingParts;
use crate::carrier::input::{Input, MAX_MARKS, Places, TextContext};
use crate::carrier::{CARRIERS, Carrier, Embedded, Reading, Reference, fallback, names_plugin};
use crate::edit::decoded::{Base64Text, Compared, Decoded};
use crate::edit::{reencode, sealed, shared};
use crate::finding::fix::Intent;
use crate::kubectl::merge::Siblings;
use crate::language::Language;
use crate::lint::severity::Grade;
use crate::model::{Consumer, EntryKind, Evidence, ExecConfig, Recognized, Subject};
use crate::role::Role;
use crate::secrets::SecretSpans;
use crate::secrets::redact::Secrets;
use crate::secrets::{context, fault};
use crate::text::source::{Source, Span, merged};

use super::check::{Judged, check_subject, stops_the_parser};
use super::options::Options;
use super::words::SharedWords;

/// Limit on the depth of texts embedded in each other.
const MAX_DEPTH: usize = 8;

/// The result of reading one text: a file, or a text embedded in another. [`Linted`](super::Linted)
/// documents the fields that both have.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer {
    pub(super) judged: Judged,
    pub(super) secrets: SecretSpans,
    pub(super) harmless_base64: Vec<Span>,
    pub(super) references: Vec<Reference>,
    pub(super) declared: Vec<String>,
    pub(super) skipped: Option<String>,
    pub(super) limits: BTreeSet<String>,
    /// The counts of what was recognized, except that which `judged` counts.
    pub(super) recognized: Recognized,
    /// The line of the first error of a kubeconfig that some kubectl of the target cannot decode.
    broken_line: Option<usize>,
    /// What this text and the texts embedded in it decode to, indexed by text number; `None` for
    /// texts without fixes, unless the caller asks for all.
    pub(super) decoded: Vec<Option<Decoded>>,
    /// Whether the text is a kubeconfig that kubectl reads. If so, nothing reads an exec config in
    /// it that belongs to none of its users.
    is_kubeconfig: bool,
    /// The values in which no version needs a finding of its own.
    settled: Places,
    /// The texts embedded in this one that were read last.
    known: VecDeque<Known>,
}

/// A text that was read. Recordings and state files repeat theirs many times.
#[derive(Debug, Clone)]
struct Known {
    source: Source,
    context: TextContext,
    layer: Layer,
}

impl Known {
    /// Limit on the texts that are kept, and on the bytes of each.
    const MAX: usize = 8;
    const MAX_BYTES: usize = 1 << 16;
}

/// Returns whether a credential plugin or an auth provider is among what was found in a text, or in a
/// file that kubectl loads, too.
fn has_plugin_among(subjects: &[Subject], input: &Input<'_>) -> bool {
    let is_plugin = |subject: &Subject| match subject {
        // A text that was not read to its end may contain a plugin, and so may a value of the wrong
        // type.
        Subject::Undecodable(found) => {
            found.errors.iter().any(stops_the_parser) || names_plugin(input.source.text())
        }
        subject => subject.has_plugin(),
    };
    subjects.iter().any(is_plugin) || input.siblings.as_ref().is_some_and(Siblings::have_plugin)
}

impl Layer {
    /// Reads a text with every carrier, then the texts embedded in it.
    ///
    /// `before` is what these texts decode to before the fixes, if this is a fixed file: they are
    /// then all decoded.
    pub(super) fn read(
        input: &mut Input<'_>,
        options: &Options,
        before: Option<&[Option<Decoded>]>,
        words: &mut SharedWords,
    ) -> Self {
        let mut layer = Self { decoded: vec![None], ..Self::default() };
        if input.is_too_dense {
            let more = "commas, colons, brackets and line breaks: it is read without a parser";
            layer.limits.insert(format!("more than {MAX_MARKS} {more}"));
        }
        for &carrier in CARRIERS.iter() {
            let Reading {
                subjects,
                unread,
                kubeconfigs,
                texts,
                references,
                declared,
                done,
                skipped,
                limits,
                preprocessing,
            } = (carrier.read)(input);
            layer.skipped = layer.skipped.take().or(skipped);
            layer.limits.extend(limits);
            layer.references.extend(references);
            layer.declared.extend(declared);
            layer.recognized.kubeconfigs += kubeconfigs;
            let judged = if subjects.is_empty() && unread.is_none() {
                // It borrows the input, although it is not there.
                drop(unread);
                Judged::default()
            } else {
                let mut grade = Grade::of_text(input, &input.occurrences, preprocessing);
                grade.waits_for = input.siblings.as_ref().and_then(Siblings::undecodable);
                grade.has_plugin = unread.as_ref().is_some_and(|unread| unread.has_plugin)
                    || has_plugin_among(&subjects, input);
                let unread = unread.into_iter().flat_map(|unread| unread.subjects);
                let subjects = subjects.into_iter().chain(unread);
                layer.check_all(subjects, input, options, carrier, grade, words)
            };
            layer.add(judged, input);
            done.into_iter().for_each(|span| input.done.insert(span));
            for text in texts {
                let Embedded { content, .. } = &text;
                // Texts are read one at a time: skip a text that an earlier one already explained.
                let place = content.map.outer(Span::new(0, content.map.len()));
                let is_new = !input.is_explained(place) && !input.done.contain(place);
                if content.text.is_empty() || !is_new {
                    continue;
                }
                if input.context.depth >= MAX_DEPTH {
                    let what = "texts nested deeper than";
                    layer.limits.insert(format!("{what} {MAX_DEPTH} are only searched"));
                } else {
                    let inner = layer.read_inner(text, input, options, before, words);
                    layer.add(inner, input);
                    input.done.insert(place);
                }
            }
        }
        layer.drop_fixes_of_copies();
        layer.name_enclosing(input);
        let findings = &mut layer.judged.findings;
        let has_fix = findings.iter().any(|finding| finding.fix.is_some());
        if has_fix {
            sealed::respect(&sealed::seals(input.data()), findings.iter_mut());
        }
        if before.is_some() || has_fix {
            let view = input.hcl().unwrap_or_else(|| input.data());
            let compared = match before.and_then(|texts| texts.first()?.as_ref()) {
                Some(before) => Compared::AsIn(before),
                None => Compared::at(layer.places_of_fixes()),
            };
            let decoded = Decoded::read(view, has_fix, &compared);
            layer.decoded.first_mut().map(|text| text.replace(decoded));
        }
        if [input.lenient(), input.strict()].iter().any(|view| view.tree.has_cut_values()) {
            layer.limits.insert("long values behind aliases are read only in part".to_owned());
        }
        let mut secrets = input.take_secrets();
        secrets.extend(std::mem::take(&mut layer.secrets));
        layer.secrets = secrets;
        layer.known.clear();
        layer
    }

    /// Checks what a carrier found in a text.
    fn check_all(
        &mut self,
        subjects: impl Iterator<Item = Subject>,
        input: &Input<'_>,
        options: &Options,
        carrier: &'static Carrier,
        mut grade: Grade<'_>,
        words: &mut SharedWords,
    ) -> Judged {
        let mut judged = Judged::default();
        let mut claims = HashSet::new();
        let secrets = Secrets::of(input.secrets());
        let has_branches = input.has_conditions();
        for mut subject in subjects {
            grade.broken_line = self.broken_line;
            if let (Some(_), Subject::AuthInfo(auth)) = (self.broken_line, &mut subject) {
                // A kubectl of the target fails before it gets here, and a key that seems missing
                // may only have the wrong type.
                auth.evidence = Evidence::Pattern;
            }
            match &mut subject {
                Subject::AuthInfo(auth) => {
                    self.is_kubeconfig |= auth.evidence == Evidence::Parsed && auth.document == 1;
                }
                Subject::ExecEntry(entry) => {
                    let is_read = entry.kind == EntryKind::ExecConfig
                        && entry.role == Role::Live
                        && matches!(entry.consumer, Consumer::Kubectl | Consumer::Unknown);
                    // What the tree lacks may be in a branch of a condition, which kubectl may read.
                    if is_read && self.is_kubeconfig && !has_branches {
                        entry.consumer = Consumer::Nobody;
                    }
                }
                _ => {}
            }
            if subject.drop_args() {
                let more = "arguments of a plugin: the rest is not read";
                self.limits.insert(format!("more than {} {more}", ExecConfig::MAX_ARGS));
            }
            secrets.redact(&mut subject);
            self.secrets.keyed.extend(fault::hide(input.source, &mut subject));
            let is_settled = input.context.is_settled && subject.api_version().is_some();
            let mut findings = match is_settled {
                true => Vec::new(),
                false => check_subject(&subject, options, carrier.name, &grade),
            };
            findings.iter_mut().for_each(|finding| words.share(finding));
            if let (Subject::Undecodable(_), Some(finding)) = (&subject, findings.first()) {
                let line = || input.source.line(finding.primary.span.start());
                self.broken_line.get_or_insert_with(line);
            }
            let (name, target) = (carrier.name, &options.target);
            let counted = judged.add(&subject, findings, name, &grade, target, &mut claims);
            counted.into_iter().for_each(|counted| self.recognized.count(counted));
        }
        judged.accepted.iter_mut().for_each(|accepted| words.share_accepted(accepted));
        if judged.findings.iter().any(|finding| finding.fix.is_some()) {
            shared::drop_disputed_fixes(judged.uses());
        }
        judged
    }

    /// Returns the places in the text that fixes are about: values, and embedded texts with values.
    fn places_of_fixes(&self) -> impl Iterator<Item = Span> + '_ {
        let intents =
            self.judged.findings.iter().filter_map(|finding| Some(&finding.fix.as_ref()?.intent));
        let own = intents.filter(|intent| intent.text == 0).flat_map(Intent::uses);
        let embedded = self.decoded.iter().flatten().filter_map(Decoded::place_of_fixes);
        own.map(|(span, _)| span).chain(embedded)
    }

    /// Says of each finding and accepted version what encloses it. A part of this text encloses those
    /// of embedded texts.
    fn name_enclosing(&mut self, input: &Input<'_>) {
        let Judged { findings, accepted, .. } = &mut self.judged;
        if findings.is_empty() && accepted.is_empty() {
            return;
        }
        let mut parts = EnclosingParts::of(input);
        for finding in findings {
            finding.enclosing = parts.around(finding.primary.span).or(finding.enclosing.take());
        }
        for accepted in accepted {
            accepted.enclosing = parts.around(accepted.span).or(accepted.enclosing.take());
        }
    }

    /// Removes the fixes of findings about a copied version that was also read as a text of its
    /// own: the copy changes with the exec config that it belongs to.
    fn drop_fixes_of_copies(&mut self) {
        let copies = self.judged.checked.iter().flat_map(|checked| checked.copies.iter().copied());
        let copies = merged(copies.collect());
        let is_in_copy = |place: Span| {
            let at = copies.partition_point(|copy| copy.end() < place.end());
            copies.get(at).is_some_and(|copy| copy.contains(place) && *copy != place)
        };
        for finding in &mut self.judged.findings {
            finding.fix.take_if(|_| is_in_copy(finding.primary.span));
        }
    }

    /// Reads a text embedded in this one. All places in the result are places in this text.
    fn read_inner(
        &mut self,
        text: Embedded,
        input: &Input<'_>,
        options: &Options,
        before: Option<&[Option<Decoded>]>,
        words: &mut SharedWords,
    ) -> Judged {
        let Embedded { content, language, role, base64, raw, is_request } = text;
        let start = content.map.outer(Span::new(0, 0));
        let context = TextContext {
            language,
            role: role.within(input.context.role),
            depth: input.context.depth + 1,
            in_code: input.context.in_code || language == Language::Code,
            is_request,
            is_settled: input.context.is_settled || self.settled.contain(start),
        };
        let bytes = raw.unwrap_or_else(|| content.text.into_bytes());
        let source = Source::new(input.source.path(), bytes);
        let number = self.decoded.len();
        let before = before.map(|texts| texts.get(number..).unwrap_or(&[]));
        let is_known =
            |known: &&Known| known.context == context && known.source.is_copy_of(&source);
        let inner = match self.known.iter().find(is_known) {
            Some(known) => known.layer.clone(),
            None => {
                let mut input = Input::within(&source, context);
                let inner = Self::read(&mut input, options, before, words);
                // A fixed text is compared with what it was, and that may differ for each.
                if before.is_none() {
                    self.remember(&source, context, &inner);
                }
                inner
            }
        };
        // A provider configured in an embedded text belongs to another module, which states itself
        // which releases it accepts.
        let is_of_values = |reference: &Reference| {
            let name = &reference.name;
            name.starts_with("var.") || name.starts_with("local.")
        };
        self.references.extend(inner.references.into_iter().filter(is_of_values));
        self.recognized.add(inner.recognized);
        self.limits.extend(inner.limits);
        let map = &content.map;
        if base64 {
            // Showing the base64 shows everything in it.
            let place = map.outer(Span::new(0, map.len()));
            if !inner.secrets.keyed.is_empty() || !context::is_harmless(&source) {
                self.secrets.keyed.push(place);
            } else {
                self.secrets.others.push(place);
                self.harmless_base64.push(place);
            }
        } else {
            let outer = |span: &Span| map.outer(*span);
            self.secrets.keyed.extend(inner.secrets.keyed.iter().map(outer));
            self.secrets.others.extend(inner.secrets.others.iter().map(outer));
            self.harmless_base64.extend(inner.harmless_base64.iter().map(outer));
        }
        let outer = input.source.text();
        let around = reencode::Enclosure { map, inner: source.text(), outer, base64 };
        let secrets = if base64 { merged(inner.secrets.keyed) } else { Vec::new() };
        let decoded = base64.then_some((&source, &*secrets));
        let mut judged = inner.judged;
        for fix in judged.findings.iter_mut().filter_map(|finding| finding.fix.as_mut()) {
            fix.intent.text += number;
        }
        let place = map.outer(Span::new(0, map.len()));
        self.decoded
            .extend(inner.decoded.into_iter().map(|text| Some(text?.within(number, place))));
        around.reencode(judged.findings.iter_mut());
        let judged = judged.outside(map, decoded);
        if let Some(Some(decoded)) = self.decoded.get_mut(number).filter(|_| base64) {
            let secrets = merged([secrets, inner.harmless_base64].concat());
            decoded.base64 = Some(Box::new(Base64Text { source, secrets }));
        }
        judged
    }

    /// Keeps what was read of an embedded text.
    fn remember(&mut self, source: &Source, context: TextContext, layer: &Self) {
        if source.text().len() <= Known::MAX_BYTES {
            self.known.truncate(Known::MAX - 1);
            let (source, layer) = (source.clone(), layer.clone());
            self.known.push_front(Known { source, context, layer });
        }
    }

    /// Adds what has not been reported yet.
    fn add(&mut self, mut judged: Judged, input: &mut Input<'_>) {
        judged.retain(|claim| !input.claims.contain(claim));
        let first = self.judged.checked.len();
        self.judged.append(judged);
        for checked in self.judged.checked.iter_mut().skip(first) {
            for span in std::mem::take(&mut checked.settled) {
                self.settled.insert(span);
            }
            if let Some(claim) = checked.claim {
                fallback::explained_by(input, claim).for_each(|place| input.claims.insert(place));
            }
        }
    }
}
