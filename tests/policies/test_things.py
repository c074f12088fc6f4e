"""Things beside a case as a list shows them: what they are, in a few words."""

from __future__ import annotations

import pytest

from tests.policies.builders import a_measure, a_recusal, a_remedy, on


@pytest.mark.parametrize(
    ("remedy", "told"),
    [
        ({"kind": "review", "body": "示例区人民政府"}, "行政复议：示例区人民政府"),
        ({"kind": "suit", "body": "示例区人民法院"}, "行政诉讼：示例区人民法院"),
        ({"kind": "own", "body": "", "document": "纠正决定1号"}, "自行纠正：纠正决定1号"),
        ({"kind": "suit", "body": "法院", "document": "判决书"}, "行政诉讼：法院"),
        ({"kind": "suit", "body": "院" * 36}, "行政诉讼：" + "院" * 35),
    ],
)
def test_a_remedy_is_told_by_its_kind_and_the_body_or_the_paper_in_forty_signs(remedy, told):
    assert a_remedy(**remedy).told == told


def test_what_was_taken_and_why_somebody_shall_stay_out_is_cut_where_a_line_ends():
    assert a_measure(objects="甲" * 31).told == "扣押：" + "甲" * 30
    assert a_recusal(reason="乙" * 21).told == "head：" + "乙" * 20


@pytest.mark.parametrize(
    ("stayed", "lifted", "stands_still"),
    [(None, None, False), ("2025-03-03", None, True), ("2025-03-03", "2025-03-10", False)],
)
def test_execution_stands_still_from_the_stay_until_it_is_lifted(stayed, lifted, stands_still):
    remedy = a_remedy(stayed_on=stayed and on(stayed), stay_lifted_on=lifted and on(lifted))
    assert remedy.stayed is stands_still
