"""谁来办 — who may make a move: the roles behind each kind of step."""

from __future__ import annotations

from states.flow import Who

OFFICERS = Who("承办人", frozenset({"officer", "unit_head"}), of_the_case=True)
INTAKE = Who("执法人员或内勤", frozenset({"officer", "unit_head", "clerk"}))
RECORDERS = Who("承办人或内勤", frozenset({"officer", "unit_head", "clerk"}), of_the_case=True)
UNIT_HEAD = Who("机构负责人", frozenset({"unit_head"}))
REVIEWER = Who("法制审核员", frozenset({"reviewer"}), for_borrowed=frozenset({"clerk"}))
OWN_REVIEWER = Who("法制审核员", frozenset({"reviewer"}))
HEAD = Who("负责人", frozenset({"head", "deputy_head"}))
HEADS = Who("负责人或内勤", frozenset({"head", "deputy_head", "clerk"}))
CARD_TAKERS = Who("机构负责人或负责人", frozenset({"unit_head", "head", "deputy_head"}))
CHAIR = Who("听证主持人", frozenset({"chair", "head", "deputy_head", "reviewer", "clerk"}))
RETURNERS = Who("承办人或负责人", frozenset({"officer", "unit_head", "head", "deputy_head"}), True)
INSPECTOR = Who("监督员", frozenset({"inspector"}))
COUNSEL = Who("法律顾问", frozenset({"counsel"}))
CONSULTERS = Who(
    "机构负责人、法制审核员或负责人", frozenset({"unit_head", "reviewer", "head", "deputy_head"})
)
CLERK = Who("内勤", frozenset({"clerk"}))
JUDGES = Who("法制审核员或负责人", frozenset({"reviewer", "head", "deputy_head"}))
PUBLIC_REVIEWERS = Who(
    "公示审查人", frozenset({"reviewer", "head", "deputy_head", "unit_head", "clerk"})
)
SYSTEM = Who("系统", frozenset({"system"}))
RECEIVERS = Who("系统或内勤", frozenset({"system", "clerk"}))
RECUSERS = Who(
    "承办人、审核员或内勤", frozenset({"officer", "unit_head", "clerk", "reviewer", "chair"})
)
