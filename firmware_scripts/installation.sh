#!/usr/bin/env bash
# Installs the booth as a service, and takes it away again: read by setup.sh, which has the small
# functions (fail, refuse, step, note) and the packages.
#
#   /opt/interview-booth/releases/VERSION-HASH   a release: this folder's files, with its own .venv
#   /opt/interview-booth/current                 the release that runs; switched in one rename
#   /etc/interview-booth/booth.toml              settings, made once and never touched again
#   /etc/systemd/system, sysusers.d, tmpfiles.d  the units, users and folders
#   /etc/chromium/policies/managed               with --screen: what Chromium may do on this machine
#   /var/lib/interview-booth                     what the booth keeps
#
# A step that fails undoes what the steps before it did, but for Debian packages.
# shellcheck disable=SC2034,SC2154  # some is set by setup.sh, some read by from-bundle.sh

readonly booth_home=/opt/interview-booth
readonly settings=/etc/interview-booth/booth.toml
readonly kept=/var/lib/interview-booth
readonly unit=interview-booth.service
readonly screen_unit=interview-booth-kiosk.service
readonly policies=/etc/chromium/policies/managed/interview-booth.json
readonly least_memory_mb=1500 least_disk_mb=3000

install_usage() {
  cat <<'EOF'
Usage: sudo ./setup.sh install [OPTIONS]

Installs the booth as a service that starts with the machine. Run it again to bring another
version: the one before stays, and comes back if the new one does not become ready.

  --profile PROFILE   observations: for workplaces and education, loads no model of emotions;
                      self: estimates for the person alone, where they agree
  --language CODE     of questions and answers: en, de or es
  --ollama URL        an Ollama host on the own network, such as http://192.168.1.20:11434
  --from BUNDLE       install what 'setup.sh bundle' made, a file or an https address; its signature is
                      checked first, and all packages come out of it, none from a network
  --trust FILE        at the first install: the public key that must have signed every bundle from now on
  --unsigned          take a bundle that nobody signed, where no key is trusted yet
  --screen            also show the panel on this machine's own screen (Chromium in cage); Chromium
                      opens nothing else on this machine from then on
  --yes               ask nothing: what is not given stays at the safest value
  --dry-run           tell what would be done, and change nothing

sudo ./setup.sh rollback            back to the release before
sudo ./setup.sh uninstall [--purge] remove it; with --purge also settings and what people kept
EOF
}

# --- what is asked ------------------------------------------------------------------------------

run_install() {
  profile="" language="" ollama="" screen="" asks=yes dry="" from="" trust="" unsigned=""
  local given=("$@")
  while (($# > 0)); do
    case "$1" in
      --profile | --language | --ollama | --from | --trust)
        (($# > 1)) || refuse "$1 needs a value ('./setup.sh install --help' tells more)"
        printf -v "${1#--}" %s "$2"
        shift
        ;;
      --opened) # by the release before, which has checked the bundle in this folder
        bundle="${2:-}"
        shift
        ;;
      --unsigned) unsigned=yes ;;
      --screen) screen=yes ;;
      --yes) asks="" ;;
      --dry-run) dry=yes ;;
      -h | --help) install_usage && return ;;
      *) refuse "install does not know '$1' ('./setup.sh install --help' tells more)" ;;
    esac
    shift
  done
  refuse_wrong_answers
  # A screen that is there stays one.
  ! systemctl is-enabled --quiet "$screen_unit" 2>/dev/null || screen=yes
  check_machine
  [[ -n "$dry" || "$(id -u)" == 0 ]] || refuse "root is needed: use 'sudo ./setup.sh install'"
  [[ -z "$trust" ]] || check_trust
  [[ -z "$from" || -n "$bundle" ]] || install_from_bundle "${given[@]}"
  [[ -z "$asks" || -n "$dry" || -e "$settings" || ! -t 0 ]] || ask_what_is_open
  name_release
  if [[ -n "$dry" ]]; then
    tell_plan
    return
  fi
  undo=() changed="" started=""
  trap undo_all EXIT
  install_all
  undo=()
}

