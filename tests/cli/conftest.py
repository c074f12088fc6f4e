"""What the tests of the commands share: an office on a file, and the command line on that file."""

from __future__ import annotations

import pytest

from tests.builders import office_at
from workflow.program import Fashen


@pytest.fixture
def office(command, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Fashen:
    """The sample office; what is done to it here, `command` sees, and the other way round."""
    fashen = office_at(sqlite_url)
    monkeypatch.setenv("FASHEN_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("FASHEN_SECRET_KEY", "only-for-tests-" * 3)
    return fashen
