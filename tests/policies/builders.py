"""Builders for the law alone: one lawful case as a document, and the facts of one step of it.

    facts(ready(proposal=a_proposal(fine=2001)))   # a case that lacks only the decision, with one fault
    said = ask(decision.amount_in_range, facts(…)) # the verdict

Burning straw in 2025: found and filed on Monday 6 January, noticed on Wednesday 8 January, both windows
open until the 15th, decided on the 16th, served on the 20th. Nothing here touches a database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from policies import casefile as file
from policies import parts as part
from policies.calendar import Calendar
from policies.casefile import CaseFile, Clearance, EvidenceKind, PartyKind
from policies.core import Outcome, Policy, Verdict, evaluate
from policies.decision import CONTENTS, FINE_CONTENTS
from policies.enforcement import DEMAND, PACKAGE
from policies.facts import Elsewhere, Facts, grounds_digest, proposal_digest
from policies.lawbook import LawBook, Parameter, Statute, register
from policies.measures import SCOPE, STEPS
from policies.notice import TOLD
from policies.office import Band, Certificate, Office, Person, PowerItem, Qualification
from policies.publicity import Repair
from policies.remedy_clause import remedy
from policies.review import ITEMS, MATERIALS
from policies.summary import CONTENTS as ON_SPOT_CONTENTS
from policies.things import (
    Deferral,
    Enforcement,
    Extension,
    Measure,
    Recusal,
    RemedyTaken,
    Supervision,
    Suspension,
)

_SAMPLE = Path(__file__).resolve().parents[2] / "workflow" / "sample" / "office.yaml"
OFFICE = Office.model_validate(yaml.safe_load(_SAMPLE.read_text("utf-8")))
CALENDAR = Calendar.published()

NOBODY = "（机关未配备）"
"""What stands for a role that nobody holds; the sample office has somebody for each."""

HOLDS, FAILS = Outcome.HOLDS, Outcome.FAILS
DOES_NOT_APPLY, NEEDS_JUDGEMENT = Outcome.DOES_NOT_APPLY, Outcome.NEEDS_JUDGEMENT


def on(text: str) -> date:
    return date.fromisoformat(text)


def moment(text: str) -> datetime:
    """A moment on Beijing's clock; a day alone means ten o'clock."""
    return datetime.fromisoformat(f"{text if ':' in text else f'{text} 10:00'}+08:00")


def law(parameters: Mapping[str, Any] | None = None, office: Office = OFFICE) -> LawBook:
    """The register with the office's own numbers, and these, from 2023 on, on top of both."""
    book = office.law(register())
    since = date(2023, 1, 1)
    own = [
        Parameter(key, value, found.unit if (found := _held(book, key)) else "", since,
                  "本测试设定", True)
        for key, value in (parameters or {}).items()
    ]  # fmt: skip
    return book.with_local(own)


LAW = law()


def _held(book: LawBook, key: str) -> Parameter | None:
    """The number as the register first holds it from 2023 on."""
    return book.on(date(2023, 1, 1)).find(key) or book.on(date(2024, 1, 1)).find(key)


RULE = Statute(
    "RULE", "某市某规定", "某市某规定", "某市人民政府", "地方政府规章", "", date(2020, 1, 1), 20, "verified"
)  # fmt: skip
WITH_RULE = LawBook({**LAW.statutes, "RULE": RULE}, LAW._rows)
"""The same register with an imagined 地方政府规章, of which it holds none."""


def ask(policy: Policy, given: Facts, parameters: Mapping[str, Any] | None = None) -> Verdict:
    """The policy's own answer; a no must come with a reason, a cure, and somebody who can cure it.

    None of its sentences may show that a value was missing when it was written.
    """
    said = policy.asks(given, law(parameters) if parameters else LAW)
    assert said.reason.endswith("。") or "：" in said.reason
    for told in (said.reason, said.remedy, said.by):
        assert "None" not in told, said
        assert NOBODY not in told, said
    if said.outcome is Outcome.FAILS:
        assert said.remedy, said
        assert said.by, said
    return said


def answers(checklist: Sequence[Policy], given: Facts) -> dict[str, Outcome]:
    """What each policy of a checklist answered, by id."""
    return {f.policy.id: f.outcome for f in evaluate(checklist, given, LAW).findings}


# — one step ——————————————————————————————————————————————————————————————————————————


