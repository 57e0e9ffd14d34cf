#!/usr/bin/env bash
# Sets Interview Booth up in this folder and starts what was asked for. See --help.
set -euo pipefail

usage() {
  cat <<'EOF'
Usage: ./setup.sh COMMAND [ARGUMENTS]

Commands:
  demo [ARGUMENTS]   set up, then run the packaged sample (for example: demo --once)
  test [ARGUMENTS]   set up, then run every check and test; with arguments, only pytest with them
  dev                set up everything that developing and testing need, and stop there
  install [OPTIONS]  install the booth as a service, or bring another version ('install --help')
  bundle [OPTIONS]   make one signed file that installs without a network ('bundle --help')
  rollback           back to the version that was installed before
  uninstall          remove the service; with --purge also settings and what people kept

Python packages go into .venv in this folder; apt-get installs Debian packages only where
some are missing. Nothing is downloaded once all is there.

Environment:
  BOOTH_PYTHON       the Python (3.10 to 3.13) to build .venv with, instead of python3
EOF
}

main() {
  local command="${1:-}"
  shift || true
  root="$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")"
  venv="$root/.venv"
  stamp="$venv/set-up-from"
  bundle="" # the folder of an opened bundle, where packages come from one
  # Another project's modules (ROS sets PYTHONPATH on many Jetsons) would hide those of .venv.
  unset PYTHONHOME PYTHONPATH
  give_home
  # The camera and the pins of a Raspberry Pi come with its own Debian packages.
  runtime=(runtime)
  ! is_raspberry_pi || runtime+=(pi)

  case "$command" in
    demo) run_demo "$@" ;;
    test) run_test "$@" ;;
    dev) run_dev "$@" ;;
    install | rollback | uninstall | bundle)
      # shellcheck source=firmware_scripts/installation.sh
      source "$root/firmware_scripts/installation.sh"
      # shellcheck source=firmware_scripts/from-bundle.sh
      source "$root/firmware_scripts/from-bundle.sh"
      # shellcheck source=firmware_scripts/bundle.sh
      [[ "$command" != bundle ]] || source "$root/firmware_scripts/bundle.sh"
      "run_$command" "$@"
      ;;
    prepare) # in a release, by install; with the folder of an opened bundle where there is one
      bundle="${1:-}"
      # shellcheck source=firmware_scripts/from-bundle.sh
      source "$root/firmware_scripts/from-bundle.sh"
      set_up 2 requirements.lock "${runtime[@]}"
      ;;
    -h | --help | help) usage ;;
    "") refuse "no command given: use demo, test, dev, install, bundle, rollback or uninstall ('./setup.sh --help' tells more)" ;;
    *) refuse "unknown command '$command': use demo, test, dev, install, bundle, rollback or uninstall ('./setup.sh --help' tells more)" ;;
  esac
}

run_demo() {
  set_up 3 requirements.lock "${runtime[@]}"
  step 3/3 "The demo"
  exec "$venv/bin/booth" demo "$@"
}

