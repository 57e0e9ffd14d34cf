#!/usr/bin/env bash
# A Debian in a folder, and an emulator for one of another architecture: read by the scripts beside it.

skip() {
  echo "SKIPPED: $(basename -- "$0"): $1"
  exit 0
}

# reach_network TREE: as this machine does; a proxying network signs with authorities of its own.
reach_network() {
  cp -- /etc/resolv.conf /etc/hosts "$1/etc/"
  local authorities=/usr/local/share/ca-certificates
  if [[ -d "$authorities" ]] && ! diff -rq "$authorities" "$1$authorities" >/dev/null 2>&1; then
    mkdir -p -- "$1$authorities"
    cp -RT -- "$authorities" "$1$authorities"
    chroot "$1" update-ca-certificates >/dev/null 2>&1
  fi
}

# clone_into REPOSITORY FOLDER: its last commit.
clone_into() {
  git clone --quiet --no-hardlinks -- "$1" "$2"
  if [[ -n "$(git -C "$1" status --porcelain)" ]]; then
    echo "Note: uncommitted changes are not in the clone."
  fi
}

# mount_kernel TREE: what the kernel shows, in a namespace that no other process sees.
mount_kernel() {
  mount -t proc proc "$1/proc"
  mount -t sysfs -o ro sysfs "$1/sys"
  mount --rbind /dev "$1/dev"
  # What programs of another build share there (JACK's database, say) is not for this machine's.
  mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm"
}

# enter TREE COMMAND...: with nothing of this machine's environment but the way into the network.
enter() {
  env --ignore-environment HOME="${home_inside:-/root}" LANG=C.UTF-8 \
    PATH=/usr/sbin:/usr/bin:/sbin:/bin ${QEMU_CPU:+QEMU_CPU="$QEMU_CPU"} \
    ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
    chroot "$@"
}

# fetch_emulator FOLDER: that of Debian 13, unpacked without installing it; in Debian 12's (7.2) the
# TFLite runtime crashes. apt-get gets lists of its own, so that nothing of this machine's changes.
fetch_emulator() {
  [[ ! -x "$1/usr/bin/qemu-aarch64" ]] || return 0
  echo "The emulator ..."
  mkdir -p -- "$1/lists/partial"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main" \
    >"$1/sources.list"
  local own=(-o "Dir::Etc::sourcelist=$1/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$1/lists" -o "Dir::Cache=$1")
  apt-get "${own[@]}" -qq update
  (cd -- "$1" && apt-get "${own[@]}" -qq download qemu-user 2>/dev/null)
  dpkg-deb --extract "$1"/qemu-user_*.deb "$1"
}

# locked_wheels PYTHON FOLDER NAME...: the versions and hashes of the lock for arm64, unpacked there.
locked_wheels() {
  local python="$1" folder="$2" wheel
  mkdir -p -- "$folder.wheels" "$folder"
  .venv/bin/python - "$python" "${@:3}" >"$folder.wheels/wanted.lock" <<'PYTHON'
import re, sys
from pathlib import Path
from packaging.requirements import Requirement

machine = {"python_version": sys.argv[1], "python_full_version": f"{sys.argv[1]}.5",
           "platform_machine": "aarch64"}
for entry in re.findall(r"^[a-z].*(?:\n +--hash.*)+", Path("requirements.lock").read_text(), re.M):
    head, hashes = entry.split(" \\", 1)
    wanted = Requirement(head)
    if wanted.name in sys.argv[2:] and (not wanted.marker or wanted.marker.evaluate(machine)):
        print(f"{wanted.name}{wanted.specifier} \\{hashes.rstrip(chr(92))}")
PYTHON
  .venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
    --only-binary :all: --python-version "$python" --platform manylinux_2_28_aarch64 \
    --platform manylinux_2_27_aarch64 --platform manylinux_2_17_aarch64 \
    --platform manylinux2014_aarch64 --dest "$folder.wheels" --requirement "$folder.wheels/wanted.lock"
  for wheel in "$folder.wheels"/*.whl; do
    .venv/bin/python -m zipfile -e "$wheel" "$folder"
  done
}