def facts(
    case: CaseFile | None = None,
    *,
    at: str = "2025-01-16",
    entered: str = "",
    was: CaseFile | None = None,
    actor: str | Person = "head",
    present: Sequence[str] | None = None,
    office: Office = OFFICE,
    **other: Any,
) -> Facts:
    """One step; `present` makes it face to face. Without `was` the step adds nothing to the file."""
    case = case if case is not None else CaseFile()
    person = actor if isinstance(actor, Person) else office.person(actor)
    assert person is not None, actor
    happened = moment(at)
    return Facts(
        case=case,
        was=case if was is None else was,
        state="deciding",
        at=happened,
        entered=moment(entered) if entered else happened,
        actor=person,
        office=office,
        calendar=CALENDAR,
        present=tuple(present or ()),
        face_to_face=present is not None,
        **other,
    )


def elsewhere(**other: Any) -> Elsewhere:
    return Elsewhere(**other)


# — whole cases ———————————————————————————————————————————————————————————————————————


def ready(**parts: Any) -> CaseFile:
    """A lawful case that lacks only the decision; name a part to replace it, or None to leave it out."""
    proposal = parts.get("proposal", a_proposal())
    evidence = parts.get("evidence", (a_scene(), an_inquiry()))
    made: dict[str, Any] = {
        "lead": file.Lead(source="巡查", found_on=on("2025-01-06")),
        "act": an_act(),
        "party": a_citizen(),
        "power": "SL-AIR-01-OLD",
        "officers": ("zhang", "li"),
        "recusal_declared": ("zhang", "li"),
        "check": a_check(),
        "filing": a_filing(),
        "evidence": evidence,
        "correction": file.Correction(ordered_on=on("2025-01-06"), content="立即熄灭"),
        "proposal": proposal,
    }
    bare = CaseFile(**{**made, **parts} | {"reviews": (), "notices": ()})
    made["submissions"] = (a_submission(),)
    made["reviews"] = (a_review(bare),) if proposal else ()
    made["notices"] = (a_notice(proposal),) if proposal else ()
    wanted = {k: v for k, v in {**made, **parts}.items() if v is not None}
    return CaseFile(**wanted)


def decided(**parts: Any) -> CaseFile:
    """The same with its decision of 16 January."""
    case = ready(**{k: v for k, v in parts.items() if k != "decision"})
    return changed(case, decision=parts.get("decision", a_decision(case)))


def served(**parts: Any) -> CaseFile:
    """The same, served on 20 January."""
    case = decided(**{k: v for k, v in parts.items() if k != "services"})
    return changed(case, services=parts.get("services", (a_service(),)))


def on_spot(*, fine: Any = 200, kind: PartyKind = PartyKind.CITIZEN, **parts: Any) -> CaseFile:
    """A lawful summary case, decided and handed over on 16 January 2025."""
    code = "SL-WST-01-OLD" if kind is not PartyKind.ORGANISATION else "SL-AIR-03-OLD"
    proposal = a_proposal(fine=fine, elements=(), evidence=(), signed_by=(), power=code)
    made: dict[str, Any] = {
        "lead": file.Lead(source="巡查", found_on=on("2025-01-16")),
        "act": an_act(began="2025-01-16", ended=None, place="示例路 12 号"),
        "party": a_citizen(kind=kind),
        "power": code,
        "officers": ("li", "zhang"),
        "proposal": proposal,
        "decision": a_decision(proposal=proposal, fine=fine, contents=ON_SPOT_CONTENTS),
        "summary": a_summary(),
        "services": (a_service(method="当场交付", served_on="2025-01-16"),),
    }
    return CaseFile(**{k: v for k, v in {**made, **parts}.items() if v is not None})


def silent(**parts: Any) -> CaseFile:
    """What a published text tells at the very least: that there was an act and a decision."""
    made: dict[str, Any] = {
        "silent": True,
        "origin": "公开的处罚决定",
        "lead": file.Lead(source="其他", found_on=on("2025-01-06")),
        "act": file.Act(text="露天焚烧秸秆"),
    }
    return CaseFile(**{**made, **parts})


def changed(case: CaseFile, **parts: Any) -> CaseFile:
    return case.model_copy(update=parts)


# — parts —————————————————————————————————————————————————————————————————————————————


