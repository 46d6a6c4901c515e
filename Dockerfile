# One image for web, worker and beat; docker-compose.yml gives each its command.
FROM python:3.13-slim

RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app --no-create-home --shell /usr/sbin/nologin jobbook

WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    XDG_CACHE_HOME=/tmp/cache \
    UV_LINK_MODE=copy \
    UV_PYTHON_DOWNLOADS=never \
    JOBBOOK_DATA_DIR=/data \
    JOBBOOK_STATIC_DIR=/app/collected \
    WEB_BIND=0.0.0.0:8000

COPY pyproject.toml uv.lock ./
RUN pip install --no-cache-dir uv==0.13.9 \
    && uv sync --locked --no-dev --no-cache \
    && pip uninstall --yes --quiet uv

COPY . .
# The static files are part of the image; the key is used for nothing but this step.
RUN python -m compileall -q . \
    && SECRET_KEY=used-for-nothing-but-collecting-static-files python manage.py collectstatic --noinput --verbosity 0 \
    && mkdir /data && chown jobbook /data

USER jobbook
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "-c", "scripts/gunicorn.conf.py", "jobbook.wsgi:application"]
