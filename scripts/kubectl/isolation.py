"""Isolates the program in a network namespace that has only loopback.

Some kubectls connect to outside hosts (for the gcp and azure auth providers, or to any address that a
file names). In the namespace, no request leaves the machine, and the ports of the loopback servers are
always free, so a file can contain fixed ports.
"""

import ctypes
import errno
import fcntl
import os
import socket
import struct
import sys

CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS = 0x8913
SIOCSIFFLAGS = 0x8914
IFF_UP = 1
INTERFACE = "16sh14x"
RESTARTED = "KUBECTL_ORACLE_RESTARTED"


def isolate():
    """Moves this thread, and all that it starts from now on, into a namespace with only loopback.

    Call it before you start any other thread. Without the permission for that, it restarts the whole
    program with `unshare --net --map-root-user`. Exits if both fail.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        code = ctypes.get_errno()
        if code != errno.EPERM or RESTARTED in os.environ:
            sys.exit(f"cannot make a network namespace: {os.strerror(code)}")
        os.environ[RESTARTED] = "1"
        sys.stdout.flush()
        os.execvp("unshare", ["unshare", "--net", "--map-root-user", "--", *sys.orig_argv])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        answer = fcntl.ioctl(control, SIOCGIFFLAGS, struct.pack(INTERFACE, b"lo", 0))
        flags = struct.unpack(INTERFACE, answer)[1]
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack(INTERFACE, b"lo", flags | IFF_UP))
