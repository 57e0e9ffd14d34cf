#!/usr/bin/env bash
# Starts the machine again when the kernel or systemd hangs, by the watchdog in the hardware.
#
# A drop-in for systemd sets RuntimeWatchdogSec. Raspberry Pi OS 13 ships drop-ins of its own below
# /usr/lib/systemd/system.conf.d; systemd reads all folders as one, by file name, and the last word
# counts: the name of ours, zz-interview-booth.conf, sorts after them. A hanging booth is another
# matter: systemd/interview-booth.service has a watchdog for that.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: sudo firmware_scripts/watchdog.sh [--seconds N] [--dry-run | --undo]

  --seconds N  after how long without a sign of life; 15 without, which every Raspberry Pi can
  --dry-run    show what would change
  --undo       take it back
TEXT
}

main() {
  # shellcheck source=library.sh
  source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/library.sh"
  takes seconds 15 '[5-9]|[1-9][0-9]|1[01][0-9]|120' "a number from 5 to 120"
  begin watchdog "$@"
  refuse_overlay
  local file="$root/etc/systemd/system.conf.d/zz-interview-booth.conf"
  if [[ "$undo" == yes ]]; then
    remove_own_file "$file"
  else
    [[ "$dry_run" == yes || -e "$root/dev/watchdog0" ]] ||
      stop "this machine has no watchdog (/dev/watchdog0): switch it on in its firmware, then run this again"
    own_file "$file" "[Manager]
RuntimeWatchdogSec=${value[seconds]}s
RebootWatchdogSec=2min"
    tell_later_drop_ins
  fi
  finish
}

# tell_later_drop_ins: a file that sorts after ours would outrank it.
tell_later_drop_ins() {
  local file
  for file in "$root"/{usr/lib,usr/local/lib,etc}/systemd/system.conf.d/*.conf; do
    [[ "$(basename -- "$file")" > zz-interview-booth.conf ]] || continue
    ! grep -qs '^RuntimeWatchdogSec=' "$file" || note "Mind ${file#"$root"}: it sets the watchdog, too, and outranks this."
  done
}

main "$@"
