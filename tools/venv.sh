#!/bin/sh
# Builds .venv from the hash-pinned requirements, once for each state of the lock files: tools/venv.sh app|dev|lock
# PYTHON=/path/to/python chooses the interpreter; otherwise the first fitting one by name is taken.
set -eu
cd "$(dirname "$0")/.."
set_name=${1:?app, dev or lock}
venv=.venv
stamp=$venv/.installed-$set_name

say() { printf 'salestui: %s\n' "$*" >&2; }

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

has_venv() { "$1" -c 'import venv, ensurepip' >/dev/null 2>&1; }

find_python() {
    old='' bare=''
    for name in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14 python}; do
        command -v "$name" >/dev/null 2>&1 || continue
        if ! fits "$name"; then old=$name; continue; fi
        if has_venv "$name"; then echo "$name"; return 0; fi
        bare=$name
    done
    if [ -n "$bare" ]; then
        version=$("$bare" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        say "$bare (Python $version) cannot make virtual environments: its venv and ensurepip modules are missing."
        say "Debian and Ubuntu: apt install python$version-venv     openSUSE: zypper install python3-pip"
        say "Fedora: dnf install python3-pip     Alpine: apk add py3-pip     then run make again."
    else
        say "Python 3.11 or newer is needed and none was found${old:+ ($old is older)}."
        say "Debian and Ubuntu: apt install python3 python3-venv     Fedora: dnf install python3     macOS: brew install python"
        say "or say which one to use: make PYTHON=/path/to/python3.12"
    fi
    return 1
}

newest() { [ -e "$1" ] && [ ! requirements/app.txt -nt "$1" ] && [ ! "requirements/$set_name.txt" -nt "$1" ] && [ ! pyproject.toml -nt "$1" ]; }

# The development set holds the application set, so an up-to-date one serves both.
if [ "$set_name" = app ] && newest "$venv/.installed-dev"; then exit 0; fi
if newest "$stamp" && "$venv/bin/python" -c 'import pip' 2>/dev/null; then exit 0; fi

if ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
    python=$(find_python)
    say "building $venv with $("$python" --version 2>&1)"
    "$python" -m venv --clear "$venv"
fi
say "installing requirements/$set_name.txt (once)"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "requirements/$set_name.txt"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
touch "$stamp"
