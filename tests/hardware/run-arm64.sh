#!/usr/bin/env bash
# The booth in a Debian for arm64, which qemu emulates: 'setup.sh install', 'booth doctor', and the
# packaged sample, whose report is compared with the one that this machine makes.
#
#   sudo tests/hardware/run-arm64.sh [bookworm|trixie]
#
# BOOTH_TREE=FOLDER keeps the Debian, and the emulator in FOLDER.emulator, for the next run, which
# then begins at the installation. BOOTH_WHEELS=FOLDER has Python packages for arm64 (of a bundle, or
# by 'pip download'): then pip asks no index. BOOTH_LOG names the log (default: a new file under /tmp).
# Needs root, debootstrap, apt-get, network, ./setup.sh dev. The kernel knows the emulator while it
# runs, and forgets it afterwards.
set -euo pipefail

# shellcheck source=tests/hardware/debian-tree.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/debian-tree.sh"

readonly binfmt=/proc/sys/fs/binfmt_misc
readonly program=/opt/interview-booth/current/.venv/bin/booth
readonly sample=/opt/interview-booth/current/appliance/sample/answer.mp4
# A Raspberry Pi 4's: what needs a newer core than that ends with "illegal instruction".
export QEMU_CPU=cortex-a72

main() {
  if [[ "${1:-}" == --inside-own-mounts ]]; then
    run_in_tree "${@:2}"
    return
  fi
  suite="${1:-bookworm}"
  [[ "$suite" == bookworm || "$suite" == trixie ]] || {
    echo "run-arm64.sh: unknown suite '$suite': use bookworm or trixie" >&2
    exit 2
  }
  [[ "$(id -u)" == 0 ]] || skip "chroot needs root"
  local needed
  for needed in debootstrap apt-get dpkg-deb unshare git; do
    command -v "$needed" >/dev/null || skip "$needed is not installed"
  done
  repository="$(realpath -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../..")"
  [[ -x "$repository/.venv/bin/python" ]] || skip ".venv is missing: run './setup.sh dev' first"
  log="${BOOTH_LOG:-$(mktemp "/tmp/run-arm64-$suite-XXXXXX.log")}"
  workspace="$(mktemp -d /tmp/run-arm64-XXXXXX)"
  trap clean_up EXIT
  tree="${BOOTH_TREE:-$workspace/tree}"
  echo "Log: $log"
  run_all 2>&1 | tee -- "$log"
}

run_all() {
  fetch_emulator "$tree.emulator"
  register_emulator
  timed "Debian $suite" make_tree
  reach_network "$tree"
  rm -rf --one-file-system -- "$tree/root/booth" "$tree/root/report"
  clone_into "$repository" "$tree/root/booth"
  chown -R root:root "$tree/root/booth"
  printf '[site]\nprofile = "self"\n' >"$tree/root/self.toml"
  # An installation that is there already would hide what a first one does.
  inside uninstall
  timed "setup.sh install" inside install
  timed "booth doctor" inside doctor
  timed "booth analyse" inside analyse
  timed "the same on $(uname -m)" analyse_here
  "$repository/.venv/bin/python" "$repository/tests/tools/compare_reports.py" \
    "$workspace/report/report.json" "$tree/root/report/report.json"
  tell_what_cannot_run
}

# timed NAME COMMAND...: what it took, by the clock and of the processors.
timed() {
  echo "== $1"
  local TIMEFORMAT="== $1: %0R s, %0U s of a processor"
  time "${@:2}"
}

# --- the emulator -----------------------------------------------------------------------------

# The flag F opens the emulator now, so that the tree need not have it; the name is this run's own.
register_emulator() {
  [[ "$(uname -m)" != aarch64 ]] || return 0
  if [[ ! -e "$binfmt/register" ]]; then
    mount -t binfmt_misc binfmt_misc "$binfmt" || skip "this kernel does not run programs by an emulator"
    touch -- "$workspace/mounted"
  fi
  local magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
  local mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
  echo "booth-arm64-$$" >"$workspace/registered"
  printf '%s' ":booth-arm64-$$:M::$magic:$mask:$tree.emulator/usr/bin/qemu-aarch64:F" >"$binfmt/register"
}

# The mounts in the tree live in a namespace of their own, and are gone by then.
clean_up() {
  local entry
  if [[ -e "$workspace/registered" ]]; then
    entry="$binfmt/$(<"$workspace/registered")"
    [[ ! -e "$entry" ]] || echo -1 >"$entry"
  fi
  # Other emulators may have been registered since; they go with the mount.
  if [[ -e "$workspace/mounted" && "$(find "$binfmt" -mindepth 1 | wc -l)" == 2 ]]; then
    umount "$binfmt" || true
  fi
  rm -rf --one-file-system -- "$workspace"
}

