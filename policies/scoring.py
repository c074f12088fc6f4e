"""案卷评查 — the score sheet of a dossier: what is looked at, how many points hang on it, what voids the file.

No text that we hold gives one sheet for all; the items and points follow what the published sheets have in
common, and each says the article it goes by. The grades' thresholds are parameters nobody has confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FULL = 100


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the sheet. `points` 0 voids the whole file (一票否决); `each` is taken off for each fault.

    `rules` are the policies and clocks whose findings speak about it.
    """

    id: str
    part: str
    title: str
    cite: str
    points: int
    each: int = 0
    rules: tuple[str, ...] = ()

    @property
    def voids(self) -> bool:
        return self.points == 0


def _veto(id: str, title: str, cite: str, *rules: str) -> Item:
    return Item(id, "否决项", title, cite, 0, 0, rules)


ITEMS: tuple[Item, ...] = (
    _veto("subject", "实施主体合法，在权限之内", "行政处罚法第十七条至第二十四条、第三十八条",
          "jurisdiction.power_listed", "power.delegated", "power.entrusted", "jurisdiction.place"),
    _veto("officers", "两名以上执法人员，有执法资格", "行政处罚法第四十二条",
          "officers.two_certified", "officers.assigned", "officers.no_assistant_signs"),
    _veto("facts", "事实清楚，证据充分，定性准确", "行政处罚法第四十条、第四十六条",
          "evidence.elements_proved", "evidence.verified_and_lawful", "evidence.formalities_sound"),
    _veto("law", "适用法律正确，在法定种类和幅度之内", "行政处罚法第三十七条、第五十九条",
          "law.citations_valid", "decision.kinds_allowed", "decision.amount_in_range", "power.basis_level",
          "limitation.not_expired"),
    _veto("procedure", "告知、听证、法制审核、集体讨论的法定程序没有缺失",
          "行政处罚法第四十四条、第五十七条、第五十八条、第六十二条至第六十四条",
          "notice.served", "notice.matches_decision", "notice.not_heavier_for_defence",
          "defence.window_closed", "hearing.right_told", "hearing.request_window_closed",
          "hearing.held_when_requested", "review.passed", "review.after_hearing",
          "separation.reviewer_not_officer", "separation.chair_not_investigator",
          "decision.discussed_collectively"),
    _veto("transfer", "应当移送的已经移送", "行政处罚法第二十七条、第八十二条",
          "transfer.not_replaced_by_penalty"),
    Item("filing", "立案", "来源、案情、审批齐全，按期立案", "行政处罚法第五十四条", 5, 1,
         ("filing.standard_met", "filing.approved", "filing.check_in_time", "filing.urgent_in_time",
          "filing.complainant_answered", "lead_check")),
    Item("scene", "调查取证", "检查、勘验笔录：时间地点、内容、签名或者见证", "行政处罚法第五十五条", 10, 2,
         ("evidence.record_made", "evidence.certificate_shown", "evidence.recorder_worn",
          "evidence.photo_described", "evidence.formalities_met", "evidence.dates_possible",
          "evidence.before_decision")),
    Item("inquiry", "调查取证", "询问笔录：一份一人，逐页签名，告知回避", "行政处罚法第四十三条、第五十五条", 10, 2,
         ("evidence.inquiry_kept_form", "officers.recusal_right_told", "officers.recusal_declared")),
    Item("measures", "调查取证", "登记保存、查封、扣押有决定和清单，按期处理",
         "行政处罚法第五十六条，行政强制法第二十四条、第二十五条", 5, 2,
         ("measure.inventory", "measure.documents", "measure.scope", "measure.ended_in_time",
          "registration", "seizure", "seizure_report")),
    Item("correction", "调查取证", "责令改正并复查", "行政处罚法第二十八条", 4, 2,
         ("correction.ordered", "correction.checked")),
    Item("review", "审查决定", "审核意见逐项写明理由，退回逐条补正", "行政处罚法第五十八条", 8, 2,
         ("review.nine_items_judged", "review.points_answered", "review.questions_answered",
          "review.missing_supplied", "review.package_complete", "review.proposal_signed",
          "review.not_backdated", "reviewer.assigned", "legal_review")),
    Item("told", "审查决定", "告知的内容齐全，申辩逐条复核", "行政处罚法第四十四条、第四十五条", 8, 2,
         ("notice.contents_told", "defence.reply_given", "hearing.notice_in_time", "hearing.recorded",
          "hearing.record_signed")),
    Item("discretion", "审查决定", "裁量有事实和理由，在档次之内", "行政处罚法第三十四条", 6, 3,
         ("decision.discretion_reasoned", "decision.band_kept", "decision.heavier_weighed",
          "decision.lighter_applied", "decision.first_time_weighed")),
    Item("decision", "审查决定", "决定书载明法定的各项", "行政处罚法第五十九条", 21, 3,
         ("decision.contents_complete", "decision.remedy_told", "decision.date_follows_steps",
          "document.number_unique", "law.article_numbers_current", "law.milder_compared")),
    Item("in_time", "审查决定", "立案之日起九十日内决定", "行政处罚法第六十条", 3, 3,
         ("decision.within_time", "decision")),
    Item("service", "送达执行", "七日内送达，回证完整", "行政处罚法第六十一条", 6, 2,
         ("service.proved", "service.left_with_witness", "service.electronic_consented",
          "service.public_notice_grounded", "service.receiver_fits", "service.after_document",
          "service.in_time", "service")),
    Item("execution", "送达执行", "罚缴分离，合法票据入卷，没收物品有清单和处理记录",
         "行政处罚法第六十七条、第七十条、第七十四条", 6, 2,
         ("payment.not_self_collected", "payment.lawful_receipt", "fulfilment.fine_paid",
          "measures.settled", "payment")),
    Item("publication", "送达执行", "按期公示，内容没有个人信息", "行政处罚法第四十八条", 4, 2,
         ("publication.choice_recorded", "publication.receipt_back", "publication.nothing_identifying",
          "publication.withdrawn_in_time", "publication", "withdrawal")),
    Item("closing", "卷面", "结案审批及时，一案一卷，封面、目录、页码、顺序", "案卷评查标准（卷面）", 4, 1,
         ("summary.reported", "summary_report")),
)  # fmt: skip
"""In reading order; the points of what does not void the file make a hundred."""

BY_ID: Mapping[str, Item] = {item.id: item for item in ITEMS}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the machine found in a case: rule or clock, and in which words."""

    key: str
    reason: str
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """What was taken off one item, and why. A point lost without a reason is not a judgement."""

    points: int
    reason: str


def prefilled(found: Iterable[Seen]) -> dict[str, Lost]:
    """What the machine would take off, item by item; a person looks at each and may put it otherwise."""
    told = list(found)
    lost: dict[str, Lost] = {}
    for item in ITEMS:
        mine = [s for s in told if s.key in item.rules]
        if mine:
            points = FULL if item.voids else min(item.points, item.each * len(mine))
            words = "；".join(
                f"{s.reason}{f'（{s.cite}）' if s.cite else ''}".replace("。（", "（") for s in mine
            )
            lost[item.id] = Lost(points, words[:1000])
    return lost


def total(lost: Mapping[str, Lost]) -> int:
    """What is left of a hundred; nothing where an item that voids the file is lost."""
    if any(BY_ID[id].voids and x.points for id, x in lost.items()):
        return 0
    return FULL - sum(min(x.points, BY_ID[id].points) for id, x in lost.items())


def grade(points: int, excellent: int, passing: int) -> str:
    if points >= excellent:
        return "优秀"
    return "合格" if points >= passing else "不合格"
