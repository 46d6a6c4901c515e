#!/bin/sh
# Everything that judges the code without running the test suite.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

sh scripts/setup.sh

say "ruff check";  .venv/bin/ruff check --quiet .
say "ruff format"; .venv/bin/ruff format --check --quiet . || { .venv/bin/ruff format --check . || true; exit 1; }
say "mypy";        .venv/bin/mypy --no-error-summary .

# As a firm would run it: https, a long key of its own, and nothing from this shell or the demo.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
production() {
    env -u DATABASE_URL -u CELERY_BROKER_URL -u ALLOWED_HOSTS -u DEBUG \
        JOBBOOK_DATA_DIR="$scratch" SITE_URL=https://books.example.com \
        SECRET_KEY="$("$PYTHON" -c 'import secrets; print(secrets.token_urlsafe(64))')" \
        "$PYTHON" manage.py "$@"
}
say "migrations";         production makemigrations --check --dry-run
say "production settings"; production check --deploy --fail-level WARNING
