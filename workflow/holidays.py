"""放假通知 — the notices that the office lays over the packaged ones, and the calendar they make.

A year that the package does not know yet is a file of the holiday-cn project (`2027.json`) in the folder
`FASHEN_HOLIDAYS_DIR`, or `holidays` in the data directory. Until it is there the year is provisional.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from policies.calendar import Calendar, Notice, NotPublished
from workflow.errors import SettingsWrong
from workflow.settings import Settings


def calendar(settings: Settings) -> Calendar:
    """The calendar of these settings, or a refusal that names the file and the cure."""
    return Calendar.published(notices(settings))


def notices(settings: Settings) -> list[Notice]:
    """One notice a year from the folder; a folder that nobody named need not exist."""
    folder = settings.holidays_dir or settings.data_dir / "holidays"
    if not folder.is_dir():
        if settings.holidays_dir is None:
            return []
        raise SettingsWrong(
            f"没有启动。FASHEN_HOLIDAYS_DIR 指的 {folder} 不是一个文件夹；建好它并放入放假通知，或者不设。"
        )
    found: dict[int, tuple[str, Notice]] = {}
    for name, notice in _read(folder):
        if notice.year in found:
            raise SettingsWrong(
                f"没有启动。{notice.year} 年的放假通知有两份：{found[notice.year][0]}、{name}；只留一份。"
            )
        found[notice.year] = name, notice
    return [notice for _, notice in found.values()]


def _read(folder: Path) -> Iterator[tuple[str, Notice]]:
    for file in sorted(folder.glob("*.json")):
        try:
            yield file.name, Notice.from_json(file.read_text("utf-8"))
        except NotPublished:
            continue  # the project keeps an empty file for the year to come
        except (OSError, ValueError) as wrong:
            said = f"读不了（{wrong}）。" if not str(wrong).endswith("。") else str(wrong)
            raise SettingsWrong(f"没有启动。放假通知 {file.name}：{said}") from None
