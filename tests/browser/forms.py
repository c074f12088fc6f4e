"""Filling in a form of ours as a person does: by the fields that the page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from playwright.sync_api import Locator, Page

from policies.review import ITEMS


def fill(page: Page, form: Mapping[str, Any]) -> None:
    """Put these values where the page asks for them; what the page does not ask for fails."""
    for name, value in form.items():
        fields = page.locator(f'[name="f.{name}"]')
        if isinstance(value, Mapping):
            _items(page, name, value)
        elif isinstance(value, Sequence) and value and isinstance(value[0], Mapping):
            _rows(page, name, value)
        elif isinstance(value, (list, tuple)):
            _several(fields, [str(v) for v in value])
        else:
            _one(fields, {True: "true", False: "false"}.get(value, str(value)))


def _one(fields: Locator, value: str) -> None:
    first = fields.first
    match first.evaluate("e => e.type || e.tagName"):
        case "radio":
            fields.and_(first.page.locator(f'[value="{value}"]')).check()
        case "checkbox":
            first.set_checked(value == "true")
        case "select-one":
            first.select_option(value)
        case "hidden":
            assert first.input_value() == value
        case _:
            first.fill(value)


def _several(fields: Locator, values: list[str]) -> None:
    if fields.first.evaluate("e => e.type") != "checkbox":
        fields.first.fill("\n".join(values))
        return
    for box in fields.all():
        said = box.get_attribute("value") or ""
        box.set_checked(said in values)


def _items(page: Page, name: str, told: Mapping[str, str]) -> None:
    """The nine items of a review: a word from the list, and what there is to say."""
    for n, item in enumerate(ITEMS):
        word, _, text = told[item].partition("：")
        choice = page.locator(f'[name="f.{name}.{n}.judged"][value="{word}"]')
        listed = choice.count() > 0
        if listed:
            choice.check()
        page.locator(f'[name="f.{name}.{n}.text"]').fill(text if listed else told[item])


def _rows(page: Page, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    for n, row in enumerate(rows):
        for column, value in row.items():
            page.locator(f'[name="f.{name}.{column}"]').nth(n).fill(str(value))
