"""看过再签 — what a changed office file would do to the work in hand, and how its text is confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.casefile import CaseFile
from policies.office import LocalParameter, Office, PowerItem
from policies.roles import ROLE_NAMES
from workflow import models, offices, yaml
from workflow.differences import cited
from workflow.follow_ups import case_name
from workflow.times import beijing
from workflow.unconfirmed import in_words
from workflow.watch import UNDER_WAY

NAMED = 5
"""Cases named in a warning before the rest are counted."""

NEEDED = ("admin", "head", "reviewer")


def warnings(tx: Connection, old: Office, new: Office, now: datetime) -> list[str]:
    """Each in one sentence, with what to do first."""
    today = beijing(now).date()
    told = [*_leaving(tx, old, new), *_powers_gone(tx, old, new)]
    told += [
        f"载入以后机关没有{ROLE_NAMES[role]}：他的步骤没有人能办。先写上一个人。"
        for role in NEEDED
        if old.with_role(role) and not new.with_role(role)
    ]
    if len(new.with_role("head", "security_admin")) < 1:
        told.append("载入以后没有人能再签机关文件的改动，只能在服务器上用 fashen init 载入。")
    was = {(p.key, p.since): p for p in old.parameters}
    for p in new.parameters:
        before = was.get((p.key, p.since))
        if before and before.value != p.value and p.since <= today:
            told.append(
                f"参数 {p.key} 从 {p.since} 起已经施行，这里直接改了它的数：以前的案件会按新的数重新看。"
                "数变了的，应当保留原来的，另加一段新的 from。"
            )
    told += _powers_rewritten(old, new)
    return told


def _leaving(tx: Connection, old: Office, new: Office) -> Iterator[str]:
    """People who are dropped, or are officers no more, with cases in hand."""
    for person in old.people:
        stays = new.person(person.id)
        lost = [r for r in person.roles if stays and r not in stays.roles]
        if stays and not lost:
            continue
        held = _held(tx, old.office, person.id)
        if not held:
            continue
        names = "、".join(held[:NAMED]) + (" 等" if len(held) > NAMED else "")
        what = (
            "不在新的人员名单里，载入后立即不能登录"
            if not stays
            else f"不再是{'、'.join(ROLE_NAMES[r] for r in lost)}"
        )
        yield f"{person.name}{what}，手上还有 {len(held)} 件在办案件（{names}）：先办理更换承办人，再签字。"


def _held(tx: Connection, office: str, person: str) -> list[str]:
    """The names of the open cases whose officers this person is among."""
    c = models.cases.c
    rows = tx.execute(
        sa.select(c.doc).where(
            c.office_id == office,
            c.state.in_(UNDER_WAY),
            c.doc.contains(f'"{person}"', autoescape=True),
        )
    ).scalars()
    read = (CaseFile.model_validate_json(doc) for doc in rows)
    return [case_name(case) for case in read if person in case.officers]


def _powers_gone(tx: Connection, old: Office, new: Office) -> Iterator[str]:
    c, kept = models.cases.c, {p.code for p in new.power_list}
    gone = [p for p in old.power_list if p.code not in kept]
    if not gone:
        return
    rows = tx.execute(
        sa.select(c.power, sa.func.count())
        .where(c.office_id == old.office, c.power.in_([p.code for p in gone]))
        .group_by(c.power)
    )
    used: dict[str, int] = {code: count for code, count in rows}
    for power in gone:
        if used.get(power.code):
            yield (
                f"权力事项 {power.code}“{power.title}”被删去，有 {used[power.code]} 件案件用它，"
                "将查不到条款和幅度：不再行使的，写上 valid_to，不要删。"
            )


def _powers_rewritten(old: Office, new: Office) -> Iterator[str]:
    for power in new.power_list:
        before = old.power(power.code)
        if before and before.confirmed and _law_of(before) != _law_of(power):
            yield (
                f"权力事项 {power.code} 已经确认，这里直接改了它的条款、种类或者幅度：条文变了的，"
                "应当给它写上 valid_to，另列新的一项，以 predecessor 指向它。"
            )


def _law_of(power: PowerItem) -> tuple[Any, ...]:
    return power.duty, power.penalty, power.kinds, power.range, power.heavier, power.share


# — what nobody has confirmed —————————————————————————————————————————————————————————————


@dataclass(frozen=True, slots=True)
class Open:
    """One entry that counts as unconfirmed; `pick` names it in a form."""

    pick: str
    part: str
    title: str
    value: str
    source: str
    note: str = ""


def unconfirmed(office: Office) -> list[Open]:
    """Every entry of the file that waits for somebody to have seen its source."""
    found = [
        Open(_pick_of(p), "参数", f"{p.key}（{p.since} 起）", in_words(p.value, p.unit), p.source, p.note)
        for p in office.parameters
        if not p.confirmed
    ]  # fmt: skip
    found += [
        Open(f"clock_profiles {c.name}", "时限规则", c.title, "", c.source)
        for c in office.clock_profiles
        if not c.confirmed
    ]
    target = office.publication
    if not target.confirmed:
        found.append(
            Open("publication", "公示接口", target.profile, "", target.source or "没有写明依据")
        )
    found += [
        Open(
            f"power_list {p.code}", "权力事项", f"{p.code} {p.title}", "", cited(p.penalty), p.note
        )
        for p in office.power_list
        if not p.confirmed
    ]
    return found


def _pick_of(p: LocalParameter) -> str:
    return f"parameters {p.key} {p.since}"


def confirmed(text: str, picks: Sequence[str]) -> str:
    """The file with these entries confirmed, its other lines and comments as they were where that can be."""
    body = yaml.load(text)
    office = offices.parsed(text, "现行的机关文件")
    wanted = _confirm(office, picks)
    lines = text.splitlines()
    # From below, so that a line that is put in moves none that is still to come.
    for entry in sorted(_entries(body, picks), key=lambda e: e.line, reverse=True):
        _say_yes(lines, entry)
    made = "\n".join(lines) + "\n"
    same = offices.body_of(offices.parsed(made, "现行的机关文件")) == offices.body_of(wanted)
    return made if same else offices.written(wanted)


def _say_yes(lines: list[str], entry: yaml.Located) -> None:
    first, at = entry.line - 1, entry.lines.get("confirmed", 0) - 1
    if at >= 0:
        lines[at] = lines[at].replace("confirmed: false", "confirmed: true", 1)
    elif "{" in lines[first]:
        lines[first] = lines[first].replace("{", "{confirmed: true, ", 1)
    else:
        indent = len(lines[first]) - len(lines[first].lstrip(" -"))
        lines.insert(first + 1, " " * indent + "confirmed: true")


def _confirm(office: Office, picks: Sequence[str]) -> Office:
    def yes(entries: Sequence[Any], pick: Any) -> tuple[Any, ...]:
        return tuple(
            e.model_copy(update={"confirmed": True}) if pick(e) in picks else e for e in entries
        )

    fresh: dict[str, Any] = {
        "parameters": yes(office.parameters, _pick_of),
        "clock_profiles": yes(office.clock_profiles, lambda c: f"clock_profiles {c.name}"),
        "power_list": yes(office.power_list, lambda p: f"power_list {p.code}"),
    }
    if "publication" in picks:
        fresh["publication"] = office.publication.model_copy(update={"confirmed": True})
    return office.model_copy(update=fresh)


def _entries(body: Any, picks: Sequence[str]) -> Iterator[yaml.Located]:
    for name, keys in (
        ("parameters", ("key", "from")), ("clock_profiles", ("name",)), ("power_list", ("code",)),
    ):  # fmt: skip
        for entry in body.get(name) or ():
            if " ".join((name, *(str(entry.get(key)) for key in keys))) in picks:
                yield entry
    if "publication" in picks and isinstance(body.get("publication"), yaml.Located):
        yield body["publication"]
