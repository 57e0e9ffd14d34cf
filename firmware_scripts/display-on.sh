#!/usr/bin/env bash
# Keeps the screen on: the kernel must not blank the console that the kiosk stands on.
#
# It sets consoleblank=0 on the kernel's command line. The kiosk's own compositor, cage, never blanks;
# on the desktop of Raspberry Pi OS, switch "Screen Blanking" off in its settings, too.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: sudo firmware_scripts/display-on.sh [--dry-run | --undo]

  --dry-run  show what would change
  --undo     take it back
TEXT
}

main() {
  # shellcheck source=library.sh
  source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/library.sh"
  begin display-on "$@"
  needs_raspberry_pi
  refuse_overlay
  if [[ "$undo" == yes ]]; then
    unset_word
  else
    set_word consoleblank=0
  fi
  finish
}

main "$@"
