#!/usr/bin/env bats
# Making a bundle, and opening it: with tar, hashes and signatures as they are, a release of a few
# files, and a Python made of stubs. The proof with real packages, on a machine without a network, is
# tests/hardware/run-offline-install.sh.
# shellcheck disable=SC2016,SC2154  # scripts expand their own variables; run sets stderr

bats_require_minimum_version 1.5.0

setup_file() {
  local source="$BATS_TEST_DIRNAME/../.."
  export common="$BATS_FILE_TMPDIR" machine root="$BATS_FILE_TMPDIR/a booth"
  machine="$(uname -m)"
  mkdir -p "$root/firmware_scripts" "$root/models_tflite"
  cp "$source/setup.sh" "$root/"
  cp "$source"/firmware_scripts/{installation,from-bundle,bundle}.sh "$source/firmware_scripts/apt-packages.txt" \
    "$root/firmware_scripts/"
  # The machine that is installed on is a folder; that of this test stays as it is.
  sed -i -E "s#^readonly (trusted_keys|booth_home|settings|kept|policies)=#&\${FAKE_MACHINE:-}#" "$root"/firmware_scripts/*.sh
  echo 'version = "1.2.3"' >"$root/pyproject.toml"
  printf 'alpha==1 \\\n    --hash=sha256:aa\nPyAudio==2 \\\n    --hash=sha256:bb\n' >"$root/requirements.lock"
  echo model >"$root/models_tflite/one.tflite"
  printf '[[model]]\nname = "One"\nrequired = true\nfile = "one.tflite"\nsha256 = "%s"\n' \
    "$(sha256sum "$root/models_tflite/one.tflite" | cut -c 1-64)" >"$root/models_tflite/manifest.toml"
  make_python "$common/python" 3.11
  export BOOTH_PYTHON="$common/python"
  local name
  for name in site other; do
    openssl genpkey -algorithm ed25519 -out "$common/$name.key"
    openssl pkey -in "$common/$name.key" -pubout -out "$common/$name.pub"
  done
  "$root/setup.sh" bundle --key "$common/site.key" --output "$common/good.tar" >"$common/told"
}

# make_python FILE VERSION: tells its version, and fetches empty packages.
make_python() {
  cat >"$1" <<STUB
#!$BASH
echo "\$*" >>"$common/calls"
case "\$*" in
  "-c "*) echo "$2 $machine" ;;
  "-m venv "*) mkdir -p "\${@: -1}/bin" && cp "\$0" "\${@: -1}/bin/python" ;;
  *"pip download "*)
    [[ ! -e "$common/no-network" ]] || { echo "no network" >&2; exit 1; }
    while [[ "\$1" != --dest ]]; do shift; done
    echo wheel >"\$2/alpha-1-py3-none-any.whl"
    echo source >"\$2/\${FAKE_SOURCE:-PyAudio}-2.tar.gz" ;;
  "- "*) cat "\$2" ;;
esac
STUB
  chmod +x "$1"
}

setup() {
  export FAKE_MACHINE="$BATS_TEST_TMPDIR/machine"
  mkdir -p "$FAKE_MACHINE/opt" "$FAKE_MACHINE/etc/interview-booth"
  bundle="$BATS_TEST_TMPDIR/bundle.tar"
  parts="$BATS_TEST_TMPDIR/parts"
}

install_from() { "$root/setup.sh" install --yes --dry-run --from "$@"; }

# taken_apart: the good bundle's files in $parts, to be changed.
taken_apart() { mkdir -p "$parts" && tar -xf "$common/good.tar" -C "$parts"; }

# put_together [TAR OPTIONS...]: the files of $parts as a bundle; signed again with NAME of $sign_with.
put_together() {
  (
    cd "$parts" || exit
    [[ -z "${sign_with:-}" ]] || {
      find . -type f ! -name 'SHA256SUMS*' -printf '%P\n' | xargs sha256sum >SHA256SUMS
      openssl pkeyutl -sign -inkey "$common/$sign_with.key" -rawin -in SHA256SUMS -out SHA256SUMS.sig
    }
    find . ! -type d -printf '%P\n' | tar -cf "$bundle" --no-recursion -T - "$@"
  )
}

# refused WORDS [OPTIONS...]: one line with the words, exit 1, and nothing on the machine or left over.
refused() {
  local words="$1" before
  shift
  before="$(find "$FAKE_MACHINE" | sort)"
  run -1 --separate-stderr install_from "$bundle" "$@"
  [[ "${#stderr_lines[@]}" == 1 && "$stderr" == "setup.sh: "*"$words"*"; nothing was changed" ]] || {
    echo "said: $stderr"
    return 1
  }
  [[ "$(find "$FAKE_MACHINE" | sort)" == "$before" ]]
}

trusting() {
  mkdir -p "$FAKE_MACHINE/etc/interview-booth/trusted-keys"
  cp "$common/$1.pub" "$FAKE_MACHINE/etc/interview-booth/trusted-keys/site.pub"
}

# --- making one -------------------------------------------------------------------------------

@test "a bundle holds the release, packages, their names, hashes and a signature" {
  run -0 tar -tf "$common/good.tar"
  [[ "$(paste -sd ' ' <<<"$output")" == \
    "SHA256SUMS SHA256SUMS.sig about debian-packages.txt release.tar wheels/PyAudio-2.tar.gz wheels/alpha-1-py3-none-any.whl" ]]
  [[ "$(tar -xOf "$common/good.tar" about)" == *"machine=$machine"$'\n'"python=3.11"* ]]
  tar -xOf "$common/good.tar" debian-packages.txt | grep -x libatomic1
  tar -xOf "$common/good.tar" release.tar | tar -t | grep -x ./models_tflite/one.tflite
  grep -q "^Signed\." "$common/told"
}

@test "the same files make the same bundle, to the byte" {
  "$root/setup.sh" bundle --key "$common/site.key" --output "$bundle"
  cmp "$bundle" "$common/good.tar"
}

@test "wheels are asked for by the target's tags, with hashes, in no version but the lock's" {
  : >"$common/calls"
  "$root/setup.sh" bundle --unsigned --for aarch64 --python 3.13 --output "$bundle"
  grep -q -- "pip download .*--no-deps --require-hashes .*--python-version 3.13 --platform manylinux_2_35_aarch64 " "$common/calls"
  [[ "$(tar -xOf "$bundle" about)" == *machine=aarch64*python=3.13* ]]
  tar -xOf "$bundle" debian-packages.txt | grep -x python3-picamera2
}

@test "a package whose wheel is missing is named, unless the booth can build it" {
  FAKE_SOURCE=scipy run -1 --separate-stderr "$root/setup.sh" bundle --unsigned --output "$bundle"
  [[ "${stderr_lines[-1]}" == *"no wheel for Python 3.11 on $machine of: scipy-2.tar.gz" && ! -e "$bundle" ]]
}

@test "without a network there is one line, and no file" {
  touch "$common/no-network"
  run -1 --separate-stderr "$root/setup.sh" bundle --unsigned --output "$bundle"
  rm "$common/no-network"
  [[ "${stderr_lines[-1]}" == "setup.sh: step 'Python packages"*"pip could not fetch"* && ! -e "$bundle" ]]
}

@test "a key is asked for, and what it means to have none is told" {
  run -2 --separate-stderr "$root/setup.sh" bundle --output "$bundle"
  [[ "${#stderr_lines[@]}" == 1 && "$stderr" == *"--key FILE"*"--unsigned"* ]]
  run -0 --separate-stderr "$root/setup.sh" bundle --unsigned --output "$bundle"
  [[ "$stderr" == *"nobody can tell who made the file or changed it"* ]]
}

@test "a public key, a key among the packed files and wrong targets are refused" {
  cp "$common/site.key" "$root/site.key"
  local wrong
  for wrong in "--key $common/site.pub" "--key $common/no-such" "--unsigned --for armv7l" "--unsigned --python 3.9" \
    "--unsigned --key $common/site.key" "--unsigned --for aarch64 --python 3.10 --with-debian-packages" "--fast"; do
    # shellcheck disable=SC2086  # the words are arguments
    run -2 "$root/setup.sh" bundle $wrong
  done
  run -2 --separate-stderr "$root/setup.sh" bundle --key "$root/site.key"
  rm "$root/site.key"
  [[ "$stderr" == *"lies among the files that are packed"* ]]
}

@test "a damaged model is never signed" {
  cp -r "$root" "$BATS_TEST_TMPDIR/damaged"
  echo more >>"$BATS_TEST_TMPDIR/damaged/models_tflite/one.tflite"
  run -1 --separate-stderr "$BATS_TEST_TMPDIR/damaged/setup.sh" bundle --key "$common/site.key" --output "$bundle"
  [[ "$stderr" == *one.tflite*"a model is damaged or missing"* ]]
}

@test "pins are chosen for the target, not for this machine" {
  local python="$BATS_TEST_DIRNAME/../../.venv/bin/python"
  [[ -x "$python" ]] || skip "there is no .venv"
  local tools="$BATS_TEST_TMPDIR/tools/bin"
  mkdir -p "$tools"
  printf '#!%s\nexec "%s" "$@"\n' "$BASH" "$python" >"$tools/python"
  chmod +x "$tools/python"
  run -0 env root="$BATS_TEST_DIRNAME/../.." workspace="$BATS_TEST_TMPDIR" python=3.13 machine=aarch64 \
    bash -c 'source "$root/firmware_scripts/bundle.sh" && pins_for_target'
  [[ "$output" == *$'\nnumpy==2.5'*--hash=sha256:* && "$output" == *$'\nml-dtypes=='* ]]
  [[ "$output" != *numpy==2.4* && "$output" != *exceptiongroup* && "$output" != *colorama* && "$output" != *" ; "* ]]
}

# --- whom it is taken from --------------------------------------------------------------------

@test "a bundle that the given key has signed is taken, and leaves nothing in a dry run" {
  run -0 install_from "$common/good.tar" --trust "$common/site.pub"
  [[ "$output" == *"signed by the trusted key"*"whole: 1.2.3-"*"nothing has been"*"the release 1.2.3-"* ]]
  [[ -z "$(ls "$FAKE_MACHINE/opt")" && ! -e "$FAKE_MACHINE/etc/interview-booth/trusted-keys" ]]
}

@test "the release keeps its name, from the folder or out of a bundle" {
  local name
  name="$(tar -xOf "$common/good.tar" about | sed -n 's/^release=//p')"
  run -0 install_from "$common/good.tar" --trust "$common/site.pub"
  [[ "$output" == *"the release $name in"* ]]
}

@test "a booth takes later bundles by the key that it trusts, and by no other" {
  trusting site
  run -0 install_from "$common/good.tar"
  rm -r "$FAKE_MACHINE/etc/interview-booth/trusted-keys"
  trusting other
  cp "$common/good.tar" "$bundle"
  refused "not signed by a key that this booth trusts"
}

@test "a key on the same stick does not make a booth trust another" {
  trusting other
  cp "$common/good.tar" "$bundle"
  refused "trusts another key already" --trust "$common/site.pub"
}

@test "a booth that trusts no key asks for one" {
  cp "$common/good.tar" "$bundle"
  refused "trusts no key yet"
  refused "no public Ed25519 key" --trust "$common/site.key"
}

@test "an unsigned bundle is for a booth that trusts no key alone, and only when that is said" {
  taken_apart && rm "$parts/SHA256SUMS.sig" && put_together
  refused "trusts no key yet"
  run -0 install_from "$bundle" --unsigned
  [[ "$output" == *"nobody can tell whether somebody changed it"* ]]
  trusting site
  refused "is not signed" --unsigned
}

# --- what is not taken ------------------------------------------------------------------------

@test "a changed byte anywhere is found" {
  trusting site
  local file
  for file in about release.tar wheels/alpha-1-py3-none-any.whl debian-packages.txt; do
    taken_apart && printf X | dd of="$parts/$file" bs=1 seek=3 conv=notrunc status=none && put_together
    refused "changed or damaged ($file)"
  done
  for file in SHA256SUMS SHA256SUMS.sig; do
    taken_apart && printf X | dd of="$parts/$file" bs=1 seek=3 conv=notrunc status=none && put_together
    refused "was changed afterwards"
  done
}

@test "hashes that were made to fit do not help without the key" {
  trusting site
  taken_apart && echo bad >"$parts/wheels/alpha-1-py3-none-any.whl" && sign_with=other put_together
  refused "not signed by a key that this booth trusts"
}

@test "a missing file, one too many and an archive cut short are found" {
  trusting site
  taken_apart && rm "$parts/wheels/alpha-1-py3-none-any.whl" && put_together
  refused "lacks wheels/alpha-1-py3-none-any.whl"
  taken_apart && touch "$parts/wheels/more.whl" && put_together
  refused "holds wheels/more.whl, which nobody has signed"
  head -c 40000 "$common/good.tar" >"$bundle"
  refused "is not whole"
  echo "no archive" >"$bundle"
  refused "is not whole, or no bundle"
}

@test "what nobody has signed is found, whatever its name" {
  taken_apart
  echo new >"$parts/wheels/SHA256SUMS_x.whl"
  sign_with=site put_together
  refused "holds wheels/SHA256SUMS_x.whl, which nobody has signed" --trust "$common/site.pub"
}

@test "a link that lies there in the end is found, however it came" {
  taken_apart
  ln -s /etc "$parts/debian"
  in_booth "opened='$parts' from=stick; check_contents"
  [[ "$status" == 1 && "$stderr" == *"holds what no bundle holds (debian)"* ]]
}

@test "nothing can land outside: no way up, no full path, no link, no name twice" {
  trusting site
  taken_apart
  local change
  for change in 's#^about#../about#' 's#^about#/tmp/about#' 's#^about#wheels/../../about#' 's#^about#wheels/a b#'; do
    put_together --absolute-names --transform "$change"
    refused "holds what no bundle holds"
  done
  ln -s /etc "$parts/wheels/link.whl" && put_together
  refused "holds what no bundle holds (a link"
  rm "$parts/wheels/link.whl"
  ln "$parts/about" "$parts/wheels/hard.whl" && put_together
  refused "holds what no bundle holds (a link"
  rm "$parts/wheels/hard.whl"
  cp "$common/good.tar" "$bundle" && tar -rf "$bundle" -C "$parts" about
  refused "holds what no bundle holds (a link or the same name twice)"
}

@test "a signed list that leads outside is refused as well" {
  trusting site
  taken_apart
  echo "$(sha256sum /etc/hostname | cut -c 1-64)  ../../../etc/hostname" >>"$parts/SHA256SUMS"
  openssl pkeyutl -sign -inkey "$common/site.key" -rawin -in "$parts/SHA256SUMS" -out "$parts/SHA256SUMS.sig"
  put_together
  refused "list of hashes that cannot be read"
}

@test "a bundle for another machine, another Python or of a newer kind says so" {
  trusting site
  taken_apart && sed -i 's/^machine=.*/machine=riscv64/' "$parts/about" && sign_with=site put_together
  refused "is for riscv64, and this is $machine"
  taken_apart && sed -i 's/^python=.*/python=3.13/' "$parts/about" && sign_with=site put_together
  refused "is for Python 3.13, and this machine has 3.11"
  taken_apart && sed -i 's/^format=.*/format=2/' "$parts/about" && sign_with=site put_together
  refused "of a newer kind"
}

