#!/bin/sh
# The measurements of docs/performance.md. Arguments go to the benchmark.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

sh scripts/setup.sh
exec "$PYTHON" -m tests.bench "$@"
