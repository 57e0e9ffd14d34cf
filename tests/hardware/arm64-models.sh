#!/usr/bin/env bash
# The int8 expression model gives the same bytes on this machine and on arm64, which qemu emulates.
#
#   tests/hardware/arm64-models.sh
#
# Unpacks Debian's arm64 Python into a folder, without running anything of it as root, adds the
# locked numpy and TFLite runtime, and runs tests/tools/expression_answers.py with it.
# BOOTH_TREE keeps the folder for the next run. Needs debootstrap, apt-get, network, root.
set -euo pipefail

# shellcheck source=tests/hardware/debian-tree.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/debian-tree.sh"

main() {
  cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.."
  command -v debootstrap >/dev/null || skip "debootstrap is not installed"
  command -v apt-get >/dev/null || skip "apt-get is not there"
  [[ "$(id -u)" == 0 ]] || skip "debootstrap needs root"
  [[ -x .venv/bin/python ]] || skip ".venv is missing: run './setup.sh dev' first"
  tree="${BOOTH_TREE:-}"
  if [[ -z "$tree" ]]; then
    tree="$(mktemp -d /tmp/arm64-XXXXXX)"
    trap 'rm -rf --one-file-system -- "$tree"' EXIT
  fi
  [[ -x "$tree/usr/bin/python3.11" ]] || unpack_debian
  [[ -d "$tree/packages/numpy" ]] || locked_wheels 3.11 "$tree/packages" numpy ai-edge-litert
  fetch_emulator "$tree/qemu"
  local here there
  here="$(.venv/bin/python tests/tools/expression_answers.py)"
  there="$(PYTHONPATH="$tree/packages" PYTHONHOME="$tree/usr" \
    "$tree/qemu/usr/bin/qemu-aarch64" -cpu cortex-a72 -L "$tree" "$tree/usr/bin/python3.11" -B \
    tests/tools/expression_answers.py)"
  compare "$here" "$there"
}

unpack_debian() {
  echo "Debian's arm64 Python ..."
  debootstrap --arch=arm64 --foreign --variant=minbase --include=python3,libstdc++6 \
    bookworm "$tree" >"$tree.log" 2>&1
  local package
  for package in "$tree"/var/cache/apt/archives/*.deb; do
    dpkg-deb --extract "$package" "$tree"
  done
}

# compare HERE THERE: lines of hexadecimal; every byte must be the same.
compare() {
  local count
  count="$(wc -l <<<"$1")"
  if [[ "$1" == "$2" ]]; then
    echo "$count fixed inputs: the same bytes on $(uname -m) and on arm64."
    return
  fi
  diff <(echo "$1") <(echo "$2") || true
  echo "arm64-models.sh: the outputs differ" >&2
  exit 1
}

main "$@"
