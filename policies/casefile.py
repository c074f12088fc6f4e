"""案卷 — a case as one typed document: facts only, and what was recorded about them.

The document is the fold of the case's ledger. Everything in it is JSON without floats: money is yuan
as text, days are ISO dates, moments carry Beijing's offset. Names of citizens, numbers, addresses and
telephones never stand here in the clear, only their keyed digests (`sealed:…`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from policies.document import Record as Record
from policies.document import Yuan as Yuan
from policies.document import yuan_text as yuan_text
from policies.document import yuan_words as yuan_words
from policies.parts import (
    AddressConfirmation,
    Borrowed,
    Delegated,
    Dispatch,
    NoPenalty,
    Question,
    Rectification,
    RemedyClause,
    ThirdParty,
)
from policies.parts import Discussion as Discussion
from policies.parts import EvidenceFile as EvidenceFile
from policies.parts import Hearing as Hearing
from policies.parts import Point as Point
from policies.parts import Review as Review
from policies.parts import Statement as Statement
from policies.parts import Submission as Submission
from policies.parts import Waiver as Waiver
from policies.publicity import Publication as Publication
from policies.things import (
    Consultation,
    Deferral,
    Enforcement,
    Extension,
    Measure,
    Recusal,
    RemedyTaken,
    Supervision,
    Suspension,
)
from policies.turns import Anew as Anew
from policies.turns import Clearance as Clearance
from policies.turns import Ending as Ending
from policies.turns import PartyChange as PartyChange
from policies.turns import Referral as Referral
from policies.turns import TakenDown as TakenDown
from policies.turns import Transfer as Transfer


class PartyKind(StrEnum):
    """The three kinds of 行政相对人; an individual business counts as a citizen unless configured."""

    CITIZEN = "自然人"
    BUSINESS = "个体工商户"
    ORGANISATION = "法人及非法人组织"


class Citation(Record):
    """An article as an officer cites it: the register's key of the statute, or its printed name."""

    statute: str = Field(min_length=1, max_length=80)
    article: int = Field(ge=1, le=2000)
    paragraph: str = Field(default="", max_length=40)


class Party(Record):
    """当事人. `name` is sealed for a citizen; `number` (USCC or identity number) always.

    `representative` is the 法定代表人 of an organisation, sealed.
    """

    kind: PartyKind
    name: str
    number: str = ""
    number_kind: str = ""
    number_check: Literal["none", "ok", "wrong", "confirmed"] = "none"
    address: str = ""
    phone: str = ""
    minor: bool | None = None
    age: Literal["", "under_14", "under_18", "adult"] = ""
    capacity: Literal["", "full", "reduced", "none"] = ""
    representative: str = ""


class Act(Record):
    """违法行为 as alleged. `ended` empty and not `continuing` means nobody has recorded the end yet."""

    text: str = ""
    place: str = ""
    inside_area: bool | None = None
    began: date | None = None
    ended: date | None = None
    continuing: bool = False
    harm: Literal["", "none", "life_health_finance", "environment", "other"] = ""
    business: bool | None = None
    emergency: str = ""
    fined_elsewhere: str = ""


class Jurisdiction(Record):
    """管辖 beyond the place of the act: who else claims or filed the case, and how that was settled."""

    other: str
    other_filed_on: date | None = None
    disputed_on: date | None = None
    settled: Literal["", "协商一致", "指定管辖"] = ""
    ours: bool | None = None
    document: str = ""


class Lead(Record):
    """案件来源. `answered_on` is when the person who reported it was told what became of it."""

    source: str
    found_on: date
    text: str = ""
    answered_on: date | None = None
    answer: str = ""


class CheckExtension(Record):
    """延长核查, approved by the head."""

    on: date
    by: str
    reason: str


class Check(Record):
    """核查 result: the four filing tests as the officers answered them.

    `urgent`: the investigation began before the filing because it could not wait.
    """

    prima_facie: bool | None = None
    penalty_due: bool | None = None
    own_jurisdiction: bool | None = None
    within_limitation: bool | None = None
    text: str = ""
    urgent: bool = False


class Filing(Record):
    """立案: proposed by the officers, approved by the head; the 90 days run from `approved_on`."""

    proposed_on: date
    approved_on: date | None = None
    approved_by: str = ""
    number: str = ""


class EvidenceKind(StrEnum):
    """The eight kinds of 行政处罚法 46."""

    DOCUMENT = "书证"
    OBJECT = "物证"
    AUDIOVISUAL = "视听资料"
    ELECTRONIC = "电子数据"
    WITNESS = "证人证言"
    PARTY = "当事人的陈述"
    EXPERT = "鉴定意见"
    SCENE = "勘验笔录、现场笔录"


