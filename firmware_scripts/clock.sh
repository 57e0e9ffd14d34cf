#!/usr/bin/env bash
# Keeps the time without a network, by a real-time clock with a battery.
#
# Without one, a machine goes on from the time of its last shutdown (fake-hwclock on Raspberry Pi OS
# 12, systemd-timesyncd on 13), or from the day on which its root was made read-only. Measures do not
# use the time of day; how long a practice record is kept does. The kernel sets the time itself as
# soon as it finds the clock, so that nothing else is changed.
#
# A Raspberry Pi 5 has a clock, and needs a battery alone. It charges that only when told to, and a
# cell that is not made for it may burst: --battery rechargeable is for such cells and no others
# (3.0 V, as the ML-2020 of Raspberry Pi takes). A Raspberry Pi 4 needs a clock chip on I2C.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: sudo firmware_scripts/clock.sh [--chip NAME] [--battery KIND] [--dry-run | --undo]

  --chip NAME     on a Raspberry Pi 4: ds3231 (without it), ds1307, pcf8523, pcf8563, pcf85063a or rv3028
  --battery KIND  on a Raspberry Pi 5: rechargeable, to have it charged, or plain (without it)
  --dry-run       show what would change
  --undo          take it back
TEXT
}

main() {
  # shellcheck source=library.sh
  source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/library.sh"
  takes chip ds3231 'ds3231|ds1307|pcf8523|pcf8563|pcf85063a|rv3028' "a chip's name such as ds3231"
  takes battery plain 'rechargeable|plain' "rechargeable or plain"
  begin clock "$@"
  needs_raspberry_pi
  refuse_overlay
  if [[ "$undo" == yes ]]; then
    unset_config
  elif ! is_pi5; then
    ! button_is_on_i2c ||
      stop "the power button is on a line of I2C: move it with power-button.sh --gpio 26, then run this again"
    set_config dtparam=i2c_arm=on "dtoverlay=i2c-rtc,${value[chip]}"
  elif [[ "${value[battery]}" == rechargeable ]]; then
    set_config dtparam=rtc_bbat_vchg=3000000
  else
    note "The clock of a Raspberry Pi 5 works with a battery in its socket; it is not charged."
    unset_config
  fi
  finish
}

# button_is_on_i2c: the power button's own pin is 3 where none is given.
button_is_on_i2c() {
  grep -s '^[[:space:]]*dtoverlay=gpio-shutdown' "$boot/config.txt" | grep -qvE 'gpio_pin=([4-9]|[12][0-9])'
}

main "$@"
