#!/usr/bin/env bash
# package.sh TARGET BINARY OUT: makes the archives of a target; see scripts/release/pack.py.
set -euo pipefail
exec python3 "$(dirname "$0")/release/pack.py" "$@"
