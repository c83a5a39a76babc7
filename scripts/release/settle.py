"""settle.py WHEEL: takes the folder of the build out of a wheel.

maturin's bill of materials names the packages of the workspace by their path on this machine. Everything
else in the wheel is the same for two clones already.
"""

import base64
import hashlib
import re
import sys
import zipfile
from pathlib import Path


def settle(wheel):
    """Writes the wheel again, with `/kubeconfig-lint` for the folder."""
    with zipfile.ZipFile(wheel) as files:
        members = [(info, files.read(info)) for info in files.infolist()]
    (bom,) = (info.filename for info, _ in members if info.filename.endswith(".cyclonedx.json"))
    with zipfile.ZipFile(wheel, "w") as out:
        for info, data in members:
            if info.filename == bom:
                data = re.sub(rb'path\+file://[^"#]*?(/crates/goyaml)?(?=#)', rb"path+file:///kubeconfig-lint\1", data)
                digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
                line = f"{bom},sha256={digest},{len(data)}"
            elif info.filename.endswith("/RECORD"):
                # maturin writes it last.
                data = re.sub(rf"^{re.escape(bom)},.*$", line, data.decode(), flags=re.M).encode()
            out.writestr(info, data)


if __name__ == "__main__":
    settle(Path(sys.argv[1]))