@test "a bundle from an address is checked in the same way" {
  trusting other
  printf '#!%s\n[[ "$1" != - ]] || exec cp "%s" "$3"\nexec "%s" "$@"\n' "$BASH" "$common/good.tar" "$common/python" \
    >"$BATS_TEST_TMPDIR/python3"
  chmod +x "$BATS_TEST_TMPDIR/python3"
  bundle=https://booth.example/new.tar PATH="$BATS_TEST_TMPDIR:$PATH" refused "not signed by a key that this booth trusts"
  bundle=http://booth.example/new.tar refused "only https"
}

# --- packages from it, and settings back --------------------------------------------------------

# in_booth SCRIPT: with the functions of the installation, on the machine that is a folder.
in_booth() {
  run --separate-stderr bash -euc 'root="$1" runtime=(runtime) bundle="" screen=""
    fail() { echo "setup.sh: $1" >&2; exit 1; }
    note() { echo "$1"; }
    source "$root/firmware_scripts/installation.sh"
    source "$root/firmware_scripts/from-bundle.sh"
    systemd_runs() { false; }
    eval "$2"' - "$root" "$1"
}

@test "missing Debian packages are named, with the way to bring them, and no network is asked" {
  taken_apart
  in_booth "bundle='$parts'; install_carried_packages 'espeak-ng gcc'"
  [[ "$status" == 1 && "$stderr" == *"missing, and the bundle carries none: espeak-ng gcc; "*"apt-get download"*"--with-debian-packages"* ]]
  sed -i 's/^debian=.*/debian=sid/' "$parts/about"
  in_booth "bundle='$parts'; install_carried_packages gcc"
  [[ "$status" == 1 && "$stderr" == *"the bundle's are for sid, not "*": gcc; "* ]]
}

