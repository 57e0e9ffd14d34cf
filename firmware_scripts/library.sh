#!/usr/bin/env bash
# What the scripts in this folder share: their options, and safe changes of the files that a machine
# boots with. It is sourced, never run.
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
aside=""
eol=""
boot_path=""
line=""
tail_of_line=""
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
  aside="#interview-booth $name: "
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

# --- config.txt and fstab: a marked block -------------------------------------------------------

# boot_file NAME: sets boot_path, and stops where an older or another system keeps it elsewhere.
boot_file() {
  boot_path="$boot/$1"
  [[ ! -f "$boot_path" && "$dry_run" == no && "$undo" == no ]] || return 0
  [[ ! -f "$root/boot/$1" ]] ||
    stop "/boot/$1 is of Raspberry Pi OS 11 or older, which this does not know: install Raspberry Pi OS 12 or newer"
  stop "there is no /boot/firmware/$1: mount the boot partition, then run this again"
}

# set_config LINE...: the script's lines of config.txt, in a block that is for all models. Overlays
# that a block loads must not be loaded twice: such lines of others become comments until the undo.
set_config() {
  boot_file config.txt
  back_up "$boot_path"
  # An empty "dtoverlay=" ends the scope of the overlay before, so that parameters reach the board.
  replace "$boot_path" with_block "$boot_path" "[all]" "dtoverlay=" "$@"
}

unset_config() { unset_block "$boot/config.txt"; }

# set_fstab LINE...: the script's lines of /etc/fstab.
set_fstab() {
  back_up "$root/etc/fstab"
  replace "$root/etc/fstab" with_block "$root/etc/fstab" "$@"
}

unset_fstab() { unset_block "$root/etc/fstab"; }

# unset_block FILE: takes the block away; with the last one, the file is to the byte what it was.
unset_block() {
  local file="$1" copy="$1.before-interview-booth"
  [[ -e "$file" ]] || return 0
  replace "$file" with_block "$file"
  [[ "$dry_run" == no && -e "$copy" ]] || return 0
  ! grep -q '^# *interview-booth ' -- "$file" || return 0
  # A block begins in a line of its own: a last line without an end was given one.
  line_ending "$copy"
  if cmp -s -- "$file" <(cat -- "$copy" && printf '%s' "$eol"); then
    replace "$file" cat -- "$copy"
  fi
  rm -f -- "$copy"
}

