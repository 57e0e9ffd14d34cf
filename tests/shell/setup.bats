#!/usr/bin/env bats
# setup.sh on a machine made of stubs: apt-get, dpkg-query, sudo, id and Python write down what
# they were asked, in $calls, and keep the promises that setup.sh counts on. The proof on a real
# bare Debian is tests/hardware/bare-debian.sh.
# shellcheck disable=SC2016,SC2154  # stubs expand their own variables; run sets stderr

bats_require_minimum_version 1.5.0

setup() {
  booth="$BATS_TEST_TMPDIR/a booth" # with a space, as people name folders
  stubs="$BATS_TEST_TMPDIR/stubs"
  export calls="$BATS_TEST_TMPDIR/calls" debs="$BATS_TEST_TMPDIR/debs" broken="$BATS_TEST_TMPDIR/broken"
  mkdir -p "$booth/firmware_scripts" "$booth/.ci" "$booth/tests" "$stubs" "$broken"
  touch "$calls" "$debs"
  cp "$BATS_TEST_DIRNAME/../../setup.sh" "$booth/"
  cp "$BATS_TEST_DIRNAME/../../.ci/run" "$booth/.ci/"
  cp "$BATS_TEST_DIRNAME/../../firmware_scripts/apt-packages.txt" "$booth/firmware_scripts/"
  touch "$booth/pyproject.toml" "$booth/tests/contracts.lock"
  printf 'numpy==2.2.6 \\\n    --hash=sha256:aa\nsetuptools==80 \\\n    --hash=sha256:bb\nvosk==1\n' |
    tee "$booth/requirements.lock" >"$booth/requirements-test.lock"
  echo "pytest==9" >>"$booth/requirements-test.lock"

  local tool
  for tool in awk bash cat chmod comm cp cut dirname env find getent grep head mkdir mktemp nice paste \
    readlink rm sed sha256sum sort touch; do
    ln -s "$(command -v "$tool")" "$stubs/$tool"
  done
  stub id 'echo "${FAKE_UID:-0}"'
  stub dpkg-query 'for name in "$@"; do grep -x "$name installed" "$debs" || status=1; done; exit ${status:-0}'
  stub apt-get '[[ ! -e "$broken/$name" ]] || exit 100
    for word in "$@"; do echo "$word installed" >>"$debs"; done'
  stub sudo 'exec "$@"'
  stub shellcheck '[[ ! -e "$broken/$name" ]]'
  stub bats '[[ ! -e "$broken/$name" ]]'
  stub_python python3 3.11
  PATH="$stubs"
}

# stub NAME SCRIPT: a command that writes itself down, then runs SCRIPT.
stub() {
  printf '#!%s\nname=%s\necho "$name $*" >>"$calls"\n%s\n' "$BASH" "$1" "$2" >"$stubs/$1"
  chmod +x "$stubs/$1"
}

# stub_python NAME VERSION: makes environments that hold the same stub and the tools of a real one.
stub_python() {
  stub "$1" 'version='"$2"'
    case "$1 $2" in
      "-c "*) echo "$version x86_64" ;;
      "-m venv")
        rm -rf "${@: -1}"
        mkdir -p "${@: -1}/bin"
        for tool in python booth ruff mypy lint-imports coverage; do
          sed "s/^name=.*/name=venv-$tool/" "$0" >"${@: -1}/bin/$tool"
          chmod +x "${@: -1}/bin/$tool"
        done ;;
      "-m pytest") echo "== 3 passed in 0.1s =="; [[ ! -e "$broken/pytest" ]] ;;
      *) [[ ! -e "$broken/$name" ]] || { echo "$name is unhappy" >&2; exit 1; } ;;
    esac'
}

all_debs_are_there() {
  awk '!/^#/ && NF { print $1, "installed" }' "$booth/firmware_scripts/apt-packages.txt" >"$debs"
}

called() { grep -q -- "$1" "$calls"; }
not_called() { ! called "$1"; }

