"""The project: settings, addresses, middleware, jobs and the demo. It holds no rule of care.

Begin with `settings.py` (one file, read from the environment) and `urls.py`.
"""

from kapcare.celery import app as celery_app

__all__ = ["celery_app"]
