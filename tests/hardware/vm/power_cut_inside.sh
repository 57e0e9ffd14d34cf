#!/usr/bin/env bash
# Runs in the virtual machine of run-power-cut.sh, or in the namespaces of its --here, never by hand:
# puts the disk where a booth keeps things, and hands over to power_cut_session.py.
#
#   power_cut_inside.sh REPOSITORY                                in the virtual machine
#   power_cut_inside.sh REPOSITORY SHARE SOCKET DAEMON LIBRARIES  in namespaces
set -euo pipefail

main() {
  local repository="$1" share="${2:-/run/booth-vm}" place
  (($# == 1)) || make_private
  export HOME=/run/home LANG=C.UTF-8 PATH=/run/tools:/usr/sbin:/usr/bin:/sbin:/bin
  export PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
  mkdir -- "$HOME" /run/disk
  # As Debian and Raspberry Pi OS mount theirs; a journal that was left is replayed here.
  if (($# == 1)); then
    modprobe -a virtio_blk crc32c_generic ext4
    check_disk /dev/vda
    mount -t ext4 -o noatime /dev/vda /run/disk
    ln -s modprobe /run/tools/ifconfig
    ifconfig lo 127.0.0.1 up
  else
    export_disk "${@:3}"
    check_disk /run/export
    mount -t ext4 -o noatime,loop /run/export /run/disk
    ip link set lo up
  fi
  for place in /opt/interview-booth /etc/interview-booth /etc/systemd/system /etc/sysusers.d \
    /etc/tmpfiles.d /var/lib/interview-booth; do
    mkdir -p -- "/run/disk$place" "$place"
    mount --bind "/run/disk$place" "$place"
  done
  pretend_system
  cd -- "$repository"
  exec .venv/bin/python -m tests.hardware.vm.power_cut_session "$share/plan.json"
}

# Nothing that is written reaches this machine, but for the share; each life is a boot of its own.
make_private() {
  local folder
  mount -t tmpfs -o mode=755 run /run
  cat /proc/sys/kernel/random/uuid >/run/boot_id
  mount --bind /run/boot_id /proc/sys/kernel/random/boot_id
  mkdir -p /run/tools
  for folder in etc opt var; do
    mkdir -p "/run/layers/$folder/upper" "/run/layers/$folder/work"
    mount -t overlay -o "lowerdir=/$folder,upperdir=/run/layers/$folder/upper,workdir=/run/layers/$folder/work" \
      layer "/$folder"
  done
}

# export_disk SOCKET DAEMON LIBRARIES: the disk as a file, /run/export, whose fsync is its flush.
export_disk() {
  touch /run/export
  LD_LIBRARY_PATH="$3" "$2" --daemonize \
    --blockdev "driver=nbd,node-name=disk,server.type=unix,server.path=$1" \
    --export type=fuse,id=disk,node-name=disk,mountpoint=/run/export,writable=on
}

# check_disk DEVICE: as Raspberry Pi OS does at each start (fsck.repair=yes). A cut can tear the
# superblock in two, which ext4 writes in place; nothing can mount that.
check_disk() {
  e2fsck -y "$1" >/run/checked 2>&1 || (($? == 1)) || {
    cat /run/checked
    exit 1
  }
}

# What setup.sh install asks for and this root lacks: packages that are all there, and a systemd.
pretend_system() {
  local name
  # shellcheck disable=SC2016  # for the script
  printf '%s\n' '#!/bin/sh' 'shift 3' 'for name; do echo "$name installed"; done' >/run/tools/dpkg-query
  for name in systemctl systemd-sysusers systemd-tmpfiles; do
    printf '#!/bin/sh\nexit 0\n' >"/run/tools/$name"
  done
  chmod +x /run/tools/{dpkg-query,systemctl,systemd-sysusers,systemd-tmpfiles}
}

main "$@"