# --- what it is asked -------------------------------------------------------------------------

@test "help names every command and changes nothing" {
  run -0 "$booth/setup.sh" --help
  [[ "$output" == *demo*test*dev*install* ]]
  not_called "apt-get"
  not_called "-m pip"
}

@test "an unknown command is one line on stderr and exit 2" {
  run -2 --separate-stderr "$booth/setup.sh" dance
  [[ -z "$output" && "${#stderr_lines[@]}" == 1 && "$stderr" == *"'dance'"* ]]
}

@test "no command at all is wrong usage" {
  run -2 --separate-stderr "$booth/setup.sh"
  [[ "${#stderr_lines[@]}" == 1 ]]
}

@test "dev takes no arguments" {
  run -2 "$booth/setup.sh" dev --fast
  [[ ! -s "$calls" ]]
}

@test "a download that broke off in the middle does nothing" {
  head -n -1 "$booth/setup.sh" >"$booth/part.sh"
  run bash "$booth/part.sh" dev
  [[ ! -s "$calls" && ! -e "$booth/.venv" ]]
}

# --- what it installs -------------------------------------------------------------------------

@test "it says what it will install before it does" {
  stub apt-get 'echo APT-RUNS'
  run -0 "$booth/setup.sh" demo
  [[ "$output" == *"with apt-get as root: "*python3-venv*"pip: the packages of requirements.lock"*APT-RUNS* ]]
}

@test "a booth gets no test package" {
  run -0 "$booth/setup.sh" demo
  called "^apt-get .*install .*libatomic1"
  not_called chromium
  called "^venv-python .*--requirement $booth/requirements.lock"
  not_called requirements-test.lock
}

@test "dev installs the test packages too" {
  run -0 "$booth/setup.sh" dev
  called "^apt-get .*install .*chromium"
  called "^venv-python .*--require-hashes .*--requirement $booth/requirements-test.lock"
}

@test "packages without wheels are built with the pinned setuptools" {
  run -0 "$booth/setup.sh" demo
  [[ "$(<"$booth/.venv/build-tools.lock")" == $'setuptools==80 \\\n    --hash=sha256:bb' ]]
  [[ "$(grep -o 'requirement .*\|editable' "$calls")" == *build-tools.lock*requirements.lock*editable* ]]
}

@test "a second run calls neither apt nor pip" {
  run -0 "$booth/setup.sh" demo
  : >"$calls"
  run -0 "$booth/setup.sh" demo
  [[ "$output" == *"Everything is installed already."* ]]
  not_called "apt-get"
  not_called "-m pip"
  not_called "-m venv"
}

@test "demo has all it needs after test, and installs nothing" {
  run -0 "$booth/setup.sh" dev
  : >"$calls"
  run -0 "$booth/setup.sh" demo
  not_called "-m pip"
}

@test "dev after demo adds the test packages to the same environment" {
  run -0 "$booth/setup.sh" demo
  : >"$calls"
  run -0 "$booth/setup.sh" dev
  called "-m pip install .*requirements-test.lock"
  not_called "-m venv"
}

@test "a changed lock is installed" {
  run -0 "$booth/setup.sh" demo
  echo "new==1" >>"$booth/requirements.lock"
  : >"$calls"
  run -0 "$booth/setup.sh" demo
  called "-m pip install .*requirements.lock"
}

@test "a moved folder gets a new environment, since scripts name their Python by full path" {
  run -0 "$booth/setup.sh" demo
  cp -r "$booth" "$BATS_TEST_TMPDIR/moved"
  : >"$calls"
  run -0 "$BATS_TEST_TMPDIR/moved/setup.sh" demo
  called "-m venv --clear $BATS_TEST_TMPDIR/moved/.venv"
}

