#!/usr/bin/env bats
# firmware_scripts on machines made of files (fixtures/): nothing here ran on a real Raspberry Pi or
# Jetson. What is asked: a dry run changes nothing, a second run changes nothing, and the undo gives
# back what was there, to the byte.
# shellcheck disable=SC2154  # run sets stderr

bats_require_minimum_version 1.5.0

pi_os=(raspberry-pi-os-{bookworm,trixie}-{lite,desktop})

# Every way to use a script on a Raspberry Pi 4; one a line.
uses=(
  "camera.sh"
  "camera.sh --sensor imx708 --cma 384"
  "audio.sh --use usb"
  "audio.sh --use i2s"
  "power-button.sh"
  "power-button.sh --gpio 26 --led 22 --cut-power 27"
  "watchdog.sh"
  "less-wear.sh"
  "fan.sh"
  "display-on.sh"
  "clock.sh"
  "device-names.sh --camera 046d:0825 --microphone 17a0:0310 --speaker 0d8c:0014"
  "read-only-root.sh"
)

# Those that change lines of a file: one of each kind.
edits=("camera.sh --sensor imx708 --cma 384" display-on.sh less-wear.sh read-only-root.sh)

setup() {
  scripts="$BATS_TEST_DIRNAME/../../firmware_scripts"
  export BOOTH_ROOT="$BATS_TEST_TMPDIR/machine"
  config="$BOOTH_ROOT/boot/firmware/config.txt"
  cmdline="$BOOTH_ROOT/boot/firmware/cmdline.txt"
}

# machine FIXTURE MODEL: a fresh copy, with a watchdog, a data partition and overlayroot.
machine() {
  rm -rf "$BOOTH_ROOT"
  cp -r "$BATS_TEST_DIRNAME/fixtures/$1" "$BOOTH_ROOT"
  mkdir -p "$BOOTH_ROOT"/{proc/device-tree,dev/disk/by-label} \
    "$BOOTH_ROOT/usr/share/initramfs-tools/scripts/init-bottom"
  printf '%s\0' "$2" >"$BOOTH_ROOT/proc/device-tree/model"
  touch "$BOOTH_ROOT/dev/watchdog0" "$BOOTH_ROOT/usr/share/initramfs-tools/scripts/init-bottom/overlayroot"
  data="$BOOTH_ROOT/dev/disk/by-label/booth-data"
  # The magic number of ext4, where its superblock has it.
  { head -c 1080 /dev/zero && printf '\x53\xef'; } >"$data"
}

pi4() { machine "${1:-raspberry-pi-os-bookworm-lite}" "Raspberry Pi 4 Model B Rev 1.5"; }
pi5() { machine raspberry-pi-os-trixie-desktop "Raspberry Pi 5 Model B Rev 1.0"; }

# sums: every file, and its hash.
sums() { (cd "$BOOTH_ROOT" && find . -type f -print0 | sort -z | xargs -0 sha256sum); }

# use WORDS [OPTION]: runs a script of the table.
use() {
  local -a words
  read -ra words <<<"$1"
  "$scripts/${words[0]}" "${words[@]:1}" "${@:2}"
}

# whole_round USE: dry run, run, run, dry undo, undo, undo.
whole_round() {
  local before after
  before="$(sums)"
  run -0 use "$1" --dry-run
  [[ "$(sums)" == "$before" && "$output" == *"dry run"* ]]
  run -0 use "$1"
  after="$(sums)"
  [[ "$after" != "$before" && "$output" == *"Restart the machine"* ]]
  run -0 use "$1"
  [[ "$(sums)" == "$after" && "$output" == *"Nothing to change."* ]]
  run -0 use "$1" --undo --dry-run
  [[ "$(sums)" == "$after" ]]
  run -0 use "${1%% *}" --undo
  [[ "$(sums)" == "$before" ]]
  run -0 use "${1%% *}" --undo
  [[ "$(sums)" == "$before" && "$output" == *"Nothing to change."* ]]
}

# --- every script, on every system ---------------------------------------------------------------

