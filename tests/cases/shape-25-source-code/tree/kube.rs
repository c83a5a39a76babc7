const OLD: &str = "client.authentication.k8s.io/v1alpha1";

fn exec() -> ExecConfig {
    ExecConfig {
        api_version: Some("client.authentication.k8s.io/v1alpha1".to_string()),
        command: Some("aws".into()),
        ..Default::default()
    }
}

fn value() -> serde_json::Value {
    json!({"exec": {"apiVersion": "client.authentication.k8s.io/v1alpha1", "command": "aws"}})
}

fn newer() -> ExecConfig {
    ExecConfig { api_version: Some("client.authentication.k8s.io/v1beta1".into()), ..Default::default() }
}

const TEXT: &str = r#"
users:
- name: u
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      command: aws
"#;

fn is_old(v: &str) -> bool {
    matches!(v, "client.authentication.k8s.io/v1alpha1")
}
