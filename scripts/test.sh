#!/bin/sh
# The test suite on SQLite and on PostgreSQL. Browser, PDF and pure-format tests run once, on PostgreSQL if there is one.
# What the machine lacks is left out and named at the end. `test.sh stress` runs the long tests instead.
# TEST_POSTGRES_URL, TEST_WORKERS (2), JOBBOOK_TEST_REQUIRE ("postgres redis chromium": must not be missing).
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

sh scripts/setup.sh
export JOBBOOK_TEST_REQUIRE="${JOBBOOK_TEST_REQUIRE:-}"

if [ "${1:-}" = stress ]; then
    once='stress' twice='stress and not browser and not pdf and not formats'
    set -- --timeout=3600 -p no:xdist
else
    once='not stress' twice='not stress and not browser and not pdf and not formats'
    set -- -n "${TEST_WORKERS:-2}" --dist worksteal
fi

status=0
if "$PYTHON" -m tests.machine | grep -qx postgres; then
    case " $JOBBOOK_TEST_REQUIRE " in *postgres*) fail "PostgreSQL is missing and must not be." ;; esac
    say "== SQLite"
    env -u DATABASE_URL "$PYTHON" -m pytest -m "$once" "$@" || status=$?
else
    say "== SQLite"
    env -u DATABASE_URL "$PYTHON" -m pytest -m "$twice" "$@" || status=$?
    say "== PostgreSQL"
    "$PYTHON" -m tests.servers "$PYTHON" -m pytest -m "$once" "$@" || status=$?
fi
exit "$status"