@test "each script: dry run, twice, and back to the byte" {
  local system one
  for system in raspberry-pi-os-bookworm-lite raspberry-pi-os-trixie-desktop; do
    pi4 "$system"
    for one in "${uses[@]}"; do
      echo "$system: $one"
      whole_round "$one"
    done
  done
}

@test "the same on a Raspberry Pi 5" {
  pi5
  local one
  for one in fan.sh "clock.sh --battery rechargeable" camera.sh; do
    echo "$one"
    whole_round "$one"
  done
}

@test "the same with CRLF, and the lines of the script end so, too" {
  pi4
  sed -i 's/$/\r/' "$config" "$cmdline"
  local one
  for one in "${edits[@]}"; do
    echo "$one"
    whole_round "$one"
  done
  use "camera.sh --sensor imx708 --cma 384"
  run ! grep -qv $'\r$' "$config"
}

@test "the same without a newline at the end" {
  pi4
  truncate -s -1 "$config" "$cmdline" "$BOOTH_ROOT/etc/fstab"
  local one
  for one in "${edits[@]}"; do
    echo "$one"
    whole_round "$one"
  done
}

@test "the same in CRLF without a newline at the end" {
  pi4
  sed -i 's/$/\r/' "$config" "$cmdline"
  truncate -s -2 "$config" "$cmdline"
  whole_round "camera.sh --sensor imx708 --cma 384"
  whole_round display-on.sh
}

@test "the same with an empty config.txt" {
  pi4
  : >"$config"
  whole_round "camera.sh --sensor imx708 --cma 384"
}

@test "on each system, all scripts together, undone in the order of their runs, leave nothing" {
  local system before after one all=(camera.sh "audio.sh --use i2s" "power-button.sh --gpio 26" watchdog.sh
    less-wear.sh fan.sh display-on.sh clock.sh "device-names.sh --camera 046d:0825" read-only-root.sh)
  for system in "${pi_os[@]}"; do
    pi4 "$system"
    truncate -s -1 "$config"
    before="$(sums)"
    for one in "${all[@]}"; do use "$one"; done
    after="$(sums)"
    for one in "${all[@]}"; do use "$one"; done
    [[ "$(sums)" == "$after" ]]
    for one in "${all[@]}"; do use "${one%% *}" --undo; done
    [[ "$(sums)" == "$before" ]]
  done
}

@test "each script explains itself, and runs nothing before all of it is read" {
  local script
  for script in "$scripts"/*.sh; do
    [[ ! "$script" =~ /(boot-files|library|lock-dependencies|installation|bundle|from-bundle)\.sh$ ]] || continue
    echo "$script"
    [[ -x "$script" ]]
    run -0 "$script" --help
    [[ "$output" == "Usage: sudo firmware_scripts/${script##*/}"*--dry-run*--undo* ]]
    grep -q '^main "\$@"$' "$script"
  done
}

# --- refusals ------------------------------------------------------------------------------------

@test "another machine is refused in one line; a dry run shows what would be" {
  machine raspberry-pi-os-trixie-lite "Some Board"
  local before script
  before="$(sums)"
  for script in camera.sh power-button.sh fan.sh display-on.sh clock.sh read-only-root.sh; do
    run -1 --separate-stderr "$scripts/$script"
    [[ "${#stderr_lines[@]}" == 1 ]]
    [[ "$stderr" == "$script: this is for a Raspberry Pi, and the machine is Some Board: "* ]]
    run -0 "$scripts/$script" --dry-run
    [[ "$output" == *"on a Raspberry Pi, it would do this"* && "$output" == *"dry run"* ]]
  done
  run -1 --separate-stderr "$scripts/jetson-power-mode.sh" --mode 15W
  [[ "$stderr" == *"this is for a Jetson"* ]]
  [[ "$(sums)" == "$before" ]]
}

@test "wrong usage is refused by name, with exit code 2" {
  pi4
  local before one
  before="$(sums)"
  for one in "camera.sh --lens 3" "camera.sh --cma 100" "camera.sh --cma" "camera.sh now" "audio.sh" \
    "audio.sh --use hdmi" "audio.sh --use i2s --overlay a;b" "power-button.sh --gpio 40" "watchdog.sh --seconds 3" \
    "device-names.sh" "device-names.sh --camera 46d:825" "clock.sh --battery burst" "read-only-root.sh --label a/b"; do
    echo "$one"
    run -2 --separate-stderr use "$one"
    [[ "${#stderr_lines[@]}" == 1 && "$stderr" == "${one%% *}: "* ]]
  done
  [[ "$(sums)" == "$before" ]]
}

