#!/usr/bin/env bash
# Makes one signed file that installs the booth without a network: read by setup.sh, after
# installation.sh (which packs a release) and from-bundle.sh (which opens such a file).
#
#   about                  format, release, machine, Python, and the Debian of carried packages
#   debian-packages.txt    the Debian packages that it needs, one a line
#   release.tar            the release's files, models among them, as 'install' packs them
#   wheels/                the Python packages of requirements.lock for the target
#   debian/                with --with-debian-packages: these packages, and a list of them for apt
#   SHA256SUMS             a hash of each of these
#   SHA256SUMS.sig         its Ed25519 signature by openssl; nothing is used before it was checked
#
# shellcheck disable=SC2154  # root and release are set by the other files

# No wheels of these are published; the locked setuptools and gcc build them on the target.
readonly built_on_target='pyaudio|evdev|python[-_]speech[-_]features|srt'
# The oldest C library among the systems that the booth installs on is Ubuntu 22.04's.
readonly newest_glibc=35

bundle_usage() {
  cat <<'TEXT'
Usage: ./setup.sh bundle (--key FILE | --unsigned) [OPTIONS]

Makes one file with all that a booth needs. Bring it to the booth on a USB stick, and run
'sudo ./setup.sh install --from FILE' there: no network is used. Run the same to update.

  --key FILE           the private key to sign with; make it once, and keep it off the booth:
                         openssl genpkey -algorithm ed25519 -out site.key
                         openssl pkey -in site.key -pubout -out site.pub
                       site.pub goes to the booth: 'install --trust site.pub'
  --unsigned           do not sign: nobody can tell then who made the file or changed it, and a
                       booth that trusts a key refuses it
  --for MACHINE        x86_64 or aarch64 (Raspberry Pi, Jetson); default: as this machine
  --python VERSION     3.10 (Ubuntu 22.04, JetPack 6), 3.11 (Debian 12), 3.12 (Ubuntu 24.04) or
                       3.13 (Debian 13); default: as this machine
  --with-debian-packages
                       carry the Debian packages, too; only for the same system as this machine's
  --screen             among them those of 'install --screen'
  --output FILE        default: dist/interview-booth-RELEASE-MACHINE-pyVERSION.tar
TEXT
}

# --- making one ---------------------------------------------------------------------------------

run_bundle() {
  local machine="" python="" key="" output="" unsigned="" carries="" screen=""
  read_bundle_options "$@"
  local here
  here="$(uname -m)"
  machine="${machine:-$here}"
  python="${python:-$(python_of_machine)}"
  refuse_wrong_bundle
  name_release
  output="${output:-$root/dist/interview-booth-$release-$machine-py$python.tar}"
  workspace="$(mktemp -d "${TMPDIR:-/var/tmp}/interview-booth-XXXXXX")"
  trap 'rm -rf -- "$workspace"' EXIT
  made="$workspace/bundle"
  mkdir -p -- "$made/wheels"
  step 1/5 "Release $release"
  check_models
  pack >"$made/release.tar"
  step 2/5 "Python packages for Python $python on $machine"
  collect_wheels
  step 3/5 "Debian packages"
  collect_debian_packages
  step 4/5 "Signature"
  sign_bundle
  step 5/5 "Archive"
  write_archive
  echo "$output: $(du -m -- "$output" | cut -f 1) MB, sha256 $(sha256sum -- "$output" | cut -c 1-64)"
  [[ -n "$unsigned" ]] || echo "Signed. A booth trusts it after 'install --trust' with the public key $(key_name "$workspace/public.pem")."
}

read_bundle_options() {
  while (($# > 0)); do
    case "$1" in
      --for | --python | --key | --output)
        (($# > 1)) || refuse "$1 needs a value ('./setup.sh bundle --help' tells more)"
        case "$1" in
          --for) machine="$2" ;;
          *) printf -v "${1#--}" %s "$2" ;;
        esac
        shift
        ;;
      --unsigned) unsigned=yes ;;
      --with-debian-packages) carries=yes ;;
      --screen) screen=yes ;;
      -h | --help) bundle_usage && exit ;;
      *) refuse "bundle does not know '$1' ('./setup.sh bundle --help' tells more)" ;;
    esac
    shift
  done
}

