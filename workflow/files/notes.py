"""提示 — what a file says of itself beside what was registered of it: shown to people, never a reason to refuse.

A recorder's clock may be wrong and a picture may lawfully be older; whoever registers and whoever reviews
should see it all the same (行政诉讼证据规定 12 asks how, when and by whom it was made).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from policies.casefile import Evidence, EvidenceKind
from workflow.files.kinds import BY_TYPE
from workflow.files.uploads import Upload
from workflow.times import BEIJING

APART = timedelta(minutes=10)
"""Two clocks differ by minutes without a reason; by more only with one."""


def taken(upload: Upload) -> datetime | None:
    """When it was taken by its own word, on Beijing's clock; a camera that names no zone means ours."""
    told = upload.detail.get("taken") or upload.detail.get("made")
    if not told:
        return None
    moment = datetime.fromisoformat(told)
    return moment.replace(tzinfo=BEIJING) if moment.tzinfo is None else moment.astimezone(BEIJING)


def lacking(item: Evidence) -> str:
    """What should stand beside recordings and data by 行政诉讼证据规定 12, and does not yet."""
    groups = {kind.group for file in item.files if (kind := BY_TYPE.get(file.media_type))}
    recorded = item.kind in (EvidenceKind.AUDIOVISUAL, EvidenceKind.ELECTRONIC)
    if not groups or not (recorded or groups & {"audio", "video"}):
        return ""
    told = (
        ("时刻", item.taken_time),
        ("地点", item.place),
        ("制作人", item.maker),
        ("原始存储介质", item.medium),
        ("录音的文字记录", "audio" not in groups or "pdf" in groups),
    )
    missing = "、".join(name for name, there in told if not there)
    return (
        f"还没有记明：{missing}（《最高人民法院关于行政诉讼证据若干问题的规定》第十二条）"
        if missing
        else ""
    )


def notes(upload: Upload, item: Evidence) -> list[str]:
    """What whoever looks at this item should know of this file."""
    found = []
    if upload.fault:
        found.append(f"和大事记里的校验值核对不上：{upload.fault}")
    if clash := _clash(upload, item):
        found.append(clash)
    if upload.detail.get("active"):
        found.append("PDF 里有脚本、附件或者会自动打开的内容，只能下载，不在页面里打开")
    return found


def _clash(upload: Upload, item: Evidence) -> str:
    own = taken(upload)
    if own is None:
        return ""
    readings = [own]
    if "taken" not in upload.detail:
        # The standard asks video recorders for UTC, and many write their own clock.
        readings.append(own.astimezone(UTC).replace(tzinfo=BEIJING))
    said = f"文件记录的时间是 {own:%Y-%m-%d %H:%M}，登记的是 {item.taken_on} {item.taken_time}".rstrip()
    if item.taken_time:
        stated = datetime.fromisoformat(f"{item.taken_on}T{item.taken_time}").replace(
            tzinfo=BEIJING
        )
        apart = min(abs(reading - stated) for reading in readings)
        return f"{said}，相差{_span(apart)}" if apart > APART else ""
    days = min(abs((reading.date() - item.taken_on).days) for reading in readings)
    return f"{said}，相差 {days} 个自然日" if days else ""


def _span(apart: timedelta) -> str:
    minutes = int(apart.total_seconds()) // 60
    for size, unit in ((1440, "个自然日"), (60, "小时")):
        if minutes >= size:
            return f" {minutes // size} {unit}"
    return f" {minutes} 分钟"