@test "an older Raspberry Pi OS is refused" {
  pi4
  mv "$BOOTH_ROOT"/boot/firmware/*.txt "$BOOTH_ROOT/boot/"
  run -1 --separate-stderr "$scripts/camera.sh"
  [[ "$stderr" == *"/boot/config.txt is of Raspberry Pi OS 11 or older"* ]]
  run -1 --separate-stderr "$scripts/display-on.sh"
  [[ "$stderr" == *"/boot/cmdline.txt is of Raspberry Pi OS 11 or older"* ]]
}

@test "a boot partition that is not mounted is told" {
  pi4
  rm "$config"
  run -1 --separate-stderr "$scripts/camera.sh"
  [[ "$stderr" == *"there is no /boot/firmware/config.txt: mount the boot partition"* ]]
  [[ ! -e "$config" ]]
}

@test "the pins of the booth's own button and light are the ones in its code, and are refused" {
  local pins pin
  pins="$(sed -nE 's/^    (button|red|green|blue): int = ([0-9]+)$/\2/p' \
    "$BATS_TEST_DIRNAME/../../appliance/devices/controls/gpio.py" | paste -sd ' ')"
  grep -q "for pin in $pins; do" "$scripts/library.sh"
  pi4
  for pin in $pins; do
    run -2 --separate-stderr "$scripts/power-button.sh" --gpio "$pin"
    [[ "$stderr" == *"--gpio $pin is a pin of the booth's button and light"* ]]
    run -2 "$scripts/fan.sh" --gpio "$pin"
  done
}

@test "the power button and the clock on I2C do not share a pin" {
  pi4
  "$scripts/clock.sh"
  run -1 --separate-stderr "$scripts/power-button.sh"
  [[ "$stderr" == *"GPIO 3 is a line of I2C"* ]]
  "$scripts/power-button.sh" --gpio 26
  "$scripts/clock.sh" --undo
  "$scripts/power-button.sh"
  run -1 --separate-stderr "$scripts/clock.sh"
  [[ "$stderr" == *"the power button is on a line of I2C"* ]]
}

@test "a machine without a watchdog, partition or package is told what to do" {
  pi4
  rm "$BOOTH_ROOT/dev/watchdog0" "$data"
  run -1 --separate-stderr "$scripts/watchdog.sh"
  [[ "$stderr" == *"no watchdog"* ]]
  run -1 --separate-stderr "$scripts/read-only-root.sh"
  [[ "$stderr" == *"no partition with the label booth-data"* ]]
  head -c 4096 /dev/zero >"$data"
  run -1 --separate-stderr "$scripts/read-only-root.sh"
  [[ "$stderr" == *"the partition with the label booth-data is not ext4"* ]]
  rm -r "${BOOTH_ROOT:?}/usr/share"
  run -1 --separate-stderr "$scripts/read-only-root.sh"
  [[ "$stderr" == *"apt-get install overlayroot"* ]]
}

@test "a file of somebody else is left alone" {
  pi4
  local file="$BOOTH_ROOT/etc/udev/rules.d/90-interview-booth.rules"
  mkdir -p "${file%/*}"
  echo "# mine" >"$file"
  run -1 --separate-stderr "$scripts/device-names.sh" --camera 046d:0825
  [[ "$stderr" == *"somebody else's"* && "$(<"$file")" == "# mine" ]]
  run -1 "$scripts/device-names.sh" --undo
  [[ "$(<"$file")" == "# mine" ]]
}

@test "a root in memory is refused, since the change would be lost" {
  pi4
  echo "overlayroot / overlay rw,lowerdir=/media/root-ro 0 0" >"$BOOTH_ROOT/proc/mounts"
  run -1 --separate-stderr "$scripts/camera.sh"
  [[ "$stderr" == *"the root is read-only"*"read-only-root.sh --undo"* ]]
}

# --- config.txt ----------------------------------------------------------------------------------

@test "what is set holds for all models, whatever section the file ends in" {
  pi4
  printf '[pi5]\ndtparam=nvme\n' >>"$config"
  "$scripts/camera.sh" --sensor imx708
  [[ "$(tail -n 6 "$config")" == "# interview-booth camera begin: camera.sh --undo takes it away
[all]
dtoverlay=
camera_auto_detect=0
dtoverlay=imx708
# interview-booth camera end" ]]
}

@test "an overlay that the user loads with parameters keeps them, and comes back with the undo" {
  pi4
  sed -i 's/^dtoverlay=vc4-kms-v3d$/[pi4]\ndtoverlay=vc4-kms-v3d,noaudio,cma-256\n[all]/' "$config"
  local before
  before="$(sums)"
  "$scripts/camera.sh" --cma 384
  grep -qx 'dtoverlay=vc4-kms-v3d,noaudio,cma-384' "$config"
  grep -qx '#interview-booth camera: dtoverlay=vc4-kms-v3d,noaudio,cma-256' "$config"
  "$scripts/camera.sh" --cma 512
  [[ "$(grep -c '^dtoverlay=vc4' "$config")" == 1 ]]
  grep -qx 'dtoverlay=vc4-kms-v3d,noaudio,cma-512' "$config"
  "$scripts/camera.sh" --undo
  [[ "$(sums)" == "$before" ]]
}

@test "a value that the user has set stays in the file, and ours comes after it" {
  pi4
  sed -i 's/^camera_auto_detect=1/camera_auto_detect=0/' "$config"
  local before
  before="$(sums)"
  "$scripts/camera.sh"
  [[ "$(grep '^camera_auto_detect' "$config")" == $'camera_auto_detect=0\ncamera_auto_detect=1' ]]
  "$scripts/camera.sh" --undo
  [[ "$(sums)" == "$before" ]]
}

@test "other values in a second run replace those of the first, at their place" {
  pi4
  "$scripts/audio.sh" --use i2s
  "$scripts/fan.sh"
  "$scripts/audio.sh" --use usb
  run ! grep -q googlevoicehat "$config"
  [[ "$(grep -n 'interview-booth' "$config" | sed 's/.*booth \([a-z]* [a-z]*\).*/\1/')" == \
    $'audio begin\naudio end\nfan begin\nfan end' ]]
}

