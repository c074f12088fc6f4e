"""A district above the sample office, with its own inspector, and cases that give a supervisor something to see."""

from __future__ import annotations

from tests.builders import DECISION_SAYS, a_case, day, sample_office, set_clock, take
from workflow import offices
from workflow.program import Fashen

DISTRICT = "district"
INSPECTOR = "he@district"
"""The name under which the district's inspector acts in the office below."""


def add_district(fashen: Fashen) -> None:
    """The sample office stands below a district from now on; a town beside it below nobody."""
    sample = sample_office()
    people = [p for p in sample.people if p.id in ("inspector", "head", "zhang")]
    he = people[-1].model_copy(
        update={"id": "he", "name": "何静", "roles": ("inspector",), "post": "执法监督员"}
    )
    named = {"short": "示司", "team": "", "division": "", "duty_roster": (), "power_list": ()}
    district = sample.model_copy(
        update={**named, "office": DISTRICT, "name": "示例区司法局",
                "people": (*(p for p in people if p.id != "inspector"), he)}
    )  # fmt: skip
    offices.load(fashen, district)
    town = sample.model_copy(update={"office": "town", "name": "邻镇人民政府"})
    offices.load(fashen, town)
    below = sample.superior.model_copy(update={"office": DISTRICT, "name": "示例区司法局"})
    offices.load(fashen, sample.model_copy(update={"superior": below}))


def issued_on_paper(fashen: Fashen, n: int = 9) -> str:
    """Decided before the hearing window was over, recorded as what it is."""
    case = a_case(fashen, "notified")
    take(fashen, "clerk", "record_issued_decision", case, irregular="未等听证期满即已发出",
         number=f"示街罚决〔2026〕9{n:02d}号", contents=DECISION_SAYS)  # fmt: skip
    return case


def a_year(fashen: Fashen) -> dict[str, str]:
    """Some cases of 2026, good and bad; the clock stands at 23 November."""
    set_clock(fashen, day(2026, 1, 12))
    found = {
        "good": a_case(fashen, "archived"),
        "spot": a_case(fashen, "archived", procedure="summary"),
    }
    set_clock(fashen, day(2026, 3, 2))
    found["early"] = issued_on_paper(fashen)
    set_clock(fashen, day(2026, 9, 1))
    found["late"] = a_case(fashen, "under_review")
    set_clock(fashen, day(2026, 11, 23))
    return found
