#!/usr/bin/env bash
# export.sh FOLDER: makes FOLDER a git repository with one commit of the current working tree,
# including new files and excluding ignored ones, for tests that use this project as a user does.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$1
rm -rf -- "$folder"
mkdir -p -- "$folder"
git ls-files -z --cached --others --exclude-standard --deduplicate |
    while IFS= read -r -d '' file; do
        [[ ! -e $file && ! -L $file ]] || printf '%s\0' "$file"
    done |
    tar -c --null --files-from=- | tar -x -C "$folder"
cd "$folder"
git init -q -b main
git add -A -f
git -c user.name=ci -c user.email=ci@example.invalid -c commit.gpgsign=false commit -q --no-verify -m export
