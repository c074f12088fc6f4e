"""个人信息保护法 28, 34; 行政处罚法 50 — no identifier of a person goes out with a published decision.

The paragraphs come from `disguises.py`; `pytest -s` shows how many clean ones would be stopped.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflow import disguises
from tests.workflow.disguises import PEOPLE, Planted
from workflow.publication.disguised import KINDS, Hit, Known, find, redacted

PLANTED = disguises.planted()
CLEAN = list(disguises.clean())
DECISIONS = Path(__file__).resolve().parents[3] / "shared/data/decisions/decisions.json"
CEILING = 0.03
"""The share of clean paragraphs that may be stopped: a filter that cries at everything is switched off."""


# --- What is planted is found -------------------------------------------------------------------


def test_there_are_enough_of_them_and_of_every_kind():
    assert len(PLANTED) >= 300
    assert {p.kind for p in PLANTED} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_planted_identifier_is_found_where_it_stands(kind):
    missed = [
        (p.disguise, p.text[p.start : p.end], [(h.kind, p.text[h.start : h.end]) for h in found])
        for p in PLANTED
        if p.kind == kind and not _is(p, found := find(p.text, PEOPLE))
    ]
    assert missed == []


def _is(planted: Planted, found: list[Hit]) -> bool:
    return [(h.kind, h.start, h.end) for h in found] == [(planted.kind, planted.start, planted.end)]


def test_the_redacted_paragraph_has_nothing_left_and_keeps_the_rest():
    for p in PLANTED:
        text = redacted(p.text, find(p.text, PEOPLE))
        assert find(text, PEOPLE) == []
        assert text.startswith(p.text[: p.start])
        assert text.endswith(p.text[p.end :])


# --- What is clean is let through ---------------------------------------------------------------


def test_few_clean_paragraphs_are_stopped(capsys):
    paragraphs = [*CLEAN, *published()]
    stopped = [p for p in paragraphs if find(p, PEOPLE)]
    share = len(stopped) / len(paragraphs)
    with capsys.disabled():
        print(
            f"\nclean paragraphs stopped: {len(stopped)} of {len(paragraphs)} ({share:.1%})"
            + ("" if DECISIONS.exists() else f"; without {DECISIONS.name}, which is not there")
        )
    assert len(CLEAN) >= 150
    assert share <= CEILING, stopped


def published() -> list[str]:
    """The sentences of published decisions, their parties and numbers; none where they are not beside us."""
    if not DECISIONS.exists():
        return []
    found: list[str] = []
    for decision in json.loads(DECISIONS.read_text("utf-8")):
        texts = [v for v in decision.values() if isinstance(v, str) and not v.startswith("http")]
        found += [s for text in texts for s in text.replace("；", "。").split("。") if len(s) > 3]
    return found


@pytest.mark.parametrize(
    "text",
    [
        "示街罚决〔2025〕1号",
        "（2024）津0115行初123号",
        "第五十八条第一款第（二）项",
        "二〇二五年十二月三十一日",
        "2025-01-09至2025-02-09，2025.01.09，2025/1/9 10:30",
        "罚款人民币壹仟元整（1000.00元）",
        "统一社会信用代码：91440101MA5D7WXX3J、911522010783762860",
        "拨打12345、110、12315举报",
        "执法人员李某（执法证号：02010112345）",
        "执法证号13020123456、13020123457",
        "东经131.12345678，北纬46.12345678",
        "长12.5米、宽3.4米、高2.8米，共119立方米",
        "在示例路 12 号门前占道经营",
        "某小区3号楼2单元门前堆放杂物",
        "示例公司，住所地：示例路12号301室",
        "王某某（身份证号码略）",
        "车牌号为津A***5的货车，电话138****8000",
        "2025年1月9日生产的设备，1990年1月1日生效的规定",
        "涉及3号楼2单元12户居民，3号楼120平方米",
        "通过微信支付20000元，微信群内发布，QQ空间",
        "粤B2-20090059、津ICP备12345678号",
        "建筑垃圾运输通行证编号JN2025001234",
        "合同编号HT13800138000，第15987654321号专利，票据号码1380013800012",
        "监督电话：022-88888888",
        "工商注册号120111600435901，设备序列号SN13812345678901",
        "住宅小区3号楼，住户12户，示例小区物业服务中心位于示例小区8号楼101室",
        "第1-3号楼与5-7号楼之间道路",
        "公开于/202501/t20250114_6833076.html",
    ],
)
def test_what_leads_to_no_person_is_let_through(text):
    assert find(text, PEOPLE) == []


# --- Edges --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        ("某小区3号楼2单元", "某小区3号楼2单元楼下"),
        ("当事人王某住示例路12号", "当事人在示例路12号"),
        ("当事人1990年1月1日生，", "当事人1990年1月1日生产，"),
        ("13800138000", "113800138000"),
        ("13800138000", "12800138000"),
        ("电话：23456789", "23456789"),
        ("投诉人电话：022-23456789", "投诉电话：022-23456789"),
        ("身份证尾号1233", "票据尾号1233"),
        ("账号：02030405060708090", "财政专户账号：02030405060708090"),
        ("110101199003071238", "1101011990030712"),
        ("证件号码110101199003071239", "缴款单号110101199003071239"),
    ],
)
def test_one_word_or_digit_decides(inside, outside):
    assert len(find(inside)) == 1
    assert find(outside) == []


def test_two_numbers_run_together_are_both_found():
    text = "13800138000110101199003071233"
    assert [h.kind for h in find(text)] == ["电话号码", "身份证件号码"]


def test_the_digit_of_a_name_or_of_a_list_is_not_taken_into_the_number():
    for before in ("证人张三", "①", "1.", "一、", "唯一"):
        text = f"{before}13800138000"
        assert [(h.start, h.end) for h in find(text)] == [(len(before), len(text))]


def test_a_name_is_cut_to_the_surname_and_a_number_to_what_it_was():
    people = [Known("王五", "证人"), Known("欧阳明月", "投诉举报人")]
    text = "王 五、欧阳·明月（13800138000）到场。"
    assert redacted(text, find(text, people)) == "王某、欧阳某某（（电话号码略））到场。"


def test_the_hit_says_whose_name_it_is():
    (hit,) = find("张　三到场", [Known("张三", "投诉举报人")])
    assert hit.why == "投诉举报人的姓名"


def test_a_name_that_is_masked_already_is_no_hit():
    assert find("王某到场", [Known("王某", "证人"), Known("王", "证人"), Known("", "证人")]) == []


def test_a_latin_name_inside_a_word_is_no_hit():
    assert find("Johnsmithson公司", [Known("John Smith", "证人")]) == []


# --- Every text ---------------------------------------------------------------------------------

PROSE = st.text(alphabet="当事人在示例路号楼单元室，。、：电话身份证 \n年月日元", max_size=20)


@given(seed=st.integers(0, 2**32), before=PROSE, after=PROSE)
def test_an_identity_number_is_found_in_any_composed_disguise(seed, before, after):
    dice = random.Random(seed)
    number = disguises.identity(dice)
    written, _ = disguises.composed(dice, number)
    text = f"{before}。{written}。{after}"
    start = len(before) + 1
    assert ("身份证件号码", start, start + len(written)) in [
        (h.kind, h.start, h.end) for h in find(text)
    ]


PIECES = st.one_of(
    st.text(max_size=8),
    st.text(alphabet="0123456789lOX-. 　一二三〇①", max_size=24),
    st.sampled_from([p.text[p.start : p.end] for p in PLANTED]),
    st.sampled_from(["身份证号：", "电话", "微信号", "账号：", "住", "出生", "在", "号", "室"]),
    st.sampled_from(["转", "车牌", "@", "王", "建国", "护照"]),
    st.sampled_from(CLEAN),
)  # fmt: skip


@given(st.lists(PIECES, max_size=8).map("".join))
def test_hits_lie_in_the_text_apart_and_redaction_leaves_none(text):
    hits = find(text, PEOPLE)
    ends = [0, *(edge for h in hits for edge in (h.start, h.end)), len(text)]
    assert ends == sorted(ends)
    assert all(h.start < h.end and h.kind in KINDS and h.why for h in hits)
    assert find(redacted(text, hits), PEOPLE) == []


SLOW = """1|1 |一|l|O|1-|138|6222|13800138000|110101199003071233|1101011990030712331|@|a@|a.|@dot|3号楼|
3号楼2单元|3号楼501|住|住3号|微信号|津A|津A1|王 |王建|转1|电话|1990年|\u0336|（|E1"""


@pytest.mark.parametrize("piece", SLOW.replace("\n", "").split("|"))
def test_a_long_text_made_to_be_slow_is_searched_to_its_end(piece):
    """Each step looks at a bounded stretch, so that twenty thousand characters are nothing."""
    text = (piece * 20_000)[:20_000]
    assert all(h.end <= len(text) for h in find(text, PEOPLE))
