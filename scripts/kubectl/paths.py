"""Where things are: the folders of the repository that these tools use."""

import os

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TARGET = os.path.join(ROOT, "target", "kubectl")
TLS = os.path.join(TARGET, "tls")
BINARIES = os.environ.get("KUBECTL_DIR") or os.path.join(TARGET, "bin")
PLUGIN_FOLDER = os.path.join(HERE, "plugin")
PLUGIN = os.path.join(PLUGIN_FOLDER, "fake-plugin")
DATA = os.path.join(HERE, "data")
