#!/bin/sh
# The whole site on this machine: environment, database, demo data (into an empty database only), web and worker.
# Ctrl-C, or the end of either, stops both. PORT (8000), DATABASE_URL, CELERY_BROKER_URL, JOBBOOK_DATA_DIR as in settings.
set -eu
cd "$(dirname "$0")/.."
. scripts/lib.sh

sh scripts/setup.sh

PORT=${PORT:-8000}
export PORT
export SITE_URL="${SITE_URL:-http://127.0.0.1:$PORT}"

"$PYTHON" scripts/port.py free "$PORT" || fail "Port $PORT is taken. Choose another:  make run PORT=$((PORT + 1))"

"$PYTHON" manage.py migrate --noinput --verbosity 0
"$PYTHON" manage.py seed_demo --if-empty >/dev/null # its log-ins are printed below, at every start

# Collected again only when a static file, or a package that brings some, changed.
static=$({ cat .venv/jobbook-setup; find static ./*/static jobbook/*/static -type f -exec cksum {} + 2>/dev/null | sort; } | checksum)
if [ "$(cat "$DATA/static.stamp" 2>/dev/null)" != "$static" ] || [ ! -d "$DATA/static" ]; then
    "$PYTHON" manage.py collectstatic --noinput --clear --verbosity 0
    say "$static" >"$DATA/static.stamp"
fi

children=''
stop() {
    trap '' INT TERM HUP
    for child in $children; do kill -TERM "$child" 2>/dev/null || true; done
    rest=20
    while [ "$rest" -gt 0 ] && alive any; do
        rest=$((rest - 1))
        sleep 1
    done
    for child in $children; do kill -KILL "$child" 2>/dev/null || true; done
    wait
}

# alive all|any: whether all (or any) of the started processes run.
alive() {
    for child in $children; do
        if kill -0 "$child" 2>/dev/null; then
            [ "$1" = any ] && return 0
        else
            [ "$1" = all ] && return 1
        fi
    done
    [ "$1" = all ]
}

trap 'stop; exit 0' INT TERM HUP

.venv/bin/gunicorn -c scripts/gunicorn.conf.py jobbook.wsgi:application &
web=$!
children="$children $web"
if [ -n "${CELERY_BROKER_URL:-}" ]; then
    .venv/bin/celery -A jobbook worker --concurrency 2 --loglevel WARNING --without-gossip --without-mingle &
    children="$children $!"
    .venv/bin/celery -A jobbook beat --loglevel WARNING &
    children="$children $!"
else
    "$PYTHON" manage.py run_exports &
    children="$children $!"
fi

if "$PYTHON" scripts/port.py answers "$PORT" "$web" && alive all; then
    say ""
    say "Job Book is running at $SITE_URL"
    if [ -f "$DATA/demo-logins.txt" ]; then
        say "Demo log-ins (role, e-mail, password):"
        sed 's/^/  /' "$DATA/demo-logins.txt"
    else
        say "No log-in yet? Run:  .venv/bin/python manage.py create_administrator you@firm.com"
    fi
    say "Ctrl-C stops it."
fi

while alive all; do
    sleep 1
done
say "One of the processes ended: stopping the others." >&2
stop
exit 1
