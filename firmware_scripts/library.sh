#!/usr/bin/env bash
# What the scripts in this folder share: their options, the machine, and files that are written whole.
# It is sourced, never run, and brings boot-files.sh with it.
#
# Files are written whole: a temporary file in the same folder, synced, then renamed. Before the
# first change of a file, a copy is put beside it (FILE.before-interview-booth); it goes with the
# last undo. BOOTH_ROOT is the folder that the machine's files are in; tests set it.
set -euo pipefail

root="${BOOTH_ROOT:-/}"
root="${root%/}"
boot="$root/boot/firmware"
dry_run=no
undo=no
changed=no
fresh=""
name=""
declare -A value=() pattern=() words=()

# --- a script's frame ---------------------------------------------------------------------------

# takes OPTION DEFAULT PATTERN WORDS: the script knows --OPTION; WORDS say what it takes.
takes() {
  value[$1]="$2"
  pattern[$1]="$3"
  words[$1]="$4"
}

# begin NAME ARGUMENTS...: reads the options; NAME marks what the script changes.
begin() {
  name="$1"
  shift
  while (($# > 0)); do
    case "$1" in
      --dry-run) dry_run=yes ;;
      --undo) undo=yes ;;
      -h | --help)
        usage
        exit 0
        ;;
      *)
        read_option "$@"
        shift
        ;;
    esac
    shift
  done
  [[ -d "$root/" ]] || refuse "there is no folder $root: set BOOTH_ROOT to the machine's root, or not at all"
  if [[ "$dry_run" == no && -z "$root" && "$EUID" != 0 ]]; then
    stop "this changes files of the system, which needs root: run it with sudo, or with --dry-run to see what it would do"
  fi
  trap 'rm -f -- "$fresh"' EXIT
}

