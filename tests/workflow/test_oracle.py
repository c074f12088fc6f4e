"""`fashen doctor --deep` — every sentence that it can say is provoked once, and lawful cases are silent.

The hand that provokes writes entries as if the program had let the step pass, sealed and chained again,
so that nothing but the sentence in question gives it away.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from policies.facts import canonical
from policies.review import MATERIALS
from tests.builders import (
    DECISION_SAYS,
    a_case,
    a_delegation,
    a_party,
    a_proposal,
    a_scene,
    entries_of,
    office_at,
    sample_office,
    take,
)
from workflow import models, offices
from workflow.cli import main
from workflow.deliveries import drain
from workflow.oracle import beside, check_all, delegation, penalty, steps
from workflow.program import Fashen
from workflow.record import GENESIS, Entry, fold, seal_entry

# — lawful cases ————————————————————————————————————————————————————————————————————————


def published(fashen: Fashen) -> str:
    return a_case(fashen, "archived", publish=True)


def heard(fashen: Fashen) -> str:
    return a_case(fashen, "archived", hearing=True)


def deciding(fashen: Fashen) -> str:
    return a_case(fashen, "deciding")


def on_the_spot(fashen: Fashen) -> str:
    return a_case(fashen, "archived", procedure="summary")


def issued_on_paper(fashen: Fashen) -> str:
    """Decided against the rules, recorded as what it is, and served."""
    case = a_case(fashen, "under_review")
    take(fashen, "clerk", "record_issued_decision", case, irregular="未经审核即已发出",
         number="示街罚决〔2025〕009号", contents=DECISION_SAYS)  # fmt: skip
    take(fashen, "zhang", "serve_decision", case, receiver="本人", officers=["zhang", "li"])
    return case


def issued_and_corrected(fashen: Fashen) -> str:
    """The same with a slip of the pen put right, which is lawful and leaves the mark where it is."""
    case = issued_on_paper(fashen)
    take(fashen, "head", "correct_decision", case, what="文字", wrong="焚绕", right="焚烧")
    return case


def reduced(fashen: Fashen) -> str:
    """Returned once, then decided with a fine below the one that passed, which the reviewer confirmed."""
    case = a_case(fashen, "deciding")
    take(fashen, "shen", "confirm_reduction", case, fine=800)
    take(fashen, "head", "decide", case, number="示街罚决〔2025〕008号", contents=DECISION_SAYS,
         fine=800)  # fmt: skip
    return case


def asked_to_stay_out(fashen: Fashen) -> str:
    """The party asked that somebody stay out, and the head found no reason."""
    case = a_case(fashen, "investigating")
    take(fashen, "clerk", "ask_recusal", case, person="deputy", reason="与举报人是亲属")
    take(fashen, "head", "refuse_recusal", case, why="不是亲属")
    return case


def reviewed_by_another_office(fashen: Fashen) -> str:
    """A borrowed reviewer signed, and the clerk of the house typed it in."""
    case = a_case(fashen, "under_review")
    take(fashen, "head", "borrow_reviewer", case, name="解文", office="示例区司法局", letter="函3号",
         licence="示B2019", no_interest=True)  # fmt: skip
    take(fashen, "clerk", "return_case", case, opinion="请补正", points=["补照片"])
    return case


def signed_for_another(fashen: Fashen) -> str:
    """The unit head is away, and a colleague sends the file to the review in his name."""
    case = a_case(fashen, "unit_review")
    a_delegation(fashen, "wang", "li", "submit_review", "return_to_officers")
    take(fashen, "li", "return_to_officers", case, reason="补照片")
    take(fashen, "zhang", "conclude", case, **a_proposal())
    take(fashen, "zhang", "submit_to_unit", case)
    take(fashen, "li", "submit_review", case, materials=list(MATERIALS))
    return case


def split_off_with_its_evidence(fashen: Fashen) -> str:
    """A record that only one certified officer took, said as it was; a case split off inherits it."""
    case = a_case(fashen, "investigating")
    take(fashen, "zhang", "add_evidence", case, irregular="另一名执法人员的证件已过期",
         **a_scene(officers=["zhang", "zhao"]))  # fmt: skip
    take(fashen, "zhang", "split_off", origin=case, **a_party(7))
    return case


LIVED = (
    published, heard, deciding, on_the_spot, issued_on_paper, issued_and_corrected, reduced, asked_to_stay_out,
    reviewed_by_another_office, signed_for_another, split_off_with_its_evidence,
)  # fmt: skip


@pytest.mark.parametrize("live", LIVED, ids=lambda live: live.__name__)
def test_a_case_that_kept_to_the_rules_or_says_where_not_is_silent(live: Callable[[Fashen], str]):
    fashen = office_at()
    live(fashen)
    assert check_all(fashen) == []
    drain(fashen)
    assert check_all(fashen) == []


def test_a_certificate_that_ran_out_later_and_a_person_who_left_accuse_nobody():
    """What the office's file said in any version counts: old steps were judged by it."""
    fashen = office_at()
    published(fashen)
    left = [p for p in sample_office().people if p.id not in ("li", "shen", "head")]
    offices.load(fashen, sample_office().model_copy(update={"people": tuple(left)}))
    assert check_all(fashen) == []


