//! Predicts what kubectl of each minor would say about kubeconfigs: one JSON object per line, for
//! comparison with the real kubectl.
//!
//! `cargo run --release --example verdict -- 1.20-1.37 FILE...`. With `--credential v1beta1` before
//! the versions, predicts what kubectl, configured for that version, would say about the output of
//! a plugin.

mod class;

use std::io::{self, Write};

use kubeconfig_lint::Source;
use kubeconfig_lint::internals;
use kubeconfig_lint::internals::ExecConfig;
use kubeconfig_lint::internals::api_versions;
use kubeconfig_lint::internals::{KubeconfigFile, Verdict, decode_error, plugin_output};
use kubeconfig_lint::{Minor, Target};

use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1).peekable();
    if args.next_if(|arg| arg == "--credential").is_some() {
        return credentials(args);
    }
    let target: Target = args.next().ok_or("the kubectl versions are missing")?.parse()?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    for path in args {
        let source = Source::new(&path, std::fs::read(&path)?);
        let file = KubeconfigFile::new(&source);
        for minor in target.minors() {
            let verdict = of_file(&file, minor);
            writeln!(
                out,
                "{}",
                json!({"file": path, "version": minor.to_string(), "verdict": verdict})
            )?;
        }
    }
    Ok(())
}

/// `CONFIGURED VERSIONS FILE...`; the files contain the output of the plugin.
fn credentials(mut args: impl Iterator<Item = String>) -> Result<(), Box<dyn std::error::Error>> {
    let configured = args.next().ok_or("the configured version is missing")?;
    let configured = format!("{}/{configured}", api_versions::GROUP);
    let target: Target = args.next().ok_or("the kubectl versions are missing")?.parse()?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    for path in args {
        let text = std::fs::read_to_string(&path)?;
        for minor in target.minors() {
            let refusals = internals::refusals(&text, Some(&configured), minor);
            let first = refusals.first();
            let message = first.and_then(|refusal| plugin_output::message(refusal, minor));
            let verdict = json!({"class": first.map_or("ok", class::of_refusal), "says": message});
            writeln!(
                out,
                "{}",
                json!({"file": path, "version": minor.to_string(), "verdict": verdict})
            )?;
        }
    }
    Ok(())
}

fn of_file(file: &KubeconfigFile, minor: Minor) -> Value {
    if let Some(error) = file.error(minor) {
        return json!({"undecodable": decode_error::message(error, minor), "reason": format!("{:?}", error.reason)});
    }
    let users = file.users().map(|auth| {
        let mut user = shown(file.of_user(auth, minor));
        user["name"] = json!(auth.display_name());
        user["exec"] = json!(auth.exec.as_deref().map(exec));
        user
    });
    let users: Vec<Value> = users.collect();
    json!({"current": shown(file.of_current_context(minor)), "users": users})
}

fn shown(verdict: Verdict) -> Value {
    json!({"class": class::of_verdict(verdict.class), "says": verdict.message})
}

fn exec(exec: &ExecConfig) -> Value {
    let text = |value: Option<&kubeconfig_lint::internals::Spanned<String>>| {
        value.map(|value| value.value.clone()).unwrap_or_default()
    };
    let env =
        exec.env.iter().map(|env| json!([text(env.name.as_deref()), text(env.value.as_deref())]));
    json!({
        "apiVersion": text(exec.api_version.as_ref()),
        "command": text(exec.command.as_ref()),
        "args": exec.args.iter().map(|arg| &arg.value).collect::<Vec<_>>(),
        "env": env.collect::<Vec<_>>(),
        "interactiveMode": text(exec.interactive_mode.as_deref()),
        "installHint": text(exec.install_hint.as_deref()),
        "provideClusterInfo": exec.provide_cluster_info,
    })
}
