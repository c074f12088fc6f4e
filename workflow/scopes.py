"""令牌的范围 — what a token is for: to read whatever its holder may, and to act in some areas of the work.

Every address of /api/v1 belongs to one area. What only reads is open to `read` and to its own area, what acts
to its own area alone. A scope takes away; it never gives what the holder may not do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from workflow.errors import FieldError, Malformed, OutOfScope

READ = "read"

AREAS = {
    "cases": "办案",
    "evidence": "证据",
    "publication": "公示",
    "supervision": "督察",
    "office": "机关",
}

SCOPES = {READ: "查询", **AREAS}

MEANS = {
    READ: "查询持有人看得到的一切，什么都不办",
    "cases": "立案、调查、审核、决定、执行的各个步骤，待办、期限、消息",
    "evidence": "上传证据文件，登记、查证证据",
    "publication": "公示的各个步骤，公示台账，与平台对账",
    "supervision": "红牌清单、督办、责任追溯、抽查评查、核验、登录日志",
    "office": "提出、签字载入机关文件的改动，办理委托",
}
"""Each scope in a sentence, for whoever chooses."""

EVERYTHING = frozenset(SCOPES)

_VERBS = {
    "evidence": ("add_evidence", "verify_evidence"),
    "publication": (
        "choose_publication", "withhold_publication", "return_publication", "review_publication",
        "record_publication", "correct_publication", "withdraw_publication", "record_withdrawal", "repair_credit",
    ),
    "supervision": ("open_supervision",),
}  # fmt: skip
_AREA = {verb: area for area, verbs in _VERBS.items() for verb in verbs}


def area_of(verb: str) -> str:
    """The area of a step; whatever is not named elsewhere advances the case."""
    return _AREA.get(verb, "cases")


def require(held: Collection[str], area: str, *, reads: bool) -> None:
    """Nothing where a token of these scopes may ask in this area, to read or to act; else `OutOfScope`."""
    if area in held or (reads and READ in held):
        return
    mine = "、".join(f"{word}（{name}）" for name, word in SCOPES.items() if name in held)
    other = f"，也不用于{SCOPES[READ]}（{READ}）" if reads else ""
    raise OutOfScope(
        f"这个令牌只用于{mine}，不用于{AREAS[area]}（{area}）{other}，没有办理，什么都没有改变。"
        f"请持有人另领一个：fashen token 人员编号 --scope {area}，或者在“令牌”页勾选“{AREAS[area]}”。",
        area,
        held,
    )


def chosen(names: Iterable[str]) -> frozenset[str]:
    """These scopes; an unknown one is refused, and without any it is `read`."""
    found = frozenset(name for name in names if name)
    unknown = sorted(found - EVERYTHING)
    if unknown:
        said = f"没有“{unknown[0][:20]}”这个范围，可用：{'、'.join(f'{k}（{v}）' for k, v in SCOPES.items())}"
        raise Malformed("领取令牌", [FieldError("scope", said)])
    return found or frozenset({READ})


def in_words(held: Collection[str]) -> str:
    """查询、证据 — in the order of the list."""
    if set(held) >= EVERYTHING:
        return "全部"
    return "、".join(word for name, word in SCOPES.items() if name in held)
