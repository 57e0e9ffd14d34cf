#!/usr/bin/env bash
# Says in config.txt which camera module is fitted, and how much memory it may have.
#
# Raspberry Pi OS finds the modules of Raspberry Pi by itself; other makes must be named. Memory that
# cameras can use (CMA) is set aside when the machine starts, and where the screen has taken it, the
# camera fails with "Cannot allocate memory": --cma sets more aside, as a parameter of the screen's
# driver (vc4-kms-v3d), which then has no other line.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: sudo firmware_scripts/camera.sh [--sensor NAME] [--cma MB] [--dry-run | --undo]

  --sensor NAME  auto (the default), or the module's sensor: imx219, imx296, imx477, imx708, ov5647 ...
  --cma MB       memory for pictures: 64, 96, 128, 192, 256, 320, 384, 448 or 512; as it is without
  --dry-run      show what would change
  --undo         take it back
TEXT
}

main() {
  # shellcheck source=library.sh
  source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/library.sh"
  takes sensor auto 'auto|(imx|ov|arducam-)[a-z0-9-]+' "auto or a sensor's name such as imx708"
  takes cma "" '64|96|128|192|256|320|384|448|512' "64, 96, 128, 192, 256, 320, 384, 448 or 512"
  begin camera "$@"
  needs_raspberry_pi
  refuse_overlay
  if [[ "$undo" == yes ]]; then
    unset_config
  else
    set_camera
  fi
  finish
}

set_camera() {
  local lines=()
  if [[ "${value[sensor]}" == auto ]]; then
    lines+=(camera_auto_detect=1)
  else
    lines+=(camera_auto_detect=0 "dtoverlay=${value[sensor]}")
  fi
  if [[ -n "${value[cma]}" ]]; then
    lines+=("$(screen_overlay),cma-${value[cma]}")
  fi
  set_config "${lines[@]}"
}

# screen_overlay: the line that loads the screen's driver, as the administrator has it, without CMA.
screen_overlay() {
  local found
  found="$(sed -n "s/\r\$//; s/^#interview-booth $name: //; s/^[[:space:]]*\(dtoverlay=vc4-kms-v3d\)/\1/p" \
    "$boot/config.txt" 2>/dev/null | grep -E '=vc4-kms-v3d(,|$)' | head -n 1 || true)"
  sed -E 's/,cma-[0-9a-z]+//g' <<<"${found:-dtoverlay=vc4-kms-v3d}"
}

main "$@"
