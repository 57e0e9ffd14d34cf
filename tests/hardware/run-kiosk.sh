#!/usr/bin/env bash
# The booth's own screen for real: in a booted Debian 13 (booted-debian.sh), interview-booth-kiosk.service
# runs as it is, but that cage draws into memory instead of on a display. The booth runs beside it on the
# packaged sample, in a network that has nothing else. The unit must wait for the panel, show the first
# screen and nothing around it in two sizes, come back when Chromium is killed or closed, keep nothing,
# and no key may lead out of the panel. Twenty minutes the first time.
#
#   tests/hardware/run-kiosk.sh
#
# BOOTH_TREE=FOLDER keeps the Debian with its packages for the next run (default: a temporary one).
# BOOTH_LOG names the log of the boot (default: a new file under /tmp); pictures are kept beside it.
# Needs root, debootstrap, systemd-nspawn (Debian's systemd-container), network, and .venv of
# './setup.sh dev'. Where something is missing it says what, exit 0.
set -euo pipefail

readonly screen=interview-booth-kiosk.service
readonly panel=http://127.0.0.1:8080
readonly run=/run/interview-booth-kiosk
readonly profile=$run/profile
readonly policies=/etc/chromium/policies/managed/interview-booth.json
readonly near=0.02 # share of a picture that may differ: on the first screen a circle breathes

# shellcheck source=tests/hardware/booted-debian.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/booted-debian.sh"

main() {
  prepare_debian run-kiosk trixie
  [[ -x "$repository/.venv/bin/python" ]] || skip "there is no .venv: run './setup.sh dev'"
  pictures="$log.pictures"
  mkdir -p -- "$pictures"
  trap end_all EXIT
  install_screen
  make_network
  nspawn_options=(--network-namespace-path="/proc/$network/ns/net")
  boot
  run_checks waits_for_the_panel shows_the_first_screen_alone stands_upright_too \
    comes_back_when_chromium_is_killed begins_with_an_empty_profile no_key_leads_out \
    comes_back_when_it_is_closed opens_nothing_else outlives_a_new_start_of_the_booth
}

