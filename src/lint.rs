//! Lints one source and returns its findings.

pub(crate) mod severity;
pub mod suppress;

use std::collections::HashSet;
use std::sync::Arc;

use crate::advice;
use crate::advice::version_copies::copies;
use crate::api_group::Occurrence;
use crate::carrier::input::{Context, Input, Places};
use crate::carrier::{CARRIERS, Carrier, Embedded, Reference, TEXT, choice, names_plugin};
use crate::edit::decoded::Decoded;
use crate::edit::{propose, reencode, sealed, shared};
use crate::finding::rule::Rule;
use crate::finding::{Accepted, Finding, Label, Severity};
use crate::kubernetes::api_versions::{self, ApiVersion};
use crate::kubernetes::plugins::names_program;
use crate::kubernetes::version::Target;
use crate::language::Language;
use crate::lint::severity::Grade;
use crate::lint::suppress::{Ignores, Suppressed};
use crate::model::refusal::{DecodeError, Reason};
use crate::model::{Consumer, EntryKind, Evidence, Mention, Recognized, Subject, command_word};
use crate::role::Role;
use crate::rule::{INVALID_IGNORE, RULES, UNUSED_IGNORE};
use crate::secrets;
use crate::secrets::redact::redact;
use crate::text::message::message;
use crate::text::offsets::OffsetMap;
use crate::text::source::{Source, Span, clip, merged};

/// What to check against, and which rules apply.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The kubectl versions that will read the file.
    pub target: Target,
    /// The rules to apply; empty means all.
    pub select: Vec<&'static Rule>,
    /// The rules to skip.
    pub ignore: Vec<&'static Rule>,
    /// The role of the file; `None` derives it from the path.
    pub role: Option<Role>,
    /// The Terraform variables and locals (`var.NAME`, `local.NAME`) that end an exec API version
    /// in another file of the module: the [`Linted::references`] of that file.
    pub references: Vec<Reference>,
    /// The version to write if both the plugin and kubectl accept it; `None` writes the version
    /// that suits the plugin best.
    pub fix_to: Option<&'static ApiVersion>,
}

impl Options {
    /// Returns these options with all rules switched on.
    fn unfiltered(&self) -> Self {
        Self { select: Vec::new(), ignore: Vec::new(), ..self.clone() }
    }

    fn applies(&self, rule: &'static Rule) -> bool {
        (self.select.is_empty() || self.select.contains(&rule)) && !self.ignore.contains(&rule)
    }
}

/// The result of linting one source.
#[derive(Debug, Clone, Default)]
pub struct Linted {
    /// The findings, including mentions, sorted by place, then rule.
    pub findings: Vec<Finding>,
    /// The findings that do not count, sorted by place, then rule.
    pub suppressed: Vec<Suppressed>,
    /// The exec API versions that every target kubectl accepts, sorted by place.
    pub accepted: Vec<Accepted>,
    /// The values that reports must mask, sorted.
    pub secrets: Vec<Span>,
    /// The subset of `secrets` whose own key marks them as secret, sorted. What is passed to a
    /// plugin is not in it.
    pub keyed_secrets: Vec<Span>,
    /// Base64 that was decoded and contains no secret, sorted.
    pub harmless: Vec<Span>,
    /// The Terraform variables whose values end an exec API version in this file. Another file of
    /// the folder may declare them.
    pub references: Vec<Reference>,
    /// The Terraform variables and locals in this file that hold exec API versions. Another file of
    /// the folder may use them.
    pub declared: Vec<String>,
    /// The counts of recognized configurations.
    pub recognized: Recognized,
    /// Why the source could not be checked completely, if it could not.
    pub skipped: Option<String>,
    /// What a fix must not change; `None` if no finding has a fix.
    pub(crate) whole: Option<Arc<Whole>>,
}

/// What a fix must not change, whichever rules are selected.
#[derive(Debug)]
pub(crate) struct Whole {
    /// The results of all rules, including those switched off: one of these may be the only rule
    /// that notices what a fix breaks.
    pub(crate) linted: Linted,
    /// What the texts of the file decode to. Texts without fixes may be left out.
    pub(crate) decoded: Vec<Option<Decoded>>,
}

