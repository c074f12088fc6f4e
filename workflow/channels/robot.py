"""What the group robots of 企业微信, 钉钉 and 飞书 have in common: they answer HTTP 200 also when they refuse."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from workflow.channels.http import Receiver
from workflow.channels.letter import Letter, shortened

MOBILE = re.compile(r"\+?[0-9]{5,20}")


def words(letter: Letter, most: int) -> str:
    """What the group reads, in at most so many bytes; nothing in it can call somebody by a tag."""
    end = f"\n通知编号 {letter.mark}"
    said = f"{letter.title}\n{letter.body}".replace("<", "＜")
    return shortened(said, most - len(end.encode())) + end


def mobile(receiver: Receiver, letter: Letter) -> list[str]:
    """Whom to call in the group; nobody where the letter names nobody."""
    if letter.address and not MOBILE.fullmatch(letter.address):
        raise receiver.not_delivered(
            "还没有发出：这个人的收信地址不是手机号码",
            "把机关文件里这个人在这个渠道的地址改成手机号码，由管理员重新发送",
            again=False,
        )
    return [letter.address] if letter.address else []


def receipt(
    receiver: Receiver, answer: dict[str, Any], names: tuple[str, ...], incurable: Mapping[int, str]
) -> str:
    """The robot's own yes, to be kept; `NotDelivered` for a no, or for an answer without either.

    `names` are the fields that say it, 0 in each that is there. A code not known as incurable is tried
    again: a robot has many, and a letter too many does less harm than one too few.
    """
    codes = [answer[name] for name in names if name in answer]
    said = receiver.excerpt(json.dumps(answer, ensure_ascii=False))
    if not codes or any(type(code) is not int for code in codes):
        raise receiver.not_delivered(
            f"对方的回答里没有 {'、'.join(names)} 这样的编号：{said}",
            "核对地址是不是这一种机器人的地址；程序过一会儿会再试",
            again=True,
        )
    refusal = next((code for code in codes if code != 0), 0)
    if refusal == 0:
        return said
    if todo := incurable.get(refusal):
        raise receiver.not_delivered(
            f"对方不收：{said}", f"{todo}；改好以后由管理员重新发送", again=False
        )
    raise receiver.not_delivered(
        f"对方不收：{said}", "可能是对方繁忙或者发得太快，程序过一会儿会再试", again=True
    )


def json_bytes(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
