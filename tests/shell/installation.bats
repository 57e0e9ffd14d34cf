#!/usr/bin/env bats
# What a power cut may leave of an installation. `sync` is replaced: what it finds is what would be
# safe on the disk.
# shellcheck disable=SC2016,SC2034,SC2154,SC2164,SC2317  # used by what is read, and run by bats
bats_require_minimum_version 1.5.0

setup() {
  cd -- "$BATS_TEST_TMPDIR"
  root="$PWD/source" home="$PWD/home" runtime=()
  mkdir "$root"
  printf 'version = "1.0"\n' >"$root/pyproject.toml"
  printf '#!/bin/sh\nmkdir "$(dirname "$0")/.venv"\n' >"$root/setup.sh"
  chmod +x "$root/setup.sh"
  sed "s|=/opt/interview-booth$|=$home|" "$BATS_TEST_DIRNAME/../../firmware_scripts/installation.sh" \
    >installation.sh
  # shellcheck source=/dev/null
  source ./installation.sh
  undo=()
  note() { :; }
  fail() { echo "$1" >&2 && exit 1; }
  sync() {
    local mark=open
    [[ ! -e "$home/releases/$release/.whole" ]] || mark=whole
    echo "$mark$([[ ! -d "$home/releases/$release/.venv" ]] || echo " packages")" >>synced
  }
}

@test "a release is called whole only once its files are safe" {
  name_release
  make_release
  [[ "$(cat synced)" == $'open packages\nwhole packages' ]]
}

@test "a release that is removed is not called whole while some of its files are left" {
  name_release
  make_release
  rm synced
  remove_release "$home/releases/$release"
  [[ "$(cat synced)" == "open packages" && ! -e "$home/releases/$release" ]]
}

@test "a release that was not finished is made anew" {
  name_release
  mkdir -p "$home/releases/$release/.venv/half"
  make_release
  [[ ! -e "$home/releases/$release/.venv/half" && -e "$home/releases/$release/.whole" ]]
}
