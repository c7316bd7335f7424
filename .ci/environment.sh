# Sourced by start.sh and test.sh: makes .venv with the packages of a requirements file, once per change of it.

say() { printf '%s\n' "$*" >&2; }

root_do() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi
}

system_install() {
  command -v apt-get >/dev/null || return 1
  root_do apt-get update -qq >/dev/null && root_do env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
}

unpack() { # package: into .venv/servers, with lists of packages of its own, so that nothing starts and root is not needed
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
  mkdir -p .venv/servers/lists/partial .venv/servers/cache/archives/partial
  (
    cd .venv/servers
    own="-qq -o Dir::State::Lists=$PWD/lists -o Dir::Cache=$PWD/cache -o Debug::NoLocking=1"
    # shellcheck disable=SC2086
    apt-get $own update >/dev/null && apt-get $own download "$1" >/dev/null && dpkg -x "$1"_*.deb .
    rm -rf "$1"_*.deb lists cache
  )
}

usable() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; }

find_python() {
  for candidate in python3 python3.13 python3.12 python3.11 python3.14; do
    if command -v "$candidate" >/dev/null && usable "$candidate"; then command -v "$candidate"; return; fi
  done
  return 1
}

make_environment() { # python, folder
  "$1" -m venv "$2" >/dev/null 2>&1 && [ -x "$2/bin/pip" ]
}

environment() { # requirements file
  wanted="$1 $(cksum < requirements.txt) $(cksum < "$1")"
  if [ -x .venv/bin/python ] && [ "$(cat .venv/.wanted 2>/dev/null)" = "$wanted" ]; then return; fi
  if ! [ -x .venv/bin/pip ] || ! usable .venv/bin/python; then
    python=$(find_python) || { system_install python3 python3-venv && python=$(find_python); } || {
      say "Python 3.11 to 3.14 is needed and could not be installed: please install it and start again."; exit 1; }
    rm -rf .venv
    say "Making the environment in .venv with $("$python" --version) ..."
    make_environment "$python" .venv || { system_install python3-venv && rm -rf .venv && make_environment "$python" .venv; } || {
      say "The environment cannot be made: please install the venv module of $python (Debian: python3-venv)."; exit 1; }
  fi
  say "Installing the packages of $1 ..."
  .venv/bin/pip install --quiet --disable-pip-version-check -r "$1" || { say "The packages could not be installed."; exit 1; }
  printf '%s' "$wanted" > .venv/.wanted
}
