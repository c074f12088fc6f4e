"""Make the golden ledgers of this version: what it wrote down, for every later version to read.

    .venv/bin/python tests/golden/make.py            # once, when a version is released
    .venv/bin/python tests/golden/make.py --again    # before its release, when the core still moves

Each shipped demonstration is told in an office of its own and exported with `fashen ledger export`.
Ids and the secret key are fixed and the clock is the story's, so the same code makes the same bytes.
The files of a released version are never made again: they are what stands in offices out there.
"""

from __future__ import annotations

import itertools
import os
import sys
import tempfile
from importlib import resources
from pathlib import Path
from uuid import UUID

from workflow import __version__, program, scenario
from workflow.cli import main as fashen
from workflow.scenario import OwnHands
from workflow.settings import Settings

HERE = Path(__file__).parent
KEY = "golden-ledgers-" * 3


def make(folder: Path) -> list[Path]:
    """Write every golden ledger of the present code into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    stories = resources.files("workflow.sample").joinpath("scenarios").iterdir()
    made = []
    for story in sorted(stories, key=lambda file: file.name):
        file = folder / f"{Path(story.name).stem}.jsonl"
        with tempfile.TemporaryDirectory(prefix="fashen-golden-") as data:
            _tell(story.name, story.read_text("utf-8"), Path(data), file)
        made.append(file)
    return made


def _tell(name: str, text: str, data: Path, file: Path) -> None:
    numbers = itertools.count(1)
    settings = Settings(_env_file=None, data_dir=data, database_url="", secret_key=KEY,
                        ledger_hash="sha256", publication_dir=None)  # fmt: skip
    office = program.start(settings)
    office.new_id = lambda: str(UUID(int=next(numbers)))
    result = scenario.replay(name, text, office, OwnHands(office))
    office.engine.dispose()
    if not result.ok:
        raise SystemExit(f"{name} does not run as it tells: mend that first")
    _export(data, file)


def _export(data: Path, file: Path) -> None:
    around = {k: os.environ.pop(k) for k in list(os.environ) if k.startswith("FASHEN_")}
    os.environ.update(FASHEN_DATA_DIR=str(data), FASHEN_SECRET_KEY=KEY)
    back = Path.cwd()
    os.chdir(data)  # no .env of this checkout
    try:
        if fashen(["ledger", "export", str(file.resolve())]):
            raise SystemExit(f"{file.name} could not be exported")
    finally:
        os.chdir(back)
        del os.environ["FASHEN_DATA_DIR"], os.environ["FASHEN_SECRET_KEY"]
        os.environ.update(around)


def main() -> None:
    folder = HERE / __version__
    if folder.exists() and "--again" not in sys.argv[1:]:
        raise SystemExit(
            f"{folder} is there already. A released version keeps its files; "
            "before the release: --again."
        )
    for old in folder.glob("*.jsonl"):
        old.unlink()
    for file in make(folder):
        print(file.relative_to(HERE.parents[1]))


if __name__ == "__main__":
    main()
