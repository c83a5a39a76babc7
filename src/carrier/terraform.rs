//! Terraform, OpenTofu and Terragrunt: `exec` blocks and attributes at any depth, what
//! `yamlencode` and `jsonencode` write, module inputs, variables and their defaults, heredocs.
//!
//! Source: the schemas of the providers hashicorp/kubernetes, hashicorp/helm,
//! gavinbunney/kubectl, alekc/kubectl and fluxcd/flux, and of the backend `kubernetes`.

use super::exec_config::{Syntax, Walk};
use super::{Carrier, Input, Reading};

pub(super) static CARRIER: Carrier = Carrier { name: "terraform", read };

fn read(input: &Input<'_>) -> Reading {
    match input.hcl() {
        Some(view) => Walk::new(input, view, Syntax::Hcl).read(),
        None => Reading::default(),
    }
}
