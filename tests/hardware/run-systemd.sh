#!/usr/bin/env bash
# The service under a real systemd: a Debian 12 is made in a folder, the last commit is installed in it
# as on a booth, and it is booted with systemd-nspawn. The service must become ready, be restarted when
# it hangs and when it crashes, write nowhere but into its own folders, and go into safe mode when it
# cannot start.
#
#   tests/hardware/run-systemd.sh
#
# BOOTH_TREE=FOLDER keeps the Debian with the packages for the next run (default: a temporary one).
# BOOTH_LOG names the log of the boot (default: a new file under /tmp).
# Needs root, debootstrap, systemd-nspawn (Debian's systemd-container), network. Where something is
# missing it says what, exit 0. Changes nothing outside of the folder.
set -euo pipefail

readonly unit=interview-booth.service
readonly state=/var/lib/interview-booth

main() {
  [[ "$(id -u)" == 0 ]] || skip "it needs root"
  local program
  for program in debootstrap systemd-nspawn nsenter; do
    command -v "$program" >/dev/null || skip "$program is not installed"
  done
  repository="$(realpath -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../..")"
  log="${BOOTH_LOG:-$(mktemp /tmp/run-systemd-XXXXXX.log)}"
  echo "Log of the boot: $log"
  workspace="$(mktemp -d /tmp/run-systemd-XXXXXX)"
  nspawn=""
  trap clean_up EXIT
  tree="${BOOTH_TREE:-$workspace/tree}"
  [[ -e "$tree/etc/debian_version" ]] || make_debian
  install_booth
  boot
  local failed=0 check
  for check in becomes_ready is_hardly_exposed writes_nowhere_else is_restarted_when_it_crashes \
    is_restarted_when_it_hangs goes_into_safe_mode leaves_no_words_in_the_journal; do
    if "$check"; then
      echo "ok    ${check//_/ }"
    else
      echo "FAULT ${check//_/ }"
      failed=1
    fi
  done
  ((failed == 0)) || in_tree journalctl --unit "$unit" --no-pager --lines 60
  return "$failed"
}

skip() {
  echo "SKIPPED: run-systemd.sh: $1"
  exit 0
}

clean_up() {
  if [[ -n "$nspawn" ]]; then
    kill -TERM "$nspawn" 2>/dev/null || true
    wait "$nspawn" 2>/dev/null || true
  fi
  rm -rf --one-file-system -- "$workspace"
}

make_debian() {
  echo "A Debian 12 ..."
  debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,git,sudo,ca-certificates \
    bookworm "$tree" >"$log.debootstrap" 2>&1
}