class Evidence(Record):
    """One item with what it proves. `digest` is the SHA-256 of a file that is kept elsewhere.

    `formalities` are the formal requirements of its kind that were seen to be met, `lacking` why others
    are not; `device` is the number of the monitoring equipment that recorded it, `medium` what the original
    recording lies on.
    """

    id: str
    kind: EvidenceKind
    name: str
    proves: str
    elements: tuple[str, ...] = ()
    taken_on: date
    taken_time: str = ""
    place: str = ""
    maker: str = ""
    officers: tuple[str, ...] = ()
    certificate_shown: Literal["shown", "on_video", "not_shown", "not_needed"] = "not_needed"
    recorder: str = ""
    medium: str = ""
    digest: str = ""
    files: tuple[EvidenceFile, ...] = ()
    verified_by: str = ""
    verified_on: date | None = None
    lawful: bool = True
    irregular: bool = False
    formalities: tuple[str, ...] = ()
    lacking: str = ""
    no_record: bool = False
    device: str = ""
    device_reviewed: bool | None = None
    proves_identity: bool = False


class Correction(Record):
    """责令改正, or why nothing is left to correct."""

    ordered_on: date | None = None
    content: str = ""
    nothing_left: str = ""
    checked_on: date | None = None
    corrected: bool | None = None


class Proposal(Record):
    """拟处罚意见: what is asserted, on which evidence, under which articles, with what consequence.

    `project_cost`: what was built cost, where the fine is a percentage of it (城乡规划法 64, 66).
    `must_review` names the classes of 行政处罚法 58 that the officers see in the case; `lighter` and
    `heavier` the circumstances of 行政处罚法 30-32 and 生态环境法典 1056, `weighed` what was made of them.
    """

    facts: str
    elements: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    violated: tuple[Citation, ...] = ()
    basis: tuple[Citation, ...] = ()
    kinds: tuple[str, ...] = ("罚款",)
    fine: Yuan = Decimal(0)
    confiscation: Yuan = Decimal(0)
    project_cost: Yuan | None = None
    discretion: str = ""
    mitigation: str = ""
    grave: bool = False
    illegal_income: Yuan | None = None
    refunded: Yuan = Decimal(0)
    also_under: tuple[str, ...] = ()
    must_review: tuple[str, ...] = ()
    slight: bool = False
    first_time: bool = False
    no_fault: bool = False
    fined_by_court: bool = False
    lighter: tuple[str, ...] = ()
    heavier: tuple[str, ...] = ()
    weighed: str = ""
    old_and_new_law: str = ""
    signed_by: tuple[str, ...] = ()
    made_on: date


class Notice(Record):
    """事先（听证）告知书 as served; `grounds` and `fine` are what the party was told."""

    number: str = ""
    served_on: date
    method: str = ""
    officers: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    hearing_told: bool = False
    defence_days: int | None = None
    grounds: str = ""
    fine: Yuan
    irregular: bool = False


class Decision(Record):
    """行政处罚决定书 as dated and sealed; the date is the one on the document.

    `undated`: a published text does not tell the date, and `date` is the latest that it can be.
    """

    number: str = ""
    date: date
    undated: bool = False
    fine: Yuan
    kinds: tuple[str, ...]
    grounds: str = ""
    digest: str = ""
    contents: tuple[str, ...] = ()
    late_penalty_told: bool = False
    by: str = ""
    irregular: bool = False
    remedy: RemedyClause | None = None
    rectified: tuple[Rectification, ...] = ()


class Service(Record):
    """送达 of one document."""

    document: str
    served_on: date
    method: Literal["直接送达", "留置送达", "邮寄送达", "电子送达", "公告送达", "当场交付"]
    receiver: str = ""
    officers: tuple[str, ...] = ()
    signed: bool = True
    refusal: str = ""
    proof: str = ""
    receiver_kind: str = ""
    begun_on: date | None = None
    grounds: str = ""
    publication_told: bool = False
    repair_told: bool = False


class Payment(Record):
    """缴款 with its receipt. `on_spot` means collected by the officers themselves."""

    on: date
    amount: Yuan
    receipt: str = ""
    on_spot: bool = False
    on_spot_reason: str = ""


class Summary(Record):
    """简易程序: the scene, what the party was told, and the decision handed over there and then.

    `signature` is the sealed picture of what the party wrote on the screen.
    """

    at: datetime
    officers: tuple[str, ...]
    certificate_shown: bool
    told: bool
    defence: str = ""
    defence_answer: str = ""
    facts_undisputed: bool
    correction: str = ""
    records: str = ""
    signature: str = ""
    reported_on: date | None = None


class Closing(Record):
    on: date
    how: Literal["已履行", "已强制执行", "其他"]
    text: str = ""
    enforced_on: date | None = None
    enforced_at_night: bool | None = None
    urgency: str = ""
    archived_on: date | None = None
    archive_number: str = ""


class Judgement(Record):
    """A named person's reasoned answer to a question that only a person can answer."""

    holds: bool
    reasons: str
    by: str
    name: str
    at: datetime


class Irregularity(Record):
    """Something that really happened against the rules, recorded as what it is."""

    seq: int
    verb: str
    at: datetime
    account: str
    rules: tuple[str, ...] = ()


