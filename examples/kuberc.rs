//! Predicts what kubectl of each minor would say about files if each were its `~/.kube/kuberc`: one
//! JSON object per line, for comparison with the real kubectl.
//!
//! `cargo run --release --example kuberc -- 1.33-1.37 FILE...`

use std::io::{self, Write};

use kubeconfig_lint::Source;
use kubeconfig_lint::internals::Kuberc;
use kubeconfig_lint::internals::policy;
use kubeconfig_lint::{Minor, Target};

use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let target: Target = args.next().ok_or("the kubectl versions are missing")?.parse()?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    for path in args {
        let found =
            kubeconfig_lint::internals::kuberc::read(&Source::new(&path, std::fs::read(&path)?));
        for minor in target.minors() {
            let (class, message) = policy::reaction(&found, minor);
            writeln!(
                out,
                "{}",
                json!({
                    "file": path,
                    "version": minor.to_string(),
                    "class": class.as_str(),
                    "says": message,
                    "policy": policy(&found, minor),
                })
            )?;
        }
    }
    Ok(())
}

/// Returns the policy in effect, and the plugins that it allows; null if there is none.
fn policy(found: &Kuberc, minor: Minor) -> Value {
    let Some(used) = policy::used(found, minor).filter(|_| policy::sets_policy(found, minor))
    else {
        return Value::Null;
    };
    let entries = used.allowlist.iter().flat_map(|list| &list.entries);
    let plugins = entries.filter_map(|entry| policy::plugin_of(entry, minor));
    json!({
        "policy": used.policy.as_ref().map(|policy| &policy.value),
        "plugins": plugins.map(|plugin| &plugin.value).collect::<Vec<_>>(),
    })
}
