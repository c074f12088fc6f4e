"""签字 — who signs says again who they are, at the moment of signing."""

from __future__ import annotations

from starlette.datastructures import FormData

from workflow import accounts
from workflow.queries import done_before
from workflow.web.pages.session import Visit, text

FIELD = "signed_with"
"""The field of the password; never among what a page keeps and sends again."""

SIGNED = frozenset({
    # the review and what takes its place or takes it back
    "pass_review", "pass_final_review", "return_case", "withdraw_pass", "confirm_reduction",
    # what the head answers for with their name
    "approve_filing", "decline_filing", "discuss", "decide", "decide_no_penalty", "decide_on_spot",
    "approve_measure", "approve_transfer", "grant_extension", "grant_deferral", "grant_recusal",
    "terminate", "withdraw_filing",
    # what counsel from outside advises
    "give_counsel_opinion",
    # what the public is shown cannot be called back
    "review_publication", "withdraw_publication",
})  # fmt: skip
"""Verbs under which a name stands on a document of the file. Programs sign with their token instead."""


def asks(verb: str) -> bool:
    return verb in SIGNED


def confirm(visit: Visit, form: FormData, *, key: str = "") -> None:
    """That it is this person who signs; `accounts.NotConfirmed` or `accounts.TooManyTries` if it is not shown.

    What was done already under `key` is only told again and signed by nobody: on a double click the second
    press may bring a code that the first has used.
    """
    office, person = visit.office.office, visit.person.id
    if done_before(visit.fashen, office, person, key):
        return
    try:
        accounts.confirm(
            visit.fashen, office, person, text(form, FIELD), address=visit.session.address
        )
    except accounts.NotConfirmed:
        if not done_before(visit.fashen, office, person, key):
            raise