@test "what the user writes after a run stays after the undo" {
  pi4
  "$scripts/fan.sh"
  echo "hdmi_ignore_edid=0xa5000080" >>"$config"
  "$scripts/fan.sh" --undo
  [[ "$(tail -n 1 "$config")" == "hdmi_ignore_edid=0xa5000080" ]]
  run ! grep -q interview-booth "$config"
  [[ ! -e "$config.before-interview-booth" ]]
}

@test "the copy is of the file before the first change, whatever comes later" {
  pi4
  local first
  first="$(<"$config")"
  "$scripts/fan.sh"
  "$scripts/camera.sh" --sensor imx708
  [[ "$(<"$config.before-interview-booth")" == "$first" ]]
}

@test "a block that has lost its end is not guessed at" {
  pi4
  "$scripts/fan.sh"
  sed -i '/fan end$/d' "$config"
  local before
  before="$(sums)"
  run -1 --separate-stderr "$scripts/fan.sh" --undo
  [[ "$stderr" == *"the block 'fan' in /boot/firmware/config.txt has no end"* && "$(sums)" == "$before" ]]
}

@test "no line is longer than the firmware reads" {
  pi5
  use "camera.sh --sensor imx708 --cma 384"
  use fan.sh
  use "power-button.sh --led 26 --cut-power 27"
  run ! grep -E '^.{99}' "$config"
}

# --- cmdline.txt ---------------------------------------------------------------------------------

