//! The named part of a file that encloses a finding: by its name, people find it in a file with
//! many parts.

use serde::Serialize;

use crate::text::message::{Message, message};

/// What encloses a finding. The names are as written; they may be templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Enclosing {
    /// A Kubernetes object: one file may list hundreds of them.
    Object(KubernetesObject),
    /// A block of Terraform.
    Block(TerraformBlock),
}

/// A Kubernetes object, and the key in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KubernetesObject {
    /// `kind`: letters and digits.
    pub kind: String,
    /// `metadata.namespace`, if written.
    pub namespace: Option<String>,
    /// `metadata.name`.
    pub name: String,
    /// The key of `data`, `stringData`, `binaryData` or `annotations` whose value is concerned.
    pub key: Option<String>,
}

/// A block of Terraform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TerraformBlock {
    /// The type of the block, such as `provider`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The labels, without quotes; of `locals`, the name of the local.
    pub labels: Vec<String>,
    /// The `alias` of a provider.
    pub alias: Option<String>,
}

impl Enclosing {
    /// Returns the object or the block as the beginning of a headline.
    pub fn title(&self) -> Message {
        match self {
            Self::Object(KubernetesObject { kind, namespace, name, key }) => {
                let namespace = namespace.iter().map(|namespace| format!("{namespace}/"));
                let name = namespace.chain([name.clone()]).collect::<String>();
                let mut title = message!("{} `{}`", kind.clone(), name);
                if let Some(key) = key {
                    title.push(message!(", key `{}`", key.clone()));
                }
                title
            }
            Self::Block(block) => {
                let mut title = message!("`{}`", block.header());
                if let Some(alias) = &block.alias {
                    title.push(message!(" (alias `{}`)", alias.clone()));
                }
                title
            }
        }
    }

    /// Returns a name that identifies the object with its key, or the block, in the file.
    pub fn address(&self) -> String {
        let parts: Vec<&str> = match self {
            Self::Object(KubernetesObject { kind, namespace, name, key }) => {
                let namespace = namespace.as_deref();
                [Some(&**kind), namespace, Some(name), key.as_deref()]
                    .into_iter()
                    .flatten()
                    .collect()
            }
            Self::Block(TerraformBlock { kind, labels, alias }) => {
                let labels = labels.iter().map(String::as_str);
                std::iter::once(&**kind).chain(labels).chain(alias.as_deref()).collect()
            }
        };
        parts.join(if matches!(self, Self::Object(_)) { "/" } else { "." })
    }
}

impl TerraformBlock {
    /// Returns the head of the block, as Terraform writes it: `provider "helm"`.
    fn header(&self) -> String {
        match self.labels.as_slice() {
            [local] if self.kind == "locals" => format!("local.{local}"),
            labels => labels
                .iter()
                .fold(self.kind.clone(), |header, label| format!("{header} \"{label}\"")),
        }
    }
}