@test "an environment that broke off half-way is never taken for whole" {
  all_debs_are_there
  touch "$broken/venv-python"
  run -1 --separate-stderr "$booth/setup.sh" demo
  [[ "${stderr_lines[-1]}" == "setup.sh: step 'Python packages': pip could not install"* ]]
  rm "$broken/venv-python"
  : >"$calls"
  run -0 "$booth/setup.sh" demo
  called "-m venv --clear"
  called "-m pip install .*requirements.lock"
}

# --- apt, root and sudo -----------------------------------------------------------------------

@test "when apt fails, one line says which step and what to do" {
  touch "$broken/apt-get"
  run -1 --separate-stderr "$booth/setup.sh" demo
  [[ "$stderr" == "setup.sh: step 'Debian packages': 'apt-get update' failed: "*"run this again" ]]
  [[ ! -e "$booth/.venv" ]]
}

@test "root needs no sudo" {
  run -0 "$booth/setup.sh" demo
  called "^apt-get .*install"
  not_called "^sudo"
}

@test "a plain user installs through sudo, and only with apt" {
  FAKE_UID=1000 run -0 "$booth/setup.sh" demo
  called "^sudo env DEBIAN_FRONTEND=noninteractive apt-get .*install"
  [[ "$(grep -c '^sudo' "$calls")" == 2 ]] # update and install
}

@test "a plain user is asked for no password where nothing is missing" {
  all_debs_are_there
  FAKE_UID=1000 run -0 "$booth/setup.sh" demo
  not_called "^sudo"
}

@test "without root and without sudo, one line says what root must run" {
  rm "$stubs/sudo"
  FAKE_UID=1000 run -1 --separate-stderr "$booth/setup.sh" demo
  [[ "${#stderr_lines[@]}" == 1 && "$stderr" == *"as root, run 'apt-get install "*libatomic1*"'"* ]]
}

@test "a machine that is not Debian-like is told so in one line" {
  rm "$stubs/dpkg-query"
  run -1 --separate-stderr "$booth/setup.sh" demo
  [[ "${#stderr_lines[@]}" == 1 && "$stderr" == *"not a Debian-like system"* ]]
}

# --- Python -----------------------------------------------------------------------------------

@test "BOOTH_PYTHON is the Python that is used" {
  stub_python my-python 3.13
  BOOTH_PYTHON="$stubs/my-python" run -0 "$booth/setup.sh" demo
  called "^my-python -m venv"
  not_called "^python3 -m venv"
}

@test "another BOOTH_PYTHON makes the environment anew; without one it is kept" {
  run -0 "$booth/setup.sh" demo
  stub_python my-python 3.13
  BOOTH_PYTHON="$stubs/my-python" run -0 "$booth/setup.sh" demo
  called "^my-python -m venv"
  : >"$calls"
  run -0 "$booth/setup.sh" demo
  not_called "-m venv"
}

@test "a Python that is too old is refused by name" {
  stub_python old-python 3.9
  BOOTH_PYTHON="$stubs/old-python" run -1 --separate-stderr "$booth/setup.sh" demo
  [[ "${#stderr_lines[@]}" == 1 && "$stderr" == *"old-python cannot be used: it must be a Python 3.10 to 3.13"* ]]
  not_called "-m venv"
}

@test "a Python that is too new, or is not there, is refused as well" {
  stub_python new-python 3.14
  BOOTH_PYTHON="$stubs/new-python" run -1 "$booth/setup.sh" demo
  BOOTH_PYTHON=/no/such/python run -1 "$booth/setup.sh" demo
}

@test "modules of other projects are kept out, and an empty HOME is filled" {
  stub_python my-python 3.11
  sed -i '2i echo "home=$HOME path=${PYTHONPATH:-none}" >>"$calls"' "$stubs/my-python"
  HOME='' PYTHONPATH=/opt/ros BOOTH_PYTHON="$stubs/my-python" run -0 "$booth/setup.sh" demo
  called "^home=/.* path=none"
}

# --- what it starts ---------------------------------------------------------------------------

@test "demo passes its arguments on, from any folder" {
  cd /
  run -0 "$booth/setup.sh" demo --once "two words"
  called "^venv-booth demo --once two words"
}

