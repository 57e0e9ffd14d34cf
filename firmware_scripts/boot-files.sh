#!/usr/bin/env bash
# Changes of the files that a machine boots with: a marked block in config.txt and fstab, and words in
# cmdline.txt. Sourced by library.sh, whose functions it uses.
# shellcheck disable=SC2154  # library.sh sets the names that are not set here
set -euo pipefail

eol=""
boot_path=""
line=""
tail_of_line=""

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
  local file="$1" aside="#interview-booth $name: " line bare kept=() place=-1 inside=no
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
