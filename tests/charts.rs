//! A repository of Helm charts: ten thousand files, full of what no YAML parser accepts, and no
//! kubeconfig among them. The linter must not report anything.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::time::Duration;

/// The files of a chart, with the words that make a file worth a look: `users`, `exec`,
/// `current-context`, and the API group in prose and probes.
const FILES: &[(&str, &str)] = &[
    (
        "Chart.yaml",
        "apiVersion: v2\nname: NAME\nversion: 0.1.0\ndescription: |\n  Runs users and exec.\n",
    ),
    (
        "values.yaml",
        "users:\n  - name: admin\n    exec: {}\nauth-provider:\n  name: gcp\ncurrent-context: \"\"\nimage: {repository: x, tag: \"\"}\n",
    ),
    (
        "templates/_helpers.tpl",
        "{{- define \"NAME.fullname\" -}}\n{{- printf \"%s-%s\" .Release.Name .Chart.Name | trunc 63 -}}\n{{- end -}}\n",
    ),
    (
        "templates/deployment.yaml",
        "{{- if .Values.enabled }}\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ include \"NAME.fullname\" . }}\n  labels: {{- include \"NAME.labels\" . | nindent 4 }}\nspec:\n  template:\n    spec:\n      {{- with .Values.users }}\n      users:\n        {{- toYaml . | nindent 8 }}\n      {{- end }}\n      containers:\n      - name: c\n        livenessProbe:\n          exec:\n            command: [cat, /tmp/x]\n{{- end }}\n",
    ),
    (
        "templates/configmap.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  users: |\n    - {{ .Values.user }}\n  exec: {{ .Values.exec | quote }}\n  {{- range $k, $v := .Values.files }}\n  {{ $k }}: |\n{{ $v | indent 4 }}\n  {{- end }}\n",
    ),
    (
        "templates/kubeconfig-secret.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\nstringData:\n  config: |\n    apiVersion: v1\n    kind: Config\n    current-context: {{ .Values.context }}\n    clusters:\n    {{- range .Values.clusters }}\n    - name: {{ .name }}\n      cluster: {server: {{ .server }}}\n    {{- end }}\n    users:\n    - name: {{ .Values.user }}\n      user:\n        exec:\n          apiVersion: client.authentication.k8s.io/v1beta1\n          command: aws\n          args: {{ .Values.args | toJson }}\n",
    ),
    (
        "templates/kubeconfig.yaml",
        "{{- if .Values.kubeconfig }}\napiVersion: v1\nkind: Config\ncurrent-context: {{ .Values.context }}\nclusters:\n- name: {{ .Values.cluster }}\n  cluster:\n    certificate-authority-data: {{ .Values.ca }}\ncontexts: []\nusers:\n- name: u\n  user:\n    exec:\n      apiVersion: {{ .Values.execApiVersion }}\n      command: aws\n{{- end }}\n",
    ),
    (
        "templates/rbac.yaml",
        "{{ if .Values.rbac }}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nrules:\n{{ toYaml .Values.rules }}\n---\nkind: RoleBinding\nsubjects: # users: none, exec: none, client.authentication.k8s.io is not here\n- {{ . }}\n{{ end }}\n",
    ),
    (
        "templates/NOTES.txt",
        "users: see {{ .Values.url }}\n  kubectl exec: works with client.authentication.k8s.io/v1beta1 only.\n\t{{- end }}\n",
    ),
    ("ci/test-values.yaml", "users: &u\n- {name: a}\nx: {exec: *u, auth-provider: {name: gcp}}\n"),
];

#[test]
fn helm_charts_yield_no_findings() {
    let temporary = tempfile::tempdir().unwrap();
    let charts = 10_000 / FILES.len();
    for i in 0..charts {
        let root = temporary.path().join(format!("charts/c{i}"));
        for (name, text) in FILES {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text.replace("NAME", &format!("n{i}"))).unwrap();
        }
    }
    let outcome =
        common::run(temporary.path(), &["--format", "short"], b"", Duration::from_secs(120));
    assert_eq!(outcome.out(), "");
    let summary = format!(
        "Nothing to report in {} files ({} kubeconfigs, {} exec configs)\n\
         {} mentions (--show-mentions) · {} versions are set elsewhere (-v)\n",
        charts * FILES.len(),
        charts * 2,
        charts * 2,
        charts * 2,
        charts
    );
    assert_eq!(outcome.err(), summary);
    assert_eq!(outcome.status, Some(0));
}
