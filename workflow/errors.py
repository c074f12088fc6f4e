"""What can go wrong, one family per meaning: what was tried, why not, what to do now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policies.core import Report


class FashenError(Exception):
    """Anything the program says no to. `status` is what HTTP answers."""

    status = 500
    title = "出了问题"

    def details(self) -> dict[str, Any]:
        """The data behind the sentence, for programs."""
        return {}


class NotFound(FashenError):
    status = 404
    title = "没有找到"


class NotForYou(FashenError):
    """A page, a case or a file that exists and is not this person's to see."""

    status = 403
    title = "不给您看"


class OutOfScope(FashenError):
    """A program asked for something that its token is not for, whatever its holder may do."""

    status = 403
    title = "令牌的范围不够"

    def __init__(self, said: str, area: str, held: Collection[str]) -> None:
        self.area, self.held = area, sorted(held)
        super().__init__(said)

    def details(self) -> dict[str, Any]:
        return {"scope": self.area, "scopes": self.held}


class Unauthorised(FashenError):
    status = 401
    title = "没有登录"


class TooOften(FashenError):
    """Not looked at, because it was asked too often; `seconds` until it is worth asking again."""

    status = 429
    title = "请稍后再试"

    def __init__(self, said: str, seconds: int) -> None:
        self.headers = {"Retry-After": str(max(1, seconds))}
        super().__init__(said)


class SettingsWrong(FashenError):
    """A setting or a file of the installation is wrong; the text says the cure."""

    title = "配置有误"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field of a form, what is wrong with it, and how to put it right."""

    field: str
    message: str


class Malformed(FashenError):
    """The form cannot be read; the law was not even asked."""

    status = 422
    title = "填写有误"

    def __init__(self, verb: str, errors: Sequence[FieldError]) -> None:
        self.verb = verb
        self.errors = list(errors)
        said = "；".join(f"{e.field}：{e.message}" if e.field else e.message for e in self.errors)
        super().__init__(f"“{verb}”没有办理，什么都没有改变。{said}")

    def details(self) -> dict[str, Any]:
        return {"errors": [{"field": e.field, "message": e.message} for e in self.errors]}


class KeyReused(Malformed):
    """The same idempotency key came with another body."""

    title = "重复编号用于不同内容"


class AlreadyOver(FashenError):
    """What was to be ended has ended before; nothing changed."""

    status = 409
    title = "早已结束"


class VersionMissing(FashenError):
    status = 428
    title = "没有说明依据的版本"


class Refused(FashenError):
    """The move was not made, and nothing changed. Recorded apart from the ledger."""

    status = 409
    kind = "refused"


class NotYourMove(Refused):
    status = 403
    title = "不由您办理"
    kind = "not_yours"


class NotFromHere(Refused):
    title = "现在不能办理"
    kind = "not_from_here"

    def __init__(self, text: str, verbs: Sequence[str]) -> None:
        super().__init__(text)
        self.verbs = tuple(verbs)

    def details(self) -> dict[str, Any]:
        return {"verbs": list(self.verbs)}


class Blocked(Refused):
    """The law or an unanswered warning stands in the way; the report has every reason.

    `in_full` is the text with article, remedy and who can cure it under each reason.
    """

    title = "现在不能办理"
    kind = "blocked"

    def __init__(self, text: str, report: Report, in_full: str = "") -> None:
        super().__init__(text)
        self.report = report
        self.in_full = in_full or text

    def details(self) -> dict[str, Any]:
        return {"findings": [f.as_dict() for f in self.report.findings]}


class ChangedMeanwhile(FashenError):
    """The page was stale: somebody else acted first. `since` tells who did what."""

    status = 412
    title = "案件已有变化"

    def __init__(self, text: str, version: int, since: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(text)
        self.version = version
        self.since = list(since)

    def details(self) -> dict[str, Any]:
        return {"version": self.version, "since": self.since}
