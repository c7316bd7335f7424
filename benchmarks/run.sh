#!/usr/bin/env bash
# Installs what the benchmarks need and runs them one after the other, all (about 20 minutes) or those named: page canvas
set -eu
cd "$(dirname "$(readlink -f "$0")")/.."
. .ci/environment.sh
environment requirements-test.txt
PATH=$PATH:/usr/sbin # where nginx is, for whoever is not root

needs() { # a package, and the programs of which any will do
  package=$1
  shift
  for program in "$@"; do command -v "$program" >/dev/null && return; done
  say "Installing $package ..."
  system_install "$package" || { say "$package is needed, and it could not be installed: please install it."; exit 1; }
}

[ $# -gt 0 ] || set -- basics log_info collector clients hung attacks memory page canvas kill_while_writing
for name in "$@"; do
  case $name in
    log_info) needs nginx nginx; needs wrk wrk ;;
    page | canvas) needs chromium chromium chromium-browser google-chrome ;;
  esac
  echo "== $name"
  .venv/bin/python "benchmarks/$name.py"
done
