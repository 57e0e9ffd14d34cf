#!/usr/bin/env bash
# A virtual machine with Debian's own kernel, which sees this machine's files and cannot change them:
# read by run-vm.sh and run-power-cut.sh, which say what runs in it and set what is used here.
# shellcheck disable=SC2034,SC2154  # set by the one file, used by the other

# make_ready NAME: a log, a folder that goes with the script, and the kernel, QEMU and busybox.
make_ready() {
  name="$1"
  repository="$(realpath -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../../..")"
  require_what_it_needs
  log="${BOOTH_LOG:-$(mktemp "/tmp/${name%.sh}-XXXXXX.log")}"
  : >"$log"
  echo "Log: $log"
  workspace="$(mktemp -d "/tmp/${name%.sh}-XXXXXX")"
  trap 'rm -rf --one-file-system -- "$workspace"' EXIT
  tree="${BOOTH_TREE:-$workspace/tree}"
  mkdir -p -- "$tree"
  tree="$(realpath -- "$tree")"
  [[ "$(cat -- "$tree/complete" 2>/dev/null)" == "$suite" ]] || unpack_packages
}

require_what_it_needs() {
  suite="$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)"
  [[ "$(sed -n "s/^ID=//p" /etc/os-release)$(uname -m)" == debianx86_64 && -n "$suite" ]] ||
    skip "it takes Debian on x86_64"
  command -v apt-get >/dev/null || skip "apt-get is not there"
  [[ -x "$repository/.venv/bin/python" ]] || skip ".venv is missing: run './setup.sh dev' first"
  [[ "${BOOTH_TREE:-}/" != "$repository"/* ]] || {
    echo "$name: BOOTH_TREE is inside the repository: name a folder outside" >&2
    exit 2
  }
}

skip() {
  echo "SKIPPED: $name: $1"
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

# make_first_files INSIDE ARGUMENTS...: what the virtual machine starts from: /init, busybox, the
# modules that reach the host's files, and where everything is. INSIDE, a script of vm/, runs there.
make_first_files() {
  local inside="$1"
  shift
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
    printf 'repository=%q\nmodules=%q\ninside=%q\n' "$repository" "$modules" "$inside"
    echo "set --$( (($# == 0)) || printf ' %q' "$@")"
  } >"$first/settings"
  (cd -- "$first" && find . | "$tree/tools/bin/busybox" cpio -o -H newc 2>/dev/null | gzip -1) \
    >"$workspace/first.cpio.gz"
}

# find_tool NAME: sets `found`, a program of QEMU's, and where its `libraries` are; the unpacked one, or
# this machine's.
find_tool() {
  found="$1" libraries=""
  if [[ -x "$tree/tools/usr/bin/$1" ]]; then
    found="$tree/tools/usr/bin/$1"
    libraries="$tree/tools/usr/lib/x86_64-linux-gnu:$tree/tools/lib/x86_64-linux-gnu"
    export QEMU_MODULE_DIR="$tree/tools/usr/lib/x86_64-linux-gnu/qemu"
  fi
}

# choose_emulator: sets `emulator`, its `libraries`, and the `options` of every machine.
choose_emulator() {
  find_tool qemu-system-x86_64
  emulator="$found" options=()
  [[ -z "$libraries" ]] || options=(-L "$tree/tools/usr/share/qemu" -L "$tree/tools/usr/share/seabios")
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
}
