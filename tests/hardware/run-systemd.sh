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

# shellcheck source=tests/hardware/booted-debian.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/booted-debian.sh"

main() {
  prepare_debian run-systemd
  install_booth
  boot
  run_checks becomes_ready is_hardly_exposed writes_nowhere_else is_restarted_when_it_crashes \
    is_restarted_when_it_hangs goes_into_safe_mode leaves_no_words_in_the_journal
}

# Without systemd, as an image of a disk is made; run-install.sh has the same on a running system.
install_booth() {
  echo "The last commit in it ..."
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
    /bin/bash -c "cd $release && ./setup.sh demo --once" \
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
