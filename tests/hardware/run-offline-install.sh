#!/usr/bin/env bash
# 'sudo ./setup.sh install --from BUNDLE' on a running Debian 12 that has no network at all, and none
# of the booth's packages (booted-debian.sh): the first bundle installs and is ready, changed ones are
# refused, a second one takes its place, a bad one does not and its settings are taken back, and the
# release before comes back. Half an hour.
#
#   tests/hardware/run-offline-install.sh
#
# BOOTH_TREE names a bare Debian to start from a copy of; it is made there if it is missing.
# BOOTH_LOG names the log of the boot, and of setup.sh beside it (default: a new file under /tmp).
# Needs root, debootstrap, systemd-nspawn (Debian's systemd-container), and network for the bundles;
# and Debian 12 itself, whose packages the first bundle carries. Where something is missing it says
# what, exit 0.
set -euo pipefail

# shellcheck source=tests/hardware/booted-debian.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/booted-debian.sh"

readonly home=/opt/interview-booth installed=/opt/interview-booth/current/setup.sh
readonly panel_settings=/var/lib/interview-booth/booth.toml

main() {
  # shellcheck source=/dev/null  # the machine's own
  [[ "$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" == bookworm ]] ||
    skip "the bundle's Debian packages are fetched on a Debian 12, which this is not"
  prepare_debian run-offline-install
  if [[ -n "${BOOTH_TREE:-}" ]]; then
    cp -a --reflink=auto -- "$tree" "$workspace/tree"
    tree="$workspace/tree"
  fi
  : >"$log.setup"
  stick="$tree/media/stick"
  mkdir -p -- "$stick"
  make_first_bundle
  make_later_bundles &
  later=$!
  trap 'kill "$later" 2>/dev/null || true; clean_up' EXIT
  nspawn_options=(--private-network)
  boot
  run_checks knows_no_network wants_a_key installs_by_the_two_steps keeps_a_second_run_as_it_is \
    has_later_bundles refuses_changed_bundles takes_another_version refuses_a_bad_version_and_its_settings goes_back \
    leaves_no_bundle_lying_about uninstalls
}

# make_first_bundle: with all that a bare Debian lacks.
make_first_bundle() {
  local name began=$SECONDS
  git clone --quiet --no-hardlinks -- "$repository" "$workspace/booth"
  for name in site other; do
    openssl genpkey -algorithm ed25519 -out "$workspace/$name.key"
    openssl pkey -in "$workspace/$name.key" -pubout -out "$workspace/$name.pub"
  done
  cp -- "$workspace/site.pub" "$stick/"
  bundle first site --with-debian-packages
  echo "      first bundle: $((SECONDS - began)) s"
}

# make_later_bundles: updates, good and bad; what the first holds is not fetched again.
make_later_bundles() {
  tar --extract --file="$stick/first.tar" --directory="$workspace" --wildcards 'wheels/*'
  export PIP_NO_INDEX=1 PIP_FIND_LINKS="$workspace/wheels"
  bundle stranger other
  echo "One more line." >>"$workspace/booth/README.md"
  bundle second site
  # Its models are whole and its files import, but its service writes other settings, and ends.
  cat >>"$workspace/booth/appliance/service.py" <<PYTHON
import sys
if sys.argv[1:2] == ["run"]:
    open("$panel_settings", "w").write("novel = 1\n")
    raise SystemExit(7)
PYTHON
  bundle bad site
  cp -- "$stick/second.tar" "$stick/changed.tar"
  printf X | dd of="$stick/changed.tar" bs=1 seek="$(($(stat --format=%s "$stick/changed.tar") / 2))" \
    conv=notrunc status=none
  head --bytes=100M "$stick/second.tar" >"$stick/short.tar"
}

# bundle NAME KEY OPTION...
bundle() {
  "$workspace/booth/setup.sh" bundle --key "$workspace/$2.key" --for x86_64 --python 3.11 \
    --output "$stick/$1.tar" "${@:3}" >>"$log.setup" 2>&1 || {
    tail -n 5 "$log.setup"
    exit 1
  }
}

# as_root COMMAND...: in the tree, from the folder of the stick; what it says is kept.
as_root() {
  local code=0
  in_tree env --ignore-environment --chdir=/media/stick HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@" \
    >"$workspace/said" 2>&1 </dev/null || code=$?
  cat -- "$workspace/said" >>"$log.setup"
  return "$code"
}

said() { grep -q -- "$1" "$workspace/said"; }