/// Lints a source.
pub fn lint(source: &Source, options: &Options) -> Linted {
    lint_texts(source, options, false)
}

/// Lints a source, and decodes all of its texts even if no finding has a fix.
pub(crate) fn lint_whole(source: &Source, options: &Options) -> Linted {
    lint_texts(source, options, true)
}

/// Lints a source and the texts embedded in it. Decodes those that have fixes, or all of them.
fn lint_texts(source: &Source, options: &Options, decodes_all: bool) -> Linted {
    let context = Context::of_file(source, options.role);
    let mut input = Input::within(source, context);
    input.references.clone_from(&options.references);
    let mut layer = Layer::read(input, options, decodes_all);
    let mut linted = Linted { skipped: layer.skipped.take(), ..Linted::default() };
    layer.references.sort();
    layer.references.dedup();
    linted.references = layer.references;
    linted.declared = layer.declared;
    linted.recognized.kubeconfigs = layer.kubeconfigs;
    tie_to_printed(&mut layer.judged);
    let mut claims = Places::default();
    let mut seen = HashSet::new();
    for (number, mut judged) in layer.judged.into_iter().enumerate() {
        judged.findings.iter_mut().for_each(|finding| finding.subject = number);
        if let Some(claim) = judged.claim {
            claims.insert(claim);
        }
        linted.recognized.add(judged.recognized);
        linted.accepted.extend(judged.accepted);
        // Two carriers may read the same text: report each finding once.
        linted.findings.extend(judged.findings.into_iter().filter(|finding| {
            let Finding { rule, primary, user, message, alias, .. } = finding;
            seen.insert((rule.name, primary.span, user.clone(), message.clone(), *alias))
        }));
    }
    share_anchors(&mut linted.findings);
    let is_judged = !(linted.findings.is_empty() && linted.accepted.is_empty());
    linted.skipped.take_if(|_| is_judged);
    let grade = Grade::of_file(context.role);
    for occurrence in layer.occurrences.into_iter().filter(|found| !claims.hold(found)) {
        // The one place for accounting: an occurrence that no carrier explained is a mention.
        let Occurrence { span, api_version, base64, .. } = occurrence;
        let mention = Subject::Mention(Mention { span, api_version, base64 });
        linted.findings.extend(judge(&mention, "", options, TEXT, &grade));
    }
    linted.accepted.sort_by_key(|accepted| accepted.span);
    linted.secrets = merged(layer.secrets);
    linted.keyed_secrets = merged(layer.keyed_secrets);
    linted.harmless = merged(layer.harmless);
    let has_fix = linted.findings.iter().any(|finding| finding.fix.is_some());
    let all = (decodes_all || has_fix).then(|| {
        let mut all = linted.clone();
        all.select(source, &options.unfiltered(), &grade);
        all
    });
    linted.select(source, options, &grade);
    linted.whole = all.map(|all| Arc::new(Whole { linted: all, decoded: layer.decoded }));
    linted
}

impl Linted {
    /// Whether there is nothing to report.
    pub(crate) fn is_empty(&self) -> bool {
        self.findings.is_empty() && self.suppressed.is_empty() && self.accepted.is_empty()
    }

    /// Counts the findings of the baseline again.
    pub(crate) fn reveal_known(&mut self) {
        let known = self.suppressed.extract_if(.., |suppressed| !suppressed.is_ignored());
        self.findings.extend(known.map(|suppressed| suppressed.finding));
        self.sort();
    }

    /// Keeps the findings of the selected rules that no other finding covers and no comment
    /// silences.
    fn select(&mut self, source: &Source, options: &Options, grade: &Grade) {
        self.findings.retain(|finding| options.applies(finding.rule));
        self.sort();
        let folded = self.fold();
        self.silence(source, Ignores::read(source), folded, options, grade);
    }

