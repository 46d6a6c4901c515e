"""The web process. It refuses to start while a system check fails."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobbook.settings")
application = get_wsgi_application()

from jobbook.common.start import refuse_to_start_on_errors  # noqa: E402 - needs the apps to be loaded

refuse_to_start_on_errors()
