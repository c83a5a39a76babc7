"""Every probe family as named files."""

import families_beside
import families_credential
import families_exec
import families_file
import families_kuberc
import families_yaml
from verdicts import File


def files():
    """All probes, kubeconfigs first, then credentials, then kubercs; names are unique."""
    for module in (families_exec, families_beside, families_file, families_yaml):
        for family, probes in module.FAMILIES.items():
            for label, content in probes():
                yield _file(family, label, "kubeconfig", content)
    for family, probes in families_credential.FAMILIES.items():
        for label, configured, content in probes():
            yield _file(family, label, "credential", content, configured)
    for family, probes in families_kuberc.FAMILIES.items():
        for label, content in probes():
            yield _file(family, label, "kuberc", content)


def _file(family, label, kind, content, configured=None):
    data = content if isinstance(content, bytes) else content.encode()
    return File(f"{family}/{label}", family, kind, data, configured)
