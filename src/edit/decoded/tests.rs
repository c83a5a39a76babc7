//! What fixes change besides what they are about.

use std::iter;

use super::*;
use crate::kubernetes::api_versions::V1BETA1;
use crate::syntax::yaml;

#[test]
fn leaves_are_small() {
    // A text has one for every few bytes.
    assert!(size_of::<Leaf>() <= 48, "{}", size_of::<Leaf>());
}

const OLD: &str = "\
users:
- name: u
  user: {exec: {apiVersion: GROUP/v1alpha1, command: one, args: [a, b], env: [{name: N, value: v1alpha1}]}}
- name: w
  user: {exec: {apiVersion: GROUP/v1alpha1, command: two, interactiveMode: ''}}
";

/// Returns the use of the value that follows `before` first.
fn place(before: &str, value: &str) -> ValueUse {
    let start = OLD.find(&format!("{before}{value}")).unwrap() + before.len();
    (Span::new(start, start + value.len()), None)
}

/// Returns the fix of the first user.
fn intent() -> Intent {
    Intent {
        version: Some(place("apiVersion: ", "GROUP/v1alpha1")),
        command: Some(place("command: ", "one")),
        changes_version: true,
        new: Some(&V1BETA1),
        ..Intent::default()
    }
}

/// Returns the old values that changed although the fix is not about them; `+` stands for those that
/// are not compared one by one.
fn unintended<'a>(old: &'a str, new: &str, intent: &Intent) -> Vec<&'a str> {
    let (before, after) = (yaml::parse(old), yaml::parse(new));
    let compared = Compared::at(intent.uses().map(|(span, _)| span));
    let before = Decoded::read(View { tree: &before, text: old }, true, &compared);
    let compared = Compared::AsIn(&before);
    let after = Decoded::read(View { tree: &after, text: new }, true, &compared);
    let changes = compare(&before, &after, &[intent], &[]);
    let value = |place: Option<Span>| place.map_or("+", |place| &old[place.range()]);
    let mut values: Vec<_> = changes.into_iter().map(value).collect();
    values.sort_unstable();
    values
}

#[test]
fn values_change_only_as_the_fix_intends() {
    const VERSION: &str = "GROUP/v1alpha1";
    let mode = |intent| Intent { adds_mode: true, ..intent };
    let copy =
        |intent| Intent { copies: iter::once(place("value: ", "v1alpha1")).collect(), ..intent };
    let inputs = || [place("[", "a"), place("[a, ", "b")].into_iter().collect();
    let input = |intent| Intent { plugin_inputs: inputs(), ..intent };
    let other = |intent| Intent { changes_version: false, ..intent };
    // The old text, its replacement, the fix, and the old values to report as changed.
    let rows: &[(&str, &str, Intent, &[&str])] = &[
        ("GROUP/v1alpha1, command: one", "GROUP/v1beta1, command: one", intent(), &[]),
        ("GROUP/v1alpha1, command: one", "GROUP/v1, command: one", intent(), &[VERSION]),
        ("GROUP/v1alpha1, command: one", "[v1beta1], command: one", intent(), &[VERSION]),
        (
            "GROUP/v1alpha1, command: one",
            "GROUP/v1beta1, command: one",
            other(intent()),
            &[VERSION],
        ),
        ("GROUP/v1alpha1, command: two", "GROUP/v1beta1, command: two", intent(), &[VERSION]),
        ("apiVersion: GROUP/v1alpha1, command: one", "command: one", intent(), &[VERSION]),
        ("command: one", "command: on", intent(), &["one"]),
        ("command: one, ", "", intent(), &["one"]),
        ("command: one", "commands: one", intent(), &["one"]),
        ("name: u", "name: x", intent(), &["+"]),
        // An `interactiveMode`, where it is missing or empty.
        ("command: one", "command: one, interactiveMode: IfAvailable", mode(intent()), &[]),
        ("command: one", "command: one, interactiveMode: Never", mode(intent()), &[VERSION]),
        ("command: one", "command: one, interactiveMode: IfAvailable", intent(), &[VERSION]),
        ("command: one", "command: one, mode: IfAvailable", mode(intent()), &["+"]),
        ("Mode: ''", "Mode: IfAvailable", mode(intent()), &[""]),
        // A copy of the version, and arguments of the plugin.
        ("value: v1alpha1", "value: v1beta1", copy(intent()), &[]),
        ("value: v1alpha1", "value: v1", copy(intent()), &["v1alpha1"]),
        ("value: v1alpha1", "value: v1beta1", intent(), &["+"]),
        ("[a, b]", "[c, b]", input(intent()), &[]),
        ("[a, b]", "[b]", input(intent()), &[]),
        ("[a, b]", "[c, b]", intent(), &["+"]),
        ("[a, b]", "[a]", intent(), &["+"]),
        ("[a, b]", "[a, b, c]", input(intent()), &["+"]),
    ];
    for (old, new, intent, expected) in rows {
        assert!(OLD.contains(old), "{old}");
        let found = unintended(OLD, &OLD.replacen(old, new, 1), intent);
        assert_eq!(found, *expected, "{old} -> {new}");
    }
    // The version is missing, or its key is misspelled, or it is not a version at all.
    let keys: [(&str, &[&str]); 4] = [
        ("", &[]),
        ("api-version: GROUP/v1alpha1, ", &[]),
        ("apiversion: GROUP/v1alpha1, ", &[]),
        ("version: GROUP/v1alpha1, ", &["+"]),
    ];
    for (key, removed) in keys {
        let start = OLD.find("apiVersion").unwrap();
        let end = OLD.find("command").unwrap();
        let with = |pair: &str| format!("{}{pair}{}", &OLD[..start], &OLD[end..]);
        let old = with(key);
        let at = old.find("one").unwrap();
        let command = Some((Span::new(at, at + 3), None));
        let intent = Intent { version: None, command, ..intent() };
        let right = with(&format!("apiVersion: {}, ", V1BETA1.name));
        assert_eq!(unintended(&old, &right, &intent), removed, "{key}");
        let wrong = with("apiVersion: GROUP/v1, ");
        assert_eq!(unintended(&old, &wrong, &intent), ["one"], "{key}");
        assert_eq!(unintended(&old, &right, &other(intent.clone())), ["one"], "{key}");
    }
}