# The release, what it runs as, its settings, and when each file of ours was written.
state_of_machine() {
  in_tree readlink "$home/current" "$home/previous" || true
  property MainPID
  in_tree find "$home" /etc/interview-booth /etc/systemd/system /etc/sysusers.d /etc/tmpfiles.d \
    -name __pycache__ -prune -o -type f -printf '%p %T@ %s\n' | sort
}

# unchanged COMMAND...: it fails, and nothing on the machine is other than before.
unchanged() {
  state_of_machine >"$workspace/before"
  ! as_root "$@" || return
  grep "^setup.sh:" "$workspace/said" | sed 's/^/      /'
  said "nothing was changed" || return
  state_of_machine | diff - "$workspace/before"
}

knows_no_network() {
  [[ "$(in_tree grep -c : /proc/net/dev)" == 1 ]] && in_tree grep -q 'lo:' /proc/net/dev || return
  ! in_tree python3 --version >/dev/null 2>&1
}

# What docs/service.md says for a machine without any copy of the booth, up to the last line.
unpacks_by_hand() {
  as_root /bin/bash -euc 'rm -rf /root/unpacked; mkdir -p /root/unpacked/release
    tar -xf first.tar -C /root/unpacked
    cd /root/unpacked
    openssl pkeyutl -verify -pubin -inkey /media/stick/site.pub -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig
    sha256sum --check --strict --quiet SHA256SUMS
    tar -xf release.tar -C release'
}

wants_a_key() {
  unpacks_by_hand && said "Signature Verified" || return
  ! as_root /root/unpacked/release/setup.sh install --yes --from first.tar || return
  said "trusts no key yet" && ! in_tree test -e "$home"
}

installs_by_the_two_steps() {
  local began=$SECONDS
  as_root /root/unpacked/release/setup.sh install --yes --language en --from first.tar --trust site.pub || return
  echo "      $((SECONDS - began)) s, $(in_tree readlink "$home/current"), user $(property User)"
  is_up && said "is installed" && in_tree cmp /media/stick/site.pub /etc/interview-booth/trusted-keys/site.pub
}

keeps_a_second_run_as_it_is() {
  state_of_machine >"$workspace/first"
  as_root "$installed" install --yes --from first.tar --trust site.pub || return
  state_of_machine | diff - "$workspace/first"
}

has_later_bundles() { wait "$later"; }

refuses_changed_bundles() {
  unchanged "$installed" install --yes --from changed.tar && said "changed or damaged" || return
  unchanged "$installed" install --yes --from short.tar && said "is not whole" || return
  unchanged "$installed" install --yes --from stranger.tar && said "not signed by a key" || return
}

takes_another_version() {
  local before began=$SECONDS
  before="$(in_tree readlink "$home/current")"
  as_root "$installed" install --yes --from second.tar || return
  echo "      $((SECONDS - began)) s, $(in_tree readlink "$home/current")"
  is_up && [[ "$(in_tree readlink "$home/current")" != "$before" ]] || return
  [[ "$(in_tree readlink "$home/previous")" == "$before" ]]
}

refuses_a_bad_version_and_its_settings() {
  local before began=$SECONDS
  before="$(in_tree readlink "$home/current")"
  in_tree install --owner=interview-booth --group=interview-booth --mode=600 /dev/stdin "$panel_settings" \
    <<<$'[storage]\nretention_days = 30'
  ! as_root "$installed" install --yes --from bad.tar || return
  grep "^setup.sh:" "$workspace/said" | sed 's/^/      /'
  said "does not become ready" && said "is undone" && said "$panel_settings is as before the update" || return
  until_holds 300 is_up || return
  echo "      $((SECONDS - began)) s until the release before is ready again"
  [[ "$(in_tree readlink "$home/current")" == "$before" ]] || return
  in_tree grep -q 'retention_days = 30' "$panel_settings" || return
  [[ "$(in_tree stat --format='%U %a' "$panel_settings")" == "interview-booth 600" ]]
}

goes_back() {
  local wanted
  wanted="$(in_tree readlink "$home/previous")"
  as_root "$installed" rollback || return
  is_up && [[ "$(in_tree readlink "$home/current")" == "$wanted" ]]
}

leaves_no_bundle_lying_about() {
  [[ -z "$(in_tree find /opt /tmp /var/tmp -name '.interview-booth-opened-*')" ]]
}

uninstalls() {
  as_root "$installed" uninstall --purge && ! in_tree test -e /etc/interview-booth
}

main "$@"
