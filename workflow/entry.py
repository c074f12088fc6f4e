"""One ledger entry: who, when, which move, the change, the facts judged and what was found."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

from policies.core import Finding, Outcome, Report
from policies.facts import Elsewhere, canonical
from workflow.delegations import signed
from workflow.order import label


def lean_entry(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry without its empty parts; the change stays even when it is empty."""
    return {k: v for k, v in entry.items() if v not in ("", [], {}) or k == "change"}


def facts_digest(doc: str, office_version: int, elsewhere: Elsewhere) -> str:
    """The digest of everything that was judged: the document, the office's file, other cases."""
    seen = hashlib.sha256(doc.encode())
    seen.update(_outside(office_version, elsewhere))
    return seen.hexdigest()


@lru_cache(maxsize=100)
def _outside(office_version: int, elsewhere: Elsewhere) -> bytes:
    """What was judged besides the document; mostly nothing but the office's file."""
    outside: list[Any] = [office_version, list(elsewhere.same_number), list(elsewhere.same_act)]
    if elsewhere.publishing:
        outside.append("publishing")
    if elsewhere.delegated:
        outside.append({"delegated": [list(pair) for pair in elsewhere.delegated]})
    if elsewhere.identifying or elsewhere.record:
        outside.append([list(elsewhere.identifying), list(elsewhere.record)])
    return canonical(outside).encode()


def findings(report: Report) -> dict[str, Any]:
    """Every finding that failed, warned or was judged by a person, in words; the ids of the rest."""
    told: dict[str, Any] = {"failed": [], "warned": [], "noted": [], "judged": [], "rest": {}}
    for finding in report.findings:
        if finding.judged:
            told["judged"].append(_words(finding) | {"judged": finding.judged})
        elif finding.outcome not in (Outcome.FAILS, Outcome.NEEDS_JUDGEMENT):
            told["rest"].setdefault(finding.outcome.value, []).append(finding.policy.id)
        elif finding.refuses:
            told["failed"].append(_words(finding))
        elif finding.warns:
            excuse = report.excuses.get(finding.policy.id, "")
            told["warned"].append(_words(finding) | {"excuse": excuse})
        else:
            told["noted"].append(_words(finding))
    return {k: v for k, v in told.items() if v}


def _words(finding: Finding) -> dict[str, Any]:
    said = {
        "id": finding.policy.id,
        "rule": finding.policy.rules[0],
        "cite": finding.cite,
        "reason": finding.verdict.reason,
    }
    if finding.verdict.doubt:
        said["doubt"] = finding.verdict.doubt.value
    return said


def glance(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry in one line: who did what when."""
    return {
        "seq": entry["seq"],
        "verb": entry["verb"],
        "label": label(entry["verb"]),
        "by": signature(entry),
        "entered": entry["entered"],
    }


def signature(entry: dict[str, Any]) -> str:
    """Who signed an entry, and for whom."""
    return signed(entry["by"]["name"], entry.get("for", {}).get("name", ""))