refuse_wrong_answers() {
  [[ "$profile" =~ ^(|self|observations)$ ]] ||
    refuse "there is no profile '$profile': use self or observations"
  [[ "$language" =~ ^(|en|de|es)$ ]] || refuse "there is no language '$language': use en, de or es"
  [[ "$ollama" =~ ^(|https?://[^\"\'\\[:space:]]+)$ ]] ||
    refuse "'$ollama' is no address of a host: use one like http://192.168.1.20:11434"
}

ask_what_is_open() {
  local answer
  if [[ -z "$profile" ]]; then
    read -rp "Is the booth for a workplace or a school? Then no model of emotions is loaded. [Y/n] " answer
    [[ "$answer" =~ ^[Nn] ]] && profile=self
  fi
  if [[ -z "$language" ]]; then
    read -rp "Language: en, de or es? [en] " language
  fi
  if [[ -z "$ollama" ]]; then
    read -rp "Address of an Ollama host on your own network, empty for none: " ollama
  fi
  refuse_wrong_answers
}

# --- is this a machine for it -------------------------------------------------------------------

check_machine() {
  local os machine memory_mb disk_mb
  # shellcheck source=/dev/null  # the machine's own
  os="$(. /etc/os-release && echo "${ID:-} ${VERSION_ID:-}")"
  [[ "$os" =~ ^(debian|raspbian)\ 1[23] || "$os" =~ ^ubuntu\ 2[24] ]] ||
    fail "this is ${os:-no system that says what it is}: use Debian or Raspberry Pi OS 12 or 13, or Ubuntu 22.04 or 24.04 (JetPack 6)"
  [[ -z "$screen" || "$os" != ubuntu* ]] ||
    fail "--screen needs Debian's Chromium, which Ubuntu does not have: leave it out, and open the panel in a browser"
  machine="$(uname -m)"
  [[ "$machine" == x86_64 || "$machine" == aarch64 ]] ||
    fail "this is a $machine system, and the models need 64 bits: install the 64-bit system"
  { command -v systemctl && command -v systemd-sysusers; } >/dev/null ||
    fail "systemd is missing, which starts the booth and makes its users: use a system that has it, or 'apt-get install systemd'"
  memory_mb="$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)"
  ((memory_mb >= least_memory_mb)) ||
    fail "$memory_mb MB of memory are too few: the booth needs $least_memory_mb"
  [[ "$(findmnt --noheadings --output FSTYPE --target / 2>/dev/null || true)" != overlay || -n "${container:-}" ]] ||
    fail "the system's disk is a read-only overlay, and what is installed would be gone at the next start: switch the overlay off ('raspi-config', Performance), start again, then run this again"
  disk_mb="$(df --output=avail --block-size=1M "$(nearest_folder "$booth_home")" | tail -n 1)"
  ((disk_mb >= least_disk_mb)) ||
    fail "$((disk_mb)) MB are free for $booth_home, and $least_disk_mb are needed: free some disk space"
}

# nearest_folder PATH: it, or the folder above it that is there.
nearest_folder() {
  local folder="$1"
  while [[ ! -d "$folder" ]]; do
    folder="$(dirname -- "$folder")"
  done
  echo "$folder"
}

systemd_runs() { [[ -d /run/systemd/system ]]; }

# --- the steps ----------------------------------------------------------------------------------

tell_plan() {
  local missing
  missing="$(missing_packages "${runtime[@]}" ${screen:+screen})"
  echo "This would be done, and nothing has been:"
  echo "  Debian packages: ${missing:-all there}"
  echo "  users and folders: interview-booth, interview-booth-kiosk, /etc/interview-booth"
  if release_is_whole; then
    echo "  the release $release is there"
  else
    echo "  the release $release in $booth_home/releases, with its own Python packages (about 1.5 GB)"
  fi
  if [[ -e "$settings" ]]; then
    echo "  settings stay as they are: $settings"
  else
    echo "  settings: $settings"
  fi
  echo "  the service $unit: enabled and started${screen:+; $screen_unit, too}"
}

install_all() {
  step 1/7 "Debian packages"
  install_debian_packages "$(missing_packages "${runtime[@]}" ${screen:+screen})"
  step 2/7 "Release $release"
  make_release
  step 3/7 "Models"
  "$booth_home/releases/$release/.venv/bin/booth" models verify >/dev/null ||
    fail "a model is damaged or missing: 'booth models verify' in $booth_home/releases/$release says which"
  note "all verified"
  step 4/7 "Users, folders and units"
  install_units
  step 5/7 "Settings"
  write_settings
  [[ -z "$trust" ]] || keep_trusted_key
  step 6/7 "Start"
  switch_to "$release"
  start_service
  step 7/7 "Doctor"
  tell_doctor
  forget_old_releases
  echo "Interview Booth $release is installed."
}

# name_release: the version, and a hash of all files, so that the same files are the same release.
name_release() {
  local version
  version="$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/pyproject.toml" | head -n 1)"
  release="$version-$(pack | sha256sum | cut -c 1-12)"
}

pack() {
  tar --create --directory="$root" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner \
    --mode=u+rwX,go+rX,go-w --exclude-vcs --exclude=./.venv --exclude=./reports --exclude=./build \
    --exclude=./dist --exclude='*.egg-info' --exclude=__pycache__ --exclude='.*_cache' \
    --exclude='./.coverage*' --exclude=./.hypothesis .
}

release_is_whole() { [[ -e "$booth_home/releases/$release/.whole" ]]; }

make_release() {
  local folder="$booth_home/releases/$release"
  if release_is_whole; then
    note "there already"
    return
  fi
  remove_release "$folder"
  undo+=("remove_release '$folder'")
  (umask 022 && mkdir -p -- "$folder")
  pack | tar --extract --directory="$folder" --no-same-owner || fail "the files cannot be copied to $folder: is the disk full?"
  (umask 022 && "$folder/setup.sh" prepare "$bundle") || exit 1
  # The mark must not reach the disk before the files that it vouches for.
  sync -f -- "$folder"
  touch -- "$folder/.whole"
  sync -f -- "$folder"
}

# remove_release FOLDER: its mark first, so that what a power cut leaves is not taken for whole.
remove_release() {
  if [[ -e "$1/.whole" ]]; then
    rm -f -- "$1/.whole"
    sync -f -- "$1"
  fi
  rm -rf -- "$1"
}

install_units() {
  put "$root/systemd/sysusers.d/interview-booth.conf" /etc/sysusers.d/interview-booth.conf
  put "$root/systemd/tmpfiles.d/interview-booth.conf" /etc/tmpfiles.d/interview-booth.conf
  put "$root/systemd/$unit" "/etc/systemd/system/$unit"
  put "$root/systemd/$screen_unit" "/etc/systemd/system/$screen_unit"
  systemd-sysusers interview-booth.conf || fail "the users cannot be made: the lines above say why"
  [[ -z "$screen" ]] || fence_screen
  systemd-tmpfiles --create interview-booth.conf || fail "the folders cannot be made: the lines above say why"
  ! systemd_runs || systemctl daemon-reload
  enable_unit "$unit"
  [[ -z "$screen" ]] || enable_unit "$screen_unit"
  ! systemctl is-enabled --quiet "$screen_unit" 2>/dev/null || close_browser
}

# PAM's session is in the user's slice, and so out of reach of the unit's own IPAddressDeny.
fence_screen() {
  put "$root/systemd/screen-session.conf" \
    "/etc/systemd/system/user-$(id -u interview-booth-kiosk).slice.d/interview-booth.conf"
}

# What Chromium may do on this machine, by the release that runs. It reads every file of that folder,
# so that no copy may lie beside.
close_browser() {
  local release_has="$booth_home/current/systemd/chromium-policies.json"
  [[ "$(readlink -- "$policies" || true)" != "$release_has" ]] || return 0
  # Under a strict umask Chromium could not read them.
  (umask 022 && mkdir -p -- "$(dirname -- "$policies")")
  undo+=("rm -f -- '$policies'")
  ln -sfn -- "$release_has" "$policies"
  changed=yes
  note "$policies"
}

enable_unit() {
  systemctl is-enabled --quiet "$1" 2>/dev/null && return
  undo+=("systemctl disable --quiet '$1'")
  changed=yes
  systemctl enable --quiet "$1" || fail "systemd does not enable $1: the lines above say why"
}

# put FILE TARGET: copies it whole, only where it differs; what was there comes back on failure.
put() {
  cmp --silent -- "$1" "$2" && return
  (umask 022 && mkdir -p -- "$(dirname -- "$2")")
  if [[ -e "$2" ]]; then
    cp -- "$2" "$2.before"
    undo+=("mv -- '$2.before' '$2'")
  else
    undo+=("rm -f -- '$2'")
  fi
  install --mode=644 -- "$1" "$2.new"
  sync -- "$2.new"
  mv -- "$2.new" "$2"
  changed=yes
  note "$2"
}

write_settings() {
  if [[ -e "$settings" ]]; then
    note "$settings stays as it is"
    [[ -z "$profile$language$ollama" ]] ||
      note "change them in the panel, or there: what you gave here was not taken"
    return
  fi
  undo+=("rm -f -- '$settings'")
  {
    echo "# Made by setup.sh install. Everything that can be set: $booth_home/current/systemd/booth.toml"
    echo
    echo "[site]"
    echo "profile = \"${profile:-observations}\""
    echo "language = \"${language:-en}\""
    [[ -z "$ollama" ]] || printf '\n[ollama]\nhosts = ["%s"]\n' "$ollama"
  } >"$settings.new"
  chmod 644 -- "$settings.new"
  sync -- "$settings.new"
  mv -- "$settings.new" "$settings"
  "$booth_home/releases/$release/.venv/bin/booth" config check --config "$settings" >/dev/null ||
    fail "the settings are not right: the line above says where"
  note "$settings: profile ${profile:-observations}, language ${language:-en}${ollama:+, words by $ollama}"
}

# switch_to RELEASE: in one rename, so that a power cut leaves the one or the other.
switch_to() {
  local before name
  before="$(readlink -- "$booth_home/current" 2>/dev/null || true)"
  if [[ "$before" == "releases/$1" ]]; then
    go_back_unless_ready
    return
  fi
  changed=yes
  for name in current previous; do
    if [[ -L "$booth_home/$name" ]]; then
      undo+=("point_at $name '$(readlink -- "$booth_home/$name")'")
    else
      undo+=("rm -f -- '$booth_home/$name'")
    fi
  done
  back_up_settings
  undo+=("bring_settings_back")
  [[ -z "$before" ]] || point_at previous "$before"
  point_at current "releases/$1"
}

# go_back_unless_ready: a power cut may have come before the running release could prove itself.
go_back_unless_ready() {
  local older
  older="$(readlink -- "$booth_home/previous" 2>/dev/null || true)"
  [[ ! -e "$booth_home/current/.ready" && -e "$booth_home/${older:-none}/.whole" ]] || return 0
  undo+=("bring_settings_back" "point_at current '$older'")
}

# point_at NAME TARGET: the link NAME in booth_home.
point_at() {
  ln -sfn -- "$2" "$booth_home/$1.new"
  mv -T -- "$booth_home/$1.new" "$booth_home/$1"
  sync -f -- "$booth_home"
}

# A release may write settings anew that the one before could not read.
back_up_settings() {
  local file
  for file in "$settings" "$kept/booth.toml"; do
    rm -f -- "$file.before-update"
    [[ -e "$file" ]] || continue
    copy_settings "$file" "$file.before-update.new"
    mv -T -- "$file.before-update.new" "$file.before-update"
  done
}

# copy_settings FILE COPY: with owner and mode, and safe on the disk; never through a link, since the
# booth may write there.
copy_settings() {
  cp --preserve --no-dereference --remove-destination -- "$1" "$2"
  sync -- "$2"
}

# bring_settings_back: as they were before the update that has failed.
bring_settings_back() {
  local file
  for file in "$settings" "$kept/booth.toml"; do
    if [[ ! -e "$file.before-update" ]]; then
      rm -f -- "$file"
    elif ! cmp --silent -- "$file.before-update" "$file"; then
      put_back "$file"
    fi
  done
}

# put_back FILE: in one rename, with its owner and mode.
put_back() {
  copy_settings "$1.before-update" "$1.new"
  mv -T -- "$1.new" "$1"
  note "$1 is as before the update"
}

# suit_settings RELEASE: those that the running release reads and that one does not give way to those
# from before the update. A booth runs with mistakes in its settings: those are no reason.
suit_settings() {
  local file
  for file in "$settings" "$kept/booth.toml"; do
    [[ -e "$file" && -e "$file.before-update" ]] || continue
    reads current "$file" || continue
    ! reads "releases/$1" "$file" || continue
    reads "releases/$1" "$file.before-update" || continue
    copy_settings "$file" "$file.before-rollback"
    undo+=("mv -T -- '$file.before-rollback' '$file'")
    put_back "$file"
  done
}

# reads RELEASE FILE: whether that release finds no mistake in it.
reads() { env -i PATH="$PATH" "$booth_home/$1/.venv/bin/booth" config check --config "$2" >/dev/null 2>&1; }

start_service() {
  if ! systemd_runs; then
    note "systemd does not run here: the booth starts with the machine"
    return
  fi
  if [[ -z "$changed" && "$(readiness)" == ready ]]; then
    note "it runs already, and is ready"
    return
  fi
  started=yes
  note "loading the models takes up to three minutes ..."
  if ! systemctl restart "$unit" || ! until_ready; then
    fail "$release does not become ready: 'journalctl --unit $unit' says why"
  fi
  note "ready"
  touch -- "$booth_home/current/.ready"
  [[ -z "$screen" ]] || systemctl restart "$screen_unit"
}

# The release that was there before runs again, or nothing does.
restart_or_stop() {
  if [[ -e "$booth_home/current/.whole" ]]; then
    systemctl restart "$unit"
  else
    systemctl stop "$unit"
  fi
}

until_ready() {
  local tries
  for ((tries = 0; tries < 60; tries++)); do
    [[ "$(readiness)" != ready ]] || return 0
    sleep 1
  done
  return 1
}

# readiness: "ready" where the panel says so.
readiness() {
  "$booth_home/current/.venv/bin/python" - <<'PYTHON' 2>/dev/null || true
from urllib.request import urlopen
with urlopen("http://127.0.0.1:8080/readyz", timeout=5) as answer:
    print("ready" if answer.status == 200 else "")
PYTHON
}

tell_doctor() {
  local booth="$booth_home/current/.venv/bin/booth"
  echo
  if systemd_runs; then
    # As the booth itself sees its devices.
    systemd-run --quiet --pipe --wait --uid=interview-booth --property=WorkingDirectory=/run/interview-booth \
      --property="SupplementaryGroups=$(systemctl show "$unit" --property=SupplementaryGroups --value)" \
      --setenv=HOME=/run/interview-booth --setenv=MPLCONFIGDIR=/run/interview-booth/matplotlib \
      --setenv=STATE_DIRECTORY="$kept" --setenv=BOOTH_CONFIG="$kept/booth.toml" "$booth" doctor || true
  else
    "$booth" doctor || true
  fi
  echo
}

# The running release and the one before are kept.
forget_old_releases() {
  local folder name
  for folder in "$booth_home"/releases/*; do
    name="releases/${folder##*/}"
    [[ "$name" == "$(readlink -- "$booth_home/current")" ]] && continue
    [[ "$name" == "$(readlink -- "$booth_home/previous" 2>/dev/null || true)" ]] && continue
    remove_release "$folder"
  done
}

# The steps back, the last one first; nothing where all went well.
undo_all() {
  local number
  ((${#undo[@]} > 0)) || return 0
  # It could write its settings again.
  [[ -z "$started" ]] || systemctl stop "$unit" || true
  for ((number = ${#undo[@]} - 1; number >= 0; number--)); do
    eval "${undo[number]}" || true
  done
  ! systemd_runs || systemctl daemon-reload
  [[ -z "$started" ]] || restart_or_stop || true
  echo "setup.sh: what was done is undone; Debian packages stay. Mend it, then run the same again." >&2
}

# --- back, and away -----------------------------------------------------------------------------

run_rollback() {
  (($# == 0)) || refuse "rollback takes no arguments, but got '$*'"
  [[ "$(id -u)" == 0 ]] || refuse "root is needed: use 'sudo ./setup.sh rollback'"
  local previous
  previous="$(readlink -- "$booth_home/previous" 2>/dev/null || true)"
  [[ -n "$previous" && -e "$booth_home/$previous/.whole" ]] ||
    fail "there is no release before this one in $booth_home"
  release="${previous#releases/}" screen=""
  ! systemctl is-enabled --quiet "$screen_unit" 2>/dev/null || screen=yes
  undo=() changed="" started=""
  trap undo_all EXIT
  step 1/1 "Back to $release"
  suit_settings "$release"
  switch_to "$release"
  start_service
  undo=()
  echo "Interview Booth $release runs again."
}

run_uninstall() {
  local purge=""
  [[ "${1:-}" != --purge ]] || { purge=yes && shift; }
  (($# == 0)) || refuse "uninstall takes --purge or nothing, but got '$*'"
  [[ "$(id -u)" == 0 ]] || refuse "root is needed: use 'sudo ./setup.sh uninstall'"
  step 1/3 "The service"
  local one
  for one in "$screen_unit" "$unit"; do
    systemctl disable --quiet "$one" 2>/dev/null || true
    ! systemd_runs || systemctl stop "$one" 2>/dev/null || true
    rm -f -- "/etc/systemd/system/$one" "/etc/systemd/system/$one.before"
  done
  rm -f -- /etc/{sysusers,tmpfiles}.d/interview-booth.conf{,.before} "$policies"
  for one in /etc/systemd/system/user-*.slice.d; do
    rm -f -- "$one"/interview-booth.conf{,.before}
    [[ ! -d "$one" ]] || rmdir --ignore-fail-on-non-empty -- "$one"
  done
  ! systemd_runs || systemctl daemon-reload
  step 2/3 "The program"
  forget_opened
  rm -rf -- "$booth_home" /run/interview-booth /run/interview-booth-kiosk
  step 3/3 "Settings and what people kept"
  if [[ -n "$purge" ]]; then
    rm -rf -- /etc/interview-booth "$kept"
    for one in interview-booth interview-booth-kiosk; do
      ! getent passwd "$one" >/dev/null || userdel "$one"
      ! getent group "$one" >/dev/null || groupdel "$one"
    done
    note "removed"
  else
    note "they stay in /etc/interview-booth and $kept; 'uninstall --purge' removes them"
  fi
  echo "Interview Booth is uninstalled. Debian packages stay."
}
