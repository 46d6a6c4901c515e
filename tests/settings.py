"""The settings under test: the real ones, in a data directory of their own. DATABASE_URL names the database.

On SQLite the test database is a file, so that processes started by a test can share it (see tests/processes.py).
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_FROM_THE_SHELL = ("SITE_URL", "ALLOWED_HOSTS", "DEBUG", "CELERY_BROKER_URL", "SECRET_KEY")

if "JOBBOOK_TEST_DATA_DIR" not in os.environ:  # the first process, not a worker of xdist or one that a test started
    for _name in _FROM_THE_SHELL:
        os.environ.pop(_name, None)
    _memory = "/dev/shm"
    _place = _memory if os.access(_memory, os.W_OK) else None
    os.environ["JOBBOOK_TEST_DATA_DIR"] = tempfile.mkdtemp(prefix="jobbook-test-", dir=_place)
    atexit.register(shutil.rmtree, os.environ["JOBBOOK_TEST_DATA_DIR"], ignore_errors=True)
os.environ["JOBBOOK_DATA_DIR"] = os.environ["JOBBOOK_TEST_DATA_DIR"]
os.environ.setdefault("SECRET_KEY", "only for tests " * 4)
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright runs an event loop in the test's thread

from jobbook.settings import *  # noqa: E402, F403 - the environment above must be set first
from jobbook.settings import DATA_DIR, DATABASES, INSTALLED_APPS, STATIC_ROOT, STORAGES  # noqa: E402

INSTALLED_APPS = ["tests.flushable", *INSTALLED_APPS]  # first: its `flush` stands before Django's
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast; the real ones cost 0.1 s a log-in
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(Path(DATA_DIR) / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # a kept connection of a live server's thread stops the database's end
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns when it is not there
