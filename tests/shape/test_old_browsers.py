"""Our style sheets and scripts ask nothing of a browser that Chromium 109 lacks.

It is the last Chromium for Windows 7, which such offices still have. What a browser does not know in a style
sheet it skips, so a newer feature is allowed where it only adds: inside `@supports`, and among `ADDS`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tinycss2
from tinycss2.ast import AtRule, Declaration, FunctionBlock, Node, QualifiedRule

STATIC = Path(__file__).parents[2] / "workflow" / "web" / "static"
OLDEST = 109

# What came after Chromium 109, with the version that has it.
AT_RULES = {
    "scope": 118, "starting-style": 117, "view-transition": 126, "position-try": 125, "function": 139,
}  # fmt: skip
FUNCTIONS = {
    "color-mix": 111, "light-dark": 123, "oklch": 111, "oklab": 111, "lch": 111, "lab": 111, "color": 111,
    "round": 125, "mod": 125, "rem": 125, "exp": 120, "pow": 120, "sqrt": 120, "sin": 111, "cos": 111,
    "linear": 113, "anchor": 125, "if": 137, "calc-size": 129,
}  # fmt: skip
PROPERTIES = {
    "anchor-name": 125, "position-anchor": 125, "view-transition-name": 111, "animation-timeline": 115,
    "scroll-timeline": 115, "interpolate-size": 129, "overlay": 117, "transition-behavior": 117,
    "field-sizing": 123, "text-wrap": 114, "text-spacing-trim": 123, "text-box": 133,
    "reading-flow": 137, "scrollbar-width": 121, "scrollbar-color": 121, "font-size-adjust": 127,
}  # fmt: skip
VALUES = {"subgrid": 117, "balance": 114, "pretty": 117, "allow-discrete": 117}
PSEUDO = {":user-invalid": 119, ":user-valid": 119, ":popover-open": 114, ":dir(": 120, ":open": 133,
          "::details-content": 131, ":state(": 125, ":active-view-transition": 125}  # fmt: skip
ADDS = {"text-wrap", "text-spacing-trim", "field-sizing", "scrollbar-width", "scrollbar-color"}
"""Properties whose absence nobody misses: a line breaks elsewhere, a field scrolls."""

SCRIPT = {
    r"\.toSorted\(": 110, r"\.toReversed\(": 110, r"\.toSpliced\(": 110, r"\.with\(": 110,
    r"Object\.groupBy": 117, r"Map\.groupBy": 117, r"Promise\.withResolvers": 119, r"Promise\.try": 128,
    r"Array\.fromAsync": 121, r"\.isWellFormed\(": 111, r"\.toWellFormed\(": 111, r"URL\.canParse": 120,
    r"URL\.parse\(": 126, r"AbortSignal\.any": 116, r"\.intersection\(|\.union\(|\.isSubsetOf\(": 122,
    r"showPopover|popovertarget": 114, r"startViewTransition": 111,
    r"Iterator\.from|\.values\(\)\.(map|filter|take|toArray)\(": 122, r"\busing\s+\w+\s*=": 134,
    r"toBase64\(|fromBase64\(|toHex\(|fromHex\(": 140, r"/[^/\n]+/[gimsuy]*v[gimsuy]*\b": 112,
    r"setHTMLUnsafe|getHTML\(": 124, r"Intl\.DurationFormat": 129,
    r"RegExp\.escape": 136, r"import\s+.*\bwith\s*\{": 123, r"Math\.sumPrecise": 147,
}  # fmt: skip

SHEETS = sorted(STATIC.glob("*.css"))
SCRIPTS = sorted(STATIC.glob("*.js"))


def too_new(text: str) -> list[str]:
    """What a style sheet asks that the oldest browser lacks: line and name."""
    return sorted(set(_in_rules(tinycss2.parse_stylesheet(text, skip_comments=True), nested=False)))


def _in_rules(rules: list[Node], *, nested: bool) -> list[str]:
    found: list[str] = []
    for rule in rules:
        if isinstance(rule, AtRule):
            if AT_RULES.get(rule.lower_at_keyword, 0) > OLDEST:
                found.append(f"{rule.source_line}: @{rule.at_keyword}")
            if rule.lower_at_keyword != "supports" and rule.content is not None:
                found += _in_rules(tinycss2.parse_blocks_contents(rule.content), nested=nested)
        elif isinstance(rule, QualifiedRule):
            if nested:
                found.append(f"{rule.source_line}: a rule inside a rule")
            selector = tinycss2.serialize(rule.prelude)
            found += [
                f"{rule.source_line}: {p}"
                for p, v in PSEUDO.items()
                if v > OLDEST and p in selector
            ]
            found += _in_rules(tinycss2.parse_blocks_contents(rule.content), nested=True)
        elif isinstance(rule, Declaration):
            found += _in_declaration(rule)
    return found


def _in_declaration(told: Declaration) -> list[str]:
    if told.lower_name in ADDS:
        return []
    line = told.source_line
    found = [f"{line}: {told.name}"] if PROPERTIES.get(told.lower_name, 0) > OLDEST else []
    for part in _parts(told.value):
        name = getattr(part, "lower_name", "") or getattr(part, "lower_value", "")
        known = FUNCTIONS if isinstance(part, FunctionBlock) else VALUES
        if isinstance(name, str) and known.get(name, 0) > OLDEST:
            found.append(f"{line}: {name}")
    return found


def _parts(values: list[Node]) -> list[Node]:
    return [p for v in values for p in (v, *_parts(getattr(v, "arguments", None) or []))]


def too_new_in_script(text: str) -> list[str]:
    lines = text.splitlines()
    return [
        f"{n}: {pattern}" for n, line in enumerate(lines, 1) for pattern, since in SCRIPT.items()
        if since > OLDEST and not line.lstrip().startswith(("//", "*")) and re.search(pattern, line)
    ]  # fmt: skip


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda p: p.name)
def test_a_style_sheet_asks_nothing_that_an_old_browser_lacks(sheet: Path):
    assert too_new(sheet.read_text("utf-8")) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: p.name)
def test_a_script_asks_nothing_that_an_old_browser_lacks(script: Path):
    assert too_new_in_script(script.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a { color: color-mix(in srgb, red, blue) }", ["1: color-mix"]),
        ("a { margin: calc(1px + round(2px, 1px)) }", ["1: round"]),
        ("a { b { color: red } }", ["1: a rule inside a rule"]),
        ("@media print { a { grid-template-rows: subgrid } }", ["1: subgrid"]),
        ("@scope (.x) { a { color: red } }", ["1: @scope"]),
        ("input:user-invalid { color: red }", ["1: :user-invalid"]),
        ("@supports (color: light-dark(red, blue)) { a { color: light-dark(red, blue) } }", []),
        ("a { text-wrap: balance; color: var(--color-mix) }", []),
    ],
)
def test_the_linter_knows_what_is_new(text: str, found: list[str]):
    assert too_new(text) == found


def test_the_linter_knows_what_is_new_in_a_script():
    assert too_new_in_script("const a = [3, 1].toSorted();") == [r"1: \.toSorted\("]
    assert too_new_in_script("const a = [3, 1].sort();\n// toSorted( is newer") == []