# What the installation puts in its places, and tools that look and type.
install_screen() {
  echo "Chromium and cage in it ..."
  local packages
  mapfile -t packages < <(awk '$1 != "#" && $2 == "screen" { print $1 }' "$repository/firmware_scripts/apt-packages.txt")
  chroot "$tree" sh -c 'apt-get update --quiet && DEBIAN_FRONTEND=noninteractive apt-get install --yes \
    --quiet --no-install-recommends libpam-systemd fonts-dejavu-core grim wlr-randr wtype "$@"' - \
    "${packages[@]}" >"$log.setup" 2>&1 || {
    tail -n 20 -- "$log.setup" >&2
    return 1
  }
  cp -- "$repository/systemd/$screen" "$tree/etc/systemd/system/"
  cp -- "$repository"/systemd/sysusers.d/*.conf "$tree/usr/lib/sysusers.d/"
  cp -- "$repository"/systemd/tmpfiles.d/*.conf "$tree/usr/lib/tmpfiles.d/"
  install -D --mode=644 -- "$repository/systemd/chromium-policies.json" \
    "$tree/opt/interview-booth/current/systemd/chromium-policies.json"
  mkdir -p -- "$tree$(dirname -- "$policies")"
  ln -sfn /opt/interview-booth/current/systemd/chromium-policies.json "$tree$policies"
  # There is neither a console nor a display: only what concerns those is another.
  mkdir -p -- "$tree/etc/systemd/system/$screen.d"
  printf '[Service]\nTTYPath=\nStandardInput=null\nEnvironment=WLR_BACKENDS=headless WLR_RENDERER=pixman %s\n' \
    WLR_LIBINPUT_NO_DEVICES=1 >"$tree/etc/systemd/system/$screen.d/headless.conf"
}

# A network for this run alone, so that nobody else's panel is in the way.
make_network() {
  unshare --net sleep infinity &
  network=$!
  until [[ "$(readlink "/proc/$network/ns/net")" != "$(readlink /proc/self/ns/net)" ]]; do sleep 0.1; done
  nsenter --net="/proc/$network/ns/net" ip link set lo up
}

end_all() {
  end_booth
  clean_up
  [[ -z "${elsewhere:-}" ]] || kill "$elsewhere" 2>/dev/null || true
  [[ -z "${network:-}" ]] || kill "$network" 2>/dev/null || true
}

start_booth() {
  mkdir -p -- "$workspace/state"
  (
    cd -- "$repository"
    exec nsenter --net="/proc/$network/ns/net" env STATE_DIRECTORY="$workspace/state" \
      BOOTH_SPEAKER_ON=false BOOTH_CONTROLS_KIND=none .venv/bin/python -m appliance.cli demo
  ) >"$log.booth" 2>&1 &
  booth=$!
}

end_booth() {
  [[ -n "${booth:-}" ]] || return 0
  kill "$booth" 2>/dev/null || true
  wait "$booth" 2>/dev/null || true
  booth=""
}

# --- looking and typing -------------------------------------------------------------------------

# As the user of the screen, on its display.
on_screen() {
  in_tree runuser -u interview-booth-kiosk -- \
    env XDG_RUNTIME_DIR="$run" WAYLAND_DISPLAY=wayland-0 "$@"
}

photograph() {
  on_screen grim - >"$pictures/$1.png" 2>/dev/null
}

# As the page looks alone in a window of that size: by this machine's Chromium, which has no policies.
photograph_page() {
  nsenter --net="/proc/$network/ns/net" "$repository/.venv/bin/python" - "$panel/" "$1" "$2" \
    "$pictures/page-$1x$2.png" <<'PYTHON'
import sys

from playwright.sync_api import sync_playwright

address, width, height, path = sys.argv[1:]
with sync_playwright() as play:
    browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    page = browser.new_page(viewport={"width": int(width), "height": int(height)})
    page.set_default_timeout(120_000)
    page.goto(address)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=path)
    browser.close()
PYTHON
}

# looks_like PICTURE PICTURE: in size, and in nearly every place.
looks_like() {
  "$repository/.venv/bin/python" - "$pictures/$1.png" "$pictures/$2.png" "$near" <<'PYTHON'
import sys

import numpy as np
from PIL import Image

one, other = (np.asarray(Image.open(path).convert("L"), int) for path in sys.argv[1:3])
same = one.shape == other.shape and (abs(one - other) > 24).mean() <= float(sys.argv[3])
sys.exit(0 if same else 1)
PYTHON
}

shows() {
  photograph now && looks_like now "$1"
}

of_screen() { in_tree systemctl show "$screen" --property="$1" --value; }

chromium_pid() { in_tree pgrep --oldest --full 'chromium/chromium .*--kiosk'; }

set_size() {
  on_screen wlr-randr --output HEADLESS-1 --custom-mode "$1" 2>/dev/null
}

# The display is made anew with each start, in cage's own size.
comes_to_first_screen() {
  until_holds 120 set_size 800x480 && until_holds 120 shows page-800x480
}

# --- what must hold -----------------------------------------------------------------------------

waits_for_the_panel() {
  in_tree systemctl start --no-block "$screen"
  sleep 5
  [[ "$(of_screen ActiveState)" == activating ]] && ! chromium_pid >/dev/null || return
  start_booth
  until_holds 240 chromium_pid >/dev/null
}

shows_the_first_screen_alone() {
  photograph_page 800 480 && comes_to_first_screen && photograph landscape
}

stands_upright_too() {
  photograph_page 720 1280 && set_size 720x1280 && until_holds 60 shows page-720x1280 || return
  photograph portrait
  comes_to_first_screen
}

comes_back_when_chromium_is_killed() {
  local before
  before="$(of_screen NRestarts)"
  in_tree touch "$profile/left-behind"
  in_tree kill -KILL "$(chromium_pid)"
  until_holds 60 restarted_since "$before" && comes_to_first_screen
}

restarted_since() { (($(of_screen NRestarts) > $1)); }

# What the one before had in its profile is gone, and nothing is elsewhere.
begins_with_an_empty_profile() {
  ! in_tree test -e "$profile/left-behind" || return
  local files
  files="$(in_tree find / -xdev -user interview-booth-kiosk -type f -not -path '/proc/*' -not -path '/tmp/*')"
  [[ -z "$files" ]] || { echo "      $files"; return 1; }
}

# Chromium's keys, cage's and the console's; each is pressed on the first screen, which must stay.
no_key_leads_out() {
  local keys pressed count=0 out=0
  for keys in ctrl+{b,d,f,h,j,k,l,n,o,p,s,t,u,w,plus,Tab,9} ctrl+shift+{b,i,n,p,t,w,Delete} \
    ctrl+alt+{F1,BackSpace,Delete} alt+{d,e,F4,Escape,Home,Left,Tab,space} shift+Escape \
    F1 F3 F5 F6 F7 F10 F11 F12 Menu Super_L Print; do
    count=$((count + 1))
    mapfile -t pressed < <(as_pressed "$keys")
    on_screen wtype "${pressed[@]}"
    sleep 2
    shows page-800x480 && continue
    cp -- "$pictures/now.png" "$pictures/out-$keys.png"
    echo "      $keys leads out"
    out=1
    in_tree systemctl restart "$screen"
    comes_to_first_screen || return
  done
  echo "      $count keys pressed"
  return "$out"
}

# as_pressed KEYS: such as ctrl+shift+t, as wtype takes them, an argument a line.
as_pressed() {
  local all part i
  IFS=+ read -ra all <<<"$1"
  for part in "${all[@]:0:${#all[@]}-1}"; do printf '%s\n' -M "$part"; done
  printf '%s\n' -k "${all[-1]}"
  for ((i = ${#all[@]} - 2; i >= 0; i--)); do printf '%s\n' -m "${all[i]}"; done
}

# However Chromium ends in order, as by a key that closes its window.
comes_back_when_it_is_closed() {
  local before
  before="$(of_screen NRestarts)"
  in_tree kill -TERM "$(chromium_pid)"
  until_holds 60 restarted_since "$before" && comes_to_first_screen
}

# The same unit with another address: none is asked for anything, and Chromium says that it is blocked.
opens_nothing_else() {
  local address told=0
  nsenter --net="/proc/$network/ns/net" "$repository/.venv/bin/python" -m http.server 8081 \
    --directory "$workspace" >"$log.elsewhere" 2>&1 &
  elsewhere=$!
  for address in http://127.0.0.1:8081/ file:///etc/passwd chrome://version chrome://downloads \
    "view-source:$panel/"; do
    opens_only "$address" || told=1
  done
  kill "$elsewhere"
  elsewhere=""
  if grep -q GET "$log.elsewhere"; then
    echo "      another address was asked"
    told=1
  fi
  in_tree rm -f "/etc/systemd/system/$screen.d/elsewhere.conf"
  in_tree systemctl daemon-reload
  in_tree systemctl restart "$screen"
  comes_to_first_screen && return "$told"
}

# opens_only ADDRESS: the first is the picture of what is blocked, the others differ by a word or two.
opens_only() {
  local unit="$tree/etc/systemd/system/$screen"
  {
    printf '[Service]\nExecStart=\n'
    sed -n '/^ExecStart=/,/[^\\]$/p' "$unit" | sed "s|$panel/\$|$1|"
  } >"$tree/etc/systemd/system/$screen.d/elsewhere.conf"
  in_tree systemctl daemon-reload
  in_tree systemctl restart "$screen"
  until_holds 60 set_size 800x480 || return
  sleep 8
  [[ -e "$pictures/blocked.png" ]] || photograph blocked
  ! looks_like blocked page-800x480 && until_holds 60 shows blocked && return
  echo "      $1 is not blocked"
  return 1
}

outlives_a_new_start_of_the_booth() {
  end_booth
  start_booth
  until_holds 240 in_tree curl --silent --fail --output /dev/null "$panel/healthz" || return
  until_holds 120 shows page-800x480
}

main "$@"
