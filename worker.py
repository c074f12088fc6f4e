"""The Celery app and its beat schedule; nothing else. `celery -A worker worker`"""

from tasks.celery_app import make_celery
from workflow.settings import load

settings = load()
app = make_celery(
    settings,
    include=["tasks.outbox", "tasks.deadlines", "tasks.notify", "tasks.publish"],
    beat_schedule={
        "relay": {"task": "tasks.outbox.relay", "schedule": 2.0, "options": {"expires": 10}},
        "sweep": {
            "task": "tasks.deadlines.sweep",
            "schedule": settings.sweep_every,
            "options": {"expires": 2 * settings.sweep_every},
        },
    },
)