class Clock(Record):
    """A period that is running: derived once from start, span and calendar version, never edited.

    `due` is the strict end, `rolled` the next working day, `ends` the one of them that binds.
    """

    start: date
    span: str
    due: date
    rolled: date
    ends: date
    provisional: bool
    calendar: str


class CaseFile(Record):
    """The whole document. `silent`: made from a published text, where silence means unknown."""

    silent: bool = False
    origin: str = ""
    lead: Lead | None = None
    act: Act | None = None
    party: Party | None = None
    power: str = ""
    officers: tuple[str, ...] = ()
    recusal_declared: tuple[str, ...] = ()
    recusal_needed: tuple[str, ...] = ()
    jurisdiction: Jurisdiction | None = None
    check: Check | None = None
    check_extended: CheckExtension | None = None
    declined: str = ""
    filing: Filing | None = None
    evidence: tuple[Evidence, ...] = ()
    correction: Correction | None = None
    proposal: Proposal | None = None
    submissions: tuple[Submission, ...] = ()
    reviews: tuple[Review, ...] = ()
    questions: tuple[Question, ...] = ()
    reviewer: str = ""
    borrowed: Borrowed | None = None
    reduction_confirmed: Yuan | None = None
    notices: tuple[Notice, ...] = ()
    statements: tuple[Statement, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    hearing: Hearing | None = None
    third_parties: tuple[ThirdParty, ...] = ()
    discussion: Discussion | None = None
    decision: Decision | None = None
    no_penalty: NoPenalty | None = None
    address: AddressConfirmation | None = None
    dispatches: tuple[Dispatch, ...] = ()
    services: tuple[Service, ...] = ()
    publication: Publication | None = None
    payments: tuple[Payment, ...] = ()
    summary: Summary | None = None
    closing: Closing | None = None
    transfer: Transfer | None = None
    referrals: tuple[Referral, ...] = ()
    clearances: tuple[Clearance, ...] = ()
    cards_taken_down: tuple[TakenDown, ...] = ()
    ending: Ending | None = None
    anew: Anew | None = None
    related: tuple[str, ...] = ()
    party_changes: tuple[PartyChange, ...] = ()
    measures: tuple[Measure, ...] = ()
    recusals: tuple[Recusal, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    extensions: tuple[Extension, ...] = ()
    deferrals: tuple[Deferral, ...] = ()
    remedies: tuple[RemedyTaken, ...] = ()
    supervisions: tuple[Supervision, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    enforcements: tuple[Enforcement, ...] = ()
    refunds: tuple[Payment, ...] = ()
    clocks: dict[str, Clock] = Field(default_factory=dict)
    judgements: dict[str, Judgement] = Field(default_factory=dict)
    irregularities: tuple[Irregularity, ...] = ()
    delegated: tuple[Delegated, ...] = ()

    def amended(self, document: Mapping[str, Any], change: Iterable[Mapping[str, Any]]) -> CaseFile:
        """The case file of `document`, which this one's document became by a change (a JSON Patch).

        It is what `model_validate(document)` gives. No field is judged by another, so only those that
        the change touched are read again, and the rest of the file is shared.
        """
        touched = {operation["path"].split("/")[1] for operation in change}
        if not touched <= document.keys():
            return CaseFile.model_validate(document)  # a field is gone
        read = CaseFile.model_validate({name: document[name] for name in touched})
        return self.model_copy(update={name: getattr(read, name) for name in touched})

    @property
    def notice(self) -> Notice | None:
        """The latest notice that was validly served; an irregular one tells the party nothing."""
        return next((n for n in reversed(self.notices) if not n.irregular), None)

    @property
    def review(self) -> Review | None:
        """The latest opinion of the legal reviewer, passed or returned."""
        return self.reviews[-1] if self.reviews else None

    @property
    def decision_served(self) -> Service | None:
        """The service of the decision, once it is on file."""
        return next((s for s in reversed(self.services) if s.document == "行政处罚决定书"), None)

    def principals(self, by: str, *verbs: str) -> tuple[str, ...]:
        """For whom this person took one of these steps, the latest first; nobody when for himself."""
        found = (d.principal for d in reversed(self.delegated) if d.by == by and d.verb in verbs)
        return tuple(dict.fromkeys(found))

    def waived(self, what: str) -> Waiver | None:
        return next((w for w in reversed(self.waivers) if w.of == what), None)

    def taken_down(self, clock: str, stage: str) -> TakenDown | None:
        """Who answered for this card of a running clock, as long as the clock ends when it did then."""
        ends = self.clocks[clock].ends if clock in self.clocks else None
        mine = (
            t for t in self.cards_taken_down if (t.clock, t.stage, t.ends) == (clock, stage, ends)
        )
        return next(mine, None)

    def relied_on(self) -> Sequence[Evidence]:
        """The evidence that the proposal names."""
        wanted = set(self.proposal.evidence) if self.proposal else set()
        return [e for e in self.evidence if e.id in wanted]