# read_option --OPTION VALUE: one that the script takes.
read_option() {
  local option="${1#--}"
  [[ "$1" == --* && -n "${pattern[$option]:-}" ]] ||
    refuse "unknown argument '$1': --help tells what it takes"
  [[ $# -ge 2 && "$2" =~ ^(${pattern[$option]})$ ]] ||
    refuse "$1 takes ${words[$option]}, but got '${2:-nothing}'"
  value[$option]="$2"
}

# finish: the last line, for the person.
finish() {
  if [[ "$changed" == no ]]; then
    echo "Nothing to change."
  elif [[ "$dry_run" == yes ]]; then
    echo "Nothing was changed: this was a dry run."
  else
    echo "Done. Restart the machine for it to take effect."
  fi
}

note() { echo "$1"; }

# The job failed: one line with what, why and what to do.
stop() {
  echo "$(basename -- "$0"): $1" >&2
  exit 1
}

# The command was used wrongly.
refuse() {
  echo "$(basename -- "$0"): $1" >&2
  exit 2
}

# --- the machine --------------------------------------------------------------------------------

model() { tr -d '\0' 2>/dev/null <"$root/proc/device-tree/model" || true; }

# needs_raspberry_pi: stops on other machines; a dry run goes on, and an undo finds nothing there.
needs_raspberry_pi() {
  [[ "$(model)" != "Raspberry Pi "* ]] || return 0
  on_the_wrong_machine "a Raspberry Pi"
}

needs_jetson() {
  [[ "$(model)" != "NVIDIA Jetson "* && ! -e "$root/etc/nv_tegra_release" ]] || return 0
  on_the_wrong_machine "a Jetson"
}

on_the_wrong_machine() {
  local found
  found="$(model)"
  if [[ "$dry_run" == yes ]]; then
    note "This is no machine for it (${found:-of unknown make}); on $1, it would do this:"
  elif [[ "$undo" == no ]]; then
    stop "this is for $1, and the machine is ${found:-of unknown make}: run it there, or with --dry-run to see what it would do"
  fi
}

is_pi5() { [[ "$(model)" =~ (Pi|Module)\ 5 ]]; }

# refuse_overlay: what is written into a root in memory is lost with the next start.
refuse_overlay() {
  [[ "$dry_run" == no ]] && root_is_overlay || return 0
  stop "the root is read-only, and what is changed in memory would be lost: run read-only-root.sh --undo, restart, then this again"
}

root_is_overlay() { grep -qsE '^[^ ]+ / overlay ' "$root/proc/mounts"; }

# refuse_booth_pin OPTION: a pin given to something else must not be one of the button's and lights'.
refuse_booth_pin() {
  local pin
  for pin in 17 23 24 25; do
    [[ "${value[$1]}" != "$pin" ]] ||
      refuse "--$1 $pin is a pin of the booth's button and light: choose another one"
  done
}

# --- files, written whole -----------------------------------------------------------------------

# replace FILE COMMAND...: what COMMAND prints becomes the file's content, whole or not at all.
replace() {
  local file="$1"
  shift
  if [[ "$dry_run" == yes ]]; then
    fresh="$(mktemp)"
  else
    mkdir -p -- "$(dirname -- "$file")"
    make_fresh "$file"
  fi
  "$@" >"$fresh"
  if cmp -s -- "$file" "$fresh"; then
    rm -f -- "$fresh"
    return
  fi
  changed=yes
  if [[ "$dry_run" == yes ]]; then
    show_difference "$file" "$fresh"
    rm -f -- "$fresh"
    return
  fi
  take_after "$file" "$fresh"
  sync -- "$fresh"
  mv -f -- "$fresh" "$file"
  sync -- "$(dirname -- "$file")"
  note "Changed ${file#"$root"}"
}

# make_fresh FILE: a temporary file beside it; what a power cut left of an earlier one goes.
make_fresh() {
  rm -f -- "$1".interview-booth-??????
  fresh="$(mktemp "$1.interview-booth-XXXXXX")"
}

# take_after FILE FRESH: the mode and owner of the file; the boot partition, being FAT, has neither.
take_after() {
  if [[ -e "$1" ]]; then
    { chmod --reference="$1" -- "$2" && chown --reference="$1" -- "$2"; } 2>/dev/null || true
  else
    chmod 644 -- "$2" 2>/dev/null || true
  fi
}

show_difference() {
  local before="$1"
  [[ -e "$before" ]] || before=/dev/null
  diff --unified=1 --label "${1#"$root"}" --label "${1#"$root"} (would be)" -- "$before" "$2" || true
}

# remove FILE: of which nothing is left to keep.
remove() {
  [[ -e "$1" ]] || return 0
  changed=yes
  if [[ "$dry_run" == yes ]]; then
    note "Would remove ${1#"$root"}"
    return
  fi
  rm -f -- "$1"
  sync -- "$(dirname -- "$1")"
  note "Removed ${1#"$root"}"
}

# own_file FILE TEXT: a file that is ours alone; one of the same name by somebody else is left alone.
own_file() {
  refuse_foreign "$1"
  replace "$1" printf '# Made by Interview Booth: firmware_scripts/%s; --undo takes it away.\n%s\n' \
    "$(basename -- "$0")" "$2"
}

# remove_own_file FILE
remove_own_file() {
  refuse_foreign "$1"
  remove "$1"
}

refuse_foreign() {
  [[ ! -e "$1" ]] || head -n 1 -- "$1" | grep -q '^# Made by Interview Booth' ||
    stop "${1#"$root"} is there already, and somebody else's: move it away, then run this again"
}

# back_up FILE: once, before the first change.
back_up() {
  [[ "$dry_run" == no && -e "$1" && ! -e "$1.before-interview-booth" ]] || return 0
  make_fresh "$1"
  cp --preserve=mode,timestamps -- "$1" "$fresh"
  sync -- "$fresh"
  mv -f -- "$fresh" "$1.before-interview-booth"
}

# shellcheck source=boot-files.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/boot-files.sh"
