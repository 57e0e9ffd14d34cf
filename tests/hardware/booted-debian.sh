#!/usr/bin/env bash
# A Debian or Ubuntu in a folder, booted with systemd-nspawn: read by run-systemd.sh, run-install.sh,
# run-offline-install.sh and run-kiosk.sh. It changes nothing outside of the folder, and shares the
# network of this machine, unless nspawn_options say otherwise.

# shellcheck source=tests/hardware/debian-tree.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/debian-tree.sh"

# prepare_debian NAME [SUITE]: checks what is needed, and sets log, workspace and tree. SUITE is
# bookworm (if nothing is said), trixie, or Ubuntu's jammy, which JetPack 6 is built on.
prepare_debian() {
  name="$1" suite="${2:-bookworm}"
  [[ "$suite" =~ ^(bookworm|trixie|jammy)$ ]] || {
    echo "$name.sh: unknown suite '$suite': use bookworm, trixie or jammy" >&2
    exit 2
  }
  [[ "$(id -u)" == 0 ]] || skip "it needs root"
  local program
  for program in debootstrap systemd-nspawn nsenter; do
    command -v "$program" >/dev/null || skip "$program is not installed"
  done
  # shellcheck disable=SC2034  # the scripts that read this file use it
  repository="$(realpath -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../..")"
  log="${BOOTH_LOG:-$(mktemp "/tmp/$name-XXXXXX.log")}"
  echo "Log of the boot: $log"
  workspace="$(mktemp -d "/tmp/$name-XXXXXX")"
  nspawn="" nspawn_options=()
  trap clean_up EXIT
  tree="${BOOTH_TREE:-$workspace/tree}"
  [[ -e "$tree/etc/debian_version" ]] || make_debian
  reach_network "$tree"
}

clean_up() {
  if [[ -n "$nspawn" ]]; then
    kill -TERM "$nspawn" 2>/dev/null || true
    wait "$nspawn" 2>/dev/null || true
  fi
  rm -rf --one-file-system -- "$workspace"
}

make_debian() {
  echo "A tree of $suite ..."
  local from=()
  if [[ "$suite" == jammy ]]; then
    fetch_ubuntu_keys
    from=("--components=main,universe" --keyring="$workspace/keys/usr/share/keyrings/ubuntu-archive-keyring.gpg")
  fi
  debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,git,sudo,ca-certificates \
    "${from[@]}" "$suite" "$tree" >"$log.debootstrap" 2>&1
}

# Debian does not have them.
fetch_ubuntu_keys() {
  local package="$workspace/keys.deb"
  curl --silent --show-error --fail --output "$package" \
    http://archive.ubuntu.com/ubuntu/pool/main/u/ubuntu-keyring/ubuntu-keyring_2021.03.26_all.deb
  echo "0d0e7ed6b112f5d03eabf3c7eb01ebdacf9c57714b279e90495cfc58c8c4520f  $package" | sha256sum --check --quiet
  dpkg-deb --extract "$package" "$workspace/keys"
}

boot() {
  systemd-nspawn "${nspawn_options[@]}" --quiet --boot --register=no --keep-unit --directory="$tree" \
    --machine=booth-test --console=passive </dev/null >"$log" 2>&1 &
  nspawn=$!
  leader=""
  local tries state
  for ((tries = 0; tries < 300; tries++)); do
    leader="$(pgrep --parent "$nspawn" | head -n 1 || true)"
    state=""
    [[ -z "$leader" ]] || state="$(in_tree systemctl is-system-running 2>/dev/null || true)"
    [[ "$state" != running && "$state" != degraded ]] || return 0
    sleep 0.5
  done
  echo "$name.sh: the tree does not boot, see $log" >&2
  exit 1
}

in_tree() {
  nsenter --target "$leader" --all -- "$@"
}

property() {
  in_tree systemctl show interview-booth.service --property="$1" --value
}

# until_holds SECONDS COMMAND...
until_holds() {
  local end=$((SECONDS + $1))
  while ! "${@:2}"; do
    ((SECONDS < end)) || return 1
    sleep 0.5
  done
}

is_up() {
  [[ "$(property ActiveState)" == active && "$(property StatusText)" == attract ]]
}

# run_checks NAME...: functions that hold or not; the journal where one does not.
run_checks() {
  local failed=0 check
  for check in "$@"; do
    if "$check"; then
      echo "ok    ${check//_/ }"
    else
      echo "FAULT ${check//_/ }"
      failed=1
    fi
  done
  ((failed == 0)) || in_tree journalctl --unit interview-booth.service --no-pager --lines 60
  return "$failed"
}
