#!/bin/busybox sh
# shellcheck shell=dash
# The first program of the virtual machine: makes a root of the host's files that may be written to,
# runs a script in it, and switches off. /settings, made by host.sh, names the repository, the kernel's
# modules and the script, and sets its arguments.
repository="" modules="" inside=""
# shellcheck source=/dev/null
. /settings
/bin/busybox --install -s /bin

main() {
  mount -t proc proc /proc
  mount -t sysfs sysfs /sys
  mount -t devtmpfs dev /dev
  modprobe -a virtio_pci 9pnet_virtio 9p overlay
  show_host
  add_modules
  chroot /root "$repository/tests/hardware/vm/$inside" "$repository" "$@" \
    >/root/dev/ttyS1 2>&1 </root/dev/null
  echo "$?" >/root/run/booth-vm/exit-code
  dmesg >/root/run/booth-vm/kernel.log
  poweroff -f
}

# The host's files, read-only, under a layer of memory that takes what is written.
show_host() {
  share="trans=virtio,version=9p2000.L,msize=512000,access=any"
  mount -t 9p -o "$share,ro,cache=loose" host /host
  mount -t tmpfs -o mode=755 memory /memory
  mkdir /memory/upper /memory/work
  mount -t overlay -o lowerdir=/host,upperdir=/memory/upper,workdir=/memory/work host /root
  for folder in proc sys dev; do
    mount --move "/$folder" "/root/$folder"
  done
  mkdir -p /root/dev/shm /root/dev/pts
  mount -t tmpfs shm /root/dev/shm
  mount -t tmpfs -o mode=755 run /root/run
  mkdir /root/run/booth-vm
  mount -t 9p -o "$share,rw,cache=none" results /root/run/booth-vm
}

# Where modprobe looks: the kernel is another than the host's.
add_modules() {
  mkdir -p /root/lib/modules /root/run/tools
  mount -t tmpfs modules /root/lib/modules
  ln -s "$modules/$(uname -r)" /root/lib/modules
  cp /bin/busybox /root/run/tools/modprobe
  ln -s modprobe /root/run/tools/rmmod
}

main "$@"
