"""The Celery app and its beat schedule; nothing else. `celery -A worker worker`"""

from tasks.celery_app import STALE, make_celery
from tasks.heartbeats import Heart
from workflow.heartbeats import RELAY_EVERY
from workflow.settings import load

settings = load()
app = make_celery(
    settings,
    heart=Heart(settings.url),
    include=["tasks.outbox", "tasks.deadlines", "tasks.notify", "tasks.publish", "tasks.integrity"],
    beat_schedule={
        "relay": {
            "task": "tasks.outbox.relay",
            "schedule": RELAY_EVERY.total_seconds(),
            "options": {"expires": STALE},
        },
        "sweep": {
            "task": "tasks.deadlines.sweep",
            "schedule": settings.sweep_every,
            "options": {"expires": STALE},
        },
        "integrity": {
            "task": "tasks.integrity.advance",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
    },
)