    /// Removes and returns the findings that another finding about the same subject already covers.
    fn fold(&mut self) -> Vec<Finding> {
        let said: HashSet<_> = self.findings.iter().map(|f| (f.subject, f.rule.name)).collect();
        let is_said = |finding: &mut Finding| {
            finding.said_by.iter().any(|rule| said.contains(&(finding.subject, rule.name)))
        };
        self.findings.extract_if(.., is_said).collect()
    }

    /// Removes the findings that comments silence, and reports the comments that silence nothing. A
    /// `folded` finding comes back if the finding that covered it is silenced.
    fn silence(
        &mut self,
        source: &Source,
        mut ignores: Ignores,
        folded: Vec<Finding>,
        options: &Options,
        grade: &Grade,
    ) {
        if ignores.is_empty() {
            return;
        }
        if !folded.is_empty() {
            self.suppressed.extend(ignores.take(source, &self.secrets, &mut self.findings));
            self.findings.extend(folded);
            self.fold();
            self.sort();
        }
        let is_of_comments = |rule: &Rule| *rule == UNUSED_IGNORE || *rule == INVALID_IGNORE;
        // A comment may silence findings about comments, but not those of the second pass.
        let role = grade.role(Role::Live);
        // Nobody edits these files, or they document how such comments are written.
        let is_passed_over = matches!(role, Role::History | Role::Vendored | Role::Documentation);
        for of_comments in [false, true] {
            self.suppressed.extend(ignores.take(source, &self.secrets, &mut self.findings));
            if is_passed_over {
                continue;
            }
            let counts = |rule| options.applies(rule) && is_of_comments(rule) == of_comments;
            let is_new = |finding: &Finding| {
                options.applies(finding.rule) && (!of_comments || *finding.rule != INVALID_IGNORE)
            };
            for idle in ignores.idle(source, &self.findings, counts) {
                let found = judge(&idle, "", options, TEXT, grade);
                self.findings.extend(found.into_iter().filter(is_new));
            }
            self.sort();
        }
    }

    /// Sorts the findings by place, then rule.
    fn sort(&mut self) {
        let key = |finding: &Finding| (finding.primary.span, order(finding.rule));
        self.findings.sort_by_cached_key(key);
        self.suppressed.sort_by_cached_key(|suppressed| key(&suppressed.finding));
    }
}

/// Limit on the depth of texts embedded in each other.
const MAX_DEPTH: usize = 8;

/// What the rules found about one subject.
#[derive(Debug, Default)]
struct Judged {
    /// Where the subject gives its API version.
    claim: Option<Span>,
    findings: Vec<Finding>,
    recognized: Recognized,
    accepted: Option<Accepted>,
    /// Where the subject repeats its API version.
    copies: Vec<Span>,
    /// Whether the subject is the output of a plugin.
    is_printed: bool,
    /// Whether the subject is an exec config with an unknown plugin.
    has_unknown_plugin: bool,
}

/// The result of reading one text: a file, or a text embedded in another.
#[derive(Debug, Default)]
struct Layer {
    judged: Vec<Judged>,
    secrets: Vec<Span>,
    keyed_secrets: Vec<Span>,
    harmless: Vec<Span>,
    occurrences: Vec<Occurrence>,
    references: Vec<Reference>,
    declared: Vec<String>,
    skipped: Option<String>,
    /// How many kubeconfigs the text contains.
    kubeconfigs: usize,
    /// Whether the text is a kubeconfig that some kubectl of the target cannot decode.
    is_broken: bool,
    /// What must happen before kubectl reads what the carrier found: see `Reading::once`.
    once: Option<&'static str>,
    /// What this text and the texts embedded in it decode to, indexed by text number; `None` for
    /// texts without fixes, unless the caller asks for all.
    decoded: Vec<Option<Decoded>>,
    /// Whether the text is a kubeconfig that kubectl reads. If so, nothing reads an exec config in
    /// it that belongs to none of its users.
    is_kubeconfig: bool,
}