# two_releases: "old" runs, "new" is there; old reads no settings with the word "novel".
two_releases() {
  local home="$FAKE_MACHINE/opt/interview-booth" name
  settings="$FAKE_MACHINE/etc/interview-booth/booth.toml"
  kept="$FAKE_MACHINE/var/lib/interview-booth/booth.toml"
  for name in old new; do
    mkdir -p "$home/releases/$name/.venv/bin"
    touch "$home/releases/$name/.whole"
    printf '#!%s\n[[ %s == new ]] || ! grep -q novel "${@: -1}"\n' "$BASH" "$name" >"$home/releases/$name/.venv/bin/booth"
    chmod +x "$home/releases/$name/.venv/bin/booth"
  done
  ln -s releases/old "$home/current"
  mkdir -p "${kept%/*}"
  echo "by the site" >"$settings"
  echo "by the panel" >"$kept"
  chmod 600 "$kept"
}

@test "settings that a failed release has rewritten are as before, and so is what runs" {
  two_releases
  in_booth 'undo=() changed="" started=""; trap undo_all EXIT
    switch_to new
    echo novel >"$settings"; echo novel >"$kept/booth.toml"; exit 1'
  [[ "$status" == 1 && "$(<"$settings")" == "by the site" && "$(<"$kept")" == "by the panel" ]]
  [[ "$(stat -c %a "$kept")" == 600 && "$(readlink "$FAKE_MACHINE/opt/interview-booth/current")" == releases/old ]]
}