# — provoking ———————————————————————————————————————————————————————————————————————————

Bodies = list[dict[str, Any]]


def rewrite(fashen: Fashen, case: str, edit: Callable[[Bodies], None]) -> None:
    """Edit the entries of a case, chain them again, and let the row follow."""
    bodies = [json.loads(entry.body) for entry in entries_of(fashen, case)]
    edit(bodies)
    head, forged = GENESIS, []
    for body in bodies:
        text = canonical(body)
        seal = seal_entry(text, head, body["alg"])
        forged.append(Entry(case, body["seq"], head, seal, text))
        head = seal
    stands, _ = fold(forged)
    e, c = models.ledger.c, models.cases.c
    with fashen.engine.begin() as tx:
        for entry in forged:
            values = {"prev": entry.prev, "hash": entry.hash, "body": entry.body}
            here = sa.and_(e.case_id == case, e.seq == entry.seq)
            tx.execute(models.ledger.update().where(here).values(**values))
        row = {"state": stands.state, "head": stands.head, "doc": canonical(stands.document)}
        tx.execute(models.cases.update().where(c.id == case).values(**row))


def entry(bodies: Bodies, verb: str) -> dict[str, Any]:
    return next(body for body in reversed(bodies) if body["verb"] == verb)


def written(bodies: Bodies, verb: str, name: str) -> dict[str, Any]:
    """What a step wrote at a place; the value of an element where it added one to a list."""
    operations = entry(bodies, verb)["change"]
    found = next(
        op["value"] for op in operations if op["path"].split("/")[1] == name and "value" in op
    )
    value: dict[str, Any] = found[0] if isinstance(found, list) else found
    return value


def unwritten(bodies: Bodies, verb: str, name: str) -> None:
    body = entry(bodies, verb)
    body["change"] = [op for op in body["change"] if op["path"].split("/")[1] != name]


def ledger(verb: str, /, **fields: Any) -> Callable[[Bodies], None]:
    """These fields of an entry are others."""
    return lambda bodies: entry(bodies, verb).update(fields)


def wrote(verb: str, name: str, /, **fields: Any) -> Callable[[Bodies], None]:
    """A step wrote something else; None for nothing."""

    def edit(bodies: Bodies) -> None:
        value = written(bodies, verb, name)
        for field, other in fields.items():
            value.pop(field, None)
            if other is not None:
                value[field] = other

    return edit


def wrote_nothing(*where: tuple[str, str]) -> Callable[[Bodies], None]:
    def edit(bodies: Bodies) -> None:
        for verb, name in where:
            unwritten(bodies, verb, name)

    return edit


def was_about(verb: str, was: str, to: str, thing: str = "c1") -> Callable[[Bodies], None]:
    """A step about a thing beside the case says another way that the thing went."""
    return ledger(verb, item={"id": thing, "from": was, "to": to})


def stayed_as_it_was(bodies: Bodies) -> None:
    """The request was refused, and the document goes on saying that it waits."""
    body = entry(bodies, "refuse_recusal")
    body["change"] = [op for op in body["change"] if not op["path"].endswith("/state")]


def found_failing(**findings: Any) -> Callable[[Bodies], None]:
    return lambda bodies: entry(bodies, "pass_review")["findings"].update(findings)


