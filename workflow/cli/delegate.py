"""`fashen delegate` — 委托: who signs for whom, given, listed, revoked."""

from __future__ import annotations

import argparse

from policies.office import Office
from workflow import delegating, delegations, queries
from workflow.cli.common import as_json, complain, office_of, opened, person_of, say, say_table
from workflow.delegating import Give, Revoke
from workflow.delegations import Delegation, signed
from workflow.errors import FashenError
from workflow.forms import parse
from workflow.order import label
from workflow.program import Fashen
from workflow.times import beijing

STATES = {"running": "正在", "coming": "未到", "past": "已止"}


def add(it: argparse.ArgumentParser) -> None:
    """`delegate FROM TO …`, `delegate list [PERSON]`, `delegate revoke ID …`."""
    it.add_argument("what", metavar="FROM|list|revoke", help="委托人；或者 list、revoke")
    it.add_argument(
        "whom", nargs="?", metavar="TO|PERSON|ID", help="受托人；list：谁的；revoke：编号"
    )
    it.add_argument(
        "--verbs",
        default="",
        metavar="动作,角色",
        help="办理什么，用逗号隔开；写角色就是其全部可以委托的",
    )
    it.add_argument(
        "--case", action="append", default=[], metavar="案件", help="只限这件案件；可以重复"
    )
    it.add_argument("--from", dest="from_on", metavar="DATE", help="自哪一天起；不写为今天")
    it.add_argument("--until", dest="until_on", metavar="DATE", help="至哪一天止（包括）")
    it.add_argument("--reason", default="", help="事由，或者撤销的理由")
    it.add_argument(
        "--proof", default="", help="委托书或者负责人书面决定的文号；管理员登记的必须写"
    )
    it.add_argument("--by", metavar="PERSON", help="谁来办；给的时候不写为委托人本人")
    it.add_argument("--office", help="机关；只有一个时不写")


def run(asked: argparse.Namespace) -> int:
    fashen = opened()
    office = office_of(fashen, asked.office)
    if asked.what == "list":
        return _list(asked, fashen, office)
    try:
        found = (
            _revoke(asked, fashen, office)
            if asked.what == "revoke"
            else _give(asked, fashen, office)
        )
    except ValueError as wrong:
        complain(f"fashen delegate：{wrong}。")
        return 2
    except FashenError as no:
        complain(str(no))
        return 1
    if asked.json:
        as_json(found.as_dict(office, fashen.clock()))
    else:
        _tell(office, found, "已撤销" if asked.what == "revoke" else "已委托")
    return 0


def _give(asked: argparse.Namespace, fashen: Fashen, office: Office) -> Delegation:
    if not asked.whom:
        raise ValueError("没有写受托人：fashen delegate FROM TO --verbs … --until … --reason …")
    now = fashen.clock()
    told = {
        "principal": asked.what,
        "delegate": asked.whom,
        "verbs": [v.strip() for v in asked.verbs.replace("，", ",").split(",") if v.strip()],
        "cases": [queries.find_case(fashen, office.office, name) for name in asked.case],
        "from_on": asked.from_on or beijing(now).date().isoformat(),
        "until_on": asked.until_on,
        "reason": asked.reason,
        "proof": asked.proof,
    }
    form = parse(Give, {k: v for k, v in told.items() if v is not None}, verb="委托", now=now)
    return delegating.give(fashen, office.office, asked.by or asked.what, form)


def _revoke(asked: argparse.Namespace, fashen: Fashen, office: Office) -> Delegation:
    if not (asked.whom and asked.by):
        raise ValueError("撤销要写编号和谁来办：fashen delegate revoke ID --by PERSON --reason …")
    told = {"delegation": asked.whom, "reason": asked.reason}
    form = parse(Revoke, told, verb="撤销委托", now=fashen.clock())
    return delegating.revoke(fashen, office.office, asked.by, form)


def _list(asked: argparse.Namespace, fashen: Fashen, office: Office) -> int:
    person = person_of(office, asked.whom) if asked.whom else None
    found = delegations.every(fashen, office.office, person)
    now = fashen.clock()
    if asked.json:
        as_json([d.as_dict(office, now) for d in found])
        return 0
    names = delegations.named(office, found)
    say_table(
        [
            STATES[d.state_on(now)],
            signed(names[d.delegate], names[d.principal]),
            d.period,
            f"{len(d.verbs)} 种事项",
            f"{len(d.cases)} 件案件" if d.cases else "全部案件",
            d.ended,
            d.id[:8],
        ]
        for d in found
    )
    if not found:
        say("没有委托。")
    return 0


def _tell(office: Office, found: Delegation, done: str) -> None:
    names = delegations.named(office, [found])
    say(
        f"{done}　{signed(names[found.delegate], names[found.principal])}，{found.period}，编号 {found.id}"
    )
    say(f"  事项　{'、'.join(label(verb) for verb in found.verbs)}")
    say(f"  案件　{'、'.join(found.cases) if found.cases else '全部'}")