@test "a release that became ready goes on running after the install, a failed one is stopped first" {
  two_releases
  in_booth 'undo=() changed="" started=yes; systemctl() { echo "systemctl $1"; }; trap undo_all EXIT; exit 0'
  [[ "$status" == 0 && -z "$output" ]]
  in_booth 'undo=("echo undone") changed="" started=yes; systemctl() { echo "systemctl $1"; }; trap undo_all EXIT; exit 1'
  [[ "$status" == 1 && "$output" == $'systemctl stop\nundone\nsystemctl restart' ]]
}

@test "a release that a power cut kept from proving itself is left again where it fails" {
  two_releases
  local home="$FAKE_MACHINE/opt/interview-booth"
  in_booth 'undo=() changed="" started=""; switch_to new' # and the power goes
  echo novel >"$kept"
  in_booth 'undo=() changed="" started=""; trap undo_all EXIT; switch_to new; exit 1'
  [[ "$(readlink "$home/current")" == releases/old && "$(<"$kept")" == "by the panel" ]]
  in_booth 'undo=() changed="" started=""; switch_to new'
  touch "$home/current/.ready"
  in_booth 'undo=() changed="" started=""; trap undo_all EXIT; switch_to new; exit 1'
  [[ "$(readlink "$home/current")" == releases/new ]]
}

