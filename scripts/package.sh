#!/usr/bin/env bash
# package.sh TARGET BINARY OUT: creates the archive of a release, OUT/kubeconfig-lint-VERSION-TARGET.tar.gz
# (which the action downloads), and for Windows also a .zip. Prints the version.
set -euo pipefail
target=$1
binary=$2
mkdir -p -- "$3"
out=$(cd "$3" && pwd)
cd "$(dirname "$0")/.."
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
name=kubeconfig-lint-$version-$target
rm -rf -- "${out:?}/$name"
mkdir -- "$out/$name"
case $target in
*-windows-*) cp -- "$binary" "$out/$name/kubeconfig-lint.exe" ;;
*) cp -- "$binary" "$out/$name/kubeconfig-lint" ;;
esac
cp -- README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT crates/goyaml/NOTICE "$out/$name/"
cd "$out"
tar -czf "$name.tar.gz" "$name"
case $target in
*-windows-*) 7z a -bso0 "$name.zip" "$name" ;;
esac
rm -rf -- "${out:?}/$name"
echo "$version"
