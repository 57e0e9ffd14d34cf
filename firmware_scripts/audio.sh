#!/usr/bin/env bash
# Says in config.txt where sound comes from and goes to.
#
# --use usb switches the headphone socket of the board off, so that a USB microphone and loudspeaker
# are the only cards beside HDMI. --use i2s switches the I2S pins (GPIO 18 to 21) on and loads the
# overlay of the board on them; the default one fits an INMP441 microphone with a MAX98357A amplifier.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: sudo firmware_scripts/audio.sh --use usb|i2s [--overlay NAME] [--dry-run | --undo]

  --use usb|i2s   what the microphone is connected by
  --overlay NAME  for i2s, the board's overlay; googlevoicehat-soundcard without
  --dry-run       show what would change
  --undo          take it back
TEXT
}

main() {
  # shellcheck source=library.sh
  source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/library.sh"
  takes use "" 'usb|i2s' "usb or i2s"
  takes overlay googlevoicehat-soundcard '[a-z0-9][a-z0-9_-]*' "an overlay's name"
  begin audio "$@"
  [[ "$undo" == yes || -n "${value[use]}" ]] || refuse "--use is missing: give usb or i2s"
  needs_raspberry_pi
  refuse_overlay
  if [[ "$undo" == yes ]]; then
    unset_config
  elif [[ "${value[use]}" == usb ]]; then
    set_config dtparam=audio=off
  else
    set_config dtparam=audio=off dtparam=i2s=on "dtoverlay=${value[overlay]}"
  fi
  finish
}

main "$@"
