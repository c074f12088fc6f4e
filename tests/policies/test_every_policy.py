"""What is true of all policies at once, asked about many cases with one or more faults each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest

from policies import checklists
from policies.casefile import (
    Anew,
    CaseFile,
    CheckExtension,
    Correction,
    Lead,
    Point,
    Publication,
    Referral,
)
from policies.core import POLICIES, Doubt, Level, Outcome, Policy, evaluate, not_asked
from policies.facts import Facts, grounds_digest, proposal_digest
from policies.lawbook import LawBook
from policies.office import Grant, Office
from policies.parts import Spoken
from tests.policies.builders import (
    LAW,
    NOBODY,
    OFFICE,
    WITH_RULE,
    a_certificate,
    a_check,
    a_citizen,
    a_claim,
    a_clearance,
    a_closing,
    a_decision,
    a_discussion,
    a_filing,
    a_hearing,
    a_judgement,
    a_measure,
    a_no_penalty,
    a_notice,
    a_paper,
    a_payment,
    a_photo,
    a_proposal,
    a_publication,
    a_question,
    a_recusal,
    a_remedy,
    a_remedy_clause,
    a_repair,
    a_review,
    a_revocation,
    a_scene,
    a_service,
    a_slip,
    a_statement,
    a_submission,
    a_summary,
    a_suspension,
    a_third_party,
    a_transfer,
    an_act,
    an_anew,
    an_enforcement,
    an_inquiry,
    an_office_with_bands,
    an_officer,
    changed,
    cite,
    decided,
    elsewhere,
    facts,
    moment,
    office_with,
    on,
    on_spot,
    ready,
    served,
    silent,
)

ALL = tuple(POLICIES.values())

FAULTS: dict[str, object] = {
    "lead": None,
    "act": None,
    "party": a_citizen(number="sealed:1", number_kind="居民身份证号码", number_check="wrong"),
    "power": "SL-NOI-02-OLD",
    "officers": ("zhao",),
    "recusal_declared": (),
    "recusal_needed": ("zhao", "head", "shen", "chair"),
    "check": a_check(prima_facie=None),
    "filing": None,
    "evidence": (
        a_photo("e1", place="", irregular=True),
        a_scene("e2", recorder="", verified_by="", taken_on="2024-01-05", certificate_shown="not_shown"),
    ),
    "correction": Correction(ordered_on=on("2025-01-06")),
    "proposal": a_proposal(fine=9_999, violated=(), discretion="", signed_by=("zhao",), grave=True),
    "submissions": (a_submission(materials=(), received_on=on("2025-01-07"), missing=("程序材料",)),),
    "questions": (a_question(),),
    "reviewer": "other",
    "notices": (a_notice(a_proposal(fine=1), served_on="2025-01-15", told=(), hearing_told=True),),
    "statements": (a_statement(reply=""),),
    "hearing": a_hearing(ended_as="held", heard_evidence=(), chair="zhao", held_on="2025-01-14", record=""),
    "discussion": a_discussion("2025-01-20", attendees=("head",)),
    "decision": a_decision(fine=9_999, date="2024-01-01", contents=(), proposal=a_proposal(facts="另一件事")),
    "services": (a_service("公告送达", "2023-12-31"),),
    "publication": a_publication(),
    "payments": (a_payment(1, on_spot=True, receipt=""),),
    "summary": a_summary(facts_undisputed=False, certificate_shown=False, told=False, reported_on="2025-03-01"),
}  # fmt: skip


def again(case: CaseFile) -> Anew:
    """The order to decide a case anew that had been decided just as it is now proposed."""
    assert case.proposal is not None
    return an_anew(grounds=grounds_digest(case.proposal), fine=case.proposal.fine)


MEASURES: tuple[dict[str, object], ...] = (
    {},
    {"basis": "", "approved_at": None, "steps": (), "number": "", "list_handed_over": False},
    {"kind": "先行登记保存", "approved_at": None, "list_handed_over": False},
    {"urgent": True, "approved_at": None, "ended_on": on("2026-06-01")},
    {"scope": ()},
)


def _beside() -> Iterator[CaseFile]:
    """Cases with something beside them that is not as it should be."""
    out = a_publication(receipt="平台1", published_on="2025-01-22")
    late = {**out.model_dump(), "withdrawn_on": on("2025-06-01"), "withdrawn_because": "撤销"}
    yield served(publication=a_publication(chosen_by="head", gravity="轻微"))
    yield served(publication=a_publication(), party=a_citizen(age="under_18"))
    yield served(publication=a_publication(publish=False, ground="个人隐私"))
    asked = a_repair(decided_on="2025-01-30")
    yield served(publication=a_publication(repairs=(asked,), gravity="一般"))
    yield served(remedies=(a_remedy(),))
    yield served(remedies=(a_remedy(answered_on=on("2025-06-01"), stayed_on=on("2025-02-20")),))
    yield served(remedies=(a_revocation(),), publication=out)
    yield served(remedies=(a_revocation(),), publication=Publication.model_validate(late))
    yield served(
        enforcements=(an_enforcement(demand=(), package=(), demanded_on=on("2025-06-29")),)
    )
    ordered = an_enforcement(way="代履行", performer="某公司", perform_on=on("2025-08-05"))
    yield served(enforcements=(ordered,))
    yield served(enforcements=(an_enforcement(agreed_fine=Decimal(999), waived=Decimal(30)),))
    yield served(remedies=(a_revocation(),), payments=(a_payment(),))
    yield ready(clearances=(a_clearance(unable="", party_present=False),))
    yield ready(referrals=(Referral(on=on("2025-01-07"), to="监察机关", receiver="某", gist="某"),))
    yield ready(suspensions=(a_suspension(),))
    yield ready(suspensions=(a_suspension(until=on("2025-02-01")),))
    yield ready(recusals=(a_recusal(),))
    yield served(supervisions=(a_paper(),))
    yield served(supervisions=(a_paper(answered_on=on("2025-06-01")),))


NOT_CORRECTED = Correction(
    ordered_on=on("2025-01-06"), checked_on=on("2025-01-07"), corrected=False
)


def _cases() -> Iterator[CaseFile]:
    """Lawful cases, and each of them with each single fault, with all of them, and with nothing at all."""
    for make in (ready, decided, served, on_spot):
        case = make()
        yield case
        for name, fault in FAULTS.items():
            yield changed(case, **{name: fault})
        yield changed(case, **FAULTS)
        bare = {name: () if isinstance(getattr(case, name), tuple) else None for name in FAULTS}
        yield changed(case, **(bare | {"power": "", "reviewer": ""}))
    late = ready(reviews=(a_review(ready(), passed=False, points=(Point(no=1, text="补"),)),))
    yield late
    yield changed(ready(), reviews=(a_review(ready(), items={}),))
    yield changed(ready(), reviews=(a_review(ready(), unsettled=(1,)),))
    said = (Spoken(person="head", text="同意"),)
    yield ready(discussion=a_discussion(views="", opinions=said))
    later = a_review(ready(), items={"程序": "尚未发生"})
    yield changed(ready(), reviews=(later,), statements=(a_statement(replied_on=on("2025-01-11")),))
    yield ready(act=an_act("2020-01-01", "2020-01-01"))
    yield ready(evidence=(a_scene(), a_photo("e2", place="")))
    yield ready(proposal=a_proposal(discretion="依行政处罚法第三十二条听取了申辩"))
    yield ready(act=an_act(text="燃放烟花爆竹"), proposal=a_proposal(kinds=("责令关闭",)))
    yield ready(hearing=a_hearing("2025-02-01", ended_as="", reported_on=None))
    yield decided(act=an_act("2026-08-14", "2026-08-14"), decision=a_decision(date="2026-08-15"))
    yield served(services=(a_service("留置送达"),))
    yield served(services=(a_service("电子送达"),))
    yield served(services=(a_service(signed=False),))
    yield changed(decided(), reviews=())
    yield served(closing=a_closing("其他", "无"))
    yield ready(transfer=a_transfer(officers=("zhang",), reported_at=moment("2025-01-01")))
    yield ready(anew=an_anew(), filing=None)
    yield ready(anew=again(ready()))
    for wrong in MEASURES:
        yield ready(measures=(a_measure(**wrong),))
    yield from _beside()
    for party in (a_citizen(age="under_14"), a_citizen(capacity="none")):
        yield ready(party=party)
    done = Correction(ordered_on=on("2025-01-06"), checked_on=on("2025-01-07"), corrected=True)
    for proposal in (
        a_proposal(slight=True),
        a_proposal(first_time=True),
        a_proposal(no_fault=True),
        a_proposal(fined_by_court=True),
    ):
        yield ready(proposal=proposal, correction=done)
    yield ready(proposal=a_proposal(lighter=("merit",)))
    yield ready(proposal=a_proposal(heavier=("malice",), basis=(cite("EEC", 1131),)))
    yield served(services=(a_service("公告送达", "2025-02-10", begun_on=on("2025-01-16")),))
    yield served(services=(a_service("邮寄送达", "2025-01-15", begun_on=on("2025-01-16")),))
    yield served(services=(a_service(receiver_kind="其他人"),))
    yield ready(notices=(a_notice(a_proposal(), "2025-03-28"),))
    more = (a_notice(a_proposal(1000)), a_notice(a_proposal(1001), "2025-01-13"))
    yield ready(notices=more, statements=(a_statement(),))
    yield ready(hearing=a_hearing(agents=("甲", "乙", "丙")))
    yield ready(hearing=a_hearing(record_signed="refused"))
    yield ready(hearing=a_hearing(), third_parties=(a_third_party(),))
    yield ready(no_penalty=a_no_penalty(), correction=NOT_CORRECTED)
    yield ready(no_penalty=a_no_penalty("under_14"))
    yield decided(decision=a_decision(ready(), rectified=(a_slip("罚款数额"),)))
    yield decided(decision=a_decision(ready(), remedy=a_remedy_clause(court="某院")))
    yield CaseFile()


def _facts(case: CaseFile) -> Iterator[Facts]:
    for at, actor, present in product(
        ("2025-01-07", "2025-06-30"), ("head", "zhang"), (None, (), ("zhang", "zhao"))
    ):
        beside = (
            *case.measures, *case.remedies, *case.enforcements, *case.suspensions, *case.recusals,
            *case.supervisions,
        )  # fmt: skip
        item = next((thing.id for thing in beside), "")
        yield facts(
            case,
            at=at,
            entered="2025-07-01",
            actor=actor,
            present=present,
            was=CaseFile(),
            item=item,
        )


def _powers() -> Iterator[Office]:
    """The sample office with one thing wrong about the power that the lawful case stands on."""
    item = OFFICE.power("SL-AIR-01-OLD")
    assert item is not None
    over = Grant(document="赋权决定", valid_from=on("2021-07-15"), valid_to=on("2024-12-31"))
    plan = cite("GD-REVIEW", 12)
    for wrong in (
        {"delegated_by": over},
        {"delegated_by": None},
        {"mode": "委托", "delegated_by": None},
        {"penalty": plan},
        {"field": "燃气管理"},
        {"kinds": ("警告",)},
        {"higher_norm": "SL-AIR-03-OLD"},
    ):
        yield office_with(
            an_officer("xie", roles=("assistant",)),
            an_officer("zhang", certificate=a_certificate(fields=("市容环卫",))),
            power_list=(item.model_copy(update=wrong), *OFFICE.power_list[3:]),
        )


def _elsewhere() -> Iterator[tuple[Facts, LawBook]]:
    """Faults that lie in the office, in the law, or in facts that few cases have."""
    for office in _powers():
        yield facts(ready(officers=("zhang", "xie")), office=office), LAW
    rule = ready(proposal=a_proposal(fine=1001, basis=(cite("RULE", 1),)))
    yield facts(rule), WITH_RULE
    yield facts(ready(proposal=a_proposal(kinds=("行政拘留", "按日连续处罚")))), LAW
    yield facts(ready(proposal=a_proposal(also_under=("SL-AIR-03-OLD",)))), LAW
    yield facts(ready(proposal=a_proposal(illegal_income=300))), LAW
    yield facts(ready(act=an_act(emergency="某次疫情"))), LAW
    yield facts(ready(jurisdiction=a_claim(other_filed_on=on("2025-01-05")))), LAW
    yield facts(ready(jurisdiction=a_claim(disputed_on=on("2025-01-07")))), LAW
    reported = {"lead": Lead(source="12345", found_on=on("2025-01-06"))}
    late = CheckExtension(on=on("2025-02-06"), by="head", reason="情况复杂")
    yield facts(ready(check_extended=late, **reported)), LAW
    urgent = a_check(urgent=True)
    yield facts(ready(check=urgent, filing=a_filing("2025-03-06"))), LAW
    for item in (
        an_inquiry(formalities=("核对身份",)),
        an_inquiry(no_record=True),
        an_inquiry(device="D9"),
        an_inquiry(taken_on="2025-01-05"),
    ):
        yield facts(ready(evidence=(a_scene(), item))), LAW
    forced = a_closing("已强制执行", enforced_on="2025-01-29", enforced_at_night=True)
    yield facts(served(closing=forced)), LAW


GIVEN = [(given, LAW) for case in _cases() for given in _facts(case)] + list(_elsewhere())
GIVEN.append((facts(ready(), office=an_office_with_bands()), LAW))


def _asked(policy: Policy) -> set[Outcome]:
    found = set()
    for given, law in GIVEN:
        said = policy.asks(given, law)
        found.add(said.outcome)
        assert said.reason.strip(), policy.id
        assert "None" not in said.reason + said.remedy + said.by, (policy.id, said)
        assert NOBODY not in said.by, (policy.id, said)
        if said.outcome is Outcome.FAILS:
            assert said.remedy.strip(), (policy.id, said)
            assert said.by.strip(), (policy.id, said)
        if said.outcome is Outcome.NEEDS_JUDGEMENT:
            assert said.doubt is not None, (policy.id, said)
            assert said.doubt is Doubt.UNSTATED or (said.remedy and said.by), (policy.id, said)
        assert said.day is None or said.outcome is Outcome.FAILS
    return found


@pytest.mark.parametrize("policy", ALL, ids=lambda p: p.id)
def test_whatever_the_case_a_policy_answers_and_a_no_says_why_how_to_cure_it_and_by_whom(policy):
    found = _asked(policy)
    assert Outcome.NEEDS_FORM not in found  # the report's word, not a policy's
    doubts = {Outcome.NEEDS_JUDGEMENT} if policy.level is Level.BLOCK else set()
    assert found & {Outcome.FAILS, *doubts} or policy.gathers


def test_the_questions_about_what_lies_outside_the_case_say_no_as_well():
    outside = elsewhere(
        same_number=("另案",),
        same_act=("另案",),
        publishing=True,
        identifying=("案件名称里的姓名（第 1 字起）",),
        record=("文号没有填",),
    )
    given = facts(ready(publication=a_publication()), elsewhere=outside)
    assert POLICIES["publication.not_under_way"].asks(given, LAW).outcome is Outcome.FAILS
    assert POLICIES["duplicate.same_act"].asks(given, LAW).outcome is Outcome.NEEDS_JUDGEMENT
    assert POLICIES["document.number_unique"].asks(given, LAW).outcome is Outcome.FAILS
    for id in ("publication.nothing_identifying", "publication.record_complete"):
        assert POLICIES[id].asks(given, LAW).outcome is Outcome.FAILS


# — a text that is silent ————————————————————————————————————————————————————————————————

EMPTY_PARTS: dict[str, object] = {
    "evidence": (a_scene(officers=(), certificate_shown="not_needed", recorder="x", verified_by=""),),
    "correction": Correction(ordered_on=on("2025-01-06")),
    "proposal": a_proposal(
        elements=(), violated=(), basis=(), signed_by=(), discretion="", grave=True, made_on="2025-01-06"
    ),
    "submissions": (a_submission(materials=()),),
    "notices": (a_notice(a_proposal(), told=(), hearing_told=False),),
    "statements": (a_statement(reply=""),),
    "hearing": a_hearing(chair="", notified_on=None, held_on=None, record="", reported_on=None, heard_evidence=()),
    "decision": a_decision(proposal=a_proposal(), contents=()),
    "check": a_check(**dict.fromkeys(("prima_facie", "penalty_due", "own_jurisdiction", "within_limitation"))),
    "party": a_citizen(),
    "filing": ready().filing,
}  # fmt: skip

OWN_ACTS = {
    "separation.reviewer_not_officer", "separation.head_not_officer", "reviewer.qualified",
    "review.not_backdated", "summary.reported", "summary.within_limits", "summary.contents_complete",
}  # fmt: skip
"""Questions about whoever acts now, here or on the spot, and not about what a published text tells."""


@pytest.mark.parametrize("policy", [p for p in ALL if p.id not in OWN_ACTS], ids=lambda p: p.id)
def test_what_a_published_text_does_not_say_is_never_a_breach(policy):
    cases = [
        silent(),
        silent(act=an_act(None, None, inside_area=None)),
        silent(lead=None, act=None),
    ]
    cases += [silent(**{name: part}) for name, part in EMPTY_PARTS.items()]
    cases += [silent(**EMPTY_PARTS)]
    cases += [
        silent(**EMPTY_PARTS, services=(a_service(m, receiver="", served_on="2025-01-17"),))
        for m in ("直接送达", "留置送达", "邮寄送达", "电子送达", "公告送达")
    ]
    for case, present in product(cases, (None, ())):
        said = policy.asks(facts(case, present=present), LAW)
        assert said.outcome is not Outcome.FAILS, said


def test_silence_cannot_be_judged_away():
    case = silent(judgements={"review.passed": a_judgement()})
    report = evaluate([POLICIES["review.passed"]], facts(case), LAW)
    assert report.findings[0].outcome is Outcome.NEEDS_JUDGEMENT
    assert report.refuses


# — a judgement by a named person —————————————————————————————————————————————————————————


def test_a_doubt_blocks_until_a_named_person_answers_with_reasons():
    given = facts(ready(), elsewhere=elsewhere(same_act=("示街罚案〔2025〕002号",)))
    asked = [POLICIES["duplicate.same_act"]]
    assert evaluate(asked, given, LAW).refuses

    def answered(**answer):
        case = ready(judgements={"duplicate.same_act": a_judgement(**answer)})
        return evaluate(asked, replace(given, case=case), LAW)

    yes = answered()
    assert not yes.refuses
    assert "沈知远" in yes.findings[0].verdict.reason
    assert yes.findings[0].judged == "shen：已核实，不是同一个行为"
    assert answered(holds=False).refuses


def test_a_judgement_does_not_turn_a_plain_no_into_a_yes():
    case = changed(ready(), reviews=(), judgements={"review.passed": a_judgement()})
    report = evaluate([POLICIES["review.passed"]], facts(case), LAW)
    assert report.findings[0].outcome is Outcome.FAILS


# — reports ———————————————————————————————————————————————————————————————————————————


def test_a_report_holds_every_answer_and_not_only_the_first_no():
    case = changed(ready(), reviews=(), notices=(), correction=None)
    report = evaluate(checklists.DECISION, facts(case), LAW)
    assert [f.policy for f in report.findings] == list(checklists.DECISION)
    refused = {f.policy.id for f in report.blocks}
    assert {"review.passed", "notice.served", "correction.ordered", "hearing.right_told"} <= refused


def test_a_block_cannot_be_excused_and_a_warning_can_in_writing():
    case = changed(ready(proposal=a_proposal(discretion="")), reviews=())
    ids = ("decision.discretion_reasoned", "review.passed")
    asked = [POLICIES[i] for i in ids]
    bare = evaluate(asked, facts(case), LAW)
    assert [f.policy.id for f in bare.reasons] == ["review.passed", "decision.discretion_reasoned"]
    excused = evaluate(asked, facts(case, excuses=dict.fromkeys(ids, "写明的理由")), LAW)
    assert [f.policy.id for f in excused.reasons] == ["review.passed"]
    assert excused.refuses
    only_warned = evaluate(asked[:1], facts(case, excuses=dict.fromkeys(ids, "写明的理由")), LAW)
    assert not only_warned.refuses
    assert only_warned.warnings


def test_a_note_never_stands_in_the_way():
    late = evaluate([POLICIES["filing.check_in_time"]], facts(ready(), at="2025-06-01"), LAW)
    assert not late.refuses
    assert [f.policy.id for f in late.notes] == ["filing.check_in_time"]


def test_what_depends_on_the_form_is_not_answered_before_it_is_filled_in():
    preview = facts(ready(), has_form=False)
    report = evaluate(checklists.DECISION, preview, LAW)
    waiting = {f.policy for f in report.needs_form}
    assert waiting == {p for p in checklists.DECISION if p.needs_form}
    assert not report.refuses, [f.verdict.reason for f in report.reasons]
    assert not not_asked(checklists.CONCLUSION).refuses


def test_the_machine_form_of_a_finding_has_the_contracts_fields():
    case = changed(ready(), reviews=())
    for finding in evaluate(checklists.DECISION, facts(case), LAW).findings:
        told = finding.as_dict()
        assert list(told)[:1] == ["id"]
        assert {"id", "rule", "outcome", "cite", "reason", "remedy"} <= set(told)
        assert told["rule"] == finding.policy.rules[0]
        assert told["cite"]


# — the whole lawful case —————————————————————————————————————————————————————————————————


@pytest.mark.parametrize(
    ("checklist", "case", "step"),
    [
        (checklists.FILING, ready(), {"at": "2025-01-06"}),
        (checklists.CONCLUSION, ready(), {"at": "2025-01-07", "actor": "zhang"}),
        (checklists.SUBMISSION, ready(reviews=()), {"at": "2025-01-07", "actor": "wang"}),
        (checklists.REVIEW, ready(), {"at": "2025-01-08", "actor": "shen"}),
        (checklists.NOTICE, ready(), {"at": "2025-01-08", "present": ("zhang", "li")}),
        (checklists.WINDOWS, ready(), {"at": "2025-01-16", "actor": "zhang"}),
        (checklists.DECISION, decided(), {"at": "2025-01-16"}),
        (checklists.SERVICE, served(), {"at": "2025-01-20", "present": ("zhang", "li")}),
        (checklists.ON_SPOT, on_spot(), {"actor": "li", "present": ("zhang", "li")}),
        (
            checklists.CLOSING,
            served(
                payments=(a_payment(),),
                publication=a_publication(publish=False),
                correction=Correction(
                    ordered_on=on("2025-01-06"), checked_on=on("2025-01-07"), corrected=True
                ),
            ),
            {"at": "2025-02-06"},
        ),
    ],
)
def test_a_lawful_case_meets_no_objection_at_any_step(checklist, case, step):
    report = evaluate(checklist, facts(case, **step), LAW)
    assert not report.refuses, [(f.policy.id, f.verdict.reason) for f in report.reasons]


# — digests ———————————————————————————————————————————————————————————————————————————


def test_equal_amounts_are_equal_bytes_and_a_sum_in_words_changes_nothing():
    a, b = a_proposal(confiscation="100"), a_proposal(confiscation="100.00")
    assert grounds_digest(a) == grounds_digest(b)
    assert grounds_digest(a_proposal(fine=1)) == grounds_digest(a_proposal(fine=2))
    assert grounds_digest(a) != grounds_digest(a_proposal(confiscation="101"))
    assert a.fine == Decimal(1000)


def test_a_case_without_a_proposal_has_no_digest_to_pass():
    assert proposal_digest(ready(proposal=None)) == ""
    assert proposal_digest(ready()) == proposal_digest(ready(proposal=a_proposal(fine=1)))


def test_levels_are_used_as_the_design_says():
    """A block needs a text: what cites none is a warning, or the office's own signed rule."""
    for policy in ALL:
        assert policy.level is not Level.BLOCK or policy.cites or policy.own_rule
