"""The project; importing it makes its Celery application the current one, so that tasks go to its broker."""

from .celery import app as celery_app

__all__ = ["celery_app"]