# with_block FILE LINE...: the file with this script's block of LINEs, or without it for no LINE.
with_block() {
  local file="$1" line bare kept=() place=-1 inside=no
  shift
  while IFS= read -r line || [[ -n "$line" ]]; do
    bare="${line%$'\r'}"
    if [[ "$bare" == "# interview-booth $name begin:"* ]]; then
      inside=yes place="${#kept[@]}"
    elif [[ "$bare" == "# interview-booth $name end" ]]; then
      inside=no
    elif [[ "$inside" == no ]]; then
      line="${line#"$aside"}"
      ! loads_overlay_of "$line" "$@" || line="$aside$line"
      kept+=("$line")
    fi
  done < <(cat -- "$file" 2>/dev/null || true)
  [[ "$inside" == no ]] ||
    stop "the block '$name' in ${file#"$root"} has no end: take it out by hand, then run this again"
  (($# == 0 || place >= 0)) || place="${#kept[@]}"
  line_ending "$file"
  print_lines "$(lacks_last_newline "$file" && echo yes || echo no)" "$place" "$@"
}

# print_lines OPEN PLACE LINE...: those of `kept`, and the block of LINEs at its place among them;
# OPEN is yes where the last line has no end.
print_lines() {
  local open="$1" place="$2" count="${#kept[@]}" index
  shift 2
  for ((index = 0; index <= count; index++)); do
    if ((index == place && $# > 0)); then
      printf "%s$eol" "# interview-booth $name begin: $(basename -- "$0") --undo takes it away" \
        "$@" "# interview-booth $name end"
    fi
    if ((index == count)); then
      break
    elif ((index < count - 1)) || [[ "$open" == no ]]; then
      printf '%s\n' "${kept[index]}"
    elif ((place == count && $# > 0)); then
      printf '%s%s' "${kept[index]}" "$eol"
    else
      printf '%s' "${kept[index]}"
    fi
  done
}

# loads_overlay_of LINE BLOCK_LINE...: whether LINE loads an overlay that the block loads, too.
loads_overlay_of() {
  local theirs ours
  [[ "$1" =~ ^[[:space:]]*dtoverlay=([^,[:space:]]+) ]] || return 1
  theirs="${BASH_REMATCH[1]}"
  shift
  for ours in "$@"; do
    [[ ! "$ours" =~ ^dtoverlay=([^,]+) || "${BASH_REMATCH[1]}" != "$theirs" ]] || return 0
  done
  return 1
}

# line_ending FILE: sets eol to what the first line ends with.
line_ending() {
  local first=""
  IFS= read -r first <"$1" || true
  eol=$'\n'
  [[ "$first" != *$'\r' ]] || eol=$'\r\n'
} 2>/dev/null

lacks_last_newline() { [[ -s "$1" && -n "$(tail -c 1 -- "$1")" ]]; }

# --- cmdline.txt: one line of words -------------------------------------------------------------

# Since that line has no room for marks, what was added or replaced is kept in a file beside it, a
# line each: the script, the word, and the word that was there before, or "-".
record_name=cmdline.txt.interview-booth

# set_word WORD: one word of the kernel's command line, in place of one with the same name.
set_word() {
  local word="$1" before
  boot_file cmdline.txt
  read_line
  if has_word "$word"; then
    return
  fi
  unset_word_in_line
  before="$(word_named "${word%%=*}")"
  back_up "$boot_path"
  replace "$boot/$record_name" print_records "$name $word ${before:--}"
  if [[ -n "$before" ]]; then
    swap_word "$before" "$word"
  else
    line="${line:+$line }$word"
  fi
  replace "$boot_path" printf '%s%s' "$line" "$tail_of_line"
}

# unset_word: gives the line back the word that it had.
unset_word() {
  boot_path="$boot/cmdline.txt"
  [[ -e "$boot_path" && -e "$boot/$record_name" ]] || return 0
  read_line
  unset_word_in_line
  replace "$boot_path" printf '%s%s' "$line" "$tail_of_line"
  if [[ -n "$(other_records)" ]]; then
    replace "$boot/$record_name" other_records
  else
    remove "$boot/$record_name"
    [[ "$dry_run" == yes ]] || rm -f -- "$boot_path.before-interview-booth"
  fi
}

# read_line: sets line, and tail_of_line to the white space after it.
read_line() {
  local text
  text="$(cat -- "$boot_path" 2>/dev/null || true && echo .)"
  text="${text%.}"
  line="${text%"${text##*[![:space:]]}"}"
  tail_of_line="${text#"$line"}"
  [[ "$line" != *$'\n'* ]] ||
    stop "${boot_path#"$root"} has more than one line, of which the firmware reads the first: make it one, then run this again"
}

unset_word_in_line() {
  local owner word before
  while read -r owner word before; do
    [[ "$owner" == "$name" ]] || continue
    if [[ "$before" == - ]]; then
      swap_word "$word" ""
    else
      swap_word "$word" "$before"
    fi
  done < <(cat -- "$boot/$record_name" 2>/dev/null || true)
}

has_word() { [[ " $line " == *" $1 "* ]]; }

word_named() {
  local word
  for word in $line; do
    [[ "${word%%=*}" != "$1" ]] || echo "$word"
  done | tail -n 1
}

# swap_word OLD NEW: in line; without NEW, OLD goes.
swap_word() {
  has_word "$1" || return 0
  local padded=" $line "
  padded="${padded/" $1 "/" ${2:+$2 }"}"
  padded="${padded# }"
  line="${padded% }"
}

# print_records RECORD: the other scripts' records, and this one's.
print_records() {
  other_records
  echo "$1"
}

other_records() { awk -v name="$name" '$1 != name' "$boot/$record_name" 2>/dev/null || true; }