/// Returns the use of a value by its place, and the place of the alias that leads to it.
fn use_of(text: &str, value: &str, alias: Option<&str>) -> ValueUse {
    let span = |word: &str| {
        let at = text.find(word).unwrap();
        Span::new(at, at + word.len())
    };
    (span(value), alias.map(span))
}

#[test]
fn values_change_with_the_value_that_they_share() {
    const VERSION: &str = "GROUP/v1alpha1";
    let changed = |old: &str, covers_all_users: bool| -> Vec<String> {
        let alias = old.contains("apiVersion: *v").then_some("*v");
        let intent = Intent {
            version: Some(use_of(old, VERSION, alias)),
            command: Some(use_of(old, "one", None)),
            covers_all_users,
            ..intent()
        };
        let new = old.replacen(VERSION, "GROUP/v1beta1", 1);
        unintended(old, &new, &intent).into_iter().map(str::to_owned).collect()
    };
    // What holds the value is no field of a kubeconfig.
    let kept = "x: &v GROUP/v1alpha1\nusers: [{user: {exec: {apiVersion: *v, command: one}}}]";
    assert_eq!(changed(kept, false), [""; 0]);
    // Another plugin gets it as an argument.
    let argument = "users:\n- user: {exec: {command: two, args: [&v GROUP/v1alpha1]}}\n\
                    - user: {exec: {apiVersion: *v, command: one}}";
    assert_eq!(changed(argument, false), [VERSION]);
    // Two users share an exec config: one fix may be for both.
    let shared = "users:\n- user: {exec: &e {apiVersion: GROUP/v1alpha1, command: one}}\n\
                  - user: {exec: *e}";
    assert_eq!(changed(shared, true), [""; 0]);
    assert_eq!(changed(shared, false), [VERSION]);
    // Two users share the version only.
    let other = "users:\n- user: {exec: {apiVersion: &w GROUP/v1alpha1, command: one}}\n\
                 - user: {exec: {apiVersion: *w, command: two}}";
    assert_eq!(changed(other, true), [VERSION]);
}

#[test]
fn values_change_only_in_the_mapping_that_the_fix_is_for() {
    // Two users share a command, and the first gets a version.
    let old = "users:\n- user: {exec: {command: &c one}}\n- user: {exec: {command: *c}}";
    let intent = Intent { version: None, command: Some(use_of(old, "one", None)), ..intent() };
    let version = format!(", apiVersion: {}}}", V1BETA1.name);
    let first = old.replacen('}', &version, 1);
    assert_eq!(unintended(old, &first, &intent), [""; 0]);
    let second = old.replace("*c}", &format!("*c{version}"));
    assert_eq!(unintended(old, &second, &intent), ["one"]);
}

#[test]
fn arguments_change_with_the_value_that_they_share() {
    let old = "x: &a old\nusers: [{user: {exec: {command: one, args: [*a]}}}]";
    let plugin_inputs = iter::once(use_of(old, "old", Some("*a"))).collect();
    let intent = Intent { plugin_inputs, ..Intent::default() };
    assert_eq!(unintended(old, &old.replace("old", "new"), &intent), [""; 0]);
    assert_eq!(unintended(old, &old.replace("one", "two"), &intent), ["one"]);
}

