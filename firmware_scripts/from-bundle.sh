#!/usr/bin/env bash
# Opens what bundle.sh makes, checks it, and lets the release in it install itself without a network:
# read by setup.sh. Nothing in a bundle is used, and nothing on the machine changed, before its
# signature, its list of files and their hashes are found right.
# shellcheck disable=SC2154  # bundle, booth_home and what is asked are set by the other files

readonly trusted_keys=/etc/interview-booth/trusted-keys
readonly member='about|debian-packages\.txt|release\.tar|(wheels|debian)/[A-Za-z0-9][A-Za-z0-9._+~-]*'
readonly largest_download_mb=4000

# install_from_bundle ARGUMENTS...: the release in it installs itself, once all of it was checked.
install_from_bundle() {
  local place status=0
  place="$(nearest_folder "$booth_home")"
  [[ -w "$place" ]] || place="${TMPDIR:-/var/tmp}"
  if [[ -z "$dry" ]]; then
    be_the_only_one
    forget_opened
  fi
  opened="$(mktemp -d "$place/.interview-booth-opened-XXXXXX")"
  trap 'rm -rf -- "$opened" "$opened".*' EXIT
  echo "Checking $from ..."
  [[ "$from" != http://* ]] || not_taken "cannot be fetched: only https addresses are"
  if [[ "$from" == https://* ]]; then
    download "$from" "$opened.tar"
    from="$opened.tar"
  fi
  unpack
  check_signature
  check_contents
  check_target
  mkdir -- "$opened/release"
  tar --extract --file="$opened/release.tar" --directory="$opened/release" --no-same-owner ||
    fail "the files of the release cannot be unpacked: is the disk full?"
  "$opened/release/setup.sh" install "$@" --opened "$opened" || status=$?
  exit "$status"
}

# be_the_only_one: as long as this run lasts.
be_the_only_one() {
  local lock
  exec {lock}>/run/lock/interview-booth-setup
  flock --nonblock "$lock" || fail "another installation is going on; nothing was changed"
}

# forget_opened: what a power cut in the middle of an install has left.
forget_opened() {
  rm -rf -- "$(dirname -- "$booth_home")"/.interview-booth-opened-* "$booth_home"/.interview-booth-opened-*
}

not_taken() { fail "$from $1; nothing was changed"; }

# download URL FILE
download() {
  python3 - "$1" "$2" "$largest_download_mb" <<'PYTHON' || fail "$1 cannot be fetched: the line above says why; nothing was changed"
import sys
from urllib.request import urlopen

url, name, most_mb = sys.argv[1:]
left = int(most_mb)
try:
    with urlopen(url, timeout=60) as answer, open(name, "wb") as file:
        while piece := answer.read(1 << 20):
            left -= 1
            if left < 0:
                sys.exit(f"it is larger than {most_mb} MB")
            file.write(piece)
except OSError as error:
    sys.exit(str(error))
PYTHON
}

# unpack: files by the names above and nothing else, so that nothing can land elsewhere.
unpack() {
  local names kinds strange
  [[ -f "$from" && -r "$from" ]] || fail "there is no bundle $from that can be read"
  (($(stat --format=%s -- "$from") / 1000000 < $(df --output=avail --block-size=1M "$opened" | tail -n 1))) ||
    fail "too little is free in $(dirname -- "$opened") to unpack the bundle: free some disk space"
  { names="$(tar --list --file="$from" --quoting-style=escape)" &&
    kinds="$(tar --list --verbose --file="$from" | cut -c 1 | sort -u)"; } 2>/dev/null ||
    not_taken "is not whole, or no bundle: copy it again"
  [[ -n "$names" ]] || not_taken "is empty: copy it again"
  strange="$(grep -vxE "$member|SHA256SUMS|SHA256SUMS\.sig" <<<"$names" | head -n 1 || true)"
  [[ -z "$strange" && "$kinds" == - && -z "$(sort <<<"$names" | uniq --repeated)" ]] ||
    not_taken "holds what no bundle holds (${strange:-a link or the same name twice}): it is not to be trusted"
  tar --extract --file="$from" --directory="$opened" --no-same-owner --no-same-permissions 2>/dev/null ||
    not_taken "is not whole: copy it again"
  [[ -e "$opened/SHA256SUMS" ]] || not_taken "lacks SHA256SUMS: it is no bundle, or not whole"
}

# check_signature: by one of the trusted keys, or by the one that is given at the first install.
check_signature() {
  local candidate keys=()
  mapfile -t keys < <(trusted)
  [[ -z "$trust" ]] || keys+=("$trust")
  if ((${#keys[@]} == 0)) && [[ -n "$unsigned" ]]; then
    note "not checked who made it: nobody can tell whether somebody changed it"
    return
  fi
  ((${#keys[@]} > 0)) ||
    fail "this booth trusts no key yet: give the public key of who makes your bundles with --trust FILE, or --unsigned to trust the file as it is; nothing was changed"
  [[ -e "$opened/SHA256SUMS.sig" ]] ||
    not_taken "is not signed, and this booth takes only what a trusted key has signed"
  needs_openssl
  for candidate in "${keys[@]}"; do
    if openssl pkeyutl -verify -pubin -inkey "$candidate" -rawin -in "$opened/SHA256SUMS" \
      -sigfile "$opened/SHA256SUMS.sig" >/dev/null 2>&1; then
      note "signed by the trusted key $(key_name "$candidate")"
      return
    fi
  done
  not_taken "is not signed by a key that this booth trusts, or was changed afterwards (trusted: ${keys[*]})"
}

trusted() { find -L "$trusted_keys" -name '*.pub' -type f 2>/dev/null | sort; }

# check_trust: another key than before is root's to put there by hand, not for a stick to bring.
check_trust() {
  needs_openssl
  openssl pkey -pubin -in "$trust" -noout -text 2>/dev/null | grep -qi '^ED25519 Public' ||
    fail "$trust is no public Ed25519 key ('openssl pkey -in site.key -pubout' writes one); nothing was changed"
  [[ -z "$(trusted)" ]] || cmp --silent -- "$trust" "$trusted_keys/site.pub" ||
    fail "this booth trusts another key already: to trust $trust as well, copy it to $trusted_keys by hand; nothing was changed"
}

# keep_trusted_key: every later bundle must be signed by it.
keep_trusted_key() {
  [[ -d "$trusted_keys" ]] || undo+=("rmdir -- '$trusted_keys'")
  put "$trust" "$trusted_keys/site.pub"
  note "bundles must be signed by the key $(key_name "$trust")"
}

# check_contents: exactly the files of the list, each as it was.
check_contents() {
  local listed there wrong
  # A stick may answer differently each time that it is read: what counts is what lies here now.
  wrong="$(find "$opened" -mindepth 1 ! -type f ! \( -type d \( -path "$opened/wheels" -o -path "$opened/debian" \) \) -printf '%P ')"
  [[ -z "$wrong" ]] || not_taken "holds what no bundle holds (${wrong% }): it is not to be trusted"
  grep -vqE "^[0-9a-f]{64}  ($member)$" "$opened/SHA256SUMS" &&
    not_taken "has a list of hashes that cannot be read"
  listed="$(cut -c 67- "$opened/SHA256SUMS" | sort)"
  there="$(cd -- "$opened" && find . -type f ! -path ./SHA256SUMS ! -path ./SHA256SUMS.sig -printf '%P\n' | sort)"
  wrong="$(comm -23 <(echo "$listed") <(echo "$there") | paste -sd ' ')"
  [[ -z "$wrong" ]] || not_taken "lacks $wrong: copy it again"
  wrong="$(comm -13 <(echo "$listed") <(echo "$there") | paste -sd ' ')"
  [[ -z "$wrong" ]] || not_taken "holds $wrong, which nobody has signed"
  (cd -- "$opened" && LC_ALL=C sha256sum --check --strict --quiet SHA256SUMS) >"$opened.faults" 2>/dev/null ||
    not_taken "was changed or damaged ($(sed -n 's/: FAILED.*//p' "$opened.faults" | paste -sd ' ')): copy it again"
  [[ -e "$opened/about" && -e "$opened/release.tar" ]] || not_taken "holds no release"
}

about() { sed -n "s/^$1=//p" "$2/about"; }

check_target() {
  local machine python
  machine="$(uname -m)" python="$(python_of_machine)"
  [[ "$(about format "$opened")" == 1 ]] ||
    not_taken "is of a newer kind: open it with the setup.sh of its own release (docs/service.md)"
  [[ "$(about machine "$opened")" == "$machine" ]] ||
    not_taken "is for $(about machine "$opened"), and this is $machine: make one with './setup.sh bundle --for $machine'"
  [[ "$(about python "$opened")" == "$python" ]] ||
    not_taken "is for Python $(about python "$opened"), and this machine has ${python:-none}: make one with './setup.sh bundle --python ${python:-VERSION}'"
  note "whole: $(about release "$opened") for Python $python on $machine"
}

# --- installing without a network -----------------------------------------------------------------

# install_carried_packages NAMES: those that the bundle carries; the network is never asked.
install_carried_packages() {
  local carried here advice
  carried="$(about debian "$bundle")" here="$(codename)"
  advice="bring them (on a $here machine with a network: 'apt-get download' them and what they need, then here 'sudo apt-get install ./*.deb'), or make the bundle on a $here machine with --with-debian-packages"
  [[ -n "$carried" ]] || fail "these Debian packages are missing, and the bundle carries none: $1; $advice"
  [[ "$carried" == "$here" ]] ||
    fail "these Debian packages are missing, and the bundle's are for $carried, not $here: $1; $advice"
  mkdir -p -- "$bundle/apt/lists/partial"
  echo "deb [trusted=yes] file:$bundle/debian ./" >"$bundle/apt/sources.list"
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0
    -o Dir::Etc::sourcelist="$bundle/apt/sources.list" -o Dir::Etc::sourceparts=-
    -o Dir::State::lists="$bundle/apt/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
    -o APT::Sandbox::User=root)
  # shellcheck disable=SC2086  # names are words
  (umask 022 && "${apt[@]}" update && "${apt[@]}" install --yes --no-install-recommends $1) ||
    fail "these Debian packages are missing, and apt-get does not install the bundle's: $1; the lines above say why; else $advice"
}

# --- what the machine is, and whose a key is ------------------------------------------------------

codename() {
  # shellcheck source=/dev/null  # the machine's own
  (. /etc/os-release && echo "${VERSION_CODENAME:-}")
}

# python_of_machine: such as 3.11; by the name of the system where Python is not installed yet.
python_of_machine() {
  local python
  if python="$(choose_python 2>/dev/null)"; then
    describe_python "$python" | cut -d ' ' -f 1
    return
  fi
  case "$(codename)" in
    jammy) echo 3.10 ;;
    bookworm) echo 3.11 ;;
    noble) echo 3.12 ;;
    trixie) echo 3.13 ;;
  esac
}

# key_name PUBLIC: the first digits of its hash, to compare by eye.
key_name() {
  openssl pkey -pubin -in "$1" -outform DER | sha256sum | cut -c 1-16
}

needs_openssl() {
  command -v openssl >/dev/null || fail "openssl is missing, which signs and checks: 'sudo apt-get install openssl'"
}
