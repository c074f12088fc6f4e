"""What follows a commit, or a date: Celery tasks, and the worker that runs them."""
