"""What the scenarios told: each runs once in memory in a process, whoever asks."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from workflow import scenario, scenario_file
from workflow.scenario import Result
from workflow.settings import Settings
from workflow.yaml import Located

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.yaml"))
SHIPPED = sorted(
    Path(str(f)) for f in resources.files("workflow.sample").joinpath("scenarios").iterdir()
)
NAMED = {file.stem: file for file in (*FILES, *SHIPPED)}


@cache
def told(file: Path) -> Result:
    """The story as it comes out on SQLite in memory."""
    settings = Settings(_env_file=None, broker_url=None, database_url="", secret_key="k" * 32)
    return scenario.run(file, settings)


@cache
def written(file: Path) -> Located:
    """The story as it is written."""
    return scenario_file.read(file)