impl Layer {
    /// Reads a text with every carrier, then the texts embedded in it.
    fn read(mut input: Input<'_>, options: &Options, decodes_all: bool) -> Self {
        let grade = Grade::of_text(&input);
        let mut layer = Self { decoded: vec![None], ..Self::default() };
        for &carrier in CARRIERS.iter() {
            let reading = (carrier.read)(&input);
            layer.skipped = layer.skipped.take().or(reading.skipped);
            layer.references.extend(reading.references);
            layer.declared.extend(reading.declared);
            layer.once = reading.once;
            layer.kubeconfigs += reading.kubeconfigs;
            let judged = layer.judge_all(reading.subjects, &input, options, carrier, &grade);
            layer.add(judged, &mut input);
            reading.done.into_iter().for_each(|span| input.done.insert(span));
            for text in reading.texts {
                let Embedded { content, .. } = &text;
                // Texts are read one at a time: skip a text that an earlier one already explained.
                let place = content.map.outer(Span::new(0, content.map.len()));
                let is_new = !input.is_explained(place) && !input.done.contain(place);
                if input.context.depth < MAX_DEPTH && !content.text.is_empty() && is_new {
                    let inner = layer.read_inner(text, &input, options, decodes_all);
                    layer.add(inner, &mut input);
                    input.done.insert(place);
                }
            }
        }
        layer.leave_copies();
        let judged = layer.judged.iter_mut();
        sealed::respect(
            &sealed::seals(input.lenient()),
            judged.flat_map(|judged| &mut judged.findings),
        );
        let mut findings = layer.judged.iter().flat_map(|judged| &judged.findings);
        if let Some(decoded) = layer.decoded.first_mut()
            && (decodes_all || findings.any(|finding| finding.fix.is_some()))
        {
            let hcl = input.hcl();
            *decoded = Some(Decoded::read(&[hcl.unwrap_or_else(|| input.lenient())]));
        }
        layer.secrets.extend(input.secrets());
        layer.keyed_secrets.extend(input.keyed_secrets());
        layer.occurrences = input.occurrences;
        layer
    }