def mark_wiped(bodies: Bodies) -> None:
    change = entry(bodies, "serve_decision")["change"]
    change.append({"op": "remove", "path": "/irregularities"})


def called_regular(bodies: Bodies) -> None:
    del entry(bodies, "record_issued_decision")["irregular"]


def another_due(bodies: Bodies) -> None:
    written(bodies, "approve_filing", "clocks")["due"] = "2025-04-07"


def never_for_another(bodies: Bodies) -> None:
    """The file forgets that a step was taken for another."""
    change = entry(bodies, "submit_review")["change"]
    change.append({"op": "remove", "path": "/delegated/0"})


def about_to_withdraw(bodies: Bodies) -> None:
    """The one who is away had said before that he must stay out of it."""
    entry(bodies, "submit_to_unit")["change"].append(
        {"op": "add", "path": "/recusal_needed", "value": ["wang"]}
    )


def for_whom(**told: str) -> Callable[[Bodies], None]:
    return lambda bodies: entry(bodies, "submit_review")["for"].update(told)


ZHANG = {"id": "zhang", "name": "张衡", "post": "执法人员"}

IN_THE_LEDGER: dict[str, tuple[Callable[[Fashen], str], Callable[[Bodies], None]]] = {
    "流程表没有从“closed”出发的这一步。": (published, ledger("archive", verb="close")),
    "到了“deciding”，流程表说是另一个环节。": (published, ledger("pass_review", to="deciding")),
    "只能作为不合规情况登记，却登记成合规的。": (issued_on_paper, called_regular),
    "c1 从“recusal.granted”到“recusal.refused”，流程表没有这一步。": (
        asked_to_stay_out, was_about("refuse_recusal", "recusal.granted", "recusal.refused")),
    "c1 从“recusal.asked”到“recusal.granted”，流程表没有这一步。": (
        asked_to_stay_out, was_about("refuse_recusal", "recusal.asked", "recusal.granted")),
    "c1 从“recusal.asked”到“recusal.asked”，流程表没有这一步。": (
        asked_to_stay_out, was_about("ask_recusal", "recusal.asked", "recusal.asked")),
    "c1 在案卷里不是“recusal.refused”。": (
        asked_to_stay_out, stayed_as_it_was),
    "c9 在案卷里不是“recusal.refused”。": (
        asked_to_stay_out, was_about("refuse_recusal", "recusal.asked", "recusal.refused", "c9")),
    "有不能越过的理由，却办理了。": (published, found_failing(failed=[{"id": "review.passed"}])),
    "有警示没有写明理由，却办理了。": (published, found_failing(warned=[{"id": "x", "excuse": ""}])),
    "张衡按机关文件的任何一版都不能办。": (published, ledger("decide", by=ZHANG)),
    "写的是 2027-01-01T09:00:00+08:00，录入时还没有到。": (
        published, ledger("decide", at="2027-01-01T09:00:00+08:00")),
    "从前的不合规标记被改动或者去掉了。": (issued_on_paper, mark_wiped),
    "不合规的登记没有标记。": (
        issued_on_paper, wrote_nothing(("record_issued_decision", "irregularities"))),
    "有不合规的标记，却不是不合规的登记。": (issued_on_paper, called_regular),
    "决定上的不合规标记与这一步不符。": (
        issued_on_paper, wrote("record_issued_decision", "decision", irregular=None)),
    "（correct_decision）：决定上的不合规标记与这一步不符。": (
        issued_and_corrected, wrote("correct_decision", "decision", irregular=None)),
    "不合规的登记没有告诉监督员。": (
        issued_on_paper, ledger("record_issued_decision", messages=[])),
    "大事记里有未加密的身份信息。": (
        published, wrote("name_party", "party", number="11010519491231002X")),
    "审核人是本案承办人，或者应当回避。": (published, ledger("pass_review", by=ZHANG)),
    "（return_case）：审核人是本案承办人，或者应当回避。": (
        reviewed_by_another_office, wrote("return_case", "reviews", by="zhang")),
    "（return_case）：审核意见上写的不是办理人。": (
        reviewed_by_another_office, wrote("return_case", "reviews", entered_by="deputy")),
    "审核意见上写的不是办理人。": (published, wrote("pass_review", "reviews", by="deputy")),
    "听证主持人是本案调查人员，或者没有主持人。": (
        heard, wrote("hold_hearing", "hearing", chair="zhang")),
    "没有通过法制审核，却作出了处罚决定。": (
        published, wrote("pass_review", "reviews", passed=False)),
    "决定的内容不是审核通过的内容。": (
        published, wrote("conclude", "proposal", facts="当事人露天焚烧秸秆约一百平方米")),
    "听证之后没有再次审核。": (
        heard, wrote("pass_final_review", "reviews", after_hearing=None)),
    "作出了决定，却没有决定。": (published, wrote_nothing(("decide", "decision"))),
    "罚款高于审核通过的数额。": (published, wrote("decide", "decision", fine="1000.01")),
    "罚款低于审核通过的数额，审核人没有确认。": (
        published, wrote("decide", "decision", fine="999.99")),
    "决定人是本案承办人。": (published, ledger("decide", by=ZHANG)),
    "决定上写的不是办理人。": (published, wrote("decide", "decision", by="deputy")),
    "决定书日期 2025-01-13 早于负责人批准（2025-01-14）。": (
        published, wrote("decide", "decision", date="2025-01-13")),
    "决定书日期 2025-01-05 早于立案（2025-01-06）。": (
        published, wrote("decide", "decision", date="2025-01-05")),
    "还没有送达，就决定公示。": (
        published, wrote("serve_decision", "services", served_on="2025-01-15")),
    "当面送达时持有效执法证的不足两人。": (
        published, wrote("serve_decision", "services", officers=["zhang", "zhao"])),
    "当面取证时持有效执法证的不足两人。": (
        published, wrote("add_evidence", "evidence", kind="勘验笔录、现场笔录", officers=["zhang"])),
    "从前的代办记载被改动或者去掉了。": (signed_for_another, never_for_another),
    "是否代人办理，案卷和大事记说法不一。": (
        signed_for_another, wrote_nothing(("submit_review", "delegated"))),
    "李薇没有受王立新委托。": (signed_for_another, for_whom(delegation="x")),
    "委托的内容在办理之后被改动过。": (signed_for_another, for_whom(terms="x")),
    "办理时委托不在期间或者范围内，或者这一步不能委托。": (
        signed_for_another, ledger("submit_review", at="2024-12-31T09:00:00+08:00")),
    "委托人或者受托人应当回避。": (signed_for_another, about_to_withdraw),
    "期限“decision”应为 2025-04-06，记的是 2025-04-07。": (deciding, another_due),
    "没有决定或者没有选择公示，却有公示记录。": (
        published,
        wrote_nothing(
            *((f"{verb}_publication", "publication") for verb in ("choose", "review", "record")))),
    "决定没有送达，却已公示或者正在公示。": (
        published, wrote_nothing(("serve_decision", "services"))),
    "公示的消息已办完，案卷里没有回执。": (
        published, wrote("record_publication", "publication", receipts=[])),
}  # fmt: skip
"""What must be said → the case, and what somebody wrote into its ledger."""

