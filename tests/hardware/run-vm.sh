#!/usr/bin/env bash
# Runs the V4L2 camera tests against the kernel's pretended camera (vivid) and the ALSA microphone
# tests against its pretended sound card (snd-aloop), in a virtual machine with Debian's own kernel:
# there cameras and cards may be unplugged, and no hardware is needed.
#
#   tests/hardware/run-vm.sh [ARGUMENTS FOR PYTEST...]
#
# Unpacks the kernel, QEMU and busybox of this machine's Debian into a folder; installs nothing. The
# virtual machine sees this machine's files, .venv among them, but cannot change them: what it writes
# stays in its memory. QEMU uses /dev/kvm where that may be opened, and emulates the processor
# elsewhere: three minutes in all.
#
# BOOTH_TREE=FOLDER keeps the folder for the next run, outside the repository (600 MB; default: a
# temporary one). BOOTH_LOG names the log (default: a new file under /tmp); the kernel's messages go
# to the same name with .kernel. BOOTH_VM_MINUTES is how long the machine may run (default: 15).
# Needs Debian on x86_64, apt-get, the network (the first time), .venv; no root.
# Ends with pytest's closing line and exit code; where something is missing, it says what, exit 0.
set -euo pipefail

# shellcheck source=tests/hardware/vm/host.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/vm/host.sh"

main() {
  make_ready run-vm.sh
  make_first_files inside.sh "$@"
  boot
}

# Shows what the tests print while they run; returns pytest's exit code.
boot() {
  local minutes="${BOOTH_VM_MINUTES:-15}" code
  choose_emulator
  LD_LIBRARY_PATH="$libraries" timeout --foreground --kill-after=10 "${minutes}m" \
    "$emulator" "${options[@]}" </dev/null 2>&1 | sed -u 's/\r$//' | tee -a -- "$log" || true
  cat -- "$workspace/results/kernel.log" >>"$log.kernel" 2>/dev/null || true
  code="$(cat -- "$workspace/results/exit-code" 2>/dev/null)" || {
    echo "run-vm.sh: the virtual machine stopped, or ran for $minutes minutes, without a result: see $log.kernel" >&2
    exit 1
  }
  exit "$code"
}

main "$@"
