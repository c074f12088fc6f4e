"""A minute of what `make chaos` does for ten."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.faults.chaos import Chaos

SECONDS = 60


@pytest.mark.timeout(600)
def test_a_minute_of_misfortune_loses_nothing_and_tells_nothing_twice(tmp_path: Path):
    seed = random.SystemRandom().randrange(10**6)
    chaos = Chaos(tmp_path, seed)
    try:
        chaos.run(SECONDS)
        logs = {name: chaos.town.log(name)[-3000:] for name in chaos.town.running}
        assert chaos.wrong() == [], (seed, chaos.happened, logs)
        assert len(chaos.happened) >= 5
        assert sum(chaos.town.told().values()) > 50
    finally:
        chaos.close()
