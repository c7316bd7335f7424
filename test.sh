#!/usr/bin/env bash
# Installs what the tests need, lints, type-checks and runs all tests; arguments go to pytest.
# --long as the first one: also the tests that take minutes.
set -eu
if [ "${1:-}" = --long ]; then
  shift
  set -- -m "" "$@"
fi
cd "$(dirname "$(readlink -f "$0")")"
. .ci/environment.sh
environment requirements-test.txt
if ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null && ! command -v google-chrome >/dev/null; then
  say "Installing Chromium ..."
  system_install chromium || { say "The browser tests need Chromium, and it could not be installed: please install it."; exit 1; }
fi
if ! nginx=$(PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v nginx); then
  nginx=.venv/servers/usr/sbin/nginx
  [ -x "$nginx" ] || { say "Unpacking nginx ..."; unpack nginx || true; }
fi
"$nginx" -v 2>/dev/null || { say "The tests behind a proxy need nginx, and it could not be unpacked: please install it."; exit 1; }
export NGINX="$nginx"
if [ -z "$(fc-list :lang=ja 2>/dev/null)" ] && ! [ -d .venv/servers/usr/share/fonts/truetype/vlgothic ]; then
  say "Unpacking Japanese letters ..."
  unpack fonts-vlgothic || say "There are no Japanese letters on this machine: the browser draws boxes in their place."
fi
.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/mypy
.venv/bin/lint-imports --no-cache
.venv/bin/oxlint --deny-warnings js tests/js
node=$(.venv/bin/python -c 'from playwright._impl._driver import compute_driver_executable; print(compute_driver_executable()[0])')
"$node" --test "tests/js/**/*.test.mjs"
# Two files at a time: most tests wait most of the time.
exec .venv/bin/python -m pytest -n 2 --dist loadfile "$@"
