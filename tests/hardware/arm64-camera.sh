#!/usr/bin/env bash
# What reads a Raspberry Pi's camera module loads on emulated arm64 beside the packages of the lock.
#
#   tests/hardware/arm64-camera.sh
#
# In Debian 13's Python: its libcamera, the tested picamera2, and the lock's numpy, simplejpeg, av and
# Pillow. In Debian 12's: a simplejpeg made for numpy 1, as Raspberry Pi OS 12 has it, does not load
# beside the lock's numpy, and the lock's does. Nothing is installed and nothing needs root.
# BOOTH_TREE keeps the folder for the next run. Needs apt-get, network, ./setup.sh dev.
set -euo pipefail

# shellcheck source=tests/hardware/debian-tree.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/debian-tree.sh"

main() {
  cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.."
  command -v apt-get >/dev/null || skip "apt-get is not there"
  [[ -d .venv/contracts/picamera2 ]] || skip "picamera2's source is missing: run './setup.sh dev' first"
  tree="${BOOTH_TREE:-}"
  if [[ -z "$tree" ]]; then
    tree="$(mktemp -d /tmp/arm64-camera-XXXXXX)"
    trap 'rm -rf --one-file-system -- "$tree"' EXIT
  fi
  fetch_emulator "$tree/qemu"
  unpack_debian trixie python3-libcamera python3-prctl python3-piexif
  [[ -d "$tree/trixie/ours/av" ]] || locked_wheels 3.13 "$tree/trixie/ours" numpy simplejpeg av pillow
  [[ -d "$tree/trixie/system/pidng" ]] || unpack_picamera2 "$tree/trixie/system"
  echo "Debian 13:"
  loads trixie 3.13 ours:system:usr/lib/python3/dist-packages picamera2 simplejpeg av PIL

  unpack_debian bookworm python3 libstdc++6
  [[ -d "$tree/bookworm/ours/simplejpeg" ]] || locked_wheels 3.11 "$tree/bookworm/ours" simplejpeg
  [[ -d "$tree/bookworm/numpy/numpy" ]] || locked_wheels 3.11 "$tree/bookworm/numpy" numpy
  [[ -d "$tree/bookworm/system/simplejpeg" ]] || unpack_older "$tree/bookworm/system"
  echo "Debian 12, without the lock's simplejpeg:"
  local said
  said="$(loads bookworm 3.11 numpy:system simplejpeg 2>&1 || true)"
  echo "$said"
  [[ "$said" == *"numpy.dtype size changed"* ]] || fail "that is another answer than expected"
  echo "Debian 12, with it:"
  loads bookworm 3.11 ours:numpy:system simplejpeg
}

fail() {
  echo "arm64-camera.sh: $1" >&2
  exit 1
}

# unpack_debian SUITE PACKAGE...: with all that they need, by apt-get with lists of its own.
unpack_debian() {
  local apt="$tree/apt-$1" package
  [[ ! -d "$tree/$1/usr" ]] || return 0
  mkdir -p -- "$apt/lists/partial" "$apt/archives/partial" "$tree/$1"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian $1 main" \
    >"$apt/sources.list"
  local own=(-o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Acquire::Languages=none
    -o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$apt/lists" -o Dir::State::status=/dev/null -o "Dir::Cache=$apt"
    -o Debug::NoLocking=yes)
  apt-get "${own[@]}" -qq update
  apt-get "${own[@]}" -qq install --yes --no-install-recommends --download-only "${@:2}" >/dev/null
  for package in "$apt"/archives/*.deb; do
    dpkg-deb --extract "$package" "$tree/$1"
  done
  [[ -e "$tree/$1/lib" ]] || ln -s usr/lib "$tree/$1/lib"
}

# unpack_picamera2 FOLDER: with what is not Debian's. pykms, which shows previews on a screen, is
# Raspberry Pi's own: a module with one name stands in for it.
unpack_picamera2() {
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --target "$1" \
    pidng==4.0.9 videodev2==0.0.4
  cp -R -- .venv/contracts/picamera2 "$1/"
  echo 'PixelFormat = type("PixelFormat", (), {"__getattr__": lambda self, name: name})()' >"$1/pykms.py"
}

unpack_older() {
  .venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --python-version 3.11 --platform manylinux2014_aarch64 --dest "$1.wheels" simplejpeg==1.7.2
  .venv/bin/python -m zipfile -e "$1.wheels"/simplejpeg-*.whl "$1"
}

# loads SUITE PYTHON FOLDER:... MODULE...: says which versions, or why not.
loads() {
  local root="$tree/$1"
  PYTHONPATH="$root/${3//:/:$root/}" PYTHONHOME="$root/usr" "$tree/qemu/usr/bin/qemu-aarch64" -cpu cortex-a72 \
    -L "$root" "$root/usr/bin/python$2" -B - "${@:4}" <<'PYTHON'
import importlib, platform, sys

import numpy

print(" ", platform.machine(), "Python", platform.python_version(), "numpy", numpy.__version__)
for name in sys.argv[1:]:
    try:
        module = importlib.import_module(name)
    except Exception as error:
        sys.exit(f"  {name} does not load: {type(error).__name__}: {error}")
    print(" ", name, getattr(module, "__version__", "loads"))
if "picamera2" in sys.modules:
    print("  libcamera tells of", len(sys.modules["picamera2"].Picamera2.global_camera_info()), "cameras")
PYTHON
}

main "$@"
