#!/bin/sh
# Make the environment: a venv with exactly what requirements.lock names. Says what is missing where it can't.
set -eu
venv=$1

for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "${python:-}" ]; then
    echo "Python 3.11 or newer is needed, and none was found. 需要 Python 3.11 或更新的版本。" >&2
    exit 1
fi

if [ ! -x "$venv/bin/python" ]; then
    echo "Making $venv with $($python --version) …"
    if ! "$python" -m venv "$venv" 2>/dev/null; then
        rm -rf "$venv"
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            apt-get update -qq && apt-get install -y -qq "python$version-venv"
            "$python" -m venv "$venv"
        else
            echo "This Python can't make environments. On Debian or Ubuntu: apt install python$version-venv" >&2
            exit 1
        fi
    fi
fi

echo "Installing what requirements.lock names …"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
