#!/usr/bin/env bash
# Cuts the power of a virtual machine, again and again, while people practise at the booth in it, staff
# change settings and the PIN, and a new release is installed; after each cut it starts again, without
# hands, and what is on its disk is looked at: the booth is ready, the database is sound, what had been
# acknowledged as kept is there, settings, secret and PIN are whole, and `current` leads to a whole
# release.
#
#   tests/hardware/run-power-cut.sh
#   sudo tests/hardware/run-power-cut.sh --here
#
# A power cut loses more than a killed machine: what the disk had taken and not yet saved. QEMU gets its
# disk (ext4, as Debian mounts it) from vm/volatile_disk.py, by NBD: writes stay in memory until the
# machine asks for a flush; at the cut, each 512-byte sector in there is lost by chance, in any order.
# The moments are random, too: a time, or the n-th write to the disk, in the booth's start, in a session
# or in an update. The installation is the real one; in place of Python packages it copies some files.
#
# With --here there is no virtual machine: the booth runs on this machine's kernel, in namespaces of its
# own, on a file system that is mounted from such a disk; at the cut the disk falls silent, and all of
# it is killed. That loses the same, and is quicker where the processor would be emulated.
#
# BOOTH_CUTS says how many (default: 50), BOOTH_SEED repeats a run (default: a new one, which is
# printed), BOOTH_VM_MINUTES is how long the machine may run from one cut to the next (default: 15).
# BOOTH_TREE and BOOTH_LOG are as for run-vm.sh.
# Needs Debian on x86_64, apt-get, mkfs.ext4, the network (the first time), .venv; root for --here alone.
# Prints a line a cut and a summary; exit 1 where anything was wrong. Where something is missing, it
# says what, exit 0.
set -euo pipefail

# shellcheck source=tests/hardware/vm/host.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/vm/host.sh"

main() {
  PATH="$PATH:/usr/sbin:/sbin"
  local machine=in_qemu
  [[ "${1:-}" != --here ]] || machine=here
  make_ready run-power-cut.sh
  command -v mkfs.ext4 >/dev/null || skip "mkfs.ext4 is not there: install e2fsprogs"
  [[ "$machine" != here || "$(id -u)" == 0 ]] || skip "--here needs root"
  truncate -s 6G -- "$workspace/disk.img"
  mkfs.ext4 -q -F -- "$workspace/disk.img"
  cd -- "$repository"
  "$machine"
}

in_qemu() {
  make_first_files power_cut_inside.sh
  choose_emulator
  # Nothing is compiled in the machine again and again.
  .venv/bin/python -m compileall -q appliance web_panel tests/hardware || true
  cut_power env LD_LIBRARY_PATH="$libraries" "$emulator" "${options[@]}" \
    -blockdev "driver=nbd,node-name=disk,server.type=unix,server.path={disk}" \
    -device virtio-blk-pci,drive=disk,write-cache=on
}

here() {
  find_tool qemu-storage-daemon
  mkdir -- "$workspace/results"
  cut_power unshare --mount --net --pid --fork --kill-child --mount-proc \
    "$repository/tests/hardware/vm/power_cut_inside.sh" "$repository" "$workspace/results" \
    "{disk}" "$found" "$libraries"
}

# cut_power COMMAND...: of the machine; {disk} in there is the socket of its disk.
cut_power() {
  .venv/bin/python -m tests.hardware.vm.power_cuts --image "$workspace/disk.img" \
    --share "$workspace/results" --log "$log" --cuts "${BOOTH_CUTS:-50}" \
    --seed "${BOOTH_SEED:-$RANDOM}" --minutes "${BOOTH_VM_MINUTES:-15}" -- "$@"
}

main "$@"