@test "the kernel's command line stays one line, and keeps its words" {
  local system before
  for system in "${pi_os[@]}"; do
    pi4 "$system"
    before="$(<"$cmdline")"
    "$scripts/display-on.sh"
    "$scripts/read-only-root.sh"
    [[ "$(<"$cmdline")" == "$before consoleblank=0 overlayroot=tmpfs:recurse=0" ]]
    [[ "$(wc -l <"$cmdline")" == 1 ]]
    "$scripts/display-on.sh" --undo
    [[ "$(<"$cmdline")" == "$before overlayroot=tmpfs:recurse=0" ]]
  done
}

@test "a word that the user has set is replaced in its place, and comes back" {
  pi4
  sed -i 's/rootwait/consoleblank=600 rootwait/' "$cmdline"
  whole_round display-on.sh
  "$scripts/display-on.sh"
  grep -q 'fsck.repair=yes consoleblank=0 rootwait$' "$cmdline"
}

@test "a word that is there already stays, also after the undo" {
  pi4
  sed -i 's/rootwait/consoleblank=0 rootwait/' "$cmdline"
  local before
  before="$(sums)"
  run -0 "$scripts/display-on.sh"
  [[ "$output" == *"Nothing to change."* ]]
  "$scripts/display-on.sh" --undo
  [[ "$(sums)" == "$before" ]]
}

@test "a command line of two lines is not touched" {
  pi4
  echo "quiet" >>"$cmdline"
  local before
  before="$(sums)"
  run -1 --separate-stderr "$scripts/display-on.sh"
  [[ "$stderr" == *"has more than one line"* && "$(sums)" == "$before" ]]
}

@test "a full disk leaves the file as it was, and no half-written one beside it" {
  [[ -c /dev/full ]] || skip "needs /dev/full"
  pi4
  local before
  before="$(sums)"
  # The first write that does not fit fails: ulimit counts in blocks of 1024 bytes.
  run bash -c 'trap "" XFSZ; ulimit -f 0; exec "$1"' _ "$scripts/fan.sh"
  [[ "$status" != 0 && "$(sums)" == "$before" ]]
}

@test "a run that is killed at any moment leaves a whole file, and the next run mends the rest" {
  local before after undone one left
  pi4
  before="$(sums)"
  undone="$(sha256sum "$config" "$cmdline")"
  for one in "camera.sh --sensor imx708 --cma 384" display-on.sh; do
    use "$one"
  done
  after="$(sha256sum "$config" "$cmdline")"
  for _ in {1..30}; do
    pi4
    for one in "camera.sh --sensor imx708 --cma 384" display-on.sh; do
      # shellcheck disable=SC2086  # the words of the table
      timeout --signal=KILL "0.0$((RANDOM % 90 + 10))" "$scripts/"$one >/dev/null 2>&1 || true
    done
    while read -r left; do
      grep -qF "$left" <<<"$undone"$'\n'"$after"
    done < <(sha256sum "$config" "$cmdline")
    use "camera.sh --sensor imx708 --cma 384"
    use display-on.sh
    [[ "$(sha256sum "$config" "$cmdline")" == "$after" ]]
    use "camera.sh --undo"
    use "display-on.sh --undo"
    [[ "$(sums)" == "$before" ]]
  done
}

@test "a file of the user's with a name like a temporary one stays" {
  pi4
  echo mine >"$config.backup"
  whole_round fan.sh
  [[ "$(<"$config.backup")" == mine ]]
}

@test "without root, nothing of the machine itself is touched" {
  local as_nobody=()
  if [[ "$EUID" == 0 ]]; then
    as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    "${as_nobody[@]}" test -r "$scripts/library.sh" || skip "another user cannot read this folder"
  fi
  unset BOOTH_ROOT
  run -1 --separate-stderr "${as_nobody[@]}" "$scripts/watchdog.sh"
  [[ "$stderr" == "watchdog.sh: this changes files of the system, which needs root: run it with sudo, or"* ]]
}

# --- single scripts ------------------------------------------------------------------------------

