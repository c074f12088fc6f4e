"""What a policy, a finding and a report are, whatever the question: registered once, cited, told to machines."""

import pytest

from policies import core
from policies.articles import APL
from policies.core import Doubt, Finding, Level, Outcome, Policy, Report, Verdict, evaluate
from policies.facts import Facts
from policies.lawbook import LawBook
from tests.policies.builders import LAW, a_judgement, facts, on, ready


@pytest.fixture
def policies(monkeypatch) -> dict[str, Policy]:
    """A register of its own, so that a question made up here is asked of no case."""
    empty: dict[str, Policy] = {}
    monkeypatch.setattr(core, "POLICIES", empty)
    return empty


def holds(facts: Facts, law: LawBook) -> Verdict:
    return core.holds("成立。")


def made(id="t.one", answer=holds, **parts):
    return core.policy(id, **{"title": "某事", "rules": ["R001"], "cites": [APL(44)], **parts})(
        answer
    )


# — registering —————————————————————————————————————————————————————————————————————————


def test_a_question_is_registered_under_its_id_with_all_that_was_said_of_it(policies):
    said = {
        "level": Level.NOTE,
        "needs_form": True,
        "judge": "head",
        "own_rule": True,
        "gathers": ["same_act"],
        "any_edition": True,
    }
    full = made(rules=["R001", "R002"], cites=[APL(44), APL(45)], **said)
    assert policies == {"t.one": full}
    assert full == Policy(
        "t.one", "某事", ("R001", "R002"), (APL(44), APL(45)), Level.NOTE, holds, True, "head",
        True, ("same_act",), True,
    )  # fmt: skip


def test_what_is_not_said_is_a_block_by_the_text_that_the_reviewer_may_judge(policies):
    bare = made()
    assert (bare.level, bare.judge) == (Level.BLOCK, "reviewer")
    assert (bare.needs_form, bare.own_rule, bare.gathers, bare.any_edition) == (
        False,
        False,
        (),
        False,
    )


def test_an_id_is_used_once(policies):
    first = made()
    with pytest.raises(ValueError, match=r"policy 't\.one' is defined twice"):
        made(title="另一事")
    assert policies == {"t.one": first}


def test_a_question_rests_on_an_article_or_is_the_offices_own(policies):
    with pytest.raises(ValueError, match=r"policy 't\.one' cites nothing"):
        made(cites=[])
    assert not policies
    assert made(cites=[], own_rule=True).cite == "本机关规则"
    assert made("t.two").cite == "《行政处罚法》第四十四条"
    both = made("t.three", cites=[APL(44), APL(45)], own_rule=True)
    assert both.cite == "本机关规则（参照《行政处罚法》第四十四条、《行政处罚法》第四十五条）"


# — answers —————————————————————————————————————————————————————————————————————————————


def test_a_law_that_is_not_held_is_said_with_who_can_supply_it():
    assert core.no_law("《某法》") == Verdict(
        Outcome.NEEDS_JUDGEMENT,
        "法律登记簿未收录《某法》，无法判断。",
        "导入该法的正式文本后再核，或由法制审核员书面判断。",
        "法制审核员",
        doubt=Doubt.NO_LAW,
    )


def test_an_answer_rests_on_the_policys_articles_unless_it_names_its_own_source(policies):
    plain = core.fails("不成立。", remedy="补正。", by="张衡")
    own = core.fails("不成立。", remedy="补正。", by="张衡", cite="《某办法》第三条")
    assert Finding(made(), plain).cite == "《行政处罚法》第四十四条"
    assert Finding(made("t.two"), own).cite == "《某办法》第三条"


def test_a_finding_for_machines_has_its_ten_fields_and_more_only_where_there_is_more(policies):
    asked = made(rules=["R001", "R002"], level=Level.WARN)
    ten = {
        "id": "t.one", "rule": "R001", "rules": ["R001", "R002"], "outcome": "fails",
        "cite": "《行政处罚法》第四十四条", "reason": "还早。", "remedy": "等。", "title": "某事",
        "level": "warn", "by": "张衡",
    }  # fmt: skip
    early = core.fails("还早。", remedy="等。", by="张衡")
    assert Finding(asked, early).as_dict() == ten
    dated = core.fails("还早。", remedy="等。", by="张衡", day=on("2025-01-16"))
    assert Finding(asked, dated).as_dict() == {**ten, "day": "2025-01-16"}
    doubted = Finding(asked, core.unstated("日期"), "shen：已核实").as_dict()
    assert doubted == {
        **ten, "outcome": "needs_judgement", "reason": "来源未载明日期。", "remedy": "", "by": "",
        "doubt": "未载明", "judged": "shen：已核实",
    }  # fmt: skip


# — reports —————————————————————————————————————————————————————————————————————————————


def test_only_what_is_open_is_a_block_a_warning_or_a_note(policies):
    yes, no = core.holds("成立。"), core.fails("不成立。", remedy="补正。", by="张衡")
    asked = {level: made(f"t.{level}", level=level) for level in Level}
    found = {(level, v.outcome): Finding(asked[level], v) for level in Level for v in (yes, no)}
    report = Report(tuple(found.values()))
    for level, told in (
        (Level.BLOCK, report.blocks),
        (Level.WARN, report.warnings),
        (Level.NOTE, report.notes),
    ):
        assert told == [found[level, Outcome.FAILS]]


def test_a_judgement_changes_the_answer_and_not_how_or_by_whom_it_is_cured(policies):
    def doubts(facts: Facts, law: LawBook) -> Verdict:
        return core.needs_judgement("须由人判断。", by="沈知远")

    asked = made("t.doubt", doubts)
    (open_,) = evaluate([asked], facts(ready()), LAW).findings
    assert (open_.outcome, open_.judged) == (Outcome.NEEDS_JUDGEMENT, "")
    case = ready(judgements={"t.doubt": a_judgement(holds=False)})
    (answered,) = evaluate([asked], facts(case), LAW).findings
    assert answered.judged == "shen：已核实，不是同一个行为"
    assert answered.verdict == Verdict(
        Outcome.FAILS,
        "须由人判断。 经沈知远判断：已核实，不是同一个行为",
        open_.verdict.remedy,
        "沈知远",
    )
    another = made("t.other", doubts)  # nobody has judged this one
    assert evaluate([another], facts(case), LAW).findings == (Finding(another, open_.verdict),)