    /// Judges what a carrier found in a text.
    fn judge_all(
        &mut self,
        subjects: Vec<Subject>,
        input: &Input<'_>,
        options: &Options,
        carrier: &'static Carrier,
        grade: &Grade,
    ) -> Vec<Judged> {
        let mut all = Vec::new();
        let mut users = Vec::new();
        let mut claims = HashSet::new();
        let text = input.source.text();
        let is_plugin = |subject: &Subject| match subject {
            // A text that was not read to its end may contain a plugin, and so may a value of the
            // wrong type.
            Subject::Undecodable(errors) => errors.iter().any(is_unread) || names_plugin(text),
            subject => subject.has_plugin(),
        };
        let grade = &grade.for_plugins(subjects.iter().any(is_plugin));
        for mut subject in subjects {
            if let (true, Subject::AuthInfo(auth)) = (self.is_broken, &mut subject) {
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
                    if is_read && self.is_kubeconfig {
                        entry.consumer = Consumer::Nobody;
                    }
                }
                _ => {}
            }
            redact(&mut subject, input.secrets());
            let mut findings = judge(&subject, text, options, carrier.name, grade);
            self.qualify(&subject, &mut findings);
            of_branches(&mut findings, input, &options.target);
            self.is_broken |= matches!(subject, Subject::Undecodable(_)) && !findings.is_empty();
            let claim = subject.api_version().map(|value| value.span);
            let is_found = |claim: &Span| findings.iter().any(|found| found.primary.span == *claim);
            // A finding about a misspelt key also explains its value.
            let misspelt = subject.misspelt_api_version().filter(|key| is_found(&key.key));
            let misspelt = misspelt.and_then(|key| Some(key.value.as_ref()?.span));
            let is_new = claim.is_some_and(|claim| claims.insert(claim));
            let accepted = claim.filter(|claim| is_new && !is_found(claim));
            let accepted = accepted.map(|span| accept(&subject, span, carrier.name, grade));
            let copies = copies_in(&subject);
            all.push(Judged {
                claim: claim.or(misspelt),
                findings,
                recognized: Recognized::of(&subject),
                accepted,
                copies,
                is_printed: is_printed(&subject),
                has_unknown_plugin: has_unknown_plugin(&subject),
            });
            users.push(match &subject {
                Subject::AuthInfo(auth) => {
                    auth.name.as_ref().map(|name| clip(&name.value).to_owned())
                }
                _ => None,
            });
        }
        let uses = all.iter_mut().zip(users);
        shared::agree(
            uses.filter_map(|(judged, user)| Some((judged.claim?, user, &mut judged.findings))),
        );
        all
    }

    /// If kubectl does not read the text as it is, says when kubectl prints the quoted words.
    /// Removes the quote if it is unknown whether kubectl prints them at all.
    fn qualify(&self, subject: &Subject, findings: &mut [Finding]) {
        let is_read = matches!(
            subject,
            Subject::AuthInfo(_)
                | Subject::Current(_)
                | Subject::Cluster(_)
                | Subject::ExecEntry(_)
        );
        for finding in findings {
            if is_read && self.is_broken {
                finding.in_broken_file();
            } else if let Some(once) = self.once {
                finding.says_once(once);
            } else if is_read && finding.evidence == Evidence::Pattern {
                finding.kubectl_says = None;
            }
        }
    }

    /// Removes the fixes of findings about a copied version that was also read as a text of its
    /// own: the copy changes with the exec config that it belongs to.
    fn leave_copies(&mut self) {
        let copies = self.judged.iter().flat_map(|judged| judged.copies.iter().copied());
        let copies = merged(copies.collect());
        let is_in_copy = |place: Span| {
            let at = copies.partition_point(|copy| copy.end < place.end);
            copies.get(at).is_some_and(|copy| copy.contains(place) && *copy != place)
        };
        for finding in self.judged.iter_mut().flat_map(|judged| &mut judged.findings) {
            finding.fix.take_if(|_| is_in_copy(finding.primary.span));
        }
    }

    /// Reads a text embedded in this one. All places in the result are places in this text.
    fn read_inner(
        &mut self,
        text: Embedded,
        input: &Input<'_>,
        options: &Options,
        decodes_all: bool,
    ) -> Vec<Judged> {
        let Embedded { content, language, role, base64, is_request } = text;
        let context = Context {
            language,
            role: role.within(input.context.role),
            depth: input.context.depth + 1,
            in_code: input.context.in_code || language == Language::Code,
            is_request,
        };
        let source = Source::new(input.source.path(), content.text.into_bytes());
        let inner = Self::read(Input::within(&source, context), options, decodes_all);
        // A provider configured in an embedded text belongs to another module, which states itself
        // which releases it accepts.
        let is_of_values = |reference: &Reference| {
            let name = &reference.name;
            name.starts_with("var.") || name.starts_with("local.")
        };
        self.references.extend(inner.references.into_iter().filter(is_of_values));
        self.kubeconfigs += inner.kubeconfigs;
        let map = &content.map;
        if base64 {
            // Showing the base64 shows everything in it.
            let place = map.outer(Span::new(0, map.len()));
            self.secrets.push(place);
            let holds_one = !inner.keyed_secrets.is_empty() || secrets::names_secrets(&source);
            let places = if holds_one { &mut self.keyed_secrets } else { &mut self.harmless };
            places.push(place);
        } else {
            let outer = |span: &Span| map.outer(*span);
            self.secrets.extend(inner.secrets.iter().map(outer));
            self.keyed_secrets.extend(inner.keyed_secrets.iter().map(outer));
            self.harmless.extend(inner.harmless.iter().map(outer));
        }
        let outer = input.source.text();
        let around = reencode::Layer { map, inner: source.text(), outer, base64 };
        let decoded = base64.then_some(&source);
        let mut judged = inner.judged;
        let number = self.decoded.len();
        for finding in judged.iter_mut().flat_map(|judged| &mut judged.findings) {
            finding.fix.iter_mut().for_each(|fix| fix.wanted.text += number);
        }
        let place = map.outer(Span::new(0, map.len()));
        self.decoded
            .extend(inner.decoded.into_iter().map(|text| Some(text?.within(number, place))));
        around.carry(judged.iter_mut().flat_map(|judged| &mut judged.findings));
        judged.into_iter().map(|judged| judged.outside(map, decoded)).collect()
    }

    /// Adds what has not been reported yet.
    fn add(&mut self, judged: Vec<Judged>, input: &mut Input<'_>) {
        let is_new =
            |judged: &Judged| judged.claim.is_none_or(|claim| !input.claims.contain(claim));
        let judged: Vec<Judged> = judged.into_iter().filter(is_new).collect();
        for claim in judged.iter().filter_map(|judged| judged.claim) {
            input.claims.insert(claim);
        }
        self.judged.extend(judged);
    }
}

