#!/usr/bin/env bash
# 'sudo ./setup.sh install' on a running system (booted-debian.sh): the service is ready, a second
# run changes nothing, another version takes its place, a bad one does not, the one before comes back,
# and uninstall leaves nothing. Twenty minutes the first time.
#
#   tests/hardware/run-install.sh [bookworm|trixie|jammy]
#
# BOOTH_TREE=FOLDER keeps the Debian with its packages for the next run (default: a temporary one).
# BOOTH_LOG names the log of the boot, and of setup.sh beside it (default: a new file under /tmp).
# Needs root, debootstrap, systemd-nspawn (Debian's systemd-container), network. Where something is
# missing it says what, exit 0.
set -euo pipefail

# shellcheck source=tests/hardware/booted-debian.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/booted-debian.sh"

readonly home=/opt/interview-booth

main() {
  prepare_debian run-install "$@"
  : >"$log.setup"
  rm -rf -- "$tree/root/booth"
  git clone --quiet --no-hardlinks -- "$repository" "$tree/root/booth"
  chown -R root:root "$tree/root/booth"
  # Where the service does not end when it is asked to, the journal tells what it was doing.
  mkdir -p -- "$tree/etc/systemd/system/interview-booth.service.d"
  printf '[Service]\nEnvironment=PYTHONFAULTHANDLER=1\nTimeoutStopFailureMode=abort\n' \
    >"$tree/etc/systemd/system/interview-booth.service.d/tell.conf"
  boot
  in_tree rm -rf "$home"
  files >"$workspace/files-before"
  run_checks is_told_first_and_changes_nothing installs_and_is_ready keeps_a_second_run_as_it_is \
    takes_another_version refuses_a_bad_version goes_back uninstalls_but_keeps_what_people_kept \
    purges_all
}

setup() {
  in_tree env HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
    /root/booth/setup.sh "$@" >"$workspace/said" 2>&1 </dev/null
  local code=$?
  cat -- "$workspace/said" >>"$log.setup"
  return "$code"
}

said() { grep -q -- "$1" "$workspace/said"; }

# What is ours, or could be: packages of Debian's stay, and so do logs.
files() {
  in_tree find /etc /opt /usr/local /var/lib /srv /home -xdev \
    \( -path /var/lib/apt -o -path /var/lib/dpkg -o -path /var/lib/systemd -o -path '*/interview-booth.service.d' \) -prune -o -print | sort
}

# The release, what it runs as, and when each file of ours was written.
state_of_machine() {
  in_tree readlink "$home/current"
  property MainPID
  in_tree find "$home" /etc/interview-booth /etc/systemd/system /etc/sysusers.d /etc/tmpfiles.d \
    -name __pycache__ -prune -o -type f -printf '%p %T@ %s\n' | sort
}

is_told_first_and_changes_nothing() {
  setup install --dry-run --yes && said "nothing has been" || return
  files | cmp --silent - "$workspace/files-before"
}

installs_and_is_ready() {
  local began=$SECONDS
  setup install --yes --language en || return
  echo "      $((SECONDS - began)) s, $(in_tree readlink "$home/current"), user $(property User)"
  is_up && said "is installed" && in_tree grep -q 'profile = "observations"' /etc/interview-booth/booth.toml
}

keeps_a_second_run_as_it_is() {
  state_of_machine >"$workspace/first"
  setup install --yes || return
  state_of_machine | diff - "$workspace/first"
}

takes_another_version() {
  local before
  before="$(in_tree readlink "$home/current")"
  in_tree /bin/bash -c 'echo "One more line." >>/root/booth/README.md'
  in_tree touch /var/lib/interview-booth/kept
  setup install --yes || return
  is_up && [[ "$(in_tree readlink "$home/current")" != "$before" ]] || return
  [[ "$(in_tree readlink "$home/previous")" == "$before" ]]
}

# Its models are whole and its files import, but its service ends as soon as it starts.
refuses_a_bad_version() {
  local before
  before="$(in_tree readlink "$home/current")"
  in_tree /bin/bash -c 'printf "import sys\nif sys.argv[1:2] == [\"run\"]:\n    raise SystemExit(7)\n" \
    >>/root/booth/appliance/service.py'
  if setup install --yes; then
    return 1
  fi
  grep "^setup.sh:" "$workspace/said" | sed 's/^/      /'
  said "does not become ready" && said "is undone" || return
  until_holds 200 is_up || return
  [[ "$(in_tree readlink "$home/current")" == "$before" ]] || return
  [[ "$(in_tree /bin/bash -c "ls $home/releases | wc -l")" == 2 ]] || return
  in_tree git -C /root/booth checkout --quiet -- appliance
}

goes_back() {
  local wanted
  wanted="$(in_tree readlink "$home/previous")"
  setup rollback || return
  is_up && [[ "$(in_tree readlink "$home/current")" == "$wanted" ]]
}

uninstalls_but_keeps_what_people_kept() {
  setup uninstall || return
  in_tree test -e /var/lib/interview-booth/kept && ! in_tree test -e "$home"
}

purges_all() {
  setup uninstall --purge || return
  ! in_tree getent passwd interview-booth || return
  # Debian's packages bring files, too; ours are named after us.
  local left
  in_tree rm -r /etc/systemd/system/interview-booth.service.d
  left="$(files | comm -13 "$workspace/files-before" - | grep -i booth || true)"
  [[ -z "$left" ]] || echo "      left: $left"
  [[ -z "$left" ]]
}

main "$@"