def an_act(began: str | None = "2025-01-06", ended: str | None = "2025-01-06", **other: Any) -> Any:
    made = {"text": "露天焚烧秸秆", "place": "西杜庄村西侧", "inside_area": True, "harm": "none"}
    days = {"began": began and on(began), "ended": ended and on(ended)}
    return file.Act(**{**made, **days, **other})


def a_citizen(**other: Any) -> Any:
    return file.Party(**{"kind": PartyKind.CITIZEN, "name": "sealed:name:1", **other})


def an_organisation(**other: Any) -> Any:
    return a_citizen(kind=PartyKind.ORGANISATION, name="示例公司", **other)


def a_claim(**other: Any) -> Any:
    """Another organ has something to say about whose case it is."""
    return file.Jurisdiction(**{"other": "邻街道办事处", **other})


def a_check(**other: Any) -> Any:
    yes = dict.fromkeys(
        ("prima_facie", "penalty_due", "own_jurisdiction", "within_limitation"), True
    )
    return file.Check(**{**yes, **other})


def a_filing(approved_on: str | None = "2025-01-06", **other: Any) -> Any:
    day = approved_on and on(approved_on)
    return file.Filing(proposed_on=on("2025-01-06"), approved_on=day, approved_by="head", **other)


def a_scene(id: str = "e1", **other: Any) -> Any:
    """现场笔录, as it should be."""
    made = {
        "kind": EvidenceKind.SCENE, "name": "现场检查笔录", "proves": "焚烧秸秆",
        "elements": ("焚烧秸秆",), "taken_on": on("2025-01-06"), "officers": ("zhang", "li"),
        "certificate_shown": "shown", "recorder": "JL-0101", "verified_by": "li",
    }  # fmt: skip
    return file.Evidence(**{"id": id, **made, **_days(other)})


def an_inquiry(id: str = "e2", **other: Any) -> Any:
    made = {"kind": EvidenceKind.PARTY, "name": "询问笔录", "elements": ("承认焚烧",)}
    return a_scene(id, **{**made, **other})


def a_photo(id: str = "e3", **other: Any) -> Any:
    made = {
        "kind": EvidenceKind.AUDIOVISUAL, "name": "火点照片", "place": "西杜庄村", "maker": "李薇",
        "officers": (), "certificate_shown": "not_needed", "recorder": "",
    }  # fmt: skip
    return a_scene(id, **{**made, **other})


def a_proposal(fine: Any = 1000, power: str = "SL-AIR-01-OLD", **other: Any) -> Any:
    item = OFFICE.power(power)
    assert item is not None
    made = {
        "facts": "当事人露天焚烧秸秆", "elements": ("焚烧秸秆", "承认焚烧"), "evidence": ("e1", "e2"),
        "violated": (item.duty,), "basis": (item.penalty,), "fine": Decimal(str(fine)),
        "discretion": "面积小", "signed_by": ("zhang", "li"), "made_on": on("2025-01-07"),
    }  # fmt: skip
    return file.Proposal(**{**made, **_days(other)})


def cite(statute: str, article: int, paragraph: str = "") -> file.Citation:
    return file.Citation(statute=statute, article=article, paragraph=paragraph)


def a_submission(**other: Any) -> Any:
    made = {"at": moment("2025-01-07"), "by": "wang", "materials": MATERIALS}
    return file.Submission(**{**made, **other})


def a_review(case: CaseFile, at: str = "2025-01-08 11:00", **other: Any) -> Any:
    """A pass of what the case proposes."""
    made = {
        "at": moment(at), "by": "shen", "name": "沈知远", "passed": True, "opinion": "同意",
        "items": dict.fromkeys(ITEMS, "认可"), "digest": proposal_digest(case),
        "fine": case.proposal.fine if case.proposal else Decimal(0),
    }  # fmt: skip
    return file.Review(**{**made, **_money(other)})


def a_question(text: str = "照片何时拍摄？", **other: Any) -> Any:
    made = {"asked_by": "shen", "asked_at": moment("2025-01-08"), "submission": 1}
    return part.Question(text=text, **{**made, **other})


def a_notice(proposal: Any, served_on: str = "2025-01-08", **other: Any) -> Any:
    made = {
        "number": "示街罚告〔2025〕001号", "served_on": on(served_on), "method": "直接送达",
        "officers": ("zhang", "li"), "told": TOLD, "hearing_told": True,
        "grounds": grounds_digest(proposal), "fine": proposal.fine,
    }  # fmt: skip
    return file.Notice(**{**made, **_money(other)})


