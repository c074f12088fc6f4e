"""Notices for tests of the board: invented, and each field of one a word that stands nowhere else."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.builders import office_at, take
from workflow.program import Fashen
from workflow.publication import board
from workflow.publication.notice import PublicNotice

SECRET: dict[str, Any] = {
    "title": "案由甲子乙丑",
    "party": "当事人丙寅丁卯",
    "party_kind": "类别戊辰己巳",
    "party_code": "91120199MA00000X0T",
    "facts": "事实庚午辛未",
    "violated": ("违反壬申癸酉",),
    "basis": ("依据甲戌乙亥",),
    "kinds": ("种类丙子丁丑",),
    "fine_yuan": "7654321",
    "content": "内容戊寅己卯",
    "organ": "机关庚辰辛巳",
    "organ_code": "11120199000099999Z",
    "gravity": "程度壬午癸未",
    "decided_on": date(2019, 3, 14),
    "published_on": date(2019, 3, 19),
    "until": date(2031, 3, 14),
}
"""A notice that is to be withdrawn: none of this may be read anywhere afterwards."""


def secrets() -> list[str]:
    """Every word of `SECRET`, as it could be printed."""
    found = [
        v for value in SECRET.values() for v in (value if isinstance(value, tuple) else [value])
    ]
    return [str(value) for value in found] + ["7,654,321", "2019-03-14"]


def a_public_notice(key: str = "k1", **fields: Any) -> PublicNotice:
    told: dict[str, Any] = {
        "key": key,
        "number": f"示街罚决〔2026〕{key.strip('k')}号",
        "title": "露天焚烧秸秆",
        "party": "示例甲有限公司",
        "party_kind": "法人及非法人组织",
        "facts": "在示例路东侧露天焚烧秸秆约三平方米",
        "violated": ("《生态环境法典》第二百四十六条",),
        "basis": ("《生态环境法典》第一千一百三十一条第一款",),
        "kinds": ("罚款",),
        "fine_yuan": "1000",
        "content": "罚款 1,000 元",
        "decided_on": date(2026, 3, 2),
        "organ": "示例街道办事处",
        "published_on": date(2026, 3, 9),
        "until": date(2027, 3, 2),
    }
    return PublicNotice(**{**told, **fields})


class Board:
    """An office with one case, on which notices are put and taken down."""

    def __init__(self, url: str | None = None, **parts: Any) -> None:
        self.fashen: Fashen = office_at(url, **parts)
        self.case = take(
            self.fashen, "zhang", "register_lead", place="示例路", text="露天焚烧秸秆"
        ).case

    def put(self, key: str = "k1", *, office: str = "sample", **fields: Any) -> str:
        """Put a notice; its name in addresses."""
        with self.fashen.engine.begin() as tx:
            board.put(tx, office, self.case, a_public_notice(key, **fields))
        return board.slug_of(office, key)

    def withdraw(
        self, key: str = "k1", reason: str = "行政复议撤销原决定", on=date(2026, 6, 1)
    ) -> bool:
        with self.fashen.engine.begin() as tx:
            return board.take_down(tx, "sample", key, "withdrawn", reason, on)

    def end(self, key: str = "k1", on=date(2026, 6, 1)) -> bool:
        with self.fashen.engine.begin() as tx:
            return board.take_down(tx, "sample", key, "ended", "公示期满", on)
