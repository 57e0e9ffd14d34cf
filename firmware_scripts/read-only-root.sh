#!/usr/bin/env bash
# Makes the root read-only, so that pulling the plug harms nothing but what is being kept.
#
# What is written to the root goes to memory and is gone after a restart (the package overlayroot does
# it, by a word on the kernel's command line). What people keep goes to a partition of its own, found
# by its label, which must be there: this never makes or formats one. The booth does not start without
# it, since it would promise people to keep what the next restart forgets.
#
# To install or update anything, undo this, restart, install, and run it again.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: sudo firmware_scripts/read-only-root.sh [--label NAME] [--dry-run | --undo]

  --label NAME  of the data partition (ext4); booth-data without
  --dry-run     show what would change
  --undo        take it back; where the root is read-only now, once before and once after a restart

A data partition is made with 'mkfs.ext4 -L booth-data /dev/PARTITION', which deletes what is on it.
TEXT
}

main() {
  # shellcheck source=library.sh
  source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/library.sh"
  takes label booth-data '[A-Za-z0-9_-]{1,16}' "a label of up to 16 letters"
  begin read-only-root "$@"
  needs_raspberry_pi
  unit="$root/etc/systemd/system/interview-booth.service.d/zz-data-partition.conf"
  if [[ "$undo" == yes ]]; then
    take_back
  else
    refuse_overlay
    check_parts
    set_root
  fi
  finish
}

check_parts() {
  [[ "$dry_run" == no ]] || return 0
  [[ -e "$root/usr/share/initramfs-tools/scripts/init-bottom/overlayroot" ]] ||
    stop "the package overlayroot is missing: run 'apt-get install overlayroot', then this again"
  local partition="$root/dev/disk/by-label/${value[label]}"
  [[ -e "$partition" ]] ||
    stop "there is no partition with the label ${value[label]}: make one (--help tells how), or give --label"
  is_ext "$partition" ||
    stop "the partition with the label ${value[label]} is not ext4, and the next start would not mount it: make it anew (--help tells how), or give --label"
}

# is_ext PARTITION: by the magic number in its superblock.
is_ext() { [[ "$(od --address-radix=n --format=x1 --skip-bytes=1080 --read-bytes=2 -- "$1" | tr -d ' ')" == 53ef ]]; }

set_root() {
  set_fstab "LABEL=${value[label]} /var/lib/interview-booth ext4 noatime,nofail,x-systemd.device-timeout=15s 0 2"
  own_file "$unit" "[Unit]
RequiresMountsFor=/var/lib/interview-booth"
  set_word overlayroot=tmpfs:recurse=0
  note "What is in /var/lib/interview-booth now must be copied to the partition by hand."
}

take_back() {
  unset_word
  if root_is_overlay; then
    note "The root is still read-only: restart, then run this again for the rest."
    return
  fi
  unset_fstab
  remove_own_file "$unit"
}

main "$@"