BESIDE_IT: dict[str, tuple[Callable[[Fashen], str], str]] = {
    "期限行 [] 与案卷 ['decision'] 不一致。": (deciding, "UPDATE deadline SET state = 'closed'"),
    "期限“decision”的行与案卷不一致。": (deciding, "UPDATE deadline SET due = '2026-01-01'"),
    "期限“decision”还有预警没有发，却没有约定再看的时间。": (
        deciding, "UPDATE deadline SET wake_at = NULL"),
    "工作台的案件行与案卷推出的不一致（next_verb）。": (
        deciding, "UPDATE case_line SET next_verb = 'close'"),
    "工作台所记的另等办理与案卷推出的不一致。": (
        deciding, "INSERT INTO case_wait VALUES ((SELECT id FROM cases), 'answer_point', '', 'clerk', 'sample', NULL)"),
    "工作台所记的经办人与大事记推出的不一致。": (
        deciding, "UPDATE case_person SET seq = seq + 1 WHERE person_id = 'zhang'"),
    "sample：开过 9 件案件，现有的序号是 [1]。": (published, "UPDATE office SET cases_opened = 9"),
    ":decide:clerk 不在待发中。": (reduced,
        "DELETE FROM outbox WHERE dedup LIKE '%:decide:clerk'"),
    ":decide:clerk 已办完，收件箱里有 0 份。": (
        published, "DELETE FROM inbox WHERE dedup LIKE '%:decide:clerk'"),
    ":decide:clerk 还在待发，收件箱里已有。": (
        published, "UPDATE outbox SET status = 'ready' WHERE dedup LIKE '%:decide:clerk'"),
    "消息 tell:x 不在待发中，收件箱里却有。": (
        published, "UPDATE inbox SET dedup = 'tell:x' WHERE dedup LIKE '%:decide:clerk'"),
    ":decide:clerk 试了 8 次没有办成，不再重试（连不上）。": (
        reduced,
        "UPDATE outbox SET status = 'dead', attempts = 8, last_error = '连不上'"
        " WHERE dedup LIKE '%:decide:clerk'"),
    "公示回执与案卷不一致。": (published, "UPDATE publication SET receipt = 'x'"),
    "公示栏与案卷不一致。": (published, "UPDATE notice SET state = 'ended'"),
    "没有通过公示审查，却在公示栏里。": (
        deciding,
        "INSERT INTO notice (office_id, key, case_id, version, slug, place, state, organ, number, title, party,"
        " decided_on, published_on, changed_on, reason, body, words) SELECT office_id, 'k', id, 1, 's', 1, 'shown',"
        " '', '', '', '', '2025-01-06', '2025-01-06', '2025-01-06', '', '{}', '' FROM cases"),
    "decided SL-AIR-01-OLD 在督察台账里与大事记推出的不一致。": (
        published, "UPDATE finding SET cents = 1"),
    "类案里记的与案卷的决定不一致。": (published, "UPDATE precedent SET fen = 100"),
    ":1”所记的人办理的。": (
        published, "UPDATE command_key SET seq = 1"),
    "与它的摘要不符，被改动过，或者换过密钥。": (
        published, "UPDATE identifier SET value = '别人' WHERE kind = 'name'"),
}  # fmt: skip
"""What must be said → the case, and what somebody did to the rows beside it."""


