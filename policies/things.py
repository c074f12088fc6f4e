"""What runs beside a case, each in a small lifecycle of its own (states/beside): the facts of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from policies.document import Record, Thing, Yuan


class Interval(Record):
    """A stretch of days with the document that proves it; `until` empty while it still runs."""

    since: date
    until: date | None = None
    proof: str = ""


class Measure(Thing):
    """先行登记保存、查封、扣押 of what may get lost or is needed (行政处罚法 56, 行政强制法 16–28).

    `approved_at` is when the head approved it, `approved_how` in which way; `told` are the steps of
    行政强制法 18 that the record shows, `scope` what 行政强制法 23 wants and the officers made sure of.
    `testing` are the periods that 行政强制法 25(3) leaves out.
    """

    kind: Literal["先行登记保存", "查封", "扣押"]
    objects: str
    reason: str
    basis: str = ""
    taken_at: datetime
    place: str = ""
    officers: tuple[str, ...] = ()
    urgent: bool = False
    approved_at: datetime | None = None
    approved_by: str = ""
    approved_how: str = ""
    number: str = ""
    list_handed_over: bool = False
    steps: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    keeper: str = ""
    extended_on: date | None = None
    extended_because: str = ""
    testing: tuple[Interval, ...] = ()
    ended_on: date | None = None
    ended_as: str = ""
    ended_with: str = ""
    irregular: bool = False

    @property
    def seizure(self) -> bool:
        """查封 or 扣押, to which the 行政强制法 applies."""
        return self.kind != "先行登记保存"

    @property
    def told(self) -> str:
        return f"{self.kind}：{self.objects[:30]}"


class RemedyTaken(Thing):
    """复议 or 诉讼 against the decision, or the office's own correction of it, as far as it has gone.

    `ended` is empty while it goes on, also during an appeal. `received` is the day on which the party
    received what ended it (of `unanswered`: the last day of the review period); `appealed`, that it is a
    suit in its second instance; `final`, that no appeal lies against it, so that its effect stands.
    `stayed_on` and `stay_lifted_on` say from when till when execution stood still (行政处罚法 73).

    upheld 维持、驳回诉讼请求 · changed 变更 · revoked 撤销、确认违法或者无效 · mediated 调解书 · withdrawn 准予撤回 ·
    refused 不予受理、驳回申请、不予立案、驳回起诉 · unanswered 复议期满没有决定
    """

    kind: Literal["review", "suit", "own"]
    began: date
    body: str = ""
    summary: bool = False
    copy_received: date | None = None
    answered_on: date | None = None
    answered_with: str = ""
    stayed_on: date | None = None
    stayed_by: str = ""
    stay_lifted_on: date | None = None
    ended: Literal[
        "", "upheld", "changed", "revoked", "mediated", "withdrawn", "refused", "unanswered"
    ] = ""
    received: date | None = None
    document: str = ""
    reason: str = ""
    appealed: bool = False
    final: bool = False
    fine_after: Yuan | None = None

    @property
    def stayed(self) -> bool:
        return self.stayed_on is not None and self.stay_lifted_on is None

    @property
    def falls(self) -> bool:
        """Whether the decision has effectively changed or fallen (行政处罚法 48(2), 行政诉讼法 85)."""
        return self.final and self.ended in ("changed", "revoked")

    @property
    def told(self) -> str:
        kinds = {"review": "行政复议", "suit": "行政诉讼", "own": "自行纠正"}
        return f"{kinds[self.kind]}：{self.body or self.document}"[:40]


class Instalment(Record):
    due: date
    amount: Yuan


class Deferral(Thing):
    """暂缓或者分期缴纳 as asked for by the party and approved (行政处罚法 66(2))."""

    asked_on: date
    reason: str
    instalments: tuple[Instalment, ...]
    decided_on: date | None = None
    decided_by: str = ""
    why: str = ""

    @property
    def told(self) -> str:
        return f"{self.asked_on} 申请，{len(self.instalments)} 期"


class Enforcement(Thing):
    """催告 and what follows it: the application to the court, its ruling, the result (行政强制法 34–58).

    `danger` to `perform_on` are about 代履行 (行政强制法 50, 51); `announced_on` to `empowered_by` about
    pulling down a building (行政强制法 44); `agreed_on` to
    `agreement` about an agreement with the party (行政强制法 42), of which `agreed_fine` is what of the
    fine it leaves to pay, `waived` what of the addition it drops, until it is `broken_on` a day.
    """

    demanded_on: date
    demand: tuple[str, ...] = ()
    amount: Yuan = Decimal(0)
    heard: str = ""
    way: Literal["", "申请法院", "代履行", "强制拆除"] = ""
    decided_on: date | None = None
    court: str = ""
    package: tuple[str, ...] = ()
    late_because: str = ""
    accepted_on: date | None = None
    ruling: Literal["", "不予受理", "准予执行", "不准予执行"] = ""
    ruled_on: date | None = None
    ruled_because: str = ""
    danger: Literal["", "危害交通安全", "造成环境污染", "破坏自然资源"] = ""
    performer: str = ""
    disinterested: bool = False
    order_says: tuple[str, ...] = ()
    perform_on: date | None = None
    announced_on: date | None = None
    leave_until: date | None = None
    empowered_by: str = ""
    agreed_on: date | None = None
    agreed_until: date | None = None
    agreed_fine: Yuan | None = None
    waived: Yuan = Decimal(0)
    put_right: str = ""
    agreement: str = ""
    broken_on: date | None = None
    suspended_because: str = ""
    suspended_on: date | None = None
    ended_on: date | None = None
    ended_as: str = ""
    result: str = ""

    @property
    def told(self) -> str:
        return f"{self.demanded_on} 催告"


class Recusal(Thing):
    """回避 as asked for: of whom, why, and what the head decided (行政处罚法 43)."""

    person: str
    asked_by: Literal["当事人", "本人", "机关"]
    reason: str
    asked_on: date
    decided_on: date | None = None
    decided_by: str = ""
    why: str = ""

    @property
    def told(self) -> str:
        return f"{self.person}：{self.reason[:20]}"


class Suspension(Thing):
    """中止 of the investigation, with its reason and the papers that prove its first and last day."""

    reason: str
    account: str
    since: date
    approved_by: str
    proof: str = ""
    until: date | None = None
    resumed_because: str = ""

    @property
    def told(self) -> str:
        return f"{self.since} 起 {self.reason}"


class Supervision(Thing):
    """A paper of those who supervise the office, and the answer; `due` as it says, where no law does.

    督办 is opened here by the inspector: `workdays` to answer, `to` whom, `about` which rules or clocks.
    """

    kind: Literal["行政复议意见书", "检察建议书", "司法建议书", "行政执法监督文书", "督办"]
    sender: str
    number: str
    received: date
    content: str
    due: date | None = None
    answered_on: date | None = None
    answer: str = ""
    workdays: int | None = None
    to: str = ""
    about: tuple[str, ...] = ()
    opened_by: str = ""

    @property
    def told(self) -> str:
        return f"{self.kind}：{self.number}"


class Consultation(Thing):
    """法律咨询 — what the counsel from outside was asked about the case, and the opinion; it binds nobody."""

    counsel: str
    question: str
    asked_by: str
    asked_on: date
    opinion: str = ""
    answered_on: date | None = None
    withdrawn_on: date | None = None
    withdrawn_because: str = ""

    @property
    def told(self) -> str:
        return f"{self.asked_on} 请法律顾问提意见"


class Extension(Thing):
    """延期 of the ninety days, asked for before they are over (行政处罚法 60: only where a text allows it)."""

    days: int
    reason: str
    asked_on: date
    decided_on: date | None = None
    approved_by: Literal["", "head", "collective"] = ""
    why: str = ""

    @property
    def told(self) -> str:
        return f"{self.asked_on} 申请延长 {self.days} 日"