#[test]
fn values_with_a_meaning_of_their_own_stay() {
    let intent = Intent { adds_mode: true, ..intent() };
    let old = OLD.replace("command: one", "command: one, interactiveMode: Never");
    let new = old.replace("Never", "IfAvailable");
    assert_eq!(unintended(&old, &new, &intent), ["Never"]);
    // A version in another place than that of the fix.
    let new = OLD.replace("command: one", "command: v1beta1");
    assert_eq!(unintended(OLD, &new, &intent), ["one"]);
}

/// Values of the same text are added up in any order, but not across their places.
#[test]
fn values_may_not_trade_places() {
    let swapped = OLD.replace("[a, b]", "[b, a]");
    assert_eq!(unintended(OLD, &swapped, &intent()), ["+"]);
    let quoted = OLD.replace("[a, b]", "[a, 1]");
    assert_eq!(unintended(&quoted, &quoted.replace(", 1]", ", '1']"), &intent()), ["+"]);
}

#[test]
fn texts_are_cut_off_only_if_aliases_multiply_their_values() {
    let is_cut_off = |text: &str| {
        let tree = yaml::parse(text);
        let compared = Compared::at(std::iter::empty());
        Decoded::read(View { tree: &tree, text }, true, &compared).is_cut_off
    };
    let many = MIN_LEAVES + MIN_LEAVES / 2;
    assert!(!is_cut_off(&format!("[{}]", "1,".repeat(many))));
    let (values, aliases) = ("1,".repeat(many / 100), "*a,".repeat(100));
    assert!(is_cut_off(&format!("a: &a [{values}]\nb: [{aliases}]")));
    // A few uses of a long list are no attack.
    let (values, aliases) = ("1,".repeat(many / 10), "*a,".repeat(9));
    assert!(!is_cut_off(&format!("a: &a [{values}]\nb: [{aliases}]")));
}

/// A text around the fixed one must not change otherwise. The same place read in another way is
/// no text of its own.
#[test]
fn texts_around_the_fixed_one_stay() {
    const TEXT: &str = "\na: text\nb: old";
    let read = |text: &str, inner: Option<&Decoded>| {
        let tree = yaml::parse(text);
        let compared = Compared::at(inner.and_then(Decoded::place_of_fixes).into_iter());
        Decoded::read(View { tree: &tree, text }, true, &compared)
    };
    // The first text is in the file, and the second at this place of that text.
    let texts = |(outer, place): (usize, Span), [first, second]: [&str; 2]| {
        let of_file = Span::new(4, 8);
        let second = Decoded { within: Some((0, place)), ..read(second, None) };
        let first = read(first, Some(&second).filter(|_| outer == 1));
        let first = Decoded { within: Some((0, of_file)), ..first };
        let second = Decoded { within: Some((outer, place)), ..second };
        [read(TEXT, Some(&first)), first, second].map(Some)
    };
    let changed = |fixed: usize, place: (usize, Span), new: [&str; 2]| -> Vec<usize> {
        let mut finding = Finding::new(crate::rule::RULES[0], Span::default(), "");
        finding.fix = Some(Box::new(Fix {
            message: crate::text::message::Message::default(),
            changes: Vec::new(),
            applicability: crate::finding::fix::Applicability::Safe,
            doubt: None,
            notes: crate::finding::few::Few::default(),
            intent: Intent { text: fixed, ..Intent::default() },
        }));
        let (before, after) = (texts(place, [TEXT; 2]), texts(place, new));
        let changes = unintended_changes(&before, &after, &[&finding]);
        changes.into_iter().map(|change| change.text).collect()
    };
    let other = TEXT.replace("old", "new");
    assert_eq!(changed(2, (1, Span::new(4, 8)), [&other, TEXT]), [1]);
    assert_eq!(changed(1, (0, Span::new(12, 15)), [TEXT, &other]), [2]);
    assert_eq!(changed(1, (0, Span::new(5, 7)), [TEXT, &other]), [0; 0]);
}

#[test]
fn texts_that_are_cut_off_are_not_accepted() {
    let text = |is_cut_off| Some(Decoded { has_fix: true, is_cut_off, ..Decoded::default() });
    for (old, new, expected) in [(false, false, 0), (true, false, 1), (false, true, 1)] {
        let changes = unintended_changes(&[text(old)], &[text(new)], &[]);
        assert_eq!(changes.len(), expected, "{old} {new}");
    }
}
