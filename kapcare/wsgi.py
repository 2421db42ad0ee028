"""What gunicorn serves: production, never the demo, which would ask for no second factor."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kapcare.settings")

application = get_wsgi_application()

if settings.DEMO:
    raise ImproperlyConfigured("KAPCARE_DEMO=1 is set. The demo is served by `make demo` alone.")
