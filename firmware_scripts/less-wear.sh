#!/usr/bin/env bash
# Writes less to the memory card: the journal, temporary files and swap are kept in memory.
#
# Memory cards wear out by being written. The journal is what a booth writes most; in memory it is
# gone after a restart, so that faults must be looked up before one. It never holds words or names.
# The drop-in's name sorts after those that Raspberry Pi OS ships. /var/tmp stays on the disk, since
# programs count on it after a restart.
#
# Raspberry Pi OS 13 swaps to compressed memory, and from there to a file. The booth itself is never
# swapped (systemd/interview-booth.service), but the browser is, with what somebody types: without the
# file, nothing of it reaches the card. The system deletes that file then, and makes it anew after the
# undo. On 12, 'systemctl disable dphys-swapfile' does the same.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: sudo firmware_scripts/less-wear.sh [--journal MB] [--tmp MB] [--dry-run | --undo]

  --journal MB  memory that the journal may take; 32 without
  --tmp MB      memory that /tmp may take; 256 without
  --dry-run     show what would change
  --undo        take it back
TEXT
}

main() {
  # shellcheck source=library.sh
  source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/library.sh"
  takes journal 32 '[1-9][0-9]{0,3}' "a number of megabytes"
  takes tmp 256 '[1-9][0-9]{1,3}' "a number of megabytes from 10 on"
  begin less-wear "$@"
  refuse_overlay
  local file="$root/etc/systemd/journald.conf.d/zz-interview-booth.conf"
  local swap="$root/etc/rpi/swap.conf.d/zz-interview-booth.conf"
  if [[ "$undo" == yes ]]; then
    remove_own_file "$file"
    remove_own_file "$swap"
    unset_fstab
  else
    own_file "$file" "[Journal]
Storage=volatile
RuntimeMaxUse=${value[journal]}M"
    [[ ! -e "$root/etc/rpi/swap.conf" ]] || own_file "$swap" "[Main]
Mechanism=zram"
    set_tmp
  fi
  finish
}

set_tmp() {
  if grep -qsE '^[^#[:space:]]+[[:space:]]+/tmp[[:space:]]' < <(other_lines "$root/etc/fstab"); then
    note "/etc/fstab says already what /tmp is, and is left alone."
    return
  fi
  set_fstab "tmpfs /tmp tmpfs nosuid,nodev,mode=1777,size=${value[tmp]}M 0 0"
}

# other_lines FILE: those outside of this script's block.
other_lines() {
  sed "/^# interview-booth $name begin:/,/^# interview-booth $name end/d" "$1" 2>/dev/null || true
}

main "$@"