@pytest.mark.parametrize("told", IN_THE_LEDGER)
def test_what_the_ledger_admits_is_said(told: str):
    live, edit = IN_THE_LEDGER[told]
    fashen = office_at()
    case = live(fashen)
    drain(fashen)
    assert check_all(fashen) == []

    rewrite(fashen, case, edit)

    assert any(told in fault for fault in check_all(fashen)), check_all(fashen)


@pytest.mark.parametrize("told", BESIDE_IT)
def test_what_the_rows_beside_the_ledger_show_is_said(told: str):
    live, statement = BESIDE_IT[told]
    fashen = office_at()
    live(fashen)
    if live is published:
        drain(fashen)
    assert check_all(fashen) == []

    with fashen.engine.begin() as tx:
        assert tx.execute(sa.text(statement)).rowcount > 0

    assert any(told in fault for fault in check_all(fashen)), check_all(fashen)


def test_no_sentence_is_left_that_nobody_provoked():
    provoked = [*IN_THE_LEDGER, *BESIDE_IT]
    for module in (steps, penalty, delegation, beside):
        sentences = sentences_of(Path(str(module.__file__)))
        assert len(sentences) >= 6
        for said in sentences:
            assert any(said in told for told in provoked), said


def sentences_of(file: Path) -> list[str]:
    """Of each sentence that a module can yield, the longest part that is always the same."""
    found = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            fixed = [str(v.value) for v in node.values if isinstance(v, ast.Constant)]
            if fixed and fixed[-1].endswith("。"):
                found.append(max(fixed, key=len).strip("：… "))
    return found


def test_the_doctor_says_what_the_oracle_finds(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
):
    fashen = office_at(sqlite_url)
    case = published(fashen)
    for name, value in (
        ("DATABASE_URL", sqlite_url), ("DATA_DIR", str(tmp_path)), ("SECRET_KEY", "only-for-tests-" * 3),
    ):  # fmt: skip
        monkeypatch.setenv(f"FASHEN_{name}", value)
    assert main(["doctor", "--deep"]) == 0, capsys.readouterr()

    rewrite(fashen, case, wrote("decide", "decision", fine="1000.01"))

    assert main(["doctor"]) == 0
    assert main(["doctor", "--deep"]) == 1
    assert "罚款高于审核通过的数额。" in capsys.readouterr().out
