"""Classifies kubectl's messages, and removes what differs from run to run."""

import re

# The first rule that matches anywhere in stderr wins. If a message reports several errors, its class
# is that of the earlier rule. Names in messages may contain line breaks.
RULES = [
    (name, re.compile(pattern, re.MULTILINE | re.DOTALL))
    for name, pattern in [
        ("parse-error", r"error loading config file|^error: error parsing|unable to read config"),
        (
            "version-mismatch",
            r"exec plugin is configured to use API version .*, plugin returned version",
        ),
        (
            "output-version-unknown",
            r"decoding stdout: no kind \"ExecCredential\" is registered for version",
        ),
        ("kind-mismatch", r"decoding stdout: no kind|incorrect kind|Object 'Kind' is missing"),
        ("status-missing", r"exec plugin didn't return a status field"),
        ("credential-missing", r"exec plugin didn't return a token or cert/key pair"),
        (
            "credential-bad-cert",
            (
                r"getting credentials: (exec plugin returned only certificate or key"
                r"|failed parsing client key/certificate)"
            ),
        ),
        ("command-missing", r"command must be specified for .* to use exec authentication plugin"),
        (
            "apiVersion-missing",
            r"apiVersion must be specified for .* to use exec authentication plugin",
        ),
        ("interactiveMode-invalid", r"invalid interactiveMode for |unknown interactiveMode"),
        (
            "interactiveMode-missing",
            r"interactiveMode must be specified for .* to use exec authentication plugin",
        ),
        ("env-name-missing", r"env variable name must be specified"),
        ("env-value-missing", r"env variable .* value must be specified"),
        (
            "auth-conflict",
            (
                r"more than one authentication method found"
                r"|authProvider cannot be provided in combination"
            ),
        ),
        (
            "file-missing",
            (
                r"unable to read client-cert|unable to read client-key"
                r"|^error: open .*: no such file or directory"
            ),
        ),
        ("kuberc-invalid", r"error occurred while applying preferences"),
        (
            "plugin-not-allowed",
            (
                r"not allowed: policy set to|is not permitted by the credential plugin allowlist"
                r"|cannot be resolved for credential plugin allowlist"
            ),
        ),
        ("invalid-apiVersion", r"exec plugin: invalid apiVersion"),
        ("interactive-needs-tty", r"exec plugin cannot support interactive mode"),
        ("auth-provider-removed", r"The (gcp|azure|openstack) auth plugin has been removed"),
        ("auth-provider-unknown", r"no Auth Provider found for name"),
        (
            "plugin-not-found",
            (
                r"exec: executable .*? not found|exec: \".*\": executable file not found"
                r"|fork/exec .*: no such file"
            ),
        ),
        (
            "plugin-failed",
            r"exec: executable .*? failed with exit code|getting credentials: exec: exit status",
        ),
        ("plugin-bad-output", r"decoding stdout"),
        (
            "context-missing",
            (
                r"context was not found for specified context|context .* does not exist"
                r"|auth info .* does not exist|cluster .* does not exist|cluster .* was not found"
            ),
        ),
        # clientcmd/validation.go: validateAuthInfo
        (
            "auth-info-invalid",
            (
                r"(client-cert-data and client-cert|client-key-data and client-key) are both specified"
                r"|client-key-data or client-key must be specified for .* clientCert"
                r"|requesting (uid, )?groups or user-extra for .* without impersonating"
            ),
        ),
        # clientcmd/validation.go: validateClusterInfo
        (
            "cluster-invalid",
            (
                r"no server found for cluster|cluster has no server defined|invalid 'proxy-url'"
                r"|certificate-authority-data and certificate-authority are both specified"
                r"|unable to read certificate-authority"
                r"|unable to load root certificates|specifying a root certificates file"
            ),
        ),
        ("invalid-config-other", r"invalid configuration|Error in configuration"),
        # kubectl asked for a user name, and its input is empty.
        ("no-credentials-prompt", r"^error: EOF$"),
        # The file has no server: kubectl tried the default one.
        ("no-cluster", r"localhost:8080|127\.0\.0\.1:8080|\[::1\]:8080"),
        (
            "auth-provider-config",
            (
                r"creating a new azure token source|cannot construct google default token source"
                r"|Must provide idp-issuer-url"
            ),
        ),
        ("request-failed", r"dial tcp|x509|tls: |connection to the server|Unable to connect"),
    ]
]

_KLOG = re.compile(r"^([EWIF])\d{4} \d\d:\d\d:\d\d\.\d+\s+\d+ ", re.MULTILINE)
_SCHEME = re.compile(r'in scheme "[^"\n]*"')
# Only "duplicate name" contains pointers, since it prints Go values. Since Go 1.26, their base varies.
_POINTER = re.compile(r"(?<= )0x[0-9a-f]{8,16}(?= )")
_SOURCE_PORT = re.compile(r"127\.0\.0\.1:\d+->")
# The name server depends on the machine, and its error on the kernel.
_NAME_SERVER = re.compile(r"( lookup [^\n]*?) on [0-9a-fA-F.:\[\]]+:53: [^\n]*")


def classify(status, stderr, ran_plugin):
    """Returns the class of a run that was not stopped, by exit status, normalized stderr, and whether
    the plugin ran."""
    if status == 0:
        if re.search("deprecat", stderr, re.IGNORECASE):
            return "deprecated-warning"
        return "ok-ran-plugin" if ran_plugin else "ok-no-plugin"
    return next((name for name, pattern in RULES if pattern.search(stderr)), "other")


def normalise(text, file, folder, plugin):
    """Returns the text without what depends on the run or machine: paths, times, ports, addresses."""
    text = text.replace(file, "FILE").replace(folder, "$TMP").replace(plugin, "@PLUGIN@")
    text = _KLOG.sub(r"\1 klog ", text)
    text = _SCHEME.sub('in scheme "…"', text)
    if "error converting *[]" in text:
        text = _POINTER.sub("0x…", text)
    text = _SOURCE_PORT.sub("127.0.0.1:PORT->", text)
    text = _NAME_SERVER.sub(r"\1: …", text)
    return text.strip()