refuse_wrong_bundle() {
  [[ "$machine" =~ ^(x86_64|aarch64)$ ]] || refuse "there is no booth for '$machine': use x86_64 or aarch64"
  [[ "$python" =~ ^3\.1[0-3]$ ]] || refuse "there is no booth for Python '$python': use 3.10, 3.11, 3.12 or 3.13"
  [[ -n "$key" || -n "$unsigned" ]] ||
    refuse "a key to sign with is missing: give --key FILE, or --unsigned for a file that nobody can trust ('./setup.sh bundle --help' tells more)"
  [[ -z "$key" || -z "$unsigned" ]] || refuse "--key and --unsigned exclude each other"
  [[ -z "$unsigned" ]] ||
    echo "setup.sh: without a signature nobody can tell who made the file or changed it: only for a booth that trusts no key" >&2
  [[ -z "$carries" || "$machine $python" == "$here $(python_of_machine)" ]] ||
    refuse "Debian packages can be carried only to a system as this one: run it on the same Debian and machine, or leave --with-debian-packages out"
  outside_of_release "$output"
  [[ -z "$key" ]] || check_private_key
}

# outside_of_release FILE: it would be packed itself, and each time make another release.
outside_of_release() {
  local full
  [[ -n "$1" ]] || return 0
  full="$(realpath --canonicalize-missing -- "$1")"
  [[ "$full" != "$root"/* || "$full" == "$root/dist/"* ]] ||
    refuse "$1 lies among the files that are packed: choose a place outside of $root"
}

check_private_key() {
  outside_of_release "$key"
  needs_openssl
  [[ -r "$key" ]] || refuse "there is no key $key that can be read ('./setup.sh bundle --help' tells how to make one)"
  openssl pkey -in "$key" -noout -text 2>/dev/null | grep -qi '^ED25519 Private' ||
    refuse "$key is no private Ed25519 key ('./setup.sh bundle --help' tells how to make one)"
}

# check_models: those that lie in models_tflite are as its manifest says, before they are signed.
check_models() {
  local sums
  sums="$(awk -F '"' '
    function tell() { if (file && required && !elsewhere) print hash "  " file }
    /^\[\[/ { tell(); file = hash = required = elsewhere = "" }
    /^file = /{ file = $2 }
    /^sha256 = /{ hash = $2 }
    /^required = true/ { required = 1 }
    /^(package|url) = /{ elsewhere = 1 }
    END { tell() }' "$root/models_tflite/manifest.toml")"
  [[ -z "$sums" ]] || (cd -- "$root/models_tflite" && sha256sum --check --strict --quiet >&2 <<<"$sums") ||
    fail "a model is damaged or missing: the lines above say which"
  note "$(wc -l <<<"$sums") models verified"
}

# collect_wheels: by a pip with the locked setuptools, which tells the names of what has no wheel.
collect_wheels() {
  local pip=("$workspace/tools/bin/python" -m pip) tags=() number
  "$(choose_python)" -m venv "$workspace/tools" || fail "the environment for pip cannot be made: is the disk full?"
  trust_what_the_system_trusts
  awk '/^[^ ]/ { keep = /^setuptools==/ } keep' "$root/requirements.lock" >"$workspace/build-tools.lock"
  for ((number = newest_glibc; number >= 5; number--)); do
    tags+=(--platform "manylinux_2_${number}_$machine")
  done
  tags+=(--platform "manylinux2014_$machine" --platform "manylinux2010_$machine" --platform "manylinux1_$machine")
  {
    "${pip[@]}" install --quiet --disable-pip-version-check --no-input --require-hashes \
      --requirement "$workspace/build-tools.lock" &&
      pins_for_target >"$workspace/target.lock" &&
      PIP_USE_PEP517=1 "${pip[@]}" download --quiet --disable-pip-version-check --no-input --no-deps \
        --require-hashes --no-build-isolation --implementation cp --python-version "$python" "${tags[@]}" \
        --dest "$made/wheels" --requirement "$workspace/target.lock"
  } || fail "pip could not fetch the packages: look at the lines above, check the network and the disk, then run this again"
  local unbuilt
  unbuilt="$(find "$made/wheels" -type f ! -name '*.whl' -printf '%f\n' | grep -viE "^($built_on_target)-[0-9.]+\.tar\.gz$" | paste -sd ' ' || true)"
  [[ -z "$unbuilt" ]] || fail "there is no wheel for Python $python on $machine of: $unbuilt"
  [[ "$(find "$made/wheels" -type f | wc -l)" == "$(grep -c == "$workspace/target.lock")" ]] ||
    fail "not every package of requirements.lock was fetched"
  note "$(find "$made/wheels" -name '*.whl' | wc -l) wheels, $(find "$made/wheels" ! -name '*.whl' -type f | wc -l) to be built on the booth"
}

# pins_for_target: the lock's pins for the target, whose conditions pip would judge by this machine.
pins_for_target() {
  "$workspace/tools/bin/python" - "$root/requirements.lock" "$python" "$machine" <<'PYTHON'
import re
import sys

from pip._vendor.packaging.markers import Marker

lock, python, machine = sys.argv[1:]
target = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": machine,
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": f"{python}.0",
    "python_version": python,
    "sys_platform": "linux",
}
with open(lock, encoding="utf-8") as file:
    pins = re.findall(r"^(\S+)(?: ; (.*?))? (\\\n(?: +--hash=.*\n)+)", file.read(), re.MULTILINE)
for pin, condition, hashes in pins:
    if not condition or Marker(condition).evaluate(target):
        print(f"{pin} {hashes}", end="")
PYTHON
}

# collect_debian_packages: the names for every target; the packages themselves where they are carried.
collect_debian_packages() {
  local uses="runtime${screen:+ screen}" names
  [[ "$machine" != aarch64 ]] || uses+=" pi"
  awk -v uses=" $uses " '!/^#/ && NF && index(uses, " " $2 " ") { print $1 }' \
    "$root/firmware_scripts/apt-packages.txt" >"$made/debian-packages.txt"
  if [[ -z "$carries" ]]; then
    note "not carried: the booth must have those of debian-packages.txt already"
    return
  fi
  # What is on this machine may be missing on the booth: as if nothing were installed.
  is_raspberry_pi || uses="${uses% pi}"
  names="$(awk -v uses=" $uses " '!/^#/ && NF && index(uses, " " $2 " ") { print $1 }' \
    "$root/firmware_scripts/apt-packages.txt" | paste -sd ' ')"
  mkdir -p -- "$made/debian" "$workspace/apt/partial"
  : >"$workspace/nothing-installed"
  # shellcheck disable=SC2086  # names are words
  apt-get -qq -o Dir::State::status="$workspace/nothing-installed" -o Dir::Cache::archives="$workspace/apt" \
    -o Dir::Cache::pkgcache= -o APT::Sandbox::User=root -o Debug::NoLocking=1 -o Dpkg::Use-Pty=0 \
    --download-only --no-install-recommends --yes install $names >&2 ||
    fail "apt-get could not fetch the Debian packages: run 'sudo apt-get update', then this again"
  list_debian_packages
  note "$(grep -c ^Package: "$made/debian/Packages") carried"
}

# list_debian_packages: moves them, and writes the list that apt reads. The % of an epoch in a name
# does not survive apt's reading of a list.
list_debian_packages() {
  local file name
  for file in "$workspace"/apt/*.deb; do
    name="$(basename -- "${file//%3a/-}")"
    dpkg-deb --field "$file"
    printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$name" "$(stat --format=%s -- "$file")" \
      "$(sha256sum -- "$file" | cut -c 1-64)"
    mv -- "$file" "$made/debian/$name"
  done >"$made/debian/Packages"
}

sign_bundle() {
  printf '%s\n' format=1 "release=$release" "machine=$machine" "python=$python" \
    "debian=${carries:+$(codename)}" >"$made/about"
  (cd -- "$made" && find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum) >"$workspace/sums"
  mv -- "$workspace/sums" "$made/SHA256SUMS"
  if [[ -n "$unsigned" ]]; then
    note "none"
    return
  fi
  {
    openssl pkeyutl -sign -inkey "$key" -rawin -in "$made/SHA256SUMS" -out "$made/SHA256SUMS.sig" &&
      openssl pkey -in "$key" -pubout -out "$workspace/public.pem"
  } || fail "openssl does not sign with $key: the lines above say why"
  note "by the key $(key_name "$workspace/public.pem")"
}

# write_archive: the same files make the same archive.
write_archive() {
  mkdir -p -- "$(dirname -- "$output")"
  (cd -- "$made" && find . -type f -printf '%P\n' | LC_ALL=C sort) |
    tar --create --file="$output.new" --directory="$made" --no-recursion --files-from=- --mtime=@0 \
      --owner=0 --group=0 --numeric-owner --mode=u=rw,go=r || fail "$output cannot be written: is the disk full?"
  sync -- "$output.new"
  mv -- "$output.new" "$output"
}