@test "the watchdog's drop-in outranks the vendor's, by systemd's own word" {
  command -v systemd-analyze >/dev/null || skip "needs systemd-analyze"
  pi4 raspberry-pi-os-trixie-lite
  printf '[Manager]\nRuntimeWatchdogSec=16\n' >"$BOOTH_ROOT/usr/lib/systemd/system.conf.d/70-rpi-enable-watchdog.conf"
  "$scripts/watchdog.sh"
  "$scripts/less-wear.sh"
  touch "$BOOTH_ROOT/etc/systemd/"{system,journald}.conf
  run -0 systemd-analyze --root="$BOOTH_ROOT" cat-config systemd/system.conf
  [[ "$(grep '^RuntimeWatchdogSec=' <<<"$output" | tail -n 1)" == "RuntimeWatchdogSec=15s" ]]
  [[ "$(grep -c '^RuntimeWatchdogSec=' <<<"$output")" == 3 ]]
  run -0 systemd-analyze --root="$BOOTH_ROOT" cat-config systemd/journald.conf
  [[ "$(tail -n 2 <<<"$output")" == $'Storage=volatile\nRuntimeMaxUse=32M' ]]
}

@test "a drop-in that would outrank the watchdog's is named" {
  pi4
  mkdir -p "$BOOTH_ROOT/etc/systemd/system.conf.d"
  echo "RuntimeWatchdogSec=off" >"$BOOTH_ROOT/etc/systemd/system.conf.d/zzz.conf"
  run -0 "$scripts/watchdog.sh"
  [[ "$output" == *"Mind /etc/systemd/system.conf.d/zzz.conf"* ]]
}

@test "the service with the data partition's drop-in has no mistake" {
  command -v systemd-analyze >/dev/null || skip "needs systemd-analyze"
  pi4
  "$scripts/read-only-root.sh"
  local unit="$BATS_TEST_TMPDIR/interview-booth.service"
  sed 's|/opt/interview-booth/current/.venv/bin/booth|/bin/true|' \
    "$BATS_TEST_DIRNAME/../../systemd/interview-booth.service" >"$unit"
  cp -r "$BOOTH_ROOT/etc/systemd/system/interview-booth.service.d" "$unit.d"
  run systemd-analyze verify --man=no --recursive-errors=no "$unit"
  [[ "$status" == 0 && "$output" != *interview-booth* ]]
}

@test "fstab with the data partition and /tmp has no mistake" {
  pi4
  "$scripts/read-only-root.sh"
  "$scripts/less-wear.sh"
  command -v findmnt >/dev/null || skip "needs findmnt"
  run findmnt --fstab --tab-file "$BOOTH_ROOT/etc/fstab" --noheadings --output TARGET,FSTYPE
  [[ "$output" == *"/var/lib/interview-booth"*ext4* && "$output" == *"/tmp"*tmpfs* ]]
}

@test "swap stays in memory where the system has a setting for it" {
  pi4 raspberry-pi-os-bookworm-lite
  "$scripts/less-wear.sh"
  [[ ! -e "$BOOTH_ROOT/etc/rpi" ]]
  pi4 raspberry-pi-os-trixie-lite
  "$scripts/less-wear.sh"
  [[ "$(tail -n 2 "$BOOTH_ROOT/etc/rpi/swap.conf.d/zz-interview-booth.conf")" == $'[Main]\nMechanism=zram' ]]
}

@test "a /tmp that the user has set is left alone" {
  pi4
  echo "tmpfs /tmp tmpfs size=1G 0 0" >>"$BOOTH_ROOT/etc/fstab"
  local before
  before="$(<"$BOOTH_ROOT/etc/fstab")"
  run -0 "$scripts/less-wear.sh"
  [[ "$(<"$BOOTH_ROOT/etc/fstab")" == "$before" && "$output" == *"left alone"* ]]
}

@test "the rules for udev name each device" {
  pi4
  use "device-names.sh --camera 046d:0825 --microphone 17a0:0310"
  local file="$BOOTH_ROOT/etc/udev/rules.d/90-interview-booth.rules"
  grep -q 'ATTRS{idVendor}=="046d", ATTRS{idProduct}=="0825", SYMLINK+="booth-camera"$' "$file"
  grep -q 'ATTRS{idVendor}=="17a0", ATTRS{idProduct}=="0310", ATTR{id}="BoothMic"$' "$file"
  command -v udevadm >/dev/null && udevadm verify --help >/dev/null 2>&1 || skip "the names are right; needs udevadm verify for the rest"
  udevadm verify "$file"
}

