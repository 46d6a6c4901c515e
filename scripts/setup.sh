#!/bin/sh
# Python environment with the locked dependencies, system libraries, data directory. Idempotent, and when nothing
# changed it takes a fraction of a second and uses no network.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

UV_VERSION=0.13.9

# A candidate is taken only if it really runs (pyenv has shims that do not) and can make an environment with pip.
usable() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11) or __import__("ensurepip") is None or __import__("venv") is None)' \
        >/dev/null 2>&1
}

# The newest usable python3.x on PATH, then python3; each place of PATH is tried, not just the first.
find_python() {
    for name in python3.14 python3.13 python3.12 python3.11 python3; do
        old_ifs=$IFS
        IFS=:
        for place in $PATH; do
            if [ -x "$place/$name" ] && usable "$place/$name"; then
                IFS=$old_ifs
                "$place/$name" -c 'import sys; print(sys.executable)'
                return 0
            fi
        done
        IFS=$old_ifs
    done
    return 1
}

# Debian and Ubuntu split venv from the interpreter and each release has its own Python: the newest offered is taken.
install_python() {
    if have apt-get; then
        apt_install ca-certificates || true
        for version in 3.14 3.13 3.12 3.11; do
            if apt-cache show "python$version-venv" >/dev/null 2>&1; then
                need_packages "Python 3.11 or newer with venv is missing" "python$version" "python$version-venv"
                return 0
            fi
        done
    fi
    need_packages "Python 3.11 or newer with venv is missing" python3 python3-venv
}

# The libraries that draw PDFs. Without HarfBuzz's subsetter there is no error, but they take ten times as long.
libraries_load() {
    "$PYTHON" - <<'PY'
import ctypes, ctypes.util, sys

def loads(name):
    if sys.platform.startswith("linux"):
        file = f"lib{name}.so.0"
    else:
        file = ctypes.util.find_library(name) or f"lib{name}.0.dylib"
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True

sys.exit(not all(loads(name) for name in ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")))
PY
}

make_environment() {
    if ! usable "$PYTHON" || ! "$PYTHON" -m pip --version >/dev/null 2>&1; then
        python=$(find_python) || { install_python; python=$(find_python) || fail "No Python 3.11 or newer found."; }
        say "Making .venv with $("$python" -V) ($python)"
        "$python" -m venv --clear .venv
    fi
    if [ "$(.venv/bin/uv --version 2>/dev/null | cut -d' ' -f2)" != "$UV_VERSION" ]; then
        "$PYTHON" -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION" </dev/null
    fi
    # --inexact keeps pip and uv themselves; the system's certificates let it work behind a company's proxy.
    say "Installing the locked dependencies ..."
    env -u VIRTUAL_ENV UV_PROJECT_ENVIRONMENT="$ROOT/.venv" UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=1 \
        .venv/bin/uv sync --quiet --locked --inexact --all-groups --python "$PYTHON" </dev/null
    homebrew_path
}

# So that `.venv/bin/python manage.py ...` finds Homebrew's Pango without any variable set.
homebrew_path() {
    [ "$(uname -s)" = Darwin ] || return 0
    packages=$("$PYTHON" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    cat >"$packages/jobbook_homebrew.pth" <<'PTH'
import os; os.environ.setdefault("DYLD_FALLBACK_LIBRARY_PATH", "/opt/homebrew/lib:/usr/local/lib:/usr/lib")
PTH
}

# What the environment was made from; also where it is, because its scripts name their own path.
wanted() {
    { cat uv.lock pyproject.toml scripts/setup.sh; (cd .venv 2>/dev/null && pwd -P); } | checksum
}

STAMP=.venv/jobbook-setup
if [ ! -f "$STAMP" ] || [ "$(cat "$STAMP")" != "$(wanted)" ] || ! "$PYTHON" -c '' 2>/dev/null; then
    if [ -f "$STAMP" ] && ! .venv/bin/pip --version >/dev/null 2>&1; then
        rm -rf .venv/bin # moved or broken: made anew below
    fi
    make_environment
    wanted >"$STAMP"
fi

libraries_load || {
    need_packages "The libraries that draw PDFs are missing" libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
    libraries_load || fail "The libraries that draw PDFs (Pango, HarfBuzz with its subsetter) do not load."
}

mkdir -p "$DATA"
if [ ! -s "$DATA/secret_key" ]; then
    (umask 077 && "$PYTHON" -c 'import secrets; print(secrets.token_urlsafe(64))' >"$DATA/secret_key")
fi