# As setup.sh install will do it: a release under /opt, the units, the users.
install_booth() {
  echo "The last commit in it ..."
  cp -- /etc/resolv.conf /etc/hosts "$tree/etc/"
  # A proxying network signs with authorities of its own, which this machine knows.
  mkdir -p -- "$tree/usr/local/share/ca-certificates"
  find /usr/local/share/ca-certificates -name '*.crt' \
    -exec cp -t "$tree/usr/local/share/ca-certificates" -- {} +
  local release=/opt/interview-booth/releases/this
  mkdir -p -- "$tree/opt/interview-booth/releases"
  if [[ -d "$tree$release/.git" ]]; then
    git -C "$tree$release" fetch --quiet "$repository" HEAD
    git -C "$tree$release" reset --quiet --hard FETCH_HEAD
  else
    git clone --quiet --no-hardlinks -- "$repository" "$tree$release"
  fi
  chown -R root:root "$tree$release"
  ln -sfn releases/this "$tree/opt/interview-booth/current"
  systemd-nspawn --quiet --register=no --keep-unit --directory="$tree" --pipe --setenv=HOME=/root --setenv=LANG=C.UTF-8 \
    ${http_proxy:+--setenv=http_proxy="$http_proxy"} \
    ${https_proxy:+--setenv=https_proxy="$https_proxy"} \
    /bin/bash -c "update-ca-certificates >/dev/null 2>&1 && cd $release && ./setup.sh demo --once" \
    >"$log.setup" 2>&1 || {
    tail -n 20 -- "$log.setup" >&2
    return 1
  }
  cp -- "$repository/systemd/$unit" "$tree/etc/systemd/system/"
  cp -- "$repository"/systemd/sysusers.d/*.conf "$tree/usr/lib/sysusers.d/"
  cp -- "$repository"/systemd/tmpfiles.d/*.conf "$tree/usr/lib/tmpfiles.d/"
  mkdir -p -- "$tree/etc/systemd/system/multi-user.target.wants" "$tree/etc/systemd/system/$unit.d"
  ln -sf "/etc/systemd/system/$unit" "$tree/etc/systemd/system/multi-user.target.wants/$unit"
  # A hang is to be noticed while somebody watches.
  printf '[Service]\nWatchdogSec=12\n' >"$tree/etc/systemd/system/$unit.d/quick.conf"
  rm -rf -- "${tree:?}$state"
}

boot() {
  systemd-nspawn --quiet --boot --register=no --keep-unit --directory="$tree" \
    --machine=booth-test --console=passive </dev/null >"$log" 2>&1 &
  nspawn=$!
  leader=""
  local tries
  for ((tries = 0; tries < 300; tries++)); do
    leader="$(pgrep --parent "$nspawn" | head -n 1 || true)"
    [[ -n "$leader" ]] && in_tree systemctl is-system-running >/dev/null 2>&1 && return
    [[ -n "$leader" && "$(in_tree systemctl is-system-running 2>/dev/null)" == degraded ]] && return
    sleep 0.5
  done
  echo "run-systemd.sh: the tree does not boot, see $log" >&2
  exit 1
}

in_tree() {
  nsenter --target "$leader" --all -- "$@"
}

property() {
  in_tree systemctl show "$unit" --property="$1" --value
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

becomes_ready() {
  until_holds 240 is_up || return
  echo "      $(property StatusText), process $(property MainPID), user $(property User)"
}

is_hardly_exposed() {
  local told
  told="$(in_tree systemd-analyze security --no-pager "$unit" | tail -n 1)"
  echo "      $told"
  [[ "$told" =~ \ ([0-9.]+)\ OK ]] && awk "BEGIN { exit !(${BASH_REMATCH[1]} <= 2.0) }"
}

# Even as root, in the service's own view of the disk.
writes_nowhere_else() {
  local pid folder
  pid="$(property MainPID)"
  for folder in /etc /usr /opt/interview-booth /boot /var/log /srv; do
    if in_tree nsenter --target "$pid" --mount -- touch "$folder/probe" 2>/dev/null; then
      echo "      it can write to $folder" >&2
      return 1
    fi
  done
  if in_tree nsenter --target "$pid" --mount -- test -e /root/.bashrc; then
    echo "      it can look into homes" >&2
    return 1
  fi
  in_tree nsenter --target "$pid" --mount -- touch "$state/probe" /run/interview-booth/probe
  in_tree rm -- "$state/probe"
}

restarted_from() {
  local pid
  pid="$(property MainPID)"
  [[ "$pid" != 0 && "$pid" != "$1" ]] && is_up
}

# A start counts as made after half a minute; what ends the booth before that was in vain.
has_settled() {
  in_tree test ! -e "$state/starting.json"
}

is_restarted_when_it_crashes() {
  local pid
  until_holds 60 has_settled || return
  pid="$(property MainPID)"
  in_tree systemctl kill --kill-who=main --signal=SEGV "$unit"
  until_holds 120 restarted_from "$pid"
}

is_restarted_when_it_hangs() {
  local pid
  until_holds 60 has_settled || return
  pid="$(property MainPID)"
  in_tree systemctl kill --kill-who=main --signal=STOP "$unit"
  until_holds 150 restarted_from "$pid" || return
  in_tree journalctl --unit "$unit" --no-pager | grep -q "Watchdog timeout"
}

is_safe() {
  [[ "$(property ActiveState)" == active && "$(property StatusText)" == "Safe mode"* ]]
}

# A model that is missing: two starts in vain, then safe mode with the reason; mended, it works again.
goes_into_safe_mode() {
  local model=/opt/interview-booth/current/models_tflite/face_landmark.tflite
  in_tree mv "$model" "$model.away"
  in_tree systemctl restart --no-block "$unit"
  until_holds 240 is_safe || return
  echo "      $(property StatusText)"
  [[ "$(property StatusText)" == *face_landmark.tflite* ]] || return
  in_tree mv "$model.away" "$model"
  in_tree systemctl restart --no-block "$unit"
  until_holds 240 is_up
}

leaves_no_words_in_the_journal() {
  ! in_tree journalctl --unit "$unit" --no-pager | grep -Eqi 'transcript|caption|Traceback'
}

main "$@"
