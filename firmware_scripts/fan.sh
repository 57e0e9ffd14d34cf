#!/usr/bin/env bash
# Makes the fan start later and slower than it would, since it stands beside a microphone.
#
# A Raspberry Pi 5 regulates its fan in four steps; these begin 5 to 7 degrees later than the
# firmware's, and still run at full speed before the processor is slowed down (80 degrees). A
# Raspberry Pi 4 can only switch a fan on a pin on, and off 10 degrees lower; the pin needs a transistor.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: sudo firmware_scripts/fan.sh [--gpio N] [--dry-run | --undo]

  --gpio N   on a Raspberry Pi 4, the pin that switches the fan (BCM number); 14 without
  --dry-run  show what would change
  --undo     take it back
TEXT
}

main() {
  # shellcheck source=library.sh
  source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/library.sh"
  takes gpio 14 '[2-9]|1[0-9]|2[0-7]' "a GPIO number from 2 to 27"
  begin fan "$@"
  needs_raspberry_pi
  refuse_overlay
  if [[ "$undo" == yes ]]; then
    unset_config
  elif is_pi5 || [[ "$(model)" != "Raspberry Pi "* ]]; then
    set_config dtparam=cooling_fan=on \
      dtparam=fan_temp0=55000,fan_temp0_hyst=5000,fan_temp0_speed=75 \
      dtparam=fan_temp1=65000,fan_temp1_hyst=5000,fan_temp1_speed=125 \
      dtparam=fan_temp2=72000,fan_temp2_hyst=5000,fan_temp2_speed=175 \
      dtparam=fan_temp3=78000,fan_temp3_hyst=5000,fan_temp3_speed=255
  else
    refuse_booth_pin gpio
    set_config "dtoverlay=gpio-fan,gpiopin=${value[gpio]},temp=65000"
  fi
  finish
}

main "$@"
