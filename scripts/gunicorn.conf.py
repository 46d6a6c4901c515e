"""gunicorn's settings, for `make run` and the container alike. Address: PORT, or WEB_BIND; processes: WEB_WORKERS."""

import os
from pathlib import Path

bind = os.environ.get("WEB_BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"
threads = 4
preload_app = False  # the checks of wsgi.py run in each worker, and no database connection is shared by a fork
timeout = 30
graceful_timeout = 10
keepalive = 5
max_requests = 1000
max_requests_jitter = 100
limit_request_line = 4094
limit_request_fields = 100
limit_request_field_size = 8190
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
header_map = "drop"
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn's heartbeat, not on a disk
loglevel = os.environ.get("WEB_LOG_LEVEL", "warning")
