#!/usr/bin/env bash
# The proof for a fresh machine: a bare Debian with only git, curl and sudo, a clone of the last
# commit, an empty HOME, and the two commands of the README.
#
#   tests/hardware/bare-debian.sh [bookworm|trixie [COMMAND...]]
#
# COMMAND is what setup.sh gets, such as "demo --once" (default: "demo --once" and "test").
# BOOTH_TREE names a bare tree to start from a copy of; it is made there if it is missing.
# BOOTH_LOG names the log (default: a new file under /tmp). Needs root, debootstrap, network.
set -euo pipefail

# shellcheck source=tests/hardware/debian-tree.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/debian-tree.sh"

main() {
  if [[ "${1:-}" == --inside-own-mounts ]]; then
    run_in_tree "${@:2}"
    return
  fi
  local suite="${1:-bookworm}"
  local commands=("${@:2}")
  ((${#commands[@]} > 0)) || commands=("demo --once" "test")
  [[ "$suite" == bookworm || "$suite" == trixie ]] || {
    echo "bare-debian.sh: unknown suite '$suite': use bookworm or trixie" >&2
    exit 2
  }
  [[ "$(id -u)" == 0 ]] || skip "chroot needs root"
  command -v debootstrap >/dev/null || skip "debootstrap is not installed"

  repository="$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.."
  log="${BOOTH_LOG:-$(mktemp "/tmp/bare-debian-$suite-XXXXXX.log")}"
  workspace="$(mktemp -d /tmp/bare-debian-XXXXXX)"
  # The mounts live in their own namespace and are gone by then; one file system, to be sure.
  trap 'rm -rf --one-file-system -- "$workspace"' EXIT
  echo "Log: $log"
  make_tree "$suite" "$workspace/tree"
  clone_into "$repository" "$workspace/tree/srv/interview-booth"
  unshare --mount --propagation private -- "${BASH_SOURCE[0]}" --inside-own-mounts \
    "$workspace/tree" "$(realpath -- "$repository")/../shared" "${commands[@]}" 2>&1 | tee -- "$log"
}

# make_tree SUITE FOLDER: a minimal Debian that reaches the network as this machine does.
make_tree() {
  local suite="$1" tree="$2" bare="${BOOTH_TREE:-}"
  if [[ -z "$bare" ]]; then
    bootstrap "$suite" "$tree"
  else
    [[ -e "$bare/etc/debian_version" ]] || bootstrap "$suite" "$bare"
    grep -q "^VERSION_CODENAME=$suite$" "$bare/etc/os-release" || {
      echo "bare-debian.sh: $bare is not a tree of $suite: name another BOOTH_TREE" >&2
      exit 2
    }
    cp -a --reflink=auto -- "$bare" "$tree"
  fi
  reach_network "$tree"
}

bootstrap() {
  debootstrap --variant=minbase --include=git,curl,sudo,ca-certificates "$1" "$2"
}

# run_in_tree TREE SHARED COMMAND...: runs with mounts that no other process sees.
run_in_tree() {
  local tree="$1" shared="$2" command failed=0
  mount_kernel "$tree"
  if [[ -d "$shared" ]]; then
    mkdir -- "$tree/srv/shared"
    mount --bind "$shared" "$tree/srv/shared"
    mount -o remount,bind,ro "$tree/srv/shared"
  fi
  mkdir -- "$tree/srv/home"
  for command in "${@:3}"; do
    echo "\$ ./setup.sh $command"
    SECONDS=0
    # shellcheck disable=SC2016,SC2086  # expanded inside the tree; the command's words are arguments
    home_inside=/srv/home enter "$tree" \
      /bin/bash -c 'cd /srv/interview-booth && ./setup.sh "$@"' setup $command || failed=1
    echo "($command: $SECONDS s)"
  done
  return "$failed"
}

main "$@"
