#!/usr/bin/env bash
# Gives the booth a button that shuts it down in order, and a light that is on while it runs.
#
# Pulling the plug harms memory cards. The kernel reports the button as a power key, on which systemd
# shuts down. On GPIO 3 (place 5 of the header, to ground at place 6) the same button starts a
# Raspberry Pi 4 again; that pin is also the clock line of I2C, so a real-time clock on I2C needs the
# button elsewhere. A Raspberry Pi 5 has a button of its own that does both, and needs none of this.
# --cut-power drives a pin high once all is written, for a circuit that cuts the supply; with it, GPIO 3
# does not start the machine any more.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: sudo firmware_scripts/power-button.sh [--gpio N] [--led N] [--cut-power N] [--dry-run | --undo]

  --gpio N       the button's pin (BCM number); 3 without
  --led N        the power light's pin; no light without
  --cut-power N  the pin that tells a circuit to cut the supply; none without
  --dry-run      show what would change
  --undo         take it back
TEXT
}

main() {
  # shellcheck source=library.sh
  source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/library.sh"
  local pin='[2-9]|1[0-9]|2[0-7]' numbers="a GPIO number from 2 to 27"
  takes gpio 3 "$pin" "$numbers"
  takes led "" "$pin" "$numbers"
  takes cut-power "" "$pin" "$numbers"
  begin power-button "$@"
  needs_raspberry_pi
  refuse_overlay
  if [[ "$undo" == yes ]]; then
    unset_config
  else
    set_button
  fi
  finish
}

set_button() {
  local option pins lines
  for option in gpio led cut-power; do
    refuse_booth_pin "$option"
  done
  pins="$(printf '%s\n' "${value[gpio]}" "${value[led]}" "${value[cut-power]}" | grep . | sort | uniq -d)"
  [[ -z "$pins" ]] || refuse "GPIO $pins is given twice: give button, light and power pins of their own"
  if [[ "${value[gpio]}" =~ ^[23]$ ]] && uses_i2c; then
    stop "GPIO ${value[gpio]} is a line of I2C, which config.txt switches on: put the button elsewhere, for example --gpio 26"
  fi
  lines=("dtoverlay=gpio-shutdown,gpio_pin=${value[gpio]},active_low=1,gpio_pull=up")
  if [[ -n "${value[led]}" ]]; then
    lines+=("dtoverlay=gpio-led,gpio=${value[led]},label=booth-power,trigger=default-on")
  fi
  if [[ -n "${value[cut-power]}" ]]; then
    lines+=("dtoverlay=gpio-poweroff,gpiopin=${value[cut-power]}")
  fi
  set_config "${lines[@]}"
}

uses_i2c() { grep -qsE '^[[:space:]]*dtparam=(.*,)?i2c(_arm)?(=on)?([,[:space:]]|$)' "$boot/config.txt"; }

main "$@"
