#!/usr/bin/env bash
# The int8 expression model gives the same bytes on this machine and on arm64, which qemu emulates.
#
#   tests/hardware/arm64-models.sh
#
# Unpacks Debian's arm64 Python into a folder, without running anything of it as root, adds the
# locked numpy and TFLite runtime, and runs tests/tools/expression_answers.py with it. The emulator is
# that of Debian 13, unpacked likewise: in Debian 12's (7.2) the TFLite runtime crashes.
# BOOTH_TREE keeps the folder for the next run. Needs debootstrap, apt-get, network, root.
set -euo pipefail

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
  [[ -d "$tree/packages/numpy" ]] || unpack_packages
  [[ -x "$tree/qemu/usr/bin/qemu-aarch64" ]] || unpack_qemu
  local here there
  here="$(.venv/bin/python tests/tools/expression_answers.py)"
  there="$(PYTHONPATH="$tree/packages" PYTHONHOME="$tree/usr" \
    "$tree/qemu/usr/bin/qemu-aarch64" -cpu cortex-a72 -L "$tree" "$tree/usr/bin/python3.11" -B \
    tests/tools/expression_answers.py)"
  compare "$here" "$there"
}

skip() {
  echo "SKIPPED: arm64-models.sh: $1"
  exit 0
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

# The versions and hashes of the lock, as wheels for arm64.
unpack_packages() {
  echo "numpy and ai-edge-litert for arm64 ..."
  mkdir -p -- "$tree/wheels" "$tree/packages"
  awk '/^[^ ]/ { keep = /^ai-edge-litert==/ || /^numpy==.*== .3\.11/ } keep' requirements.lock |
    sed 's/ ; [^\\]*/ /' >"$tree/wanted.lock"
  .venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
    --only-binary :all: --python-version 311 --platform manylinux_2_28_aarch64 \
    --platform manylinux_2_27_aarch64 --platform manylinux_2_17_aarch64 \
    --platform manylinux2014_aarch64 --dest "$tree/wheels" --requirement "$tree/wanted.lock"
  local wheel
  for wheel in "$tree"/wheels/*.whl; do
    .venv/bin/python -m zipfile -e "$wheel" "$tree/packages"
  done
}

# apt-get with lists of its own, so that nothing of this machine's changes.
unpack_qemu() {
  echo "the emulator ..."
  local lists="$tree/qemu-lists"
  mkdir -p -- "$lists/partial" "$tree/qemu"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main" \
    >"$tree/qemu.list"
  local own=(-o "Dir::Etc::sourcelist=$tree/qemu.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$lists")
  apt-get "${own[@]}" -qq update
  (cd -- "$tree" && apt-get "${own[@]}" -qq download qemu-user 2>/dev/null)
  dpkg-deb --extract "$tree"/qemu-user_*.deb "$tree/qemu"
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