def a_measure(**other: Any) -> Measure:
    """Twenty bags of cement, taken on Monday 2 March 2026 with everything that the law asks for."""
    taken = moment("2026-03-02 10:00")
    made: dict[str, Any] = {
        "id": "m1", "state": "measure.held", "kind": "扣押", "objects": "水泥二十袋",
        "reason": "可能被转移", "basis": "某条例第二十条", "taken_at": taken, "officers": ("zhang", "li"),
        "number": "扣1", "approved_at": taken - timedelta(minutes=5), "approved_by": "head",
        "list_handed_over": True, "steps": STEPS, "scope": SCOPE,
    }  # fmt: skip
    return Measure.model_validate({**made, **other})


def a_remedy(**other: Any) -> RemedyTaken:
    """A suit that began on 10 February 2025, whose copy came on Monday the 17th."""
    made: dict[str, Any] = {
        "id": "r1", "state": "remedy.open", "kind": "suit", "began": on("2025-02-10"), "body": "人民法院",
        "copy_received": on("2025-02-17"),
    }  # fmt: skip
    return RemedyTaken.model_validate({**made, **other})


def a_revocation(**other: Any) -> RemedyTaken:
    """The decision was revoked on 3 March 2025, and that stands."""
    fell = {
        "state": "remedy.final",
        "ended": "revoked",
        "received": on("2025-03-03"),
        "final": True,
    }
    return a_remedy(**{**fell, **other})


def a_suspension(**other: Any) -> Suspension:
    made: dict[str, Any] = {
        "id": "p1", "state": "suspension.standing", "reason": "鉴定", "account": "等待鉴定意见",
        "since": on("2025-01-09"), "approved_by": "head",
    }  # fmt: skip
    return Suspension.model_validate({**made, **other})


def a_recusal(**other: Any) -> Recusal:
    """The party asks that the head stay out."""
    made: dict[str, Any] = {
        "id": "c1", "state": "recusal.asked", "person": "head", "asked_by": "当事人",
        "reason": "与举报人是亲属", "asked_on": on("2025-01-08"),
    }  # fmt: skip
    return Recusal.model_validate({**made, **other})


def a_paper(**other: Any) -> Supervision:
    """A 行政复议意见书 of Monday 3 March 2025; the sixtieth day is 2 May, in the holidays."""
    made = {
        "id": "v1", "state": "supervision.open", "kind": "行政复议意见书", "sender": "示例区人民政府",
        "number": "示复意〔2025〕1号", "received": on("2025-03-03"), "content": "今后告知应当写明依据",
    }  # fmt: skip
    return Supervision.model_validate({**made, **other})


def an_enforcement(**other: Any) -> Enforcement:
    """Demanded on Monday 4 August 2025 with everything that the law wants said."""
    made: dict[str, Any] = {
        "id": "x1", "state": "enforcement.demanded", "demanded_on": on("2025-08-04"), "demand": DEMAND,
        "package": PACKAGE,
    }  # fmt: skip
    return Enforcement.model_validate({**made, **other})


def a_deferral(*dues: str, amount: Any = 500, **other: Any) -> Deferral:
    """Asked for when the decision was served and granted three days later; so much at each date."""
    parts = [{"due": on(day), "amount": Decimal(str(amount))} for day in dues]
    made: dict[str, Any] = {
        "id": "d1", "state": "deferral.granted", "asked_on": on("2025-01-20"), "reason": "经济困难",
        "instalments": parts, "decided_on": on("2025-01-23"), "decided_by": "head",
    }  # fmt: skip
    return Deferral.model_validate({**made, **other})


def an_extension(**other: Any) -> Extension:
    """Thirty days more, granted by the head in the second month."""
    made: dict[str, Any] = {
        "id": "t1", "state": "extension.granted", "days": 30, "reason": "等待鉴定意见",
        "asked_on": on("2025-03-03"), "decided_on": on("2025-03-05"), "approved_by": "head",
    }  # fmt: skip
    return Extension.model_validate({**made, **other})


def an_anew(**other: Any) -> file.Anew:
    """The court revoked the decision of another case and told the office to decide again by May."""
    made: dict[str, Any] = {
        "origin": "另案", "because": "行政判决书", "procedural": False, "ordered_on": on("2025-03-03"),
        "until": on("2025-05-02"),
    }  # fmt: skip
    return file.Anew.model_validate({**made, **other})


