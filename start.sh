#!/usr/bin/env bash
# Starts Main Controller, on a demo cluster unless an apis-web is given. All arguments go to startMain.py.
set -eu
cd "$(dirname "$(readlink -f "$0")")"
. .ci/environment.sh
environment requirements.txt
exec .venv/bin/python startMain.py --demo=auto "$@"
