#!/usr/bin/env bash
# Gives a USB camera, microphone and loudspeaker names that stay, by rules for udev.
#
# The kernel numbers devices in the order in which it finds them. With the rules, the camera is
# /dev/booth-camera (camera.identity), and the cards are BoothMic and BoothSpeaker for ALSA
# (speaker.output = "plughw:CARD=BoothSpeaker"). A device goes by vendor and product, the two numbers
# that lsusb shows; of two of the same kind, either may get the name: choose such by their socket, as
# 'booth doctor --json' lists it.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: sudo firmware_scripts/device-names.sh [--camera ID] [--microphone ID] [--speaker ID] [--dry-run | --undo]

  --camera ID      vendor and product of the camera, such as 046d:0825
  --microphone ID  of the microphone
  --speaker ID     of the loudspeaker, where it is not the microphone's card
  --dry-run        show what would change
  --undo           take it back
TEXT
}

main() {
  # shellcheck source=library.sh
  source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/library.sh"
  local id='[0-9a-f]{4}:[0-9a-f]{4}' option
  for option in camera microphone speaker; do
    takes "$option" "" "$id" "vendor and product as lsusb shows them, such as 046d:0825"
  done
  begin device-names "$@"
  refuse_overlay
  local file="$root/etc/udev/rules.d/90-interview-booth.rules"
  if [[ "$undo" == yes ]]; then
    remove_own_file "$file"
  else
    [[ -n "${value[camera]}${value[microphone]}${value[speaker]}" ]] ||
      refuse "no device is given: use --camera, --microphone or --speaker"
    own_file "$file" "$(rules)"
  fi
  finish
}

rules() {
  # A camera has several nodes, of which the first gives pictures.
  [[ -z "${value[camera]}" ]] ||
    echo "SUBSYSTEM==\"video4linux\", ATTR{index}==\"0\", $(usb "${value[camera]}"), SYMLINK+=\"booth-camera\""
  [[ -z "${value[microphone]}" ]] || card "${value[microphone]}" BoothMic
  [[ -z "${value[speaker]}" ]] || card "${value[speaker]}" BoothSpeaker
}

card() { echo "SUBSYSTEM==\"sound\", KERNEL==\"card[0-9]*\", ACTION!=\"remove\", $(usb "$1"), ATTR{id}=\"$2\""; }

usb() { echo "ATTRS{idVendor}==\"${1%:*}\", ATTRS{idProduct}==\"${1#*:}\""; }

main "$@"