def a_transfer(**other: Any) -> file.Transfer:
    """Reported on Monday 3 March 2025 at ten, approved the next morning at nine."""
    made: dict[str, Any] = {
        "reported_at": moment("2025-03-03"), "reason": "污染环境，涉嫌犯罪", "officers": ("zhang", "li"),
        "approved_at": moment("2025-03-04 09:00"), "approved_by": "head",
    }  # fmt: skip
    return file.Transfer.model_validate({**made, **other})


def a_statement(received_on: str = "2025-01-10", **other: Any) -> Any:
    made = {"text": "初次违法，请求从轻", "reply": "不予采纳，拟处罚已考虑初次违法"}
    return file.Statement(received_on=on(received_on), **{**made, **other})


def a_waiver(of: str, day: str = "2025-01-09") -> Any:
    return file.Waiver.model_validate({"of": of, "on": day, "proof": "当事人签名的声明"})


def a_hearing(requested_on: str = "2025-01-10", **other: Any) -> Any:
    """Asked for on 10 January, notified on the 13th, held on the 22nd, the seventh working day."""
    made = {
        "requested_on": on(requested_on), "chair": "chair", "chair_name": "韩静仪",
        "notified_on": on("2025-01-13"), "held_on": on("2025-01-22"), "record": "听证笔录",
        "report": "建议按拟处罚", "reported_on": on("2025-01-23"), "ended_as": "held",
        "heard_evidence": ("e1", "e2"),
    }  # fmt: skip
    return file.Hearing(**{**made, **_days(other)})


def a_postponement(on_: str = "2025-01-13", **other: Any) -> Any:
    made = {"was_on": on("2025-01-21"), "reason": "当事人住院", "by": "head"}
    return part.Postponement(on=on(on_), **{**made, **other})


def a_third_party(interest: str = "共有人") -> Any:
    return part.ThirdParty(name="sealed:name:3", interest=interest, on=on("2025-01-10"))


def a_discussion(day: str = "2025-01-16", **other: Any) -> Any:
    made = {"attendees": ("head", "deputy"), "views": "均同意", "conclusion": "按拟处罚"}
    return file.Discussion(on=on(day), **{**made, **_money(other)})


def a_decision(
    case: CaseFile | None = None, date: str = "2025-01-16", *, proposal: Any = None, **other: Any
) -> Any:
    proposal = proposal or (case.proposal if case else None)
    made = {
        "number": "示街罚决〔2025〕001号", "date": on(date), "kinds": ("罚款",),
        "fine": proposal.fine if proposal else Decimal(1000),
        "grounds": grounds_digest(proposal) if proposal else "",
        "digest": proposal_digest(case) if case else "",
        "contents": CONTENTS + FINE_CONTENTS, "by": "head",
    }  # fmt: skip
    return file.Decision(**{**made, **_money(other)})


def a_no_penalty(ground: str = "slight", date: str = "2025-01-16", **other: Any) -> Any:
    made = {"number": "示街不罚〔2025〕001号", "reasons": "面积很小，当场熄灭", "by": "head"}
    return part.NoPenalty(**{"ground": ground, "date": on(date), **made, **other})


def a_clearance(**other: Any) -> Clearance:
    """Gravel on a road, cleared while the party was there."""
    made: dict[str, Any] = {
        "on": on("2025-01-07"), "what": "遗洒物", "where": "道路", "spot": "西杜庄村口", "performer": "某公司",
        "unable": "没有清扫的车辆和人员", "party_present": True,
    }  # fmt: skip
    return Clearance.model_validate({**made, **other})


def a_remedy_clause(**other: Any) -> Any:
    """The clause that the sample office's decisions of 2025 carry."""
    told = remedy(OFFICE, LAW, on("2025-01-16"), on_spot=False)
    return told.model_copy(update=other)


def a_slip(what: str = "文字", **other: Any) -> Any:
    made = {"wrong": "焚绕", "right": "焚烧", "by": "head"}
    return part.Rectification(what=what, on=on("2025-01-21"), **{**made, **other})


