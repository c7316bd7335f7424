#!/usr/bin/env bash
# Installs what the benchmarks need and runs them one after the other, all (about 20 minutes) or those named: page canvas
set -eu
cd "$(dirname "$(readlink -f "$0")")/.."
. .ci/environment.sh
environment requirements-test.txt
for program in chromium nginx wrk; do
  command -v "$program" >/dev/null || { say "Installing $program ..."; system_install "$program"; } || {
    say "$program is needed, and it could not be installed: please install it."; exit 1; }
done
[ $# -gt 0 ] || set -- basics log_info collector clients hung memory page canvas kill_while_writing
for name in "$@"; do
  echo "== $name"
  .venv/bin/python "benchmarks/$name.py"
done