run_dev() {
  (($# == 0)) || refuse "dev takes no arguments, but got '$*'"
  set_up 2 requirements-test.lock "${runtime[@]}" test
  echo "Ready: .venv/bin/booth is the program, './setup.sh test' runs every check."
}

run_test() {
  if (($# > 0)); then
    set_up 3 requirements-test.lock "${runtime[@]}" test
    step 3/3 "pytest $*"
    cd -- "$root"
    exec "$venv/bin/python" -m pytest "$@"
  fi
  set_up 9 requirements-test.lock "${runtime[@]}" test
  run_all_checks
}

# --- set-up: Debian packages, then Python packages --------------------------------------------

# set_up STEPS LOCK USE...: everything that a command needs; STEPS is how many steps it has in all.
set_up() {
  local steps="$1" lock="$2"
  shift 2
  { command -v dpkg-query && command -v apt-get; } >/dev/null ||
    fail "this is not a Debian-like system (apt-get and dpkg-query are missing): use Debian 12 or 13, Raspberry Pi OS or Ubuntu"
  local missing
  missing="$(missing_packages "$@")"
  announce "$lock" "$missing"
  step "1/$steps" "Debian packages"
  install_debian_packages "$missing"
  step "2/$steps" "Python packages"
  install_python_packages "$lock"
}

# announce LOCK MISSING: says what will be installed, before anything is.
announce() {
  echo "Interview Booth in $root"
  if [[ -z "$2" ]] && environment_is_whole "$1"; then
    echo "Everything is installed already."
    return
  fi
  echo "This will install:"
  [[ -z "$2" ]] || echo "  with apt-get as root: $2"
  environment_is_whole "$1" || echo "  into .venv with pip: the packages of $1"
}

# missing_packages USE...: the listed Debian packages that are not installed, on one line.
missing_packages() {
  local wanted installed
  wanted="$(awk -v uses=" $* " '!/^#/ && NF && index(uses, " " $2 " ") { print $1 }' \
    "$root/firmware_scripts/apt-packages.txt")"
  # It fails, and still lists the others, when one name is unknown to it.
  # shellcheck disable=SC2086,SC2016  # names are words; the format is dpkg's, not the shell's
  installed="$(dpkg-query --show --showformat '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null ||
    true)"
  comm -23 <(sort -u <<<"$wanted") <(sed -n 's/ installed$//p' <<<"$installed" | sort -u) | paste -sd ' '
}

# install_debian_packages NAMES: does nothing, and asks for no password, where none is missing.
install_debian_packages() {
  if [[ -z "$1" ]]; then
    note "all there"
    return
  fi
  if [[ -n "$bundle" ]]; then
    install_carried_packages "$1"
    return
  fi
  local as_root=()
  if [[ "$(id -u)" != 0 ]]; then
    command -v sudo >/dev/null ||
      fail "root is needed for apt-get and sudo is not there: as root, run 'apt-get install $1', then this again"
    as_root=(sudo)
  fi
  as_root+=(env DEBIAN_FRONTEND=noninteractive
    apt-get -q -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
  local advice="look at the lines above, check the network, then run this again"
  # A strict umask would leave apt's lists unreadable for everybody else on the machine.
  (umask 022 && "${as_root[@]}" update) || fail "'apt-get update' failed: $advice"
  # shellcheck disable=SC2086  # names are words
  (umask 022 && "${as_root[@]}" install --yes --no-install-recommends $1) ||
    fail "'apt-get install $1' failed: $advice"
}

# install_python_packages LOCK: builds in place; the stamp, written last, is what makes it whole.
install_python_packages() {
  local lock="$1"
  if environment_is_whole "$lock"; then
    note "all there"
    return
  fi
  if ! environment_is_reusable; then
    local python
    python="$(choose_python)"
    note "making .venv with $python"
    local seen=()
    ! is_raspberry_pi || seen=(--system-site-packages)
    "$python" -m venv --clear "${seen[@]}" "$venv" ||
      fail "'$python -m venv' failed: free some disk space or set BOOTH_PYTHON, then run this again"
  fi
  rm -f -- "$stamp"
  trust_what_the_system_trusts
  # Packages without a wheel are built with the pinned setuptools, never with one fetched unpinned.
  awk '/^[^ ]/ { keep = /^setuptools==/ } keep' "$root/$lock" >"$venv/build-tools.lock"
  pip_install --require-hashes --requirement "$venv/build-tools.lock"
  pip_install --require-hashes --no-build-isolation --requirement "$root/$lock"
  pip_install --no-deps --no-build-isolation --editable "$root"
  if [[ "$lock" == requirements-test.lock ]]; then
    pip_install --no-deps --no-build-isolation --upgrade --target "$venv/contracts" \
      --require-hashes --requirement "$root/tests/contracts.lock"
  fi
  made_from "$lock" >"$stamp"
}

# pip_install ARGUMENTS...: one line a package on the screen; pip's warnings and errors in full.
pip_install() {
  local from=()
  [[ -z "$bundle" ]] || from=(--no-index --find-links "$bundle/wheels")
  # Old pips build packages without pyproject.toml in a way that new setuptools have dropped.
  PIP_USE_PEP517=1 "$venv/bin/python" -m pip install --disable-pip-version-check --no-input "${from[@]}" "$@" |
    sed -unE 's/^Collecting ([^ ]+).*/      \1/p; s/^(Installing collected packages).*/      \1/p' ||
    fail "pip could not install the packages: look at the lines above, check the network and the disk, then run this again"
}

# pip brings its own list of authorities; behind a company's proxy only the system's list will do.
trust_what_the_system_trusts() {
  local bundle=/etc/ssl/certs/ca-certificates.crt
  if [[ -r "$bundle" && -z "${PIP_CERT:-}" ]] &&
    ! "$venv/bin/python" -m pip config get global.cert >/dev/null 2>&1; then
    export PIP_CERT="$bundle"
  fi
}

# --- what is there already --------------------------------------------------------------------

# environment_is_whole LOCK: .venv was finished from this lock, or from the larger one for tests.
environment_is_whole() {
  [[ -f "$stamp" ]] || return 1
  environment_is_reusable || return 1
  local found
  found="$(<"$stamp")"
  [[ "$found" == "$(made_from "$1")" || "$found" == "$(made_from requirements-test.lock)" ]]
}

# environment_is_reusable: .venv was once finished here, with a Python that is still the wanted one.
environment_is_reusable() {
  [[ -f "$stamp" && "$(head -n 1 -- "$stamp")" == "$(made_with)" ]] || return 1
  [[ -z "${BOOTH_PYTHON:-}" || "$(describe_python "$BOOTH_PYTHON")" == "$(describe_python "$venv/bin/python")" ]]
}

# made_from LOCK: two lines that change whenever something must be installed again.
made_from() {
  made_with
  cat -- "$root/$1" "$root/tests/contracts.lock" "$root/pyproject.toml" | sha256sum
}

# A moved folder counts as changed: the scripts in .venv/bin name their Python by its full path.
made_with() {
  echo "$(describe_python "$venv/bin/python") in $root"
}

is_raspberry_pi() { grep -q "Raspberry Pi" /proc/device-tree/model 2>/dev/null; }

# --- Python -----------------------------------------------------------------------------------

choose_python() {
  local candidate
  if [[ -n "${BOOTH_PYTHON:-}" ]]; then
    python_is_usable "$BOOTH_PYTHON" ||
      fail "BOOTH_PYTHON=$BOOTH_PYTHON cannot be used: it must be a Python 3.10 to 3.13 with venv and ensurepip"
    echo "$BOOTH_PYTHON"
    return
  fi
  for candidate in python3 /usr/bin/python3; do
    if python_is_usable "$candidate"; then
      echo "$candidate"
      return
    fi
  done
  fail "no usable Python: set BOOTH_PYTHON to a Python 3.10 to 3.13 with venv and ensurepip"
}

python_is_usable() {
  [[ "$(describe_python "$1")" =~ ^3\.1[0-3]\  ]]
}

# describe_python PYTHON: such as "3.11 x86_64"; nothing for one that cannot make environments.
describe_python() {
  "$1" -c 'import ensurepip, platform, sys, venv
print("{}.{}".format(*sys.version_info), platform.machine())' 2>/dev/null || true
}

# --- checks -----------------------------------------------------------------------------------

# Every check runs, whatever failed before it; pytest comes last, so that its line ends the output.
run_all_checks() {
  cd -- "$root"
  local bin=.venv/bin failed=() shell_files
  mapfile -t shell_files < <(find setup.sh .ci/run firmware_scripts tests \
    -name '*.sh' -o -name '*.bats' -o -path .ci/run | sort)

  # It takes a minute, and waits more than it works: the other checks go on meanwhile.
  local bats bats_said
  bats_said="$(mktemp)"
  bats tests/shell >"$bats_said" 2>&1 &
  bats=$!
  trap 'kill "$bats" 2>/dev/null || true; rm -f -- "$bats_said"' EXIT

  check 3/9 "ruff check" "$bin/ruff" check .
  check 4/9 "ruff format" "$bin/ruff" format --check .
  check 5/9 "mypy" "$bin/mypy"
  check 6/9 "lint-imports" "$bin/lint-imports"
  check 7/9 "shellcheck" shellcheck "${shell_files[@]}"
  check 8/9 "bats" wait_for_bats
  trap - EXIT
  ((${#failed[@]} == 0)) || echo "Failed before pytest: ${failed[*]}"

  step 9/9 "pytest"
  run_pytest
  ((${#failed[@]} == 0))
}

# What only calculates goes on beside what waits for sounds, screens and devices: two programs, of which
# the second one tells last, after the coverage of both.
run_pytest() {
  local options calculates waits said
  options=(-m 'not soak' --cov=appliance --cov=web_panel --cov-report= --cov-fail-under=0 --durations=25)
  calculates=(tests/golden tests/unit/{coaching,operations,perception,reporting,storage,training})
  said="$(mktemp)"
  COVERAGE_FILE=.coverage-waiting "$bin/python" -m pytest "${options[@]}" \
    "${calculates[@]/#/--ignore=}" >"$said" 2>&1 &
  waits=$!
  trap 'kill "$waits" 2>/dev/null || true; rm -f -- "$said"' EXIT
  COVERAGE_FILE=.coverage-calculating nice "$bin/python" -m pytest "${options[@]}" "${calculates[@]}" ||
    failed+=(pytest)
  wait "$waits" || failed+=(pytest)
  # Only now: either of the two may end first.
  "$bin/coverage" combine --quiet .coverage-waiting .coverage-calculating || failed+=(coverage)
  "$bin/coverage" report --show-missing --skip-covered || failed+=(coverage)
  cat -- "$said"
  rm -f -- "$said"
  trap - EXIT
}

wait_for_bats() {
  local code=0
  wait "$bats" || code=$?
  cat -- "$bats_said"
  rm -f -- "$bats_said"
  return "$code"
}

# check STEP NAME COMMAND...: adds NAME to the caller's list `failed` where COMMAND fails.
check() {
  step "$1" "$2"
  "${@:3}" || failed+=("${2// /-}")
}

# --- small things -----------------------------------------------------------------------------

# Services and bare containers may run without a HOME; pip and matplotlib want one for their caches.
give_home() {
  if [[ -z "${HOME:-}" ]]; then
    HOME="$(getent passwd "$(id -u)" | cut -d: -f6)"
    export HOME="${HOME:-/tmp}"
  fi
}

step() {
  echo "[$1] $2 ..."
  step_name="$2"
}

note() { echo "      $1"; }

# The job failed: one line with what, why and what to do.
fail() {
  echo "setup.sh: ${step_name:+"step '$step_name': "}$1" >&2
  exit 1
}

# The command was used wrongly.
refuse() {
  echo "setup.sh: $1" >&2
  exit 2
}

main "$@"