def a_service(method: str = "直接送达", served_on: str = "2025-01-20", **other: Any) -> Any:
    made = {
        "document": "行政处罚决定书", "served_on": on(served_on), "method": method,
        "receiver": "sealed:receiver:1", "officers": ("zhang", "li"),
    }  # fmt: skip
    return file.Service.model_validate({**made, **other})


def a_payment(amount: Any = 1000, day: str = "2025-02-05", **other: Any) -> Any:
    return file.Payment(on=on(day), amount=Decimal(str(amount)), **{"receipt": "示票 1", **other})


def a_publication(**other: Any) -> Any:
    made = {"publish": True, "reason": "有一定社会影响", "chosen_by": "clerk"}
    return file.Publication(chosen_on=on("2025-01-21"), **{**made, **_days(other)})


def a_repair(asked_on: str = "2025-01-25", decided_on: str = "2025-05-01", **other: Any) -> Any:
    made = {
        "asked_on": on(asked_on),
        "decided_on": on(decided_on),
        "by": "head",
        "reason": "已履行",
    }
    return Repair(**{"granted": True, **made, **other})


def a_summary(**other: Any) -> Any:
    made = {
        "at": moment("2025-01-16 15:10"), "officers": ("li", "zhang"), "certificate_shown": True,
        "told": True, "facts_undisputed": True,
    }  # fmt: skip
    return file.Summary(**{**made, **_days(other)})


def a_closing(how: str = "已履行", text: str = "", **other: Any) -> Any:
    return file.Closing.model_validate({"on": "2025-02-06", "how": how, "text": text, **other})


def a_judgement(**other: Any) -> Any:
    made = {
        "holds": True, "reasons": "已核实，不是同一个行为", "by": "shen", "name": "沈知远",
        "at": moment("2025-01-15"),
    }  # fmt: skip
    return file.Judgement(**{**made, **other})


# — an office with one thing changed ——————————————————————————————————————————————————


def office_with(*people: Person, **other: Any) -> Office:
    """The sample office with these people in place of, or beside, its own."""
    named = {p.id: p for p in (*OFFICE.people, *people)}
    parts = {name: getattr(OFFICE, name) for name in Office.model_fields}
    return Office(**{**parts, "people": tuple(named.values()), **other})


def an_item(code: str = "SL-AIR-01-OLD", **other: Any) -> PowerItem:
    """An item of the sample power list with something changed, checked as in a file."""
    item = OFFICE.power(code)
    assert item is not None, code
    return PowerItem(**{name: getattr(item, name) for name in PowerItem.model_fields} | other)


def an_office_with(*items: PowerItem) -> Office:
    """The sample office with these items in place of its own of the same code."""
    named = {p.code: p for p in (*OFFICE.power_list, *items)}
    return office_with(power_list=tuple(named.values()))


def a_band(name: str, low: Any, high: Any, party: Any = "") -> Band:
    return Band(name=name, min=Decimal(str(low)), max=Decimal(str(high)), party=party)


BANDS = (a_band("轻微", 500, 800), a_band("一般", 800, 1500), a_band("严重", 1501, 2000))
"""Made up: no benchmark of Tianjin was found."""


def an_office_with_bands() -> Office:
    return an_office_with(an_item(bands=BANDS))


def an_officer(
    id: str = "sun", *, until: str = "2030-12-31", since: str = "2020-01-01", **other: Any
) -> Person:
    held = a_certificate(no=f"示{id}", valid_from=on(since), valid_to=on(until))
    return Person(**{"id": id, "name": id, "roles": ("officer",), "certificate": held, **other})


def a_certificate(**other: Any) -> Certificate:
    made = {"no": "示1", "valid_from": on("2020-01-01"), "valid_to": on("2030-12-31")}
    return Certificate(**{**made, **other})


def a_reviewer(id: str = "jie", **qualification: Any) -> Person:
    held = Qualification(**qualification) if qualification else None
    return Person(id=id, name=id, roles=("reviewer",), qualification=held)


def _days(parts: Mapping[str, Any]) -> dict[str, Any]:
    named = ("taken_on", "made_on", "notified_on", "held_on", "reported_on", "published_on")
    found = {k: on(v) if k in named and isinstance(v, str) else v for k, v in parts.items()}
    return _money(found)


def _money(parts: Mapping[str, Any]) -> dict[str, Any]:
    named = ("fine", "cap", "confiscation", "illegal_income", "refunded")
    return {k: Decimal(str(v)) if k in named and v is not None else v for k, v in parts.items()}
