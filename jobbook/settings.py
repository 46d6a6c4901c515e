"""All settings of Job Book. Everything that differs between installations comes from the environment.

DATABASE_URL, CELERY_BROKER_URL (empty: no broker, `manage.py run_exports` does the work), JOBBOOK_DATA_DIR,
SECRET_KEY, SITE_URL, ALLOWED_HOSTS, DEBUG. Wrong values are reported by the checks jobbook.E001 to E006.
"""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from jobbook import env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("JOBBOOK_DATA_DIR") or BASE_DIR / "var").resolve()
FILES_DIR = DATA_DIR / "files"  # what export runs and the PDF store keep

DEBUG = env.boolean("DEBUG")
SECRET_KEY = env.secret_key(DATA_DIR)
SITE_URL = env.site_url()
ALLOWED_HOSTS = env.hosts(SITE_URL)
HTTPS = urlsplit(SITE_URL).scheme == "https"

INSTALLED_APPS = [
    "jobbook.common",
    "jobbook.accounts",
    "jobbook.jobs",
    "invoices",
    "exports",
    "backlog",
    "jobbook.reports",
    "jobbook.transfer",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tables2",
    "django_filters",
    "django_htmx",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jobbook.common.middleware.request_id",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jobbook.common.middleware.no_store",
    "jobbook.common.body.body_limit",
    "jobbook.jobs.middleware.company_time_zone",
]
ROOT_URLCONF = "jobbook.urls"
WSGI_APPLICATION = "jobbook.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "backlog.shell.shell",
            ],
            "builtins": ["jobbook.common.templatetags.jobbook"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
        },
    }
]

DATABASES = {"default": env.database(DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False  # under IMMEDIATE every page would take the write lock

# People and sessions
AUTH_USER_MODEL = "accounts.User"
SILENCED_SYSTEM_CHECKS = ["auth.E003"]  # e-mails are unique by a constraint over their lower case
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 7 * 24 * 3600  # a single-use link, in seconds
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "dashboard"
LOGOUT_REDIRECT_URL = "login"

SESSION_ENGINE = "django.contrib.sessions.backends.db"  # survives a flushed Redis
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-jobbook" if HTTPS else "jobbook"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "jobbook.common.views.confirm_again"

# Headers
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Requests: a selection of 10,000 invoices is one field, so Django's own limits stay (jobbook/common/body.py)
REQUEST_MOST_BYTES = 30_000_000  # of all of it, files too: the ZIP of an import, 25 MB, is the largest
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440  # without files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a long invoice has hundreds of lines, a dozen fields each
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_PERMISSIONS = 0o640

# Static files, served by the application itself
STATIC_URL = "static/"
STATIC_ROOT = Path(env.text("JOBBOOK_STATIC_DIR") or DATA_DIR / "static").resolve()  # an image brings its own
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(FILES_DIR)}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Words, numbers, time: the company's time zone is data, see jobbook.jobs.middleware
LANGUAGE_CODE = "en-ca"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

# Background work: the database is the truth, the broker a doorbell (docs/architecture.md)
CELERY_BROKER_URL = env.broker_url()
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_ACKS_LATE = False  # the lease in the database is the retry
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_TASK_PUBLISH_RETRY = False  # the sweeper rings again
CELERY_TASK_SOFT_TIME_LIMIT = 900
CELERY_TASK_TIME_LIMIT = 960
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_DISABLE_PREFETCH = True
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # KiB
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30.0
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 2,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "health_check_interval": 15,
    "max_retries": 0,  # else a page waits 6 s for a broker that is down before it first rang
}
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "exports.sweep", "schedule": 5.0},
    "sweep uploads": {"task": "exports.sweep_uploads", "schedule": 3600.0},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")

DJANGO_TABLES2_TEMPLATE = "grid/_table.html"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"weasyprint": {"level": "WARNING"}, "fontTools": {"level": "WARNING"}},  # a line a step of each PDF
}