@test "demo's exit code is the program's" {
  run -0 "$booth/setup.sh" dev
  touch "$broken/venv-booth"
  run -1 "$booth/setup.sh" demo
}

@test "test runs every check, pytest last, and its line closes the output" {
  run -0 "$booth/.ci/run"
  [[ "${lines[-1]}" == "== 3 passed in 0.1s ==" ]]
  [[ "$(grep -oE '^(venv-(ruff|mypy|lint-imports|coverage [a-z]+)|shellcheck|bats)|pytest -m not soak --cov' "$calls" | grep -v bats | paste -sd ' ')" == \
    "venv-ruff venv-ruff venv-mypy venv-lint-imports shellcheck pytest -m not soak --cov pytest -m not soak --cov venv-coverage combine venv-coverage report" ]]
  called "^bats tests/shell$"
}

@test "a failed check fails the whole, is named, and still lets pytest run last" {
  touch "$broken/venv-mypy" "$broken/bats"
  run -1 "$booth/.ci/run"
  [[ "$output" == *"Failed before pytest: mypy bats"* ]]
  [[ "${lines[-1]}" == "== 3 passed in 0.1s ==" ]]
}

@test "a failed pytest fails the whole" {
  touch "$broken/pytest"
  run -1 "$booth/setup.sh" test
}

@test "too little coverage fails the whole, and pytest still closes the output" {
  touch "$broken/venv-coverage"
  run -1 "$booth/setup.sh" test
  [[ "${lines[-1]}" == "== 3 passed in 0.1s ==" ]]
}

@test "test with arguments runs only pytest with them" {
  run -0 "$booth/setup.sh" test -k "a and b"
  called "^venv-python -m pytest -k a and b$"
  not_called "ruff"
  not_called "--cov"
}

# --- install ----------------------------------------------------------------------------------

@test "install tells its options" {
  cp "$BATS_TEST_DIRNAME/../../firmware_scripts/"{installation,from-bundle}.sh "$booth/firmware_scripts/"
  run -0 "$booth/setup.sh" install --help
  [[ "$output" == *--profile*--language*--ollama*--screen*--yes*--dry-run*rollback*uninstall* ]]
}

@test "install refuses what it does not know, before it touches anything" {
  cp "$BATS_TEST_DIRNAME/../../firmware_scripts/"{installation,from-bundle}.sh "$booth/firmware_scripts/"
  local wrong
  for wrong in "--profile nobody" "--language fr" "--ollama house" "--ollama" "--fast"; do
    # shellcheck disable=SC2086  # the words are arguments
    run -2 --separate-stderr "$booth/setup.sh" install --yes $wrong
    [[ "${#stderr_lines[@]}" == 1 && "$stderr" == *"${wrong#* }"* ]]
  done
  not_called "apt-get"
}

@test "install says at once that systemd is missing, not after half an hour" {
  cp "$BATS_TEST_DIRNAME"/../../firmware_scripts/{installation,from-bundle}.sh "$booth/firmware_scripts/"
  stub uname 'echo aarch64'
  run -1 --separate-stderr "$booth/setup.sh" install --yes
  [[ "${#stderr_lines[@]}" == 1 && "$stderr" == *"systemd is missing"* ]]
  not_called "apt-get"
}

@test "install, rollback and uninstall want root" {
  cp "$BATS_TEST_DIRNAME/../../firmware_scripts/"{installation,from-bundle}.sh "$booth/firmware_scripts/"
  local command
  for command in rollback uninstall; do
    FAKE_UID=1000 run -2 --separate-stderr "$booth/setup.sh" "$command"
    [[ "$stderr" == *"sudo ./setup.sh $command"* ]]
  done
}

@test "a Raspberry Pi's own packages are for a Raspberry Pi alone" {
  all_debs_are_there
  sed -i '/picamera2/d' "$debs"
  run -0 "$booth/setup.sh" demo --once
  not_called "apt-get"
}
