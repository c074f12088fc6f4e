"""Builders that tests share: an office on a database, one step, and a case walked to where it is wanted.

    fashen = office_at(database_url)
    case = a_case(fashen, "deciding", fine=1000)
    take(fashen, "head", "decide", case, at=day(2025, 2, 20), number="示街罚决〔2025〕009号", …)
    assert state_of(fashen, case) == "decided"

A case stops ready for the next step: "checking" has its evidence, "deciding" lacks only `decide`,
"hearing" lacks only the report, "in_effect" lacks only `close`. `after="serve_decision"` stops earlier.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from stdnum.cn import ric

import workflow.commands  # noqa: F401 - registers every verb
from policies.calendar import Calendar, Span
from policies.decision import CONTENTS, FINE_CONTENTS
from policies.notice import TOLD
from policies.review import ITEMS, MATERIALS
from policies.summary import CONTENTS as ON_SPOT_CONTENTS
from workflow import database, models, offices, program
from workflow.delegating import Give, give
from workflow.delegations import Delegation
from workflow.deliveries import drain
from workflow.order import Done, Order
from workflow.program import Fashen
from workflow.record import Entry
from workflow.settings import Settings
from workflow.sweep import sweep
from workflow.times import BEIJING, beijing
from workflow.work import perform
from workflow.workbench import Desk

OFFICE = "sample"
PEOPLE = (
    "zhang", "li", "zhao", "wang", "shen", "head", "deputy", "chair", "clerk", "counsel",
    "inspector", "admin", "security", "auditor",
)  # fmt: skip
"""Everybody of the sample office; zhao's certificate ran out at the end of 2024."""

OFFICERS = ["zhang", "li"]
JUDGED = {item: "认可" for item in ITEMS} | {"是否涉嫌犯罪": "不涉嫌犯罪"}
"""The nine items of a review, each with an answer."""

DECISION_SAYS = [*CONTENTS, *FINE_CONTENTS]
ON_SPOT_SAYS = list(ON_SPOT_CONTENTS)
NOTICE_TELLS = list(TOLD)


