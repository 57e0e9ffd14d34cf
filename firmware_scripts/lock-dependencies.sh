#!/usr/bin/env bash
# Writes the three lock files from pyproject.toml: exact versions and hashes, for Python 3.10 to
# 3.13, x86-64 and arm64. Pins that still fit are kept; pass --upgrade for the newest ones, or
# --upgrade-package NAME. Needs uv and the network.
set -euo pipefail

main() {
  cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.."
  command -v uv >/dev/null || {
    echo "lock-dependencies.sh: uv is missing: install it, for example with 'pipx install uv'" >&2
    exit 1
  }
  # Each larger lock keeps the pins of the smaller one: what is tested is what runs.
  lock requirements.lock -c firmware_scripts/lock-constraints.txt "$@"
  lock requirements-test.lock --group test -c requirements.lock "$@"
  lock requirements-training.lock --group training -c requirements-test.lock "$@"
}

# lock FILE ARGUMENTS...
# Extras stay in the lock: older pips take the newest version for an extra that it does not name,
# and then refuse it for want of a hash.
lock() {
  echo "$1 ..."
  uv pip compile --quiet --universal --python-version 3.10 --generate-hashes \
    --no-strip-extras --no-emit-index-url --no-emit-find-links --custom-compile-command firmware_scripts/lock-dependencies.sh \
    pyproject.toml --output-file "$@"
}

main "$@"
