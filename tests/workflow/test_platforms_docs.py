"""What docs/platforms.md tells administrators is what the program has."""

from __future__ import annotations

import re
from pathlib import Path

from workflow.publication.platforms import GROUP
from workflow.settings import Settings

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "platforms.md").read_text("utf-8")


def test_the_page_names_every_setting_of_the_platforms_and_none_that_is_not_there():
    there = {f"FASHEN_{f.upper()}" for f in Settings.model_fields}
    named = set(re.findall(r"FASHEN_[A-Z_]+", TEXT))
    assert named <= there
    assert {name for name in there if name.startswith("FASHEN_PLATFORM_")} <= named


def test_the_page_names_the_group_of_the_offices_own_platforms():
    assert f'[project.entry-points."{GROUP}"]' in TEXT
