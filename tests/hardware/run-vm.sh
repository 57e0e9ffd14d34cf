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

main() {
  repository="$(realpath -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../..")"
  require_what_it_needs
  log="${BOOTH_LOG:-$(mktemp /tmp/run-vm-XXXXXX.log)}"
  : >"$log"
  echo "Log: $log"
  workspace="$(mktemp -d /tmp/run-vm-XXXXXX)"
  trap 'rm -rf --one-file-system -- "$workspace"' EXIT
  tree="${BOOTH_TREE:-$workspace/tree}"
  mkdir -p -- "$tree"
  tree="$(realpath -- "$tree")"
  [[ "$(cat -- "$tree/complete" 2>/dev/null)" == "$suite" ]] || unpack_packages
  make_first_files "$@"
  boot
}

require_what_it_needs() {
  suite="$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)"
  [[ "$(sed -n "s/^ID=//p" /etc/os-release)$(uname -m)" == debianx86_64 && -n "$suite" ]] ||
    skip "it takes Debian on x86_64"
  command -v apt-get >/dev/null || skip "apt-get is not there"
  [[ -x "$repository/.venv/bin/python" ]] || skip ".venv is missing: run './setup.sh dev' first"
  [[ "${BOOTH_TREE:-}/" != "$repository"/* ]] || {
    echo "run-vm.sh: BOOTH_TREE is inside the repository: name a folder outside" >&2
    exit 2
  }
}

skip() {
  echo "SKIPPED: run-vm.sh: $1"
  exit 0
}

# apt-get with lists of its own, so that nothing of this machine's changes.
unpack_packages() {
  echo "The kernel, QEMU and busybox of Debian $suite, about 80 MB ..."
  local lists="$tree/lists" packages="$tree/packages" package kernel emulator
  rm -rf -- "$tree/complete" "$lists" "$packages" "$tree/kernel" "$tree/tools"
  mkdir -p -- "$lists/partial" "$packages" "$tree/cache/archives/partial" "$tree/kernel" "$tree/tools"
  printf 'deb http://deb.debian.org/debian%s main\n' " $suite" "-security $suite-security" \
    >"$tree/sources.list"
  own=(-o "Dir::Etc::sourcelist=$tree/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$lists" -o "Dir::Cache=$tree/cache" -o APT::Sandbox::User=)
  apt-get "${own[@]}" -qq -o APT::Update::Error-Mode=any update >>"$log" 2>&1 ||
    skip "Debian's packages cannot be reached: see the log"
  kernel="$(apt-cache "${own[@]}" depends linux-image-amd64 |
    awk '$1 == "Depends:" && /linux-image-/ { print $2; exit }')"
  # What this machine has of QEMU and its libraries already is not fetched again.
  emulator="$(apt-get "${own[@]}" -qq --simulate --no-install-recommends install qemu-system-x86 |
    awk '$1 == "Inst" { print $2 }')"
  # shellcheck disable=SC2086  # names are words
  (cd -- "$packages" && apt-get "${own[@]}" -qq download busybox-static "$kernel" $emulator) \
    >>"$log" 2>&1 || skip "Debian's packages cannot be reached: see the log"
  for package in "$packages"/*.deb; do
    case "$package" in
      */linux-image-*) dpkg-deb --extract "$package" "$tree/kernel" ;;
      *) dpkg-deb --extract "$package" "$tree/tools" ;;
    esac
  done
  rm -rf -- "$packages" "$lists" "$tree/cache"
  # Since Debian 13 everything is under usr.
  [[ -e "$tree/kernel/lib" ]] || ln -s usr/lib "$tree/kernel/lib"
  [[ -e "$tree/tools/bin" ]] || ln -s usr/bin "$tree/tools/bin"
  "$tree/tools/bin/busybox" depmod -b "$tree/kernel" "$(kernel_version)"
  echo "$suite" >"$tree/complete"
}

kernel_version() {
  ls -- "$tree/kernel/lib/modules"
}

# make_first_files ARGUMENTS...: what the virtual machine starts from: /init, busybox, the modules
# that reach the host's files, and where everything is.
make_first_files() {
  local first="$workspace/first" modules version part
  version="$(kernel_version)"
  modules="$tree/kernel/lib/modules"
  mkdir -p -- "$first"/{bin,dev,host,memory,proc,root,sys} "$first/lib/modules/$version" \
    "$workspace/results"
  cp -- "$repository/tests/hardware/vm/init.sh" "$first/init"
  cp -- "$tree/tools/bin/busybox" "$first/bin/busybox"
  for part in drivers/virtio fs/9p fs/fscache fs/netfs fs/overlayfs net/9p; do
    [[ ! -d "$modules/$version/kernel/$part" ]] || # kernels differ in what is a module
      (cd -- "$modules/$version" && cp -r --parents -- "kernel/$part" "$first/lib/modules/$version")
  done
  cp -- "$modules/$version"/modules.{builtin,order} "$first/lib/modules/$version"
  "$tree/tools/bin/busybox" depmod -b "$first" "$version"
  {
    printf 'repository=%q\nmodules=%q\n' "$repository" "$modules"
    echo "set --$( (($# == 0)) || printf ' %q' "$@")"
  } >"$first/settings"
  (cd -- "$first" && find . | "$tree/tools/bin/busybox" cpio -o -H newc 2>/dev/null | gzip -1) \
    >"$workspace/first.cpio.gz"
}

# Shows what the tests print while they run; returns pytest's exit code.
boot() {
  local minutes="${BOOTH_VM_MINUTES:-15}" emulator=qemu-system-x86_64 libraries="" options code
  if [[ -x "$tree/tools/usr/bin/$emulator" ]]; then
    emulator="$tree/tools/usr/bin/$emulator"
    libraries="$tree/tools/usr/lib/x86_64-linux-gnu:$tree/tools/lib/x86_64-linux-gnu"
    export QEMU_MODULE_DIR="$tree/tools/usr/lib/x86_64-linux-gnu/qemu"
    options=(-L "$tree/tools/usr/share/qemu" -L "$tree/tools/usr/share/seabios")
  fi
  # Where a machine is itself a virtual one, /dev/kvm may be there and still run nothing.
  if [[ -w /dev/kvm ]] && grep -qwE 'vmx|svm' /proc/cpuinfo; then
    options+=(-accel kvm -cpu host)
  else
    echo "No KVM here: the processor is emulated."
    options+=(-accel tcg -cpu max)
  fi
  options+=(-machine q35 -smp 2 -m 2G -nodefaults -no-user-config -no-reboot -display none
    -kernel "$(echo "$tree"/kernel/boot/vmlinuz-*)" -initrd "$workspace/first.cpio.gz"
    -append "console=ttyS0 quiet panic=-1 booth_vm=1"
    -serial "file:$log.kernel" -serial stdio
    -virtfs "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap"
    -virtfs "local,path=$workspace/results,mount_tag=results,security_model=none")
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