def day(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment on Beijing's clock."""
    return datetime(year, month, day, hour, minute, tzinfo=BEIJING)


def office_at(url: str | None = None, *, now: datetime | None = None, **parts: Any) -> Fashen:
    """A program with the sample office: in memory, or on a database that has today's schema.

    Its clock stands at `now` (6 January 2025, nine o'clock) until somebody sets `fashen.clock`.
    """
    folder = tempfile.mkdtemp(prefix="fashen-test-")
    settings = Settings(
        _env_file=None,
        data_dir=Path(folder),
        publication_dir=Path(folder) / "published",
        database_url="" if url is None else url,
        broker_url=None,
        secret_key="only-for-tests-" * 3,
        password_memory=8,
        password_rounds=1,
    )
    engine = database.connect(url or "sqlite://")
    fashen = Fashen(settings, engine, **{"calendar": _calendar(), **parts})
    weakref.finalize(fashen, shutil.rmtree, folder, ignore_errors=True)
    weakref.finalize(fashen, engine.dispose)
    set_clock(fashen, now or day(2025, 1, 6))
    if url is None:
        _copied(_loaded(fashen.clock()), engine)
    else:
        offices.load(fashen, sample_office())
    return fashen


@lru_cache(maxsize=16)
def _loaded(moment: datetime) -> Engine:
    """A database in memory with the sample office as it is loaded at this moment; only to be copied.

    Making the tables and loading the office take ten times as long as copying both.
    """
    made = program.in_memory(Settings(_env_file=None), calendar=_calendar())
    set_clock(made, moment)
    offices.load(made, sample_office())
    return made.engine


def _copied(source: Engine, target: Engine) -> None:
    with closing(source.raw_connection()) as one, closing(target.raw_connection()) as other:
        template: Any = one.driver_connection
        template.backup(other.driver_connection)


# Both are read from files and never change; a thousand small offices need not read them again.
sample_office = cache(partial(offices.read, offices.SAMPLE))
_calendar = cache(Calendar.published)


def set_clock(fashen: Fashen, moment: datetime) -> None:
    """Let the clock stand at this moment."""
    fashen.clock = lambda: moment


def an_order(
    by: str,
    verb: str,
    case: str | None = None,
    /,
    *,
    at: datetime | None = None,
    version: int | None = None,
    key: str = "",
    excuses: Mapping[str, str] | None = None,
    irregular: str = "",
    on_behalf_of: str = "",
    dry_run: bool = False,
    **form: Any,
) -> Order:
    """An order of the sample office; what is not named here is a field of the form."""
    return Order(
        office=OFFICE,
        actor=by,
        verb=verb,
        form=form,
        case=case,
        version=version,
        at=at,
        key=key,
        excuses=dict(excuses or {}),
        irregular=irregular,
        on_behalf_of=on_behalf_of,
        dry_run=dry_run,
    )


def a_delegation(
    fashen: Fashen, principal: str, delegate: str, *verbs: str, days: int = 14, by: str = "",
    **rest: Any,
) -> Delegation:  # fmt: skip
    """A delegation from today on, given by the principal unless somebody else is named."""
    today = beijing(fashen.clock()).date()
    told = {"from_on": today, "until_on": today + timedelta(days=days - 1), "reason": "外出培训"}
    form = Give(principal=principal, delegate=delegate, verbs=verbs, **{**told, **rest})
    return give(fashen, OFFICE, by or principal, form)


def take(
    fashen: Fashen, by: str, verb: str, case: str | None = None, /, *, at: datetime | None = None,
    **rest: Any,
) -> Done:  # fmt: skip
    """Take one step, or raise what `perform` raises. `at` moves the clock on, never back."""
    if at is not None and at > fashen.clock():
        set_clock(fashen, at)
    return perform(fashen, an_order(by, verb, case, at=at, **rest))


def desk(fashen: Fashen, person: str) -> Desk:
    """The workbench of somebody of the sample office."""
    with fashen.engine.connect() as tx:
        bureau = fashen.bureau(tx, OFFICE)
    found = bureau.office.person(person)
    assert found is not None
    return Desk(fashen, bureau, found)


def state_of(fashen: Fashen, case: str) -> str:
    return str(row_of(fashen, case)["state"])


def version_of(fashen: Fashen, case: str) -> int:
    return int(row_of(fashen, case)["version"])


def document_of(fashen: Fashen, case: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(row_of(fashen, case)["doc"])
    return document


def row_of(fashen: Fashen, case: str) -> dict[str, Any]:
    """The case's row as it stands in the database."""
    with database.reading(fashen.engine) as tx:
        found = tx.execute(sa.select(models.cases).where(models.cases.c.id == case)).mappings()
        return dict(found.one())


def entries_of(fashen: Fashen, case: str) -> list[Entry]:
    """The case's ledger, first entry first."""
    e = models.ledger.c
    with database.reading(fashen.engine) as tx:
        rows = tx.execute(sa.select(models.ledger).where(e.case_id == case).order_by(e.seq))
        return [Entry(r.case_id, r.seq, r.prev, r.hash, r.body) for r in rows]


def verbs_taken(fashen: Fashen, case: str) -> list[tuple[str, str]]:
    """Who took which step, first step first."""
    bodies = [json.loads(entry.body) for entry in entries_of(fashen, case)]
    return [(body["by"]["id"], body["verb"]) for body in bodies]


def everything(
    fashen: Fashen, *, without: tuple[str, ...] = ()
) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, to show that something changed nothing."""
    with database.reading(fashen.engine) as tx:
        return {
            table.name: sorted((tuple(r) for r in tx.execute(sa.select(table))), key=repr)
            for table in models.metadata.sorted_tables
            if table.name not in without
        }


# — whole cases ————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, slots=True)
class Walked:
    """One step of a lawful walk: who, what, with which form, and when it happens."""

    by: str
    verb: str
    at: datetime
    form: Mapping[str, Any] = field(default_factory=dict)


def a_case(
    fashen: Fashen,
    state: str = "deciding",
    *,
    after: str = "",
    fine: int | None = None,
    hearing: bool = False,
    publish: bool = False,
    procedure: str = "ordinary",
    start: datetime | None = None,
) -> str:
    """Walk a lawful case to the last step that leaves it in `state`, or to just after the verb `after`.

    `hearing`: the party asks for one, so there is a second review. `procedure="summary"`: decided on
    the spot. The walk starts at the clock's time and leaves the clock at its last step.
    """
    begun = beijing(start or fashen.clock())
    hearing = hearing or state == "hearing" or after in HEARING_STEPS
    procedure = "summary" if state == "on_spot" else procedure
    steps = list(lawful_steps(fashen, begun, state, fine=fine, hearing=hearing, publish=publish,
                              procedure=procedure))  # fmt: skip
    case = None
    for step in steps[: _length(steps, state, after)]:
        case = take(fashen, step.by, step.verb, case, at=step.at, **step.form).case
        if step.verb == "review_publication":
            drain(fashen)
    assert case is not None
    return case


HEARING_STEPS = (
    "request_hearing", "arrange_hearing", "hold_hearing", "report_hearing", "submit_final_review",
    "pass_final_review", "discuss",
)  # fmt: skip


def _length(steps: list[Walked], state: str, after: str) -> int:
    """How many of the steps to take."""
    verbs = [step.verb for step in steps]
    if after == "record_publication":
        after = "review_publication"  # the receipt comes back by itself
    if after:
        return verbs.index(after) + 1
    last = max((n for n, verb in enumerate(verbs) if _LEADS_TO.get(verb) == state), default=-1)
    if last < 0:
        raise ValueError(f"no lawful walk here leads to {state!r}")
    # Steps that stay where they are belong to the state that the case is in.
    while last + 1 < len(verbs) and verbs[last + 1] not in _LEADS_TO:
        last += 1
    return last + 1


_LEADS_TO = {
    "register_lead": "lead",
    "start_check": "checking",
    "propose_filing": "filing",
    "decline_filing": "not_filed",
    "approve_filing": "investigating",
    "conclude": "concluded",
    "submit_to_unit": "unit_review",
    "submit_review": "under_review",
    "submit_final_review": "under_review",
    "pass_review": "noticing",
    "serve_notice": "notified",
    "request_hearing": "hearing",
    "report_hearing": "deciding",
    "pass_final_review": "deciding",
    "lapse_windows": "deciding",
    "decide": "decided",
    "decide_no_penalty": "no_penalty",
    "serve_decision": "in_effect",
    "start_on_spot": "on_spot",
    "decide_on_spot": "in_effect",
    "close": "closed",
    "archive": "archived",
}


def lawful_steps(
    fashen: Fashen,
    begun: datetime,
    state: str = "archived",
    *,
    fine: int | None = None,
    hearing: bool = False,
    publish: bool = False,
    procedure: str = "ordinary",
) -> Iterator[Walked]:
    """The steps of a lawful case that begins at this moment, each with its form and its time."""
    n = _next_ordinal(fashen)
    if procedure == "summary":
        yield from _on_spot(n, begun, fine=fine, publish=publish)
    else:
        yield from _ordinary(
            fashen, n, begun, 1000 if fine is None else fine,
            declined=state == "not_filed", hearing=hearing, publish=publish,
        )  # fmt: skip


def _ordinary(
    fashen: Fashen,
    n: int,
    begun: datetime,
    fine: int,
    *,
    declined: bool,
    hearing: bool,
    publish: bool,
) -> Iterator[Walked]:
    year, today = begun.year, begun.date().isoformat()
    told = _Minutes(begun)
    yield told("zhang", "register_lead", source="巡查", place="西杜庄村西侧", text="有人焚烧秸秆")
    yield told("zhang", "start_check")
    yield told("zhang", "name_party", **a_party(n))
    yield told("zhang", "describe_act", text="露天焚烧秸秆约十平方米", began=today, ended=today,
               power=burning(begun.date()), harm="none")  # fmt: skip
    yield told("zhang", "add_evidence", **a_scene())
    yield told("zhang", "add_evidence", **a_photo())
    if declined:
        yield told("head", "decline_filing", reason="情节轻微并及时改正，没有造成危害后果")
        return
    yield told("zhang", "propose_filing", **a_filing())
    yield told("head", "approve_filing", number=f"示街罚案〔{year}〕{n:03d}号")
    yield told("zhang", "order_correction", content="立即熄灭，不得再次焚烧")
    yield told("li", "verify_evidence")
    yield told("li", "check_correction", corrected=True)
    yield told("zhang", "conclude", **a_proposal(fine))
    yield told("zhang", "submit_to_unit")
    yield told("wang", "submit_review", materials=list(MATERIALS))
    yield told("shen", "pass_review", opinion="事实清楚，程序合法，裁量适当，同意", items=JUDGED)
    notice = told("zhang", "serve_notice", **a_notice(f"示街罚告〔{year}〕{n:03d}号"))
    yield notice
    if hearing:
        yield from _heard(fashen, told, notice.at)
    else:
        ends = fashen.calendar.count(notice.at.date(), Span(5, "wd")).rolled
        told.on(ends + timedelta(days=1))
        yield told("system", "lapse_windows")
    yield told("head", "decide", number=f"示街罚决〔{year}〕{n:03d}号", contents=DECISION_SAYS)
    yield told("zhang", "serve_decision", receiver="本人", officers=OFFICERS)
    yield from _afterwards(told, fine, n, publish=publish)


def _heard(fashen: Fashen, told: _Minutes, served: datetime) -> Iterator[Walked]:
    """The party asks for a hearing, gets it, and the file is reviewed again."""
    yield told("clerk", "request_hearing")
    held = fashen.calendar.count(served.date(), Span(8, "wd")).due
    yield told("clerk", "arrange_hearing", chair="chair", held_on=held.isoformat(), place="会议室")
    told.on(held)
    yield told(
        "chair", "hold_hearing", record="双方质证、辩论，当事人核对无误后签名", officers=OFFICERS
    )
    yield told("chair", "report_hearing", report="事实清楚，建议按拟处罚意见处理")
    yield told("wang", "submit_final_review", materials=list(MATERIALS))
    yield told("shen", "pass_final_review", opinion="听证后再次审核，同意", items=JUDGED)
    yield told(
        "head", "discuss", attendees=["head", "deputy"], views="均同意", conclusion="按拟处罚"
    )


def _on_spot(n: int, begun: datetime, *, fine: int | None, publish: bool) -> Iterator[Walked]:
    told = _Minutes(begun)
    fine = 200 if fine is None else fine
    yield told(
        "li", "start_on_spot", kind="自然人", name=f"田某{n}", place="示例路 12 号门前",
        text="随意倾倒生活垃圾", power=littering(begun.date()), officers=["li", "zhang"],
    )  # fmt: skip
    yield told(
        "li", "decide_on_spot", **a_spot_decision(f"示街罚当〔{begun.year}〕{n:03d}号", fine)
    )
    yield told("li", "report_on_spot")
    yield from _afterwards(told, fine, n, publish=publish)


def _afterwards(told: _Minutes, fine: int, n: int, *, publish: bool) -> Iterator[Walked]:
    if publish:
        yield told("clerk", "choose_publication", reason="具有一定社会影响")
        yield told("head", "review_publication")
    else:
        yield told("clerk", "withhold_publication", reason="轻微案件，一般不公示")
    if fine:
        yield told("clerk", "record_payment", amount=fine, receipt=f"示票 {n:07d}")
    yield told("head", "close")
    yield told("clerk", "archive", number=f"{told.at.year}-{n:04d}")


class _Minutes:
    """Hands out steps one minute after the other, until somebody turns to another day."""

    def __init__(self, begun: datetime) -> None:
        self.at = begun - timedelta(minutes=1)

    def __call__(self, by: str, verb: str, **form: Any) -> Walked:
        self.at += timedelta(minutes=1)
        return Walked(by, verb, self.at, form)

    def on(self, later: date) -> None:
        self.at = datetime(later.year, later.month, later.day, 9, tzinfo=BEIJING)


def _next_ordinal(fashen: Fashen) -> int:
    o = models.office.c
    with database.reading(fashen.engine) as tx:
        return int(tx.scalar(sa.select(o.cases_opened).where(o.id == OFFICE)) or 0) + 1


# — forms that the law accepts —————————————————————————————————————————————————————————


def a_party(n: int = 1) -> dict[str, Any]:
    """A citizen with a sound number of his own, so that no two cases are about the same act."""
    number = f"11010519491231{n % 1000:03d}0"
    return {
        "kind": "自然人",
        "name": f"杜某{n}",
        "number": number[:-1] + ric.calc_check_digit(number),
        "address": f"示例区西杜庄村 {n} 号",
    }


def a_scene(**other: Any) -> dict[str, Any]:
    return {
        "kind": "勘验笔录、现场笔录", "name": "现场检查笔录", "proves": "当事人露天焚烧秸秆",
        "place": "西杜庄村西侧", "maker": "张衡", "officers": OFFICERS,
        "certificate_shown": "shown", "recorder": "JL-0101", **other,
    }  # fmt: skip


def a_photo(**other: Any) -> dict[str, Any]:
    return {
        "kind": "视听资料", "name": "火点照片", "proves": "焚烧的地点和面积",
        "place": "西杜庄村西侧", "maker": "李薇", **other,
    }  # fmt: skip


def a_filing(**other: Any) -> dict[str, Any]:
    return {
        "prima_facie": True, "penalty_due": True, "own_jurisdiction": True,
        "within_limitation": True, "officers": OFFICERS, "no_interest": True, **other,
    }  # fmt: skip


def a_proposal(fine: int = 1000, **other: Any) -> dict[str, Any]:
    return {
        "facts": "当事人露天焚烧秸秆约十平方米", "fine": fine, "discretion": "面积小，主动熄灭",
        "signed_by": OFFICERS, **other,
    }  # fmt: skip


def a_notice(number: str = "", **other: Any) -> dict[str, Any]:
    return {
        "number": number, "receiver": "本人", "officers": OFFICERS, "told": NOTICE_TELLS,
        "hearing_told": True, **other,
    }  # fmt: skip


def a_spot_decision(number: str, fine: int = 200, **other: Any) -> dict[str, Any]:
    return {
        "number": number, "fine": fine, "facts_undisputed": True, "certificate_shown": True,
        "told": True, "receiver": "本人", "contents": ON_SPOT_SAYS, **other,
    }  # fmt: skip


def burning(on: date) -> str:
    """The 案由 for burning straw on that day; the law changed on 15 August 2026."""
    return "SL-AIR-01-OLD" if on < date(2026, 8, 15) else "SL-AIR-01"


def littering(on: date) -> str:
    """The 案由 for littering on that day."""
    return "SL-WST-01-OLD" if on < date(2026, 8, 15) else "SL-WST-01"


# — time —————————————————————————————————————————————————————————————————————————————


def pass_days(fashen: Fashen, days: int = 1) -> None:
    """Let days pass, each with its sweep and its deliveries."""
    for _ in range(days):
        set_clock(fashen, fashen.clock() + timedelta(days=1))
        sweep(fashen)
        drain(fashen)