@test "settings that a failed release has made are gone" {
  two_releases
  rm "$kept"
  in_booth 'undo=() changed="" started=""; trap undo_all EXIT
    switch_to new; echo novel >"$kept/booth.toml"; exit 1'
  [[ ! -e "$kept" && "$(<"$settings")" == "by the site" ]]
}

@test "going back by hand brings settings back only where the release before cannot read them" {
  two_releases
  in_booth 'undo=() changed="" started=""; switch_to new'
  echo "changed by staff" >"$settings"
  echo "novel" >"$kept"
  in_booth 'undo=() changed="" started=""; suit_settings old'
  [[ "$status" == 0 && "$(<"$settings")" == "changed by staff" && "$(<"$kept")" == "by the panel" ]]
  [[ "$(<"$kept.before-rollback")" == novel ]]
}

@test "a mistake that no release reads is no reason to bring older settings back" {
  two_releases
  in_booth 'undo=() changed="" started=""; switch_to new'
  printf '#!%s\nexit 1\n' "$BASH" >"$FAKE_MACHINE/opt/interview-booth/releases/new/.venv/bin/booth"
  echo "novel" >"$kept"
  in_booth 'undo=() changed="" started=""; suit_settings old'
  [[ "$status" == 0 && "$(<"$kept")" == novel && ! -e "$kept.before-rollback" ]]
}

@test "Chromium can read what it may do, also after a strict umask, and a failure takes it away" {
  two_releases
  in_booth 'umask 077; undo=() changed="" started=""; trap undo_all EXIT
    close_browser; readlink "$policies"; stat -c %a "$(dirname "$policies")"; exit 1'
  [[ "$output" == *"/current/systemd/chromium-policies.json"*755* ]]
  [[ ! -L "$FAKE_MACHINE/etc/chromium/policies/managed/interview-booth.json" ]]
}

@test "a link to a folder that the booth has laid leads root's copies nowhere either" {
  two_releases
  mkdir "$BATS_TEST_TMPDIR/folder"
  ln -s "$BATS_TEST_TMPDIR/folder" "$kept.before-update"
  in_booth 'undo=() changed="" started=""; switch_to new'
  [[ -z "$(ls "$BATS_TEST_TMPDIR/folder")" && "$(<"$kept.before-update")" == "by the panel" ]]
}

@test "a link that the booth has laid leads root's copies nowhere" {
  two_releases
  echo mine >"$BATS_TEST_TMPDIR/mine"
  ln -s "$BATS_TEST_TMPDIR/mine" "$kept.before-update"
  in_booth 'undo=() changed="" started=""; switch_to new'
  [[ "$(<"$BATS_TEST_TMPDIR/mine")" == mine && "$(<"$kept.before-update")" == "by the panel" ]]
}