impl Judged {
    /// Translates all places into the outer text. `decoded` is the inner text if it is in base64
    /// there.
    fn outside(mut self, map: &OffsetMap, decoded: Option<&Source>) -> Self {
        let outer = |span: &mut Span| *span = map.outer(*span);
        self.claim.as_mut().map(outer);
        for finding in &mut self.findings {
            if let Some(source) = decoded {
                let line = source.position(finding.primary.span.start).line;
                finding.message.push(message!(" (line {} of the decoded base64)", line));
                // All places in the base64 are now the same place.
                finding.related.clear();
                finding.alias = None;
            }
            outer(&mut finding.primary.span);
            finding.related.iter_mut().map(|label| &mut label.span).for_each(outer);
            finding.alias.as_mut().map(outer);
        }
        if let Some(accepted) = &mut self.accepted {
            outer(&mut accepted.span);
        }
        self
    }
}

/// Whether the subject is an ExecCredential that a plugin prints, rather than the request that a
/// plugin receives.
fn is_printed(subject: &Subject) -> bool {
    match subject {
        Subject::ExecCredential(credential) => !credential.is_request,
        Subject::ExecEntry(entry) => entry.kind == EntryKind::ExecCredential,
        _ => false,
    }
}

/// Whether the subject is an exec config whose plugin, and so whose output, is unknown.
fn has_unknown_plugin(subject: &Subject) -> bool {
    let exec = match subject {
        Subject::AuthInfo(auth) => auth.exec.as_ref(),
        Subject::ExecEntry(entry) if entry.kind == EntryKind::ExecConfig => Some(&entry.exec),
        _ => None,
    };
    exec.is_some_and(|exec| {
        let mut command = exec.command.iter().map(|command| command.value.as_str());
        // If the arguments that identify a known plugin are missing, as in an example, the plugin
        // does not count as unknown.
        advice::program_of(exec).is_none() && !command.any(names_program)
    })
}

/// Points from a wrong version of an unknown plugin to an ExecCredential with the same version in
/// the same file: the plugin may be the program that prints it, and kubectl needs both to agree.
fn tie_to_printed(judged: &mut [Judged]) {
    let is_of_claim = |judged: &Judged, finding: &Finding| {
        judged.claim == Some(finding.primary.span) && finding.api_version.is_some()
    };
    let printed = judged.iter().filter(|judged| judged.is_printed).find_map(|judged| {
        let finding = judged.findings.iter().find(|finding| is_of_claim(judged, finding))?;
        Some((finding.primary.span, finding.api_version.clone()))
    });
    let Some((place, version)) = printed else { return };
    // An ExecCredential printed by a script in an exec config's own arguments belongs to that
    // config alone.
    let owns = |judged: &Judged| judged.copies.iter().any(|copy| copy.contains(place));
    let has_owner = judged.iter().any(owns);
    let may_print = |judged: &&mut Judged| judged.has_unknown_plugin && has_owner == owns(judged);
    for judged in judged.iter_mut().filter(may_print) {
        let claim = judged.claim;
        let is_same = |finding: &&mut Finding| {
            claim == Some(finding.primary.span)
                && finding.api_version == version
                && finding.severity > Severity::Note
        };
        for finding in judged.findings.iter_mut().filter(is_same) {
            finding.related.push(Label::new(place, "this ExecCredential names it, too"));
            finding.help.push(
                "if the plugin is what prints the ExecCredential in this file, change both \
                 versions together"
                    .into(),
            );
        }
    }
}

