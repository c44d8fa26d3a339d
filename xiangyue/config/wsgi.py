"""What the web server loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiangyue.config.settings")
application = get_wsgi_application()

# All pages, with what they import, stay for as long as the process does: the collector of garbage need not look
# through them again and again while people wait.
list(get_resolver().url_patterns)
gc.collect()
gc.freeze()