@test "a Raspberry Pi 5 charges its clock's battery only when told that it can be charged" {
  pi5
  local before
  before="$(sums)"
  run -0 "$scripts/clock.sh"
  [[ "$(sums)" == "$before" ]]
  "$scripts/clock.sh" --battery rechargeable
  grep -qx 'dtparam=rtc_bbat_vchg=3000000' "$config"
  run -0 "$scripts/clock.sh" --battery plain
  [[ "$(sums)" == "$before" ]]
}

@test "a root that is read-only now is made writable in two steps" {
  pi4
  local before
  before="$(sums)"
  "$scripts/read-only-root.sh"
  echo "overlayroot / overlay rw 0 0" >"$BOOTH_ROOT/proc/mounts"
  run -0 "$scripts/read-only-root.sh" --undo
  [[ "$output" == *"restart, then run this again"* ]]
  run ! grep -q overlayroot "$cmdline"
  grep -q booth-data "$BOOTH_ROOT/etc/fstab"
  rm "$BOOTH_ROOT/proc/mounts"
  "$scripts/read-only-root.sh" --undo
  [[ "$(sums)" == "$before" ]]
}

# --- Jetson --------------------------------------------------------------------------------------

# jetson: a machine whose nvpmodel keeps the mode in a file; mode 2 comes only with a restart.
jetson() {
  machine jetpack-6 "NVIDIA Jetson Orin Nano Developer Kit"
  export state="$BATS_TEST_TMPDIR/mode"
  echo 1 >"$state"
  mkdir -p "$BATS_TEST_TMPDIR/bin"
  cat >"$BATS_TEST_TMPDIR/bin/nvpmodel" <<'STUB'
#!/usr/bin/env bash
case "$1" in
  -q) printf 'NV Power Mode: some\n%s\n' "$(<"$state")" ;;
  -m) [[ "$2" == 2 ]] && { read -r answer && [[ "$answer" == yes ]] || exit 1; }; echo "$2" >"$state" ;;
esac
STUB
  chmod +x "$BATS_TEST_TMPDIR/bin/nvpmodel"
  PATH="$BATS_TEST_TMPDIR/bin:$PATH"
}

@test "a Jetson takes a power mode by its name, and the old one with the undo" {
  jetson
  local before
  before="$(sums)"
  run -0 "$scripts/jetson-power-mode.sh" --mode 15W --dry-run
  [[ "$(<"$state")" == 1 && "$(sums)" == "$before" && "$output" == *"Would run nvpmodel -m 0"* ]]
  run -0 "$scripts/jetson-power-mode.sh" --mode 15W
  [[ "$(<"$state")" == 0 ]]
  run -0 "$scripts/jetson-power-mode.sh" --mode 15W
  [[ "$output" == *"Nothing to change."* ]]
  run -0 "$scripts/jetson-power-mode.sh" --undo
  [[ "$(<"$state")" == 1 && "$(sums)" == "$before" ]]
}

@test "a Jetson without a working nvpmodel is told, and a dry run elsewhere says what it would do" {
  jetson
  printf '#!/usr/bin/env bash\nexit 1\n' >"$BATS_TEST_TMPDIR/bin/nvpmodel"
  run -1 --separate-stderr "$scripts/jetson-power-mode.sh" --mode 15W
  [[ "$stderr" == *"nvpmodel does not tell which mode is on"* ]]
  pi4
  run -0 "$scripts/jetson-power-mode.sh" --mode 15W --dry-run
  [[ "$output" == *"Would look 15W up"*"dry run"* ]]
}

@test "a mode that needs a restart is told; one that is not there, with those that are" {
  jetson
  run -1 --separate-stderr "$scripts/jetson-power-mode.sh" --mode MAXN_SUPER
  [[ "$stderr" == *"run 'nvpmodel -m 2'"* && "$(<"$state")" == 1 ]]
  run -1 --separate-stderr "$scripts/jetson-power-mode.sh" --mode 7W
  [[ "$stderr" == *"there is no mode 7W: choose one of 15W, 25W, MAXN_SUPER"* ]]
}
