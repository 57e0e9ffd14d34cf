#!/usr/bin/env bash
# Chooses how much power a Jetson may take, by NVIDIA's nvpmodel.
#
# More power answers sooner, and makes the fan louder and the supply larger. nvpmodel remembers the
# mode over restarts; the one before is kept in /var/lib/nvpmodel for the undo. Some modes come only
# with a restart, which nvpmodel does at once after a question: there this says what to type.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: sudo firmware_scripts/jetson-power-mode.sh --mode NAME [--dry-run | --undo]

  --mode NAME  one of those in /etc/nvpmodel.conf, such as 15W
  --dry-run    show what would change
  --undo       take the mode that there was before
TEXT
}

main() {
  # shellcheck source=library.sh
  source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/library.sh"
  takes mode "" '[A-Za-z0-9_.-]+' "a mode's name"
  begin jetson-power-mode "$@"
  [[ "$undo" == yes || -n "${value[mode]}" ]] || refuse "--mode is missing: give a name from /etc/nvpmodel.conf"
  needs_jetson
  refuse_overlay
  local before="$root/var/lib/nvpmodel/before-interview-booth"
  if [[ "$undo" == yes ]]; then
    [[ ! -e "$before" ]] || switch_to "$(<"$before")"
    remove "$before"
  else
    set_mode "$before"
  fi
  finish
}

# set_mode FILE: keeps the mode that there was in FILE, once.
set_mode() {
  local wanted now
  wanted="$(modes | awk -v name="${value[mode]}" '$2 == name { print $1; exit }')"
  if [[ "$dry_run" == yes && ! -e "$root/etc/nvpmodel.conf" ]]; then
    note "Would look ${value[mode]} up in /etc/nvpmodel.conf, and run nvpmodel -m with its number."
    changed=yes
    return
  fi
  if [[ -z "$wanted" ]]; then
    stop "there is no mode ${value[mode]}: choose one of $(modes | awk '{ printf "%s%s", sep, $2; sep = ", " }')"
  fi
  now="$(current)"
  [[ -n "$now" ]] ||
    stop "nvpmodel does not tell which mode is on: run this with sudo, and look at 'sudo nvpmodel -q'"
  [[ "$now" != "$wanted" ]] || return 0
  [[ -e "$1" ]] || replace "$1" echo "$now"
  switch_to "$wanted"
}

# modes: number and name of each, a line a mode.
modes() { sed -nE 's/^< *POWER_MODEL +ID=([0-9]+) +NAME=([^ >]+).*/\1 \2/p' "$root/etc/nvpmodel.conf" 2>/dev/null || true; }

current() { nvpmodel -q 2>/dev/null | grep -xE '[0-9]+' | tail -n 1 || true; }

switch_to() {
  changed=yes
  if [[ "$dry_run" == yes ]]; then
    note "Would run nvpmodel -m $1"
    return
  fi
  nvpmodel -m "$1" </dev/null >/dev/null 2>&1 || true
  [[ "$(current)" == "$1" ]] ||
    stop "nvpmodel did not take mode $1, which may need a restart: run 'nvpmodel -m $1', and answer 'yes' where it asks"
  note "Mode $1 is on."
}

main "$@"
