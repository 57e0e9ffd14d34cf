#!/usr/bin/env bats
# The lock files, as text: what is tested is what runs, from whatever index a person uses.

bats_require_minimum_version 1.5.0

setup() {
  root="$BATS_TEST_DIRNAME/../.."
}

# pins LOCK: one "name==version ; condition" a line, extras such as [toml] left out.
pins() {
  sed -nE 's/^([a-z0-9._-]+)(\[[a-z,-]+\])?(==[^\]*[^\ ]).*/\1\3/p' "$root/$1"
}

@test "every runtime version is also the tested and the training version" {
  local lock name
  for lock in requirements-test.lock requirements-training.lock; do
    for name in $(pins requirements.lock | sed 's/ .*//'); do
      pins "$lock" | grep -q "^${name//./\\.}\( \|\$\)" || {
        echo "$name is not in $lock: run firmware_scripts/lock-dependencies.sh"
        return 1
      }
    done
  done
}

@test "every dependency in pyproject.toml is locked" {
  local name
  while read -r name; do
    pins requirements.lock | grep -q "^$name==" || {
      echo "$name is not locked: run firmware_scripts/lock-dependencies.sh"
      return 1
    }
  done < <(sed -n '/^dependencies = \[/,/^\]/s/^ *"\([A-Za-z0-9._-]*\).*/\1/p' "$root/pyproject.toml")
}

@test "every pin has a hash and none names an index" {
  local lock
  for lock in requirements.lock requirements-test.lock requirements-training.lock; do
    [[ "$(pins "$lock" | wc -l)" == "$(grep -c '^[^ #]' "$root/$lock")" ]]
    awk '/^[^ #]/ { if (pinned) exit 1; pinned = 1 } /--hash=sha256:/ { pinned = 0 } END { exit pinned }' "$root/$lock"
    run ! grep -E '://|index-url|find-links' "$root/$lock"
  done
}

@test "a booth installs neither training frameworks nor test tools" {
  run ! grep -E '^(torch|tensorflow|playwright|pytest|scikit-learn)[a-z-]*==' "$root/requirements.lock"
}
