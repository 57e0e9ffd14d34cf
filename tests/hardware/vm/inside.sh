#!/usr/bin/env bash
# Runs in the virtual machine of run-vm.sh, never by hand: the tests, with the booth's own Python.
set -euo pipefail

main() {
  cd -- "$1"
  export HOME=/run/home LANG=C.UTF-8 PATH=/run/tools:/usr/sbin:/usr/bin:/sbin:/bin
  export PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
  mkdir -- "$HOME"
  local options=(-p no:cacheprovider --no-header --color=no -v --durations=0 --durations-min=1)
  .venv/bin/python -m pytest "${options[@]}" tests/hardware/vm/{v4l2_camera,alsa_microphone}.py \
    "${@:2}"
}

main "$@"