# --- the tree ---------------------------------------------------------------------------------

make_tree() {
  if [[ ! -e "$tree/root/tree-is-made" ]]; then
    [[ -e "$tree/etc/debian_version" ]] ||
      debootstrap --arch=arm64 --foreign --variant=minbase "$suite" "$tree"
    # Nobody reads here what packages do, in any language.
    echo 'Acquire::Languages "none";' >"$tree/etc/apt/apt.conf.d/99-no-languages"
    inside second_stage
    touch -- "$tree/root/tree-is-made"
  fi
  grep -q "^VERSION_CODENAME=$suite$" "$tree/etc/os-release" || {
    echo "run-arm64.sh: $tree is not a tree of $suite: name another BOOTH_TREE" >&2
    exit 2
  }
}

# inside STEP: in mounts and with process numbers of its own, which end with it.
inside() {
  unshare --mount --pid --fork --kill-child --propagation private -- \
    "${BASH_SOURCE[0]}" --inside-own-mounts "$tree" "$1"
}

# run_in_tree TREE STEP
run_in_tree() {
  local tree="$1"
  mount_kernel "$tree"
  "step_$2"
}

# debootstrap reads the list of all packages anew for each that it is asked for: apt is faster.
step_second_stage() {
  [[ ! -e "$tree/debootstrap" ]] || enter "$tree" /debootstrap/debootstrap --second-stage
  lend_unpacker
  enter "$tree" apt-get -q update
  enter "$tree" env DEBIAN_FRONTEND=noninteractive \
    apt-get -q install --yes --no-install-recommends ca-certificates systemd
}

step_uninstall() {
  [[ ! -e "$tree/opt/interview-booth" ]] || enter "$tree" /root/booth/setup.sh uninstall --purge
}

step_install() {
  lend_unpacker
  local pip=(PIP_COMPILE=no) # compiled ahead, all of the packages would take longest; used, a few are
  if [[ -n "${BOOTH_WHEELS:-}" ]]; then
    mkdir -p -- "$tree/srv/wheels"
    mount --bind -- "$BOOTH_WHEELS" "$tree/srv/wheels"
    pip+=(PIP_NO_INDEX=yes PIP_FIND_LINKS=/srv/wheels)
  fi
  enter "$tree" /usr/bin/env "${pip[@]}" /root/booth/setup.sh install --yes
}

# Most of what it finds is the container's fault, so it decides nothing.
step_doctor() { enter "$tree" "$program" doctor || true; }

step_analyse() {
  enter "$tree" /usr/bin/env BOOTH_CONFIG=/root/self.toml "$program" analyse "$sample" --out /root/report
}

analyse_here() {
  (cd -- "$repository" && BOOTH_CONFIG="$tree/root/self.toml" .venv/bin/python -m appliance.cli analyse \
    appliance/sample/answer.mp4 --out "$workspace/report")
}

# lend_unpacker: this machine's dpkg-deb unpacks in the tree what the tree's own would unpack several
# times as slowly.
lend_unpacker() {
  [[ "$(uname -m)" == x86_64 ]] || return 0
  local lent="$tree/srv/unpacker" library
  mkdir -p -- "$lent"
  mount -t tmpfs -o mode=755 tmpfs "$lent"
  cp -- "$(command -v dpkg-deb)" "$lent/"
  for library in $(ldd "$lent/dpkg-deb" | grep -o '/[^ ]*'); do
    cp --dereference -- "$library" "$lent/"
  done
  printf '#!/bin/sh\nexec /srv/unpacker/%s --library-path /srv/unpacker /srv/unpacker/dpkg-deb "$@"\n' \
    ld-linux-x86-64.so.2 >"$lent/run"
  chmod 755 -- "$lent/run"
  mount --bind -- "$lent/run" "$tree/usr/bin/dpkg-deb"
}

tell_what_cannot_run() {
  cat <<'TEXT'
What an emulated container cannot show:
  camera, microphone, loudspeaker, printer   there are none; nor picamera2, which wants its own board
  pins, button, lights                       no GPIO chip
  systemd                                    it does not run: units are enabled, never started
  the kiosk's screen, power cuts, watchdog   no screen, no board
  speed, memory, temperature, power          qemu's, and this machine's
TEXT
}

main "$@"