/// Returns where an exec config repeats its API version, with the group.
fn copies_in(subject: &Subject) -> Vec<Span> {
    let exec = match subject {
        Subject::AuthInfo(auth) => auth.exec.as_ref(),
        Subject::ExecEntry(entry) => Some(&entry.exec),
        _ => None,
    };
    let copies = exec.map(copies).unwrap_or_default().into_iter();
    copies.filter(|copy| copy.has_group).map(|copy| copy.span).collect()
}

fn judge(
    subject: &Subject,
    text: &str,
    options: &Options,
    carrier: &'static str,
    grade: &Grade,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    RULES.iter().for_each(|rule| (rule.check)(subject, &options.target, &mut findings));
    findings
        .into_iter()
        .filter_map(|finding| grade.apply(finding.of(subject)))
        .map(|finding| {
            let fix = propose::propose(&finding, subject, text, &options.target, options.fix_to);
            Finding { carrier, fix, ..finding }
        })
        .collect()
}

fn accept(subject: &Subject, span: Span, carrier: &'static str, grade: &Grade) -> Accepted {
    let (user, exec, evidence, role) = match subject {
        Subject::AuthInfo(auth) => {
            (auth.name.as_ref(), auth.exec.as_ref(), auth.evidence, Role::Live)
        }
        Subject::ExecEntry(entry) => (None, Some(&entry.exec), entry.evidence, entry.role),
        Subject::ExecCredential(credential) => (None, None, credential.evidence, Role::Live),
        _ => (None, None, Evidence::Parsed, Role::Live),
    };
    let command = exec.and_then(|exec| exec.command.as_ref());
    Accepted {
        span,
        api_version: subject.api_version().map(|v| clip(&v.value).to_owned()).unwrap_or_default(),
        carrier,
        user: user.map(|name| clip(&name.value).to_owned()),
        command: command.map(|command| command_word(&command.value).to_owned()),
        evidence: grade.evidence(evidence),
        role: grade.role(role),
    }
}

/// If a removed version is in one branch of a condition, and the other branch has a version that
/// every target kubectl accepts, advises to remove the branch: writing the accepted version would
/// make both branches the same.
fn of_branches(findings: &mut [Finding], input: &Input<'_>, target: &Target) {
    let is_accepted = |version: &str| {
        api_versions::lookup(version).is_some_and(|known| known.accepted_by_all(target))
    };
    for finding in findings.iter_mut().filter(|found| found.rule.is_deprecation) {
        if let Some(other) = choice::alternative(input, finding.primary.span, is_accepted) {
            let version = input.source.text().get(other.range()).unwrap_or("").to_owned();
            finding.of_branch(other, version);
        }
    }
}

/// Whether the error stops kubectl's parser before the end of the text.
fn is_unread(error: &DecodeError) -> bool {
    matches!(error.reason, Reason::Syntax(_) | Reason::Encoding)
}

/// Returns the position of a rule in [`RULES`].
fn order(rule: &Rule) -> usize {
    RULES.iter().position(|other| *other == rule).unwrap_or(usize::MAX)
}

/// Reports a value behind an anchor once at the anchor, and for each further user that shares it at
/// that user's alias. Each report shows both places.
fn share_anchors(findings: &mut [Finding]) {
    let mut taken: HashSet<(&'static str, Span)> = HashSet::new();
    for finding in findings {
        let is_new = taken.insert((finding.rule.name, finding.primary.span));
        let Some(alias) = finding.alias else { continue };
        if is_new {
            finding.related.push(Label::new(alias, "used by way of this alias"));
        } else {
            let text = std::mem::replace(&mut finding.primary.text, "it comes from here".into());
            let anchored = std::mem::replace(&mut finding.primary, Label::new(alias, text));
            finding.related.insert(0, anchored);
        }
    }
}

#[cfg(test)]
mod tests;
